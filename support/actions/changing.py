"""Changing the account that a shop is paid on: one advisor types it from paper, another approves (AUTHZ-06)."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import User
from accounts.rules import owners_of
from backoffice.core.moves import IllegalMove
from certificates.models import Contract
from support import emails, rules
from support.actions.proposing import propose
from support.actions.records import NoSuchAccount, lock, require_held
from support.comparison import parties
from support.enums import ProposalKind, RequestStatus
from support.models import ContactRequest, Proposal


class AnotherWaits(Exception):
    """Another shop's account waits for its second advisor: one at a time for an owner, or one would end the other."""


@transaction.atomic
def propose_account(
    *, contract: Contract, contact: ContactRequest, iban: str, by: User, browser: Browser, now: datetime
) -> Proposal:
    """Keep the new IBAN (compact) sealed for a second advisor; the company's owners are told that it waits.

    Raises NoSuchAccount when the request is not about the contract's company, or nobody owns that company;
    AnotherWaits, HeldBySomebodyElse, accounts.OwnAccount, accounts.ChangesFrozen, or IllegalMove when the request is
    closed or asks for something else.
    """
    company = contract.shop.company
    owner = next(iter(owners_of(company)), None)
    if owner is None:
        raise NoSuchAccount
    # The account before its request, in the order of every other action.
    person = accounts.lock_unfrozen(owner)
    accounts.require_unfrozen(User.objects.get(pk=by.pk))
    locked = lock(contact)
    require_held(locked, person=person, by=by)
    if not rules.may_change_account(locked, by=by):
        raise IllegalMove(locked.status, RequestStatus.TREATED)
    if parties(locked)[1] != company:
        raise NoSuchAccount
    waiting = Proposal.objects.about(person, kind=ProposalKind.SETTLEMENT_ACCOUNT).living(now=now)
    if waiting.exclude(contract=contract).exists():
        raise AnotherWaits
    # What the proposal names is held before the journal, as where contracts are signed.
    Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    proposal = propose(
        kind=ProposalKind.SETTLEMENT_ACCOUNT,
        contact=locked,
        person=person,
        by=by,
        address=browser.address,
        now=now,
        contract=contract,
        iban=iban,
    )
    emails.account_change_asked(proposal, contact=locked, now=now)
    return proposal
