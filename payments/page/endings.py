"""How a visit is left: the way back as a page offers it, and the pages on which a visit ends without a result."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.core.csp import csp_form_action
from payments.models import PaymentSession
from payments.page.frame import STAY, lead_on, show
from payments.page.way_back import WayBack, leaving_by_itself, plain_way_back, way_back, way_back_from_incident

logger = logging.getLogger(__name__)


def leaving(request: HttpRequest, session: PaymentSession) -> WayBack:
    """The way back of an ended visit, which the page takes by itself when the shop asked and the buyer may not stay."""
    back = way_back(session)
    return back if STAY in request.GET else leaving_by_itself(back, session, now=timezone.now())


def with_way_back(response: HttpResponse, back: WayBack) -> HttpResponse:
    """Let this page's form, if the way back is one, lead to the shop (PAY-12)."""
    return csp_form_action(response, back.origins if back.is_post else [])


def expired(request: HttpRequest, session: PaymentSession) -> HttpResponse:
    """Nothing was paid within ten minutes: the shop may be told that its buyer gave up.

    A visit that never took its reference says nothing signed: another one may have paid it.
    """
    back = leaving(request, session) if session.holds_reference else plain_way_back(session)
    response = show(request, session, "payments/expired.html", {"back": back}, status=HTTPStatus.GONE)
    return with_way_back(response, back)


def incident(request: HttpRequest, session: PaymentSession) -> HttpResponse:
    """Nobody could be asked, through our own fault: the shop's address for errors; the visit can still be paid."""
    logger.error("no acquirer for a %s payment of shop %s", session.mode, session.shop.site_id)
    back = way_back_from_incident(session)
    response = show(
        request, session, "payments/no_acquirer.html", {"back": back}, status=HTTPStatus.SERVICE_UNAVAILABLE
    )
    return with_way_back(response, back)


def taken(request: HttpRequest, session: PaymentSession) -> HttpResponse:
    """Another visit took the reference: for the same bytes the buyer goes on there while it can be paid."""
    twin = PaymentSession.objects.twin_of(session).first()
    if twin and twin.is_payable(timezone.now()):
        return lead_on(twin)
    return over(request, session, is_taken=twin is None)


def over(request: HttpRequest, session: PaymentSession, *, is_taken: bool = False) -> HttpResponse:
    """The page is no longer there."""
    context = {"back": plain_way_back(session), "is_taken": is_taken}
    return show(request, session, "payments/over.html", context, status=HTTPStatus.GONE)
