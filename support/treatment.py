"""The page where an advisor treats one request."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import OwnAccount
from accounts.browsers import browser_of
from accounts.guards import advisor_required, signed_in_person
from accounts.rules import may_be_reset
from backoffice.core.moves import IllegalMove
from support import actions, rules
from support.comparison import compare
from support.models import ContactRequest

REFUSED = "Cette demande ne peut pas être acceptée : l’identifiant n’est celui d’aucun compte."
MOVED = "Rien n’a changé : la demande est déjà traitée, ou le compte n’est pas bloqué."
OWN = "Votre propre compte se débloque par un autre conseiller."


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A request beside the file, and what can be done with it."""
    contact = get_object_or_404(ContactRequest.objects.visible_to(request.user), public_id=public_id)
    comparison = compare(contact)
    person = comparison.person
    context = {
        "contact": contact,
        "comparison": comparison,
        "may_accept": contact.is_open
        and rules.asks_for_reset(contact)
        and person is not None
        and person != request.user
        and may_be_reset(person),
        "is_own": person == request.user,
        "asks_for_reset": rules.asks_for_reset(contact),
    }
    return render(request, "support/request.html", context)


@advisor_required
@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the account again; the temporary password leaves for the address on file (RST-01, RST-02)."""
    contact = get_object_or_404(ContactRequest.objects.visible_to(request.user), public_id=public_id)
    advisor = signed_in_person(request)
    try:
        actions.accept_reset(contact=contact, by=advisor, browser=browser_of(request), now=timezone.now())
    except actions.NoSuchAccount:
        messages.error(request, REFUSED)
    except OwnAccount:
        messages.error(request, OWN)
    except IllegalMove:
        messages.error(request, MOVED)
    else:
        messages.success(request, "La demande est acceptée. L’e-mail part à l’adresse du dossier.")
    return redirect("support:request", public_id)
