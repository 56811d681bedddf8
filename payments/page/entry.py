"""The entry of the hosted page: a form comes in, and either a page opens or the incident page says why not."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from backoffice.vads.codes import FORM_ERRORS
from certificates.keys import note_use
from payments import actions
from payments.acquirer import NoAcquirer
from payments.form.errors import FormFault, FormRefused, FormUnreadable
from payments.form.judgement import judge_form
from payments.form.parse import has_form, parse_form
from payments.models import PaymentSession
from payments.page.door import for_buyers
from payments.page.texts import FRENCH, TEXTS
from shops.enums import Mode

logger = logging.getLogger(__name__)


@for_buyers("GET", "HEAD", "POST")
def entry(request: HttpRequest) -> HttpResponse:
    """Take a signed form by POST, or by GET without burning anything; say what this address is for without one."""
    if request.method != "POST" and not has_form(request):
        return _in_french(request, "payments/entry_help.html", {})
    try:
        received = parse_form(request)
    except FormUnreadable as unreadable:
        return _incident(request, mode=unreadable.mode, faults=[unreadable.fault], status=unreadable.http_status)
    mode = received.get("vads_ctx_mode")
    try:
        session = _open(request, received)
    except FormRefused as refused:
        return _incident(request, mode=mode, faults=refused.faults, status=HTTPStatus.BAD_REQUEST)
    except NoAcquirer:
        return _incident(request, mode=mode, faults=[], status=HTTPStatus.SERVICE_UNAVAILABLE)
    return redirect("payments:page", session.token)


def _open(request: HttpRequest, received: dict[str, str]) -> PaymentSession:
    now = timezone.now()
    form = judge_form(received, now=now)
    opened = actions.open_session if request.method == "POST" else actions.preview_session
    session = opened(form=form, now=now)
    # A form posted again found its page: it was noted the first time.
    if form.is_use_stale and session.opened_at == now:
        note_use(form.shop, form.mode, now)
    return session


def _incident(
    request: HttpRequest, *, mode: str | None, faults: Sequence[FormFault], status: HTTPStatus
) -> HttpResponse:
    # Names and codes only: values may be a buyer's, or a card number typed where it should not be.
    logger.warning("payment form refused: %s", ", ".join(f"{one.code} {one.field}" for one in faults) or "no acquirer")
    told = [(one, FORM_ERRORS.get(one.code)) for one in faults] if mode == Mode.TEST else []
    context = {"mode": mode, "faults": told}
    return _in_french(request, "payments/incident.html", context, status=status)


def _in_french(
    request: HttpRequest, template: str, context: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    with translation.override(FRENCH):
        return render(request, template, {"texts": TEXTS[FRENCH]} | dict(context), status=status)
