"""The buyer's choice of a language, at the foot of every page of a visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from payments import actions
from payments.models import PaymentSession
from payments.page.door import for_buyers
from payments.page.frame import lead_on
from payments.page.texts import offered_languages


@for_buyers("POST")
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Read on in a language that the shop lets choose, wherever the visit is; any other changes nothing."""
    session = get_object_or_404(PaymentSession.objects.of_token(token))
    language = request.POST.get("language", "")
    if language in offered_languages(session.fields):
        actions.choose_language(session=session, language=language)
    return lead_on(session)
