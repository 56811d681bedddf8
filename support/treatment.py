"""The page where an advisor treats one request."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import ChangesFrozen, NotFrozen, OwnAccount
from accounts.guards import advisor_required, signed_in_person
from accounts.models import User
from accounts.rules import has_recent_phone
from backoffice.core.moves import IllegalMove
from support import actions, rules
from support.call_state import scene_of
from support.callees import callees_of, guess
from support.comparison import Comparison, compare, parties
from support.enums import Motive
from support.forms import AnswerForm, CallForm, FactorResetForm, HandOverForm, QuestionForm, RefusalForm, SearchForm
from support.frame import who_and_when
from support.models import ContactRequest, Proposal, RequestMessage

REFUSED = "Cette demande ne peut pas être acceptée : l’identifiant n’est celui d’aucun compte."
MOVED = "Rien n’a changé : la demande est close, ou n’en est plus là."
RESET_MOVED = "Rien n’a changé : la demande est déjà traitée, ou le compte n’est pas bloqué."
FREEZE_MOVED = "Rien n’a changé : la demande est déjà traitée, ou les modifications sont déjà rouvertes."
FROZEN = "Rien n’a changé : les modifications de ce compte sont gelées. Traitez d’abord l’opération signalée."
OWN = "Ce qui touche votre propre compte se traite par un autre conseiller."
NOBODYS = "Rien n’a changé : prenez d’abord la demande en charge."
NONE: Mapping[type[Exception], str] = {}
NO_COLLEAGUE = "Rien n’a changé : ce conseiller ne voit pas cette demande, ou c’est son propre compte."


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A request beside the file, and what can be done with it."""
    return page(request, found(request, public_id))


@advisor_required
@require_POST
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer for the request from now on; whoever comes second is told who has it."""
    return do(request, public_id, actions.take_request, done="Vous vous occupez de cette demande.")


@advisor_required
@require_POST
def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the request to a colleague, or take it over from one."""
    contact, advisor = found(request, public_id), signed_in_person(request)
    person, company = parties(contact)
    advisors = list(User.objects.advisors_of(company))
    form = HandOverForm(request.POST, colleagues=_others(advisors, contact, person), reader=advisor)
    if person == advisor or contact.owner is None:
        messages.error(request, OWN if person == advisor else NOBODYS)
        return redirect("support:request", public_id)
    if not form.is_valid():
        return page(request, contact, hand_over_form=form)
    # Whose it was on the page that was read: if that changed meanwhile, its new holder is named.
    held_by = next((one for one in advisors if str(one.public_id) == request.POST.get("held_by")), contact.owner)
    to: User = form.cleaned_data["to"]
    done = f"{'Vous vous occupez' if to == advisor else f'{to.full_name} s’occupe'} maintenant de cette demande."
    return do(request, public_id, actions.hand_over_request, done=done, to=to, held_by=held_by)


@advisor_required
@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the request on hold with a question for the merchant."""
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return page(request, found(request, public_id), question_form=form)
    done = "Votre question est sur la page de suivi du demandeur."
    return do(request, public_id, actions.ask_merchant, done=done, question=form.cleaned_data["question"])


@advisor_required
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer a question, and close it."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return page(request, found(request, public_id), answer_form=form)
    done = "Votre réponse est sur la page de suivi du demandeur. La demande est traitée."
    return do(request, public_id, actions.answer_request, done=done, answer=form.cleaned_data["answer"])


@advisor_required
@require_POST
def refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the request with a reason that its sender reads."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return page(request, found(request, public_id), refusal_form=form)
    done = "La demande est refusée. Son motif est sur la page de suivi du demandeur."
    return do(request, public_id, actions.refuse_request, done=done, **form.cleaned_data)


@advisor_required
@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the account again; the temporary password leaves for the address on file (RST-01, RST-02)."""
    done = "La demande est acceptée. L’e-mail part à l’adresse du dossier."
    return do(request, public_id, actions.accept_reset, done=done, moved=RESET_MOVED)


