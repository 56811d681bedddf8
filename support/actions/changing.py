"""Changing the account that a shop is paid on: one advisor types it from paper, another approves (AUTHZ-06)."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import Membership, User
from backoffice.core.moves import IllegalMove
from certificates.models import Contract
from support import emails, rules
from support.actions.proposing import propose
from support.actions.records import NoSuchAccount, lock, require_held
from support.comparison import parties
from support.enums import ProposalKind, RequestStatus
from support.models import ContactRequest, Proposal


@transaction.atomic
def propose_account(
    *, contract: Contract, contact: ContactRequest, iban: str, by: User, browser: Browser, now: datetime
) -> Proposal:
    """Keep the new IBAN (compact) sealed for a second advisor; the company's owner is told that it waits.

    Raises NoSuchAccount when the request is not about the contract's company, or nobody owns that company;
    HeldBySomebodyElse, accounts.OwnAccount, accounts.ChangesFrozen, or IllegalMove when the request is closed or asks
    for something else.
    """
    company = contract.shop.company
    owner = Membership.objects.of_company(company).owners().first()
    if owner is None:
        raise NoSuchAccount
    # The account before its request, in the order of every other action.
    person = accounts.lock_unfrozen(owner.user)
    accounts.require_unfrozen(User.objects.get(pk=by.pk))
    locked = lock(contact)
    require_held(locked, person=person, by=by)
    if not rules.may_change_account(locked, by=by):
        raise IllegalMove(locked.status, RequestStatus.TREATED)
    if parties(locked)[1] != company:
        raise NoSuchAccount
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
    emails.account_change_asked(person, proposal=proposal, contact=locked, now=now)
    return proposal
