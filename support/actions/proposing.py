"""What takes two advisors: one proposes it, another approves exactly that, within a day (AUTHZ-06)."""

from datetime import datetime

from django.db import transaction

from accounts.actions import OwnAccount, require_unfrozen
from accounts.browsers import Browser
from accounts.models import User
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove
from certificates.models import Contract
from support import rules
from support.actions.effects import EFFECTS
from support.actions.ending import DECIDED, give_up, lapse, record_proposal, void
from support.actions.records import lock
from support.enums import ProposalKind, ProposalState
from support.fingerprints import fingerprint_of
from support.models import CallBack, ContactRequest, Proposal


class OwnProposal(Exception):
    """Nobody approves what they proposed themselves, nor what a request of their own asks for."""


def propose(
    *,
    kind: ProposalKind,
    contact: ContactRequest,
    person: User,
    by: User,
    address: str,
    now: datetime,
    words: str = "",
    call: CallBack | None = None,
    new_code_hash: str = "",
    contract: Contract | None = None,
    iban: str = "",
) -> Proposal:
    """Freeze what a second advisor will see; an earlier proposal of this kind for the person is void (AUTHZ-06).

    Within the caller's transaction, which holds account and request under lock and asked who may.
    """
    for earlier in Proposal.objects.about(person, kind=kind).pending().with_people().select_for_update(of=("self",)):
        void(earlier, contact=earlier.contact_request, address=address, now=now)
    made = Proposal(
        kind=kind,
        contact_request=contact,
        person=person,
        call=call,
        words=words,
        new_code_hash=new_code_hash,
        contract=contract,
        proposed_by=by,
        proposed_at=now,
        expires_at=now + rules.PROPOSAL_LIFE,
    )
    if iban:
        made.seal_iban(iban)
    made.fingerprint = fingerprint_of(made, contact=contact, person=person)
    made.save(force_insert=True)
    record_proposal(Event.PROPOSAL_MADE, made, contact=contact, by=by, address=address, now=now)
    return made


@transaction.atomic
def approve_proposal(*, proposal: Proposal, by: User, browser: Browser, now: datetime) -> Proposal:
    """Do what was proposed, if it is still exactly that; the returned proposal says what became of it.

    APPROVED; VOIDED when anything of the file, the request or the proposal changed since; LAPSED when its day is over.
    Raises ChangesFrozen when the advisor's own account is frozen, OwnAccount, OwnProposal, or IllegalMove when it was
    decided already.
    """
    locked, contact, person = _locked(proposal, by=by)
    if now >= locked.expires_at:
        lapse(locked, contact=contact, address=browser.address, now=now)
        return locked
    if fingerprint_of(locked, contact=contact, person=person) != locked.fingerprint:
        void(locked, contact=contact, address=browser.address, now=now)
        return locked
    handed = locked.approve(by=by, at=now)
    locked.save(update_fields=DECIDED)
    EFFECTS[ProposalKind(locked.kind)](locked, contact, person, handed=handed, by=by, browser=browser, now=now)
    record_proposal(Event.PROPOSAL_APPROVED, locked, contact=contact, by=by, address=browser.address, now=now)
    return locked


@transaction.atomic
def reject_proposal(*, proposal: Proposal, words: str, by: User, browser: Browser, now: datetime) -> Proposal:
    """Say no, and why: whoever proposed it reads it; nothing changes on the account.

    Raises ChangesFrozen when the advisor's own account is frozen, OwnAccount, OwnProposal, or IllegalMove when it was
    decided already.
    """
    locked, contact, person = _locked(proposal, by=by)
    locked.reject(by=by, at=now, words=words)
    locked.save(update_fields=DECIDED)
    give_up(locked, person=person, now=now)
    record_proposal(Event.PROPOSAL_REJECTED, locked, contact=contact, by=by, address=browser.address, now=now)
    return locked


def lapse_proposals(*, now: datetime) -> int:
    """End the proposals whose day is over; return how many."""
    return sum(_lapse_one(proposal, now=now) for proposal in Proposal.objects.over(now=now))


@transaction.atomic
def _lapse_one(proposal: Proposal, *, now: datetime) -> bool:
    # Read before the locks: what was decided or forgotten meanwhile is no fault.
    contact = ContactRequest.objects.select_for_update().filter(pk=proposal.contact_request_id).first()
    locked = Proposal.objects.select_for_update(of=("self",)).with_people().filter(pk=proposal.pk).first()
    if contact is None or locked is None or not locked.is_pending:
        return False
    lapse(locked, contact=contact, address="", now=now)
    return True


def _locked(proposal: Proposal, *, by: User) -> tuple[Proposal, ContactRequest, User]:
    """The account, its request and the proposal, read again under lock, in this order: that of every other action."""
    person = User.objects.select_for_update().get(pk=proposal.person_id)
    contact = lock(proposal.contact_request)
    locked = Proposal.objects.select_for_update(of=("self",)).with_people().get(pk=proposal.pk)
    require_unfrozen(User.objects.get(pk=by.pk))
    if person.pk == by.pk:
        raise OwnAccount
    if not rules.may_decide(locked, contact=contact, by=by):
        raise OwnProposal
    if not locked.is_pending:
        raise IllegalMove(locked.state, ProposalState.APPROVED)
    return locked, contact, person
