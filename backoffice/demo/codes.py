"""What the applications of the demo's people show: the demo holds everybody's key, and is everybody's telephone."""

from dataclasses import dataclass
from datetime import datetime

from django_otp.oath import TOTP

from accounts.models import TotpDevice, User
from accounts.one_time_codes import DIGITS, STEP_SECONDS


@dataclass(frozen=True)
class Row:
    """One application; `code` is "" while its owner must wait for the next one."""

    owner: User
    code: str
    is_confirmed: bool


def shown(*, now: datetime) -> list[Row]:
    """Every application, by its owner's identifier, with the first code that the door takes now."""
    found = TotpDevice.objects.select_related("user").order_by("user__identifier", "-confirmed")
    return [Row(one.user, usable_code(one, now=now), one.confirmed) for one in found]


def usable_code(factor: TotpDevice, *, now: datetime) -> str:
    """The code of this moment; once that was used, the next one, which the door takes thirty seconds ahead."""
    step = int(now.timestamp()) // STEP_SECONDS
    unused = step if factor.last_step is None else max(step, factor.last_step + 1)
    return one_time_code(factor, at=now, steps=unused - step) if unused <= step + 1 else ""


def one_time_code(factor: TotpDevice, *, at: datetime, steps: int = 0) -> str:
    """The six digits at a moment, or so many steps later."""
    totp = TOTP(factor.secret(), step=STEP_SECONDS, digits=DIGITS, drift=steps)
    totp.time = at.timestamp()
    return f"{totp.token():0{DIGITS}d}"


def seconds_left(*, now: datetime) -> int:
    """Until the codes change."""
    return STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS
