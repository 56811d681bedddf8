"""The bank's page that stands in for a real one: the buyer of an interactive card confirms there, or does not."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from backoffice.core.csp import csp_form_action
from backoffice.core.sentences import filled
from backoffice.vads import cards
from backoffice.vads.cards import network_name
from payments import actions
from payments.acquirer import NoAcquirer
from payments.actions import SessionOver
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.page.door import for_buyers
from payments.page.endings import expired, incident
from payments.page.frame import lead_on, show, texts_for
from payments.page.shopfront import shopfront
from payments.page.time_left import time_left
from payments.page.way_back import plain_way_back

CONFIRM, REFUSE = "confirm", "refuse"


@for_buyers("GET", "HEAD", "POST")
def bank(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the buyer as their bank would; by POST, go on with the answer (3-D Secure)."""
    session = get_object_or_404(PaymentSession.objects.of_token(token).with_challenge())
    now = timezone.now()
    if session.state != SessionState.CHALLENGED:
        return lead_on(session)
    if session.is_expired(now):
        return expired(request, session)
    if request.method != "POST":
        return _ask(request, session, now=now)
    answer = request.POST.get("answer")
    if answer not in {CONFIRM, REFUSE}:
        return lead_on(session)
    try:
        return lead_on(actions.authenticate(session=session, is_authenticated=answer == CONFIRM, now=now))
    except SessionOver:
        return redirect("payments:page", token)
    except NoAcquirer:
        return incident(request, session)


def _ask(request: HttpRequest, session: PaymentSession, *, now: datetime) -> HttpResponse:
    challenge = session.card_challenge
    texts = texts_for(request, session)
    context = {
        "lead": filled(texts.bank_lead, shop=shopfront(session).label),
        "network": network_name(challenge.brand),
        "masked_number": challenge.masked_number,
        "time_left": time_left(session, texts=texts, now=now),
        "is_bound_to_fail": cards.of_token(challenge.token).fails_its_challenge,
    }
    response = show(request, session, "payments/bank.html", context)
    # Cancelling answers with a redirection to the shop, to which browsers apply form-action too (PAY-10).
    return csp_form_action(response, plain_way_back(session).origins)
