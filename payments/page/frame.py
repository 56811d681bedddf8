"""The frame of the buyer's pages: whose shop it is, what is paid, in which language; and where a visit is now."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation

from backoffice.vads.currencies import CURRENCIES
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.page.shopfront import shopfront
from payments.page.texts import SPOKEN, TEXTS, Texts, language_of, offered_languages
from payments.page.theme import themed, themed_after_success

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
        "shop": shopfront(session),
        "mode": session.mode,
        "currency": CURRENCIES[session.currency],
        "texts": texts_for(request, session),
        "languages": _languages(session, language),
        "stay": STAY,
    }
    with translation.override(language):
        return render(request, template, frame | context, status=status)


def language_for(request: HttpRequest, session: PaymentSession) -> str:
    """The language this buyer reads: chosen on the page, asked by the form, preferred by the browser, or French."""
    accepted = request.headers.get("Accept-Language", "")
    return language_of(session.fields, accept_language=accepted, chosen=session.language)


def texts_for(request: HttpRequest, session: PaymentSession) -> Texts:
    """The words of that language, with those the shop puts in their place."""
    texts = TEXTS[language_for(request, session)]
    theme = session.fields.get("vads_theme_config") or ""
    paid = session.transaction if session.state == SessionState.COMPLETED else None
    return themed_after_success(texts, theme) if paid and paid.is_accepted else themed(texts, theme)


def _languages(session: PaymentSession, read: str) -> list[tuple[str, str]]:
    """Code and own name of each language on offer, the one being read among them; none where there is no choice."""
    offered = {*offered_languages(session.fields), read}
    return [(code, TEXTS[code].own_name) for code in SPOKEN if code in offered] if len(offered) > 1 else []
