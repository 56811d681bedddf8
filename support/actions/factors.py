"""Proposing that a second factor be taken away, which a second advisor approves (AUTHZ-06)."""

from datetime import datetime

from django.db import transaction

from accounts.actions import NoFactor, require_unfrozen
from accounts.browsers import Browser
from accounts.models import User
from accounts.rules import may_lose_factor
from backoffice.core.moves import IllegalMove
from support import rules
from support.actions.proposing import propose
from support.actions.records import NoSuchAccount, lock, require_held
from support.enums import ProposalKind, RequestStatus
from support.models import ContactRequest, Proposal


@transaction.atomic
def propose_factor_reset(*, contact: ContactRequest, words: str, by: User, browser: Browser, now: datetime) -> Proposal:
    """Propose, and say why, to take away the factor of whoever lost both application and recovery codes.

    Nothing changes before another advisor approves. Raises NoSuchAccount, HeldBySomebodyElse, accounts.OwnAccount,
    accounts.ChangesFrozen, accounts.NoFactor, or IllegalMove when the request is closed.
    """
    # The account before its request, as approving goes.
    person = User.objects.known_as(contact.identifier).select_for_update().first()
    locked = lock(contact)
    if not rules.asks_for_reset(locked) or person is None:
        raise NoSuchAccount
    require_held(locked, person=person, by=by)
    if not locked.is_open:
        raise IllegalMove(locked.status, RequestStatus.TREATED)
    require_unfrozen(person)
    if not may_lose_factor(person):
        raise NoFactor
    return propose(
        kind=ProposalKind.FACTOR_RESET,
        contact=locked,
        person=person,
        by=by,
        address=browser.address,
        now=now,
        words=words,
    )
