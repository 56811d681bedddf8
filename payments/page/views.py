"""The hosted page itself: the card form, its result, and turning back."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from backoffice.core.csp import csp_form_action
from backoffice.vads import networks
from payments import actions
from payments.acquirer import CardNotAccepted, NoAcquirer, is_simulated
from payments.actions import ReferenceUsed, SessionOver
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.models.session import UNENDED
from payments.page.door import for_buyers
from payments.page.endings import expired, incident, leaving, over, taken, with_way_back
from payments.page.forms import CardForm
from payments.page.frame import language_for, lead_on, show, texts_for
from payments.page.listed_cards import listed_cards
from payments.page.texts import Texts
from payments.page.time_left import time_left
from payments.page.way_back import plain_way_back, way_back

# A shop grants three more tries at most.
_ONE_DIGIT = re.compile(r"[0-9]")


@for_buyers("GET", "HEAD", "POST")
@sensitive_post_parameters()
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the card form; by POST, pay."""
    session = get_object_or_404(PaymentSession.objects.of_token(token))
    now = timezone.now()
    if session.state in UNENDED and session.is_expired(now):
        return expired(request, session)
    if session.state != SessionState.OPEN:
        return lead_on(session)
    among = networks.eligible(session.fields.get("vads_payment_cards") or "")
    form = CardForm(request.POST or None, texts=texts_for(request, session), among=among, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            seen = _refusals_seen(request)
            return lead_on(actions.pay(session=session, card=form.as_entry(), refusals_seen=seen, now=now))
        except CardNotAccepted:
            form.add_error("number", form.texts.number_unlisted)
        except SessionOver:
            return redirect("payments:page", token)
        except ReferenceUsed:
            return taken(request, session)
        except NoAcquirer:
            return incident(request, session)
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
        return taken(request, session)
    back = way_back(session)
    return redirect("payments:result", token) if back.is_post else redirect(back.url)


@for_buyers("GET", "HEAD")
def result(request: HttpRequest, token: str) -> HttpResponse:
    """Say what became of the payment, with its receipt and the way back."""
    session = get_object_or_404(PaymentSession.objects.of_token(token).with_results())
    if session.state in UNENDED:
        return lead_on(session)
    if session.is_expired(timezone.now()):
        return over(request, session)
    back = leaving(request, session)
    paid, texts = session.transaction, texts_for(request, session)
    context = {
        "back": back,
        "transaction": paid,
        "instalments": session.instalments,
        "heading": texts.receipt if paid and paid.is_accepted else texts.no_receipt,
    }
    return with_way_back(show(request, session, "payments/result.html", context), back)


def _refusals_seen(request: HttpRequest) -> int | None:
    typed = request.POST.get("refusals", "")
    return int(typed) if _ONE_DIGIT.fullmatch(typed) else None


def _card_page(request: HttpRequest, session: PaymentSession, form: CardForm) -> HttpResponse:
    listed = listed_cards(language=language_for(request, session), among=form.among, year=form.now.year)
    context = {
        "form": form,
        "test_cards": listed if is_simulated(session.mode) else None,
        "time_left": time_left(session, texts=form.texts, now=form.now),
        "tries_left": _tries_left(session, form.texts),
    }
    response = show(request, session, "payments/page.html", context)
    # Cancelling answers with a redirection to the shop, to which browsers apply form-action too (PAY-10).
    return csp_form_action(response, plain_way_back(session).origins)


def _tries_left(session: PaymentSession, texts: Texts) -> str:
    """After a refusal, how many other cards may be tried; empty before."""
    if not session.refusals:
        return ""
    left = session.shop.extra_attempts - session.refusals + 1
    return texts.tries_left(max(1, left))
