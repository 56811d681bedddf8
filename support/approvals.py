"""The pages of what takes two advisors: what waits, and one proposal to approve or reject (AUTHZ-06)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import OwnAccount
from accounts.guards import advisor_required, freeze_explained, signed_in_person
from accounts.rules import has_recent_phone
from backoffice.core.moves import IllegalMove
from certificates.snapshot import grouped_iban
from support import actions, rules
from support.enums import ProposalState
from support.forms import RejectionForm
from support.frame import who_and_when
from support.models import ContactRequest, Proposal

SHOWN = 50
OWN = "Rien n’a changé : ce que vous avez proposé, ou ce qu’attend une de vos demandes, se décide par un collègue."
DECIDED = "Rien n’a changé : cette proposition est déjà décidée."
# What became of a proposal that was to be approved.
OUTCOMES = {
    ProposalState.APPROVED: (messages.SUCCESS, "La proposition est approuvée, et faite. L’e-mail part au titulaire."),
    ProposalState.VOIDED: (
        messages.ERROR,
        "Rien n’a changé sur le compte : le dossier n’est plus celui qui vous était montré. La proposition est"
        " annulée : si la demande tient toujours, tout recommence, pendant un nouvel appel s’il s’agit d’un code.",
    ),
    ProposalState.LAPSED: (
        messages.ERROR,
        "Rien n’a changé sur le compte : les 24 heures sont passées. Si la demande tient toujours, tout"
        " recommence, pendant un nouvel appel s’il s’agit d’un code.",
    ),
}


@advisor_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for this advisor, then what waits for others or was decided lately."""
    advisor, now = signed_in_person(request), timezone.now()
    waiting = list(Proposal.objects.waiting_for(advisor, now=now).with_people())
    seen = Proposal.objects.visible_to(advisor).latest_first().with_people()
    context = {
        "waiting": waiting,
        "others": [one for one in seen[: SHOWN + len(waiting)] if one not in waiting][:SHOWN],
        "now": now,
    }
    return render(request, "support/approvals.html", context)


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One proposal beside the file, as it was frozen, and the two answers a second advisor can give."""
    return _page(request, _found(request, public_id), RejectionForm())


@advisor_required
@require_POST
@freeze_explained
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do what was proposed; anything that changed meanwhile voids it instead."""
    return _decide(request, _found(request, public_id), actions.approve_proposal)


@advisor_required
@require_POST
@freeze_explained
def reject(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say no, and why."""
    proposal, form = _found(request, public_id), RejectionForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, form)
    return _decide(request, proposal, actions.reject_proposal, words=form.cleaned_data["words"])


def _decide(request: HttpRequest, proposal: Proposal, action: Callable[..., Proposal], **given: Any) -> HttpResponse:
    try:
        decided = action(proposal=proposal, **who_and_when(request), **given)
    except (OwnAccount, actions.OwnProposal):
        messages.error(request, OWN)
    except IllegalMove:
        messages.error(request, DECIDED)
    else:
        rejected = (messages.SUCCESS, "La proposition est écartée. Rien n’a changé sur le compte.")
        level, words = OUTCOMES.get(ProposalState(decided.state), rejected)
        messages.add_message(request, level, words)
    return redirect("support:approval", proposal.public_id)


def _found(request: HttpRequest, public_id: str) -> Proposal:
    visible = Proposal.objects.visible_to(signed_in_person(request)).with_people()
    return get_object_or_404(visible, public_id=public_id)


def _page(request: HttpRequest, proposal: Proposal, form: RejectionForm) -> HttpResponse:
    advisor, now = signed_in_person(request), timezone.now()
    may_decide = rules.may_decide(proposal, contact=proposal.contact_request, by=advisor)
    # What is approved is read whole, by who may approve it, for as long as it waits.
    is_read_whole = proposal.is_pending and proposal.changes_account and may_decide
    context = {
        "proposal": proposal,
        "iban": grouped_iban(proposal.iban()) if is_read_whole else "",
        "contact": proposal.contact_request,
        "company": proposal.contract.shop.company if proposal.contract else proposal.person.company,
        # A call checks it before it rings; nothing else did.
        "is_phone_new": proposal.call is None and has_recent_phone(proposal.person, now=now),
        # A second advisor from outside the portfolio decides on what is here, and sees nothing else of the company.
        "sees_request": ContactRequest.objects.visible_to(advisor).filter(pk=proposal.contact_request_id).exists(),
        "is_over": proposal.is_pending and now >= proposal.expires_at,
        "may_decide": may_decide,
        "rejection_form": form,
    }
    return render(request, "support/approval.html", context)
