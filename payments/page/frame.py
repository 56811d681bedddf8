"""The frame of the buyer's pages: whose shop it is, what is paid, in which language; and where a visit is now."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation

from backoffice.vads.currencies import CURRENCIES
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.page.texts import TEXTS, language_of

# What « Rester sur cette page » adds to the address, for a browser without scripts.
STAY = "rester"

_PAGES = {
    SessionState.OPEN: "payments:page",
    SessionState.CHALLENGED: "payments:bank",
    SessionState.COMPLETED: "payments:result",
    SessionState.CANCELLED: "payments:result",
}


def lead_on(session: PaymentSession) -> HttpResponse:
    """Lead to the page where the visit is now, whichever page was asked for: back button and reload are harmless."""
    return redirect(_PAGES[SessionState(session.state)], session.token)


def show(
    request: HttpRequest,
    session: PaymentSession,
    template: str,
    context: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """One page of a visit, in its buyer's language."""
    language = language_for(request, session)
    frame = {
        "session": session,
        "shop": session.shop,
        "mode": session.mode,
        "currency": CURRENCIES[session.currency],
        "texts": TEXTS[language],
        "stay": STAY,
    }
    with translation.override(language):
        return render(request, template, frame | context, status=status)


def language_for(request: HttpRequest, session: PaymentSession) -> str:
    """The language of this buyer's pages."""
    return language_of(session.fields, accept_language=request.headers.get("Accept-Language", ""))
