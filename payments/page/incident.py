"""The page of a form that is refused: a sentence for the buyer; in TEST, for the webmaster, why and what to do."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from backoffice.core import outbound
from backoffice.vads import fields as dictionary
from payments.durations import drift_now
from payments.form.errors import FormFault
from payments.form.examination import Examination, examine
from payments.form.judgement import JudgedForm
from payments.form.masking import masked_name
from payments.form.telling import tell
from payments.form_log import actions
from payments.models import LoggedForm
from payments.page.texts import FRENCH, TEXTS
from shops.enums import Mode

OUT_OF_TIME = "04"

logger = logging.getLogger(__name__)


def refuse(
    request: HttpRequest,
    *,
    received: Mapping[str, str],
    faults: Sequence[FormFault],
    mode: str | None,
    status: HTTPStatus,
    now: datetime,
) -> HttpResponse:
    """Answer a form refused for these faults (one at least), once its shop's log has it (PAY-03, PAY-12).

    `mode` is what the form says of itself: PRODUCTION, and whatever is neither mode, learns nothing of the faults.
    """
    # Names and codes only: values may be a buyer's, or a card number typed where it should not be.
    told = ", ".join(f"{one.code} {masked_name(one.field)}".strip() for one in faults)
    logger.warning("payment form refused: %s", told or "no acquirer")
    examined = _examined(received, code=faults[0].code)
    logged = _logged(request, received=received, faults=faults, examined=examined, now=now)
    is_test = mode == Mode.TEST
    context = {
        "texts": TEXTS[FRENCH],
        "mode": mode,
        "told": [tell(fault) for fault in faults] if is_test else [],
        "diagnosis": examined.diagnosis if is_test else None,
        "logged": logged if is_test else None,
        "drift": _drift(faults[0], logged) if is_test else "",
        "back_url": _back_url(examined, received),
    }
    with translation.override(FRENCH):
        return render(request, "payments/incident.html", context, status=status)


def warn(request: HttpRequest, *, form: JudgedForm, now: datetime) -> None:
    """Write down that a form was accepted by a clock that is off; the payment goes on whatever happens here."""
    try:
        actions.log_warned_form(form=form, method=str(request.method), now=now)
    except Exception:
        logger.exception("a form accepted with a drift is not logged")


def _drift(fault: FormFault, logged: LoggedForm | None) -> str:
    """How far the shop's clock is off, when that is why the form is refused."""
    if fault.code != OUT_OF_TIME or logged is None or logged.drift_seconds is None:
        return ""
    return drift_now(logged.drift_seconds)


def _examined(received: Mapping[str, str], *, code: str) -> Examination:
    try:
        return examine(received, code=code)
    except Exception:  # an edge: the buyer's page comes whatever the log wants to know
        logger.exception("a refused form is not examined")
        return Examination()


def _logged(
    request: HttpRequest,
    *,
    received: Mapping[str, str],
    faults: Sequence[FormFault],
    examined: Examination,
    now: datetime,
) -> LoggedForm | None:
    try:
        return actions.log_refused_form(
            received=received, faults=faults, examined=examined, method=str(request.method), now=now
        )
    except Exception:  # an edge, as above
        logger.exception("a refused form is not logged")
        return None


def _back_url(examined: Examination, received: Mapping[str, str]) -> str:
    """Where the buyer goes: an address of the form is believed only if the shop signed it (PAY-12), else its site."""
    if examined.shop is None:
        return ""
    signed = (name for name in ("vads_url_error", "vads_url_return") if examined.is_signed)
    return next((received[name] for name in signed if _is_followed(name, received.get(name, ""))), examined.shop.url)


def _is_followed(name: str, url: str) -> bool:
    if not url or dictionary.field(name).format.fault(url):
        return False
    try:
        outbound.judge_syntax(url)
    except outbound.AddressRefused:
        return False
    return True
