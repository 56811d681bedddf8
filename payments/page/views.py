"""The hosted page itself: the card form, its result, and turning back."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters

from backoffice.core.csp import csp_form_action
from backoffice.vads.currencies import CURRENCIES
from payments import actions
from payments.acquirer import CardNotAccepted, is_simulated
from payments.actions import ReferenceUsed, SessionOver
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.page.door import for_buyers
from payments.page.forms import CardForm
from payments.page.listed_cards import listed_cards
from payments.page.texts import TEXTS, language_of
from payments.page.way_back import plain_way_back, way_back


@for_buyers("GET", "HEAD", "POST")
@sensitive_post_parameters()
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the card form; by POST, pay."""
    session = get_object_or_404(PaymentSession.objects.of_token(token))
    now = timezone.now()
    if session.state != SessionState.OPEN:
        return redirect("payments:result", token)
    if session.is_expired(now):
        return _expired(request, session)
    form = CardForm(request.POST or None, texts=TEXTS[_language(request, session)], now=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pay(session=session, card=form.as_entry(), now=now)
        except CardNotAccepted:
            form.add_error("number", form.texts.number_unlisted)
        except SessionOver:
            return redirect("payments:page", token)
        except ReferenceUsed:
            return _taken(request, session)
        else:
            return redirect("payments:result", token)
    return _card_page(request, session, form)


@for_buyers("POST")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Turn back to the shop; nothing is paid."""
    session = get_object_or_404(PaymentSession.objects.of_token(token))
    try:
        session = actions.cancel(session=session, now=timezone.now())
    except SessionOver:
        return redirect("payments:page", token)
    except ReferenceUsed:
        return _taken(request, session)
    back = way_back(session)
    return redirect("payments:result", token) if back.is_post else redirect(back.url)


@for_buyers("GET", "HEAD")
def result(request: HttpRequest, token: str) -> HttpResponse:
    """Say what became of the payment, with its receipt and the way back."""
    session = get_object_or_404(PaymentSession.objects.of_token(token).select_related("transaction"))
    if session.state == SessionState.OPEN:
        return redirect("payments:page", token)
    if session.is_expired(timezone.now()):
        return _over(request, session)
    back = way_back(session)
    context = {"back": back, "transaction": getattr(session, "transaction", None)}
    response = _render(request, session, "payments/result.html", context)
    return csp_form_action(response, back.origins if back.is_post else [])


def _card_page(request: HttpRequest, session: PaymentSession, form: CardForm) -> HttpResponse:
    listed = listed_cards(language=_language(request, session), year=timezone.now().year)
    context = {"form": form, "test_cards": listed if is_simulated(session.mode) else None}
    response = _render(request, session, "payments/page.html", context)
    # Cancelling answers with a redirection to the shop, to which browsers apply form-action too (PAY-10).
    return csp_form_action(response, plain_way_back(session).origins)


def _expired(request: HttpRequest, session: PaymentSession) -> HttpResponse:
    # Nothing was paid within ten minutes: the shop may be told that its buyer gave up.
    # A visit that never took its reference says nothing signed: another one may have paid it.
    back = way_back(session) if session.holds_reference else plain_way_back(session)
    response = _render(request, session, "payments/expired.html", {"back": back}, status=HTTPStatus.GONE)
    return csp_form_action(response, back.origins if back.is_post else [])


def _taken(request: HttpRequest, session: PaymentSession) -> HttpResponse:
    """Another visit took the reference: for the same bytes the buyer goes on there while it can be paid."""
    twin = PaymentSession.objects.twin_of(session).first()
    if twin and twin.is_payable(timezone.now()):
        return redirect("payments:page", twin.token)
    return _over(request, session, is_taken=twin is None)


def _over(request: HttpRequest, session: PaymentSession, *, is_taken: bool = False) -> HttpResponse:
    context = {"back": plain_way_back(session), "is_taken": is_taken}
    return _render(request, session, "payments/over.html", context, status=HTTPStatus.GONE)


def _render(
    request: HttpRequest,
    session: PaymentSession,
    template: str,
    context: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    language = _language(request, session)
    frame = {
        "session": session,
        "shop": session.shop,
        "mode": session.mode,
        "currency": CURRENCIES[session.currency],
        "texts": TEXTS[language],
    }
    with translation.override(language):
        return render(request, template, frame | context, status=status)


def _language(request: HttpRequest, session: PaymentSession) -> str:
    return language_of(session.fields, accept_language=request.headers.get("Accept-Language", ""))
