"""What the form log does: keep a refused form, or one accepted by a clock that is off, and tell the company of them."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from backoffice.vads import moments
from payments import emails, rules
from payments.enums import FormVerdict
from payments.form.errors import FormFault, Trouble
from payments.form.examination import Examination
from payments.form.judgement import JudgedForm
from payments.form.masking import beginning, keep, masked_name
from payments.form.parse import SIGNATURE
from payments.form_log.causes import causes_of, key_of
from payments.models import LoggedForm
from payments.models.logged_form import PLACE_CONSTRAINT, REFERENCE_LENGTH, hour_of
from shops.enums import Mode
from shops.models import Shop

logger = logging.getLogger(__name__)

# How often a place that somebody else has just taken is asked for again.
TRIES = 3
_CONTRIB_LENGTH, _SIGNATURE_LENGTH = 255, 128


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


def tell_refused_forms(*, now: datetime) -> int:
    """Mail each company the new causes among its shops' logged forms; return how many mails.

    One mail a shop and mode and hour at most, and none for causes alone that were told within a day. What fails for
    one shop keeps nobody else waiting, and is tried again at the next call.
    """
    mails = 0
    for shop, mode in sorted(LoggedForm.objects.untold().places_of()):
        try:
            mails += _tell(shop, Mode(mode), now=now)
        except Exception:  # an edge: each shop's mail is another company's
            logger.exception("the refused forms of a shop are not told")
    return mails


@transaction.atomic
def _tell(shop_id: int, mode: Mode, *, now: datetime) -> int:
    """Tell one shop's company in one mode, and mark what was told in the same transaction as the mail."""
    # Two workers at once write one mail; no_key: a form being logged meanwhile does not wait for it.
    locked = Shop.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    shop = locked.select_related("company").filter(pk=shop_id).first()
    if shop is None:
        return 0
    forms = LoggedForm.objects.of_shop(shop).in_modes({mode}).without_fields()
    if forms.told_since(now - rules.ALERTS_APART).exists():
        return 0
    waiting = list(forms.untold().in_order())
    causes = causes_of(waiting)
    known = {key_of(form) for form in forms.told_since(now - rules.CAUSE_TOLD_AGAIN_AFTER)}
    if {cause.key for cause in causes} <= known:
        return 0
    emails.refused_forms(shop, mode=mode, causes=causes, now=now)
    LoggedForm.objects.mark_told(waiting, at=now)
    return 1


def _keep(
    form: LoggedForm, *, received: Mapping[str, str], faults: Sequence[FormFault], method: str, now: datetime
) -> LoggedForm | None:
    kept = keep({name: value for name, value in received.items() if name != SIGNATURE})
    form.fields, form.is_cut = kept.fields, kept.is_cut
    form.faults = [{"code": one.code, "field": masked_name(one.field), "reason": one.reason} for one in faults]
    form.code, form.field = faults[0].code, masked_name(faults[0].field)
    # Sixteen digits among hexadecimal ones may be a card: its signature's shape makes no text trustworthy.
    form.signature = beginning(received.get(SIGNATURE, ""), _SIGNATURE_LENGTH)
    form.method = method
    form.contrib = beginning(received.get("vads_contrib", ""), _CONTRIB_LENGTH)
    form.trans_id = beginning(received.get("vads_trans_id", ""), REFERENCE_LENGTH)
    form.order_id = beginning(received.get("vads_order_id", ""), REFERENCE_LENGTH)
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
