"""The pages on which a visit ends without a result: its time is over, or another one took its reference."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.core.csp import csp_form_action
from payments.models import PaymentSession
from payments.page.frame import lead_on, show
from payments.page.way_back import plain_way_back, way_back


def expired(request: HttpRequest, session: PaymentSession) -> HttpResponse:
    """Nothing was paid within ten minutes: the shop may be told that its buyer gave up.

    A visit that never took its reference says nothing signed: another one may have paid it.
    """
    back = way_back(session) if session.holds_reference else plain_way_back(session)
    response = show(request, session, "payments/expired.html", {"back": back}, status=HTTPStatus.GONE)
    return csp_form_action(response, back.origins if back.is_post else [])


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
