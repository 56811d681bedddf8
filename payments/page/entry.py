"""The entry of the hosted page: a form comes in, and either a page opens or the incident page says why not."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from certificates.keys import note_use
from payments import actions
from payments.acquirer import NoAcquirer
from payments.durations import is_clock_off
from payments.form.errors import NO_ACQUIRER, FormRefused, FormUnreadable
from payments.form.judgement import JudgedForm, judge_form
from payments.form.parse import MODE, has_form, parse_form
from payments.form.salvage import salvage
from payments.models import PaymentSession
from payments.page import incident
from payments.page.door import for_buyers
from payments.page.texts import FRENCH, TEXTS


@for_buyers("GET", "HEAD", "POST")
def entry(request: HttpRequest) -> HttpResponse:
    """Take a signed form by POST, or by GET without burning anything; say what this address is for without one."""
    if request.method != "POST" and not has_form(request):
        return _in_french(request, "payments/entry_help.html", {})
    now = timezone.now()
    try:
        received = parse_form(request)
    except FormUnreadable as unreadable:
        return incident.refuse(
            request,
            received=salvage(request),
            faults=[unreadable.fault],
            mode=unreadable.mode,
            status=unreadable.http_status,
            now=now,
        )
    try:
        session = _open(request, received, now=now)
    except FormRefused as refused:
        faults, status = refused.faults, HTTPStatus.BAD_REQUEST
    except NoAcquirer:
        faults, status = (NO_ACQUIRER,), HTTPStatus.SERVICE_UNAVAILABLE
    else:
        return redirect("payments:page", session.token)
    return incident.refuse(request, received=received, faults=faults, mode=received.get(MODE), status=status, now=now)


def _open(request: HttpRequest, received: dict[str, str], *, now: datetime) -> PaymentSession:
    form = judge_form(received, now=now)
    opened = actions.open_session if request.method == "POST" else actions.preview_session
    session = opened(form=form, now=now)
    # A form posted again found its page: it was noted, and warned of, the first time.
    if session.opened_at == now:
        _note(request, form, now=now)
    return session


def _note(request: HttpRequest, form: JudgedForm, *, now: datetime) -> None:
    if form.is_use_stale:
        note_use(form.shop, form.mode, now)
    if is_clock_off(form.drift_seconds):
        incident.warn(request, form=form, now=now)


def _in_french(
    request: HttpRequest, template: str, context: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    with translation.override(FRENCH):
        return render(request, template, {"texts": TEXTS[FRENCH]} | dict(context), status=status)
