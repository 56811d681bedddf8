"""What the form log does: keep a refused form, or one that was accepted by a clock that is off."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from backoffice.vads import moments
from payments import rules
from payments.enums import FormVerdict
from payments.form.errors import FormFault, Trouble
from payments.form.examination import Examination
from payments.form.judgement import JudgedForm
from payments.form.masking import keep, masked, masked_name
from payments.form.parse import SIGNATURE
from payments.models import LoggedForm
from payments.models.logged_form import PLACE_CONSTRAINT, REFERENCE_LENGTH, hour_of

# How often a place that somebody else has just taken is asked for again.
TRIES = 3
_CONTRIB_LENGTH, _SIGNATURE_LENGTH = 255, 128
_SIGNATURE_SHAPE = re.compile(r"[0-9a-fA-F]{40}|[0-9A-Za-z+/]{43}=")


def log_refused_form(
    *,
    received: Mapping[str, str],
    faults: Sequence[FormFault],
    examined: Examination,
    method: str,
    now: datetime,
) -> LoggedForm | None:
    """Keep a refused form in its shop's log; None when it names no shop, or when the hour's places are taken.

    Nothing that may be a card number is kept of it (PAY-09). Two queries, three when the form is only counted.
    """
    if examined.shop is None:
        return None
    form = LoggedForm(
        shop=examined.shop,
        mode=examined.mode,
        verdict=FormVerdict.REFUSED,
        is_proven=examined.is_proven,
        diagnosis=examined.diagnosis.slip if examined.diagnosis else "",
        diagnosis_field=masked_name(examined.diagnosis.field) if examined.diagnosis else "",
        drift_seconds=_drift(received, now=now),
    )
    return _keep(form, received=received, faults=faults, method=method, now=now)


def log_warned_form(*, form: JudgedForm, method: str, now: datetime) -> LoggedForm | None:
    """Keep a form that was accepted although its shop's clock is off (design 4.13); None as above."""
    logged = LoggedForm(
        shop=form.shop,
        mode=form.mode,
        verdict=FormVerdict.WARNED,
        is_proven=True,
        drift_seconds=form.drift_seconds,
    )
    fault = FormFault(code="04", field="vads_trans_date", reason=Trouble.CLOCK_OFF.label)
    received = {**form.fields, SIGNATURE: form.signature}
    return _keep(logged, received=received, faults=[fault], method=method, now=now)


def _keep(
    form: LoggedForm, *, received: Mapping[str, str], faults: Sequence[FormFault], method: str, now: datetime
) -> LoggedForm | None:
    kept = keep({name: value for name, value in received.items() if name != SIGNATURE})
    form.fields, form.is_cut = kept.fields, kept.is_cut
    form.faults = [{"code": one.code, "field": masked_name(one.field), "reason": one.reason} for one in faults]
    form.code, form.field = faults[0].code, masked_name(faults[0].field)
    form.signature = _kept_signature(received.get(SIGNATURE, ""))
    form.method = method
    form.contrib = masked(received.get("vads_contrib", ""))[:_CONTRIB_LENGTH]
    form.trans_id = masked(received.get("vads_trans_id", ""))[:REFERENCE_LENGTH]
    form.order_id = masked(received.get("vads_order_id", ""))[:REFERENCE_LENGTH]
    form.received_at, form.hour = now, hour_of(now)
    return form if _take_place(form) else None


def _take_place(form: LoggedForm) -> bool:
    """Write the form in the next free place of its hour, or count it on the last one: anybody can post garbage."""
    most = rules.forms_kept_an_hour(verdict=FormVerdict(form.verdict), is_proven=form.is_proven)
    neighbours = LoggedForm.objects.beside(form)
    last = 0
    for _ in range(TRIES):
        last = neighbours.last_place()
        if last >= most:
            break
        form.place = last + 1
        try:
            with transaction.atomic():
                form.save(force_insert=True)
        except IntegrityError as error:
            if PLACE_CONSTRAINT not in str(error):
                raise
        else:
            return True
    neighbours.count_another(last)
    return False


def _drift(received: Mapping[str, str], *, now: datetime) -> int | None:
    try:
        return round(moments.drift(received.get("vads_trans_date", ""), now=now).total_seconds())
    except ValueError:
        return None


def _kept_signature(received: str) -> str:
    """The signature as received; one that is none is a text like any other."""
    is_one = _SIGNATURE_SHAPE.fullmatch(received) and not received.isdigit()
    return received if is_one else masked(received)[:_SIGNATURE_LENGTH]
