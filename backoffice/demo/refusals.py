"""Forms that the demo's second merchant saw refused: the first tries of a module, the day of going live, strangers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backoffice.vads import fields as dictionary
from backoffice.vads import moments
from payments.form.diagnosis import Diagnosis
from payments.form.errors import FormFault, Trouble
from payments.form.examination import Examination
from payments.form.judgement import JudgedForm
from payments.form.parse import SIGNATURE
from payments.form.slips import Slip
from payments.form_log.actions import log_refused_form, log_warned_form
from payments.models import LoggedForm
from shops.enums import Mode
from shops.models import Shop

# What a genuine signature looks like; it signs nothing.
SIGN = "kq0Zt5o1n8bS3cVh7yXu2wEe9rJd4aGf6iLmPpQTzN8="
MODULE = "Librairie en ligne 4.2"
WRONG_SIGNATURE = FormFault(code="00", field=SIGNATURE, reason=Trouble.WRONG_SIGNATURE.label)
USED = FormFault(code="03", field="vads_trans_id", reason=Trouble.USED.label)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One form of the past: how long before today, what it changes of an ordinary form, and why it was refused."""

    ago: timedelta
    mode: Mode
    changes: Mapping[str, str] = field(default_factory=dict)
    fault: FormFault | None = None
    slip: Slip | None = None


REFUSALS = (
    Refusal(ago=timedelta(days=88, hours=2), mode=Mode.TEST, fault=WRONG_SIGNATURE, slip=Slip.OTHER_ALGORITHM),
    Refusal(ago=timedelta(days=88, hours=1), mode=Mode.TEST, changes={"vads_amount": "12,90", "vads_currency": "EUR"}),
    Refusal(ago=timedelta(days=87, hours=3), mode=Mode.TEST, changes={"vads_order_info": "Pour « Zoé » <cadeau>"}),
    Refusal(ago=timedelta(days=70), mode=Mode.PRODUCTION, fault=WRONG_SIGNATURE, slip=Slip.OTHER_MODE),
    Refusal(ago=timedelta(days=31), mode=Mode.PRODUCTION, fault=USED),
    Refusal(ago=timedelta(days=12), mode=Mode.PRODUCTION, fault=WRONG_SIGNATURE, slip=Slip.LOOKS_NEITHER),
)
LATE_CLOCK = (timedelta(days=9), timedelta(hours=-1, minutes=-2))


def write(shop: Shop, *, until: datetime) -> None:
    """Write the shop's refused forms, as if their company had been told of them then."""
    for number, refusal in enumerate(REFUSALS, start=1):
        _refuse(shop, refusal, number=number, now=until - refusal.ago)
    ago, drift = LATE_CLOCK
    log_warned_form(form=_accepted(shop, drift=drift, now=until - ago), method="POST", now=until - ago)
    LoggedForm.objects.of_shop(shop).mark_told(LoggedForm.objects.of_shop(shop), at=until - ago)


def _refuse(shop: Shop, refusal: Refusal, *, number: int, now: datetime) -> None:
    fields = {**_fields(shop, mode=refusal.mode, number=number, at=now), **refusal.changes}
    faults = [refusal.fault] if refusal.fault else _faults(fields)
    examined = Examination(
        shop=shop,
        mode=refusal.mode,
        is_signed=refusal.slip is None,
        diagnosis=Diagnosis(slip=refusal.slip) if refusal.slip else None,
    )
    is_strangers = refusal.slip is Slip.LOOKS_NEITHER
    received = {**fields, SIGNATURE: "test" if is_strangers else SIGN}
    log_refused_form(received=received, faults=faults, examined=examined, method="POST", now=now)


def _faults(fields: Mapping[str, str]) -> list[FormFault]:
    return [FormFault(code=one.code, field=one.field, reason=one.reason.label) for one in dictionary.check(fields)]


def _accepted(shop: Shop, *, drift: timedelta, now: datetime) -> JudgedForm:
    fields = _fields(shop, mode=Mode.PRODUCTION, number=len(REFUSALS) + 1, at=now + drift)
    return JudgedForm(
        shop=shop,
        mode=Mode.PRODUCTION,
        fields=fields,
        signature=SIGN,
        trans_date=now + drift,
        drift_seconds=round(drift.total_seconds()),
        is_use_stale=False,
    )


def _fields(shop: Shop, *, mode: Mode, number: int, at: datetime) -> dict[str, str]:
    return {
        "vads_action_mode": "INTERACTIVE",
        "vads_amount": "1290",
        "vads_contrib": MODULE,
        "vads_ctx_mode": mode.value,
        "vads_currency": "978",
        "vads_order_id": f"LIB-R{number:04d}",
        "vads_page_action": "PAYMENT",
        "vads_payment_config": "SINGLE",
        "vads_site_id": shop.site_id,
        "vads_trans_date": moments.wire(at),
        "vads_trans_id": f"{800_000 + number}",
        "vads_version": "V2",
    }
