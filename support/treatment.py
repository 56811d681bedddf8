"""The page where an advisor treats one request."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import ChangesFrozen, NotFrozen, OwnAccount
from accounts.browsers import browser_of
from accounts.guards import advisor_required, signed_in_person
from accounts.models import User
from backoffice.core.moves import IllegalMove
from support import actions, rules
from support.comparison import compare
from support.enums import Motive
from support.models import ContactRequest

REFUSED = "Cette demande ne peut pas être acceptée : l’identifiant n’est celui d’aucun compte."
MOVED = "Rien n’a changé : la demande est déjà traitée, ou le compte n’est pas bloqué."
FREEZE_MOVED = "Rien n’a changé : la demande est déjà traitée, ou les modifications sont déjà rouvertes."
FROZEN = "Rien n’a changé : les modifications de ce compte sont gelées. Traitez d’abord l’opération signalée."
OWN = "Ce qui touche votre propre compte se traite par un autre conseiller."


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A request beside the file, and what can be done with it."""
    contact = get_object_or_404(ContactRequest.objects.visible_to(request.user), public_id=public_id)
    comparison, advisor = compare(contact), signed_in_person(request)
    person = comparison.person
    context = {
        "contact": contact,
        "comparison": comparison,
        "may_accept": rules.may_accept(contact, person=person, by=advisor),
        "may_lift": rules.may_lift(contact, person=person, by=advisor),
        "is_own": person == advisor,
        "asks_for_reset": rules.asks_for_reset(contact),
        "is_report": rules.reports_intrusion(contact),
        "report": _waiting_report(person, advisor) if person and rules.asks_for_reset(contact) else None,
    }
    return render(request, "support/request.html", context)


def _waiting_report(person: User, advisor: User) -> ContactRequest | None:
    """What keeps the account from being reset: the report that froze it."""
    waiting = ContactRequest.objects.visible_to(advisor).waiting(Motive.SECURITY, identifier=person.identifier)
    return waiting.first() if person.is_frozen else None


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
    except ChangesFrozen:
        messages.error(request, FROZEN)
    except IllegalMove:
        messages.error(request, MOVED)
    else:
        messages.success(request, "La demande est acceptée. L’e-mail part à l’adresse du dossier.")
    return redirect("support:request", public_id)


@advisor_required
@require_POST
def lift_freeze(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the account to changes again, once its owner was called back (AUTH-16)."""
    contact = get_object_or_404(ContactRequest.objects.visible_to(request.user), public_id=public_id)
    advisor = signed_in_person(request)
    try:
        actions.lift_freeze(contact=contact, by=advisor, browser=browser_of(request), now=timezone.now())
    except actions.NoSuchAccount:
        messages.error(request, REFUSED)
    except OwnAccount:
        messages.error(request, OWN)
    except (IllegalMove, NotFrozen):
        messages.error(request, FREEZE_MOVED)
    else:
        messages.success(request, "Les modifications sont rouvertes. L’e-mail part à l’adresse du dossier.")
    return redirect("support:request", public_id)
