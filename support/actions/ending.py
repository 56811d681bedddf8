"""How a proposal ends without a second advisor's approval, and what its end tells the account's owner (AUTHZ-06)."""

from datetime import datetime

from accounts import emails as account_emails
from accounts.models import User
from backoffice.core.journal import Event
from support import emails
from support.actions.records import record
from support.models import ContactRequest, Proposal

# What a decision writes.
DECIDED = ["state", "decided_by", "decided_at", "decision_words", "new_code_hash", "sealed_iban"]


def void(locked: Proposal, *, contact: ContactRequest, address: str, now: datetime) -> None:
    """End a proposal under lock whose request or file is not what it was."""
    locked.void(at=now)
    locked.save(update_fields=DECIDED)
    give_up(locked, person=locked.person, now=now)
    record_proposal(Event.PROPOSAL_VOIDED, locked, contact=contact, by=None, address=address, now=now)


def lapse(locked: Proposal, *, contact: ContactRequest, address: str, now: datetime) -> None:
    """End a proposal under lock whose day is over."""
    locked.lapse(at=now)
    locked.save(update_fields=DECIDED)
    give_up(locked, person=locked.person, now=now)
    record_proposal(Event.PROPOSAL_LAPSED, locked, contact=contact, by=None, address=address, now=now)


def void_pending(locked: ContactRequest, *, address: str, now: datetime) -> None:
    """End what still waits for a second advisor: its request, under lock, is about to become another.

    Approved, it would be void in any case; so its owner hears at once, and nobody decides in vain.
    """
    waiting = Proposal.objects.of(locked).pending().with_people()
    for proposal in waiting.select_for_update(of=("self",)):
        void(proposal, contact=locked, address=address, now=now)


def give_up(proposal: Proposal, *, person: User, now: datetime) -> None:
    """Tell whoever was told that something waits that it does not come into force."""
    if proposal.replaces_code:
        account_emails.code_not_replaced(person, now=now)
    elif proposal.changes_account:
        emails.account_not_changed(proposal, contact=proposal.contact_request, now=now)


def record_proposal(
    event: Event, proposal: Proposal, *, contact: ContactRequest, by: User | None, address: str, now: datetime
) -> None:
    """One line in the journal about a proposal."""
    request = str(contact.public_id)
    record(
        event,
        contact=contact,
        now=now,
        by=by,
        address=address,
        about=proposal.person,
        proposal=proposal.kind,
        request=request,
    )