@advisor_required
@require_POST
def lift_freeze(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the account to changes again, once its owner was called back (AUTH-16)."""
    done = "Les modifications sont rouvertes. L’e-mail part à l’adresse du dossier."
    return do(request, public_id, actions.lift_freeze, done=done, moved=FREEZE_MOVED)


def do(
    request: HttpRequest,
    public_id: str,
    action: Callable[..., object],
    *,
    done: str,
    moved: str = MOVED,
    refusals: Mapping[type[Exception], str] = NONE,
    **given: Any,
) -> HttpResponse:
    """Have an action done to a request this advisor sees, and say what became of it.

    `refusals` words the action's own exceptions, and those of everybody otherwise than here.
    """
    contact, advisor = found(request, public_id), signed_in_person(request)
    try:
        action(contact=contact, **who_and_when(request), **given)
    except tuple(refusals) as refusal:
        messages.error(request, refusals[type(refusal)])
    except actions.HeldBySomebodyElse as held:
        messages.error(request, _held_by(held.owner, reader=advisor))
    except actions.NoSuchAccount:
        messages.error(request, REFUSED)
    except actions.NotAColleague:
        messages.error(request, NO_COLLEAGUE)
    except OwnAccount:
        messages.error(request, OWN)
    except ChangesFrozen:
        messages.error(request, FROZEN)
    except (IllegalMove, NotFrozen):
        messages.error(request, moved)
    else:
        messages.success(request, done)
    return redirect("support:request", public_id)


def _held_by(owner: User | None, *, reader: User) -> str:
    if owner is None:
        return NOBODYS
    if owner == reader:
        return "Rien n’a changé : vous vous occupez déjà de cette demande."
    return f"Rien n’a changé : {owner.full_name} s’occupe de cette demande."


def found(request: HttpRequest, public_id: str) -> ContactRequest:
    visible = ContactRequest.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible, public_id=public_id)


def page(request: HttpRequest, contact: ContactRequest, **refused: Form) -> HttpResponse:
    """The request, and the forms of what its holder may do; a form that was `refused` keeps what was typed."""
    comparison, advisor, now = compare(contact), signed_in_person(request), timezone.now()
    person, is_code_request = comparison.person, rules.asks_for_code(contact)
    proposals = list(Proposal.objects.of(contact).with_people()) if rules.asks_for_reset(contact) else []
    is_proposed = any(one.is_pending and now < one.expires_at for one in proposals)
    may_propose = not is_proposed and rules.may_propose_factor_reset(contact, person=person, by=advisor)
    context = {
        "contact": contact,
        "comparison": comparison,
        "turn": rules.turn(contact),
        "scene": scene_of(contact, now=now) if is_code_request else None,
        "call_form": _call_form(contact, reader=advisor, now=now),
        "said": RequestMessage.objects.of(contact).with_author(),
        "holds": rules.holds(contact, by=advisor),
        "may_take": rules.may_take(contact, person=person, by=advisor),
        "may_accept": rules.may_accept(contact, person=person, by=advisor),
        "may_unblock": rules.may_unblock(contact, person=person, by=advisor),
        "may_propose_factor_reset": may_propose,
        "is_phone_new": may_propose and person is not None and has_recent_phone(person, now=now),
        "proposals": proposals,
        "may_lift": rules.may_lift(contact, person=person, by=advisor),
        "is_own": person == advisor,
        "is_resettable": rules.is_resettable(person),
        "asks_for_reset": rules.asks_for_reset(contact),
        "asks_for_code": is_code_request,
        "is_report": rules.reports_intrusion(contact),
        "is_answered_in_words": rules.is_answered_in_words(contact),
        "report": _waiting_report(person, advisor) if person and rules.asks_for_reset(contact) else None,
        "search_form": SearchForm(),
        "question_form": QuestionForm(),
        "answer_form": AnswerForm(),
        "factor_form": FactorResetForm(),
        "refusal_form": RefusalForm(),
        "hand_over_form": _hand_over_form(contact, comparison, reader=advisor),
    }
    return render(request, "support/request.html", context | refused | {"refused_form": next(iter(refused), "")})


def _call_form(contact: ContactRequest, *, reader: User, now: datetime) -> CallForm | None:
    """Whom this advisor can call about the code; None when that is not theirs to do."""
    if not rules.may_call(contact, by=reader):
        return None
    callees = callees_of(contact, by=reader, now=now)
    return CallForm(callees=callees, initial={"callee": guess(callees, contact)})


def _hand_over_form(contact: ContactRequest, comparison: Comparison, *, reader: User) -> HandOverForm | None:
    """To whom the request may go from whoever holds it; None when there is nobody else."""
    if not contact.is_open or contact.owner is None or comparison.person == reader:
        return None
    colleagues = _others(User.objects.advisors_of(comparison.company), contact, comparison.person)
    return HandOverForm(colleagues=colleagues, reader=reader) if colleagues else None


def _others(advisors: Iterable[User], contact: ContactRequest, person: User | None) -> list[User]:
    """Those among them who could answer for the request next: not who does now, nor whom it is about."""
    return [one for one in advisors if one not in {contact.owner, person}]


def _waiting_report(person: User, advisor: User) -> ContactRequest | None:
    """What keeps the account from being reset: the report that froze it."""
    waiting = ContactRequest.objects.visible_to(advisor).waiting(Motive.SECURITY, identifier=person.identifier)
    return waiting.first() if person.is_frozen else None
