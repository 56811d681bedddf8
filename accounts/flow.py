"""Between two requests of one sign-in: who is half signed in, in this browser, and which step is due.

It lives in the session, on the server. The person is signed in for Django only once the new password, and the second
factor if there is one, are accepted, so every other page stays closed without asking anything of this module (RST-05,
RST-06, AUTH-18).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import devices, rules
from accounts.actions import tries
from accounts.browsers import browser_of
from accounts.enums import Way
from accounts.models import User
from accounts.sessions import DEVICE_KEY

_KEY, _FACTOR_KEY = "first_connection", "second_factor"
# When a recovery code opened this session, in seconds since 1970.
_RECOVERED_AT = "recovered_at"


class Step(StrEnum):
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 (a step's name)


@dataclass(frozen=True)
class Pending:
    """A person whose temporary password or mailed link was right, and what is asked next."""

    user: User
    step: Step
    way: Way


@dataclass(frozen=True)
class FactorPending:
    """A person whose password was right, and the page asked for before the sign-in ("" for none)."""

    user: User
    wished: str


def begin(request: HttpRequest, user: User, way: Way = Way.TEMPORARY_PASSWORD) -> None:
    """Start at the code in a new session; nothing of an earlier one survives (SESS-01)."""
    request.session.flush()
    _remember(request, user, Step.CODE, way)


def code_proven(request: HttpRequest, user: User, way: Way) -> None:
    """Ask the new password next, under a new session id."""
    request.session.cycle_key()
    _remember(request, user, Step.PASSWORD, way)


def pending(request: HttpRequest, *, now: datetime) -> Pending | None:
    """The first connection going on in this browser, None when there is none.

    None too when the account was blocked and this browser is unknown, when the temporary password expired, or when
    another was drawn meanwhile (RST-04).
    """
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    user = User.objects.not_closed().with_public_id(kept["user"]).first()
    if user is None:
        return None
    device = tries.known_device(user, browser=browser_of(request), now=now)
    way = Way(kept["way"])
    if not tries.is_waiting(user, device, way=way, now=now):
        return None
    if not constant_time_compare(kept["proof"], user.get_session_auth_hash()):
        return None
    return Pending(user, Step(kept["step"]), way)


def ask_factor(request: HttpRequest, user: User, *, now: datetime, wished: str = "") -> None:
    """Ask the one-time code next, in a new session; nothing of an earlier one survives (SESS-01)."""
    request.session.flush()
    kept = {"user": str(user.public_id), "proof": user.get_session_auth_hash(), "at": now.timestamp(), "wished": wished}
    request.session[_FACTOR_KEY] = kept


def pending_factor(request: HttpRequest, *, now: datetime) -> FactorPending | None:
    """Whose one-time code is awaited in this browser, None when nobody's is.

    None too after ten minutes, when the password was replaced or the factor given up meanwhile, or when the account
    was closed, or blocked and this browser is unknown.
    """
    kept = request.session.get(_FACTOR_KEY)
    if kept is None or now - datetime.fromtimestamp(kept["at"], UTC) >= rules.FACTOR_STEP_LIFE:
        return None
    user = User.objects.not_closed().with_public_id(kept["user"]).first()
    if user is None or not constant_time_compare(kept["proof"], user.get_session_auth_hash()):
        return None
    device = tries.known_device(user, browser=browser_of(request), now=now)
    if not (rules.may_try(user, device) and rules.has_own_password(user) and rules.has_factor(user)):
        return None
    return FactorPending(user, kept["wished"])


def note_recovery(request: HttpRequest, *, now: datetime) -> None:
    """A recovery code opened this session: its owner may need another application."""
    request.session[_RECOVERED_AT] = now.timestamp()


def is_recovered(request: HttpRequest, *, now: datetime) -> bool:
    """Whether a recovery code opened this session within the half hour an enrolment takes at most."""
    at = request.session.get(_RECOVERED_AT)
    return at is not None and now - datetime.fromtimestamp(at, UTC) < rules.ENROLMENT_LIFE


def forget_recovery(request: HttpRequest) -> None:
    """The application was replaced: nothing is left to make up for."""
    request.session.pop(_RECOVERED_AT, None)


def open_session(request: HttpRequest, user: User, *, device_cookie: str) -> None:
    """Sign the person in, in a new session under a new id; whatever was pending in this browser ends (SESS-01).

    `device_cookie` is what the browser is given: the session remembers that it was opened in a known one.
    """
    request.session.flush()
    login(request, user)
    if nonce := devices.read(device_cookie).get(user.public_id):
        request.session[DEVICE_KEY] = devices.digest_of(nonce)


def _remember(request: HttpRequest, user: User, step: Step, way: Way) -> None:
    proof = user.get_session_auth_hash()
    request.session[_KEY] = {"user": str(user.public_id), "step": step.value, "way": way.value, "proof": proof}
