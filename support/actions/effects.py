"""What approving a proposal does, by its kind."""

from collections.abc import Callable
from datetime import datetime

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import User
from accounts.rules import needs_temporary_password
from support import emails
from support.actions.amending import amend_account, amend_code, forget_former_code
from support.actions.deciding import treat
from support.enums import Outcome, ProposalKind
from support.models import ContactRequest, Proposal


def _replace_code(
    proposal: Proposal,
    contact: ContactRequest,
    person: User,
    *,
    handed: str,
    by: User,
    browser: Browser,
    now: datetime,
) -> None:
    """The code that waited is the account's; an avenant goes to the file, and the request is treated (design 4.6)."""
    request = str(contact.public_id)
    forget_former_code(person)
    accounts.replace_code(user=person, code_hash=handed, by=by, browser=browser, now=now, request=request)
    amend_code(proposal, person=person, by=by, browser=browser, now=now)
    if needs_temporary_password(User.objects.get(pk=person.pk), now=now):
        # The code alone would not let its owner in.
        accounts.reset_account(user=person, by=by, browser=browser, now=now, request=request)
    treat(contact, by=by, browser=browser, now=now)


def _reset_factor(
    proposal: Proposal,
    contact: ContactRequest,
    person: User,
    *,
    handed: str,
    by: User,
    browser: Browser,
    now: datetime,
) -> None:
    """The factor is gone, and the request treated, unless its account also waits to be opened again."""
    accounts.reset_factor(user=person, by=by, browser=browser, now=now, request=str(contact.public_id))
    if not needs_temporary_password(person, now=now):
        treat(contact, by=by, browser=browser, now=now, outcome=Outcome.FACTOR_REMOVED)


def _change_account(
    proposal: Proposal,
    contact: ContactRequest,
    person: User,
    *,
    handed: str,
    by: User,
    browser: Browser,
    now: datetime,
) -> None:
    """The account stands on the avenant, and nowhere else; the owner is told, and the request is treated."""
    made = amend_account(proposal, person=person, iban=handed, by=by, browser=browser, now=now)
    emails.account_changed(proposal, contact=contact, now=now)
    treat(
        contact,
        by=by,
        browser=browser,
        now=now,
        words=f"Le compte de règlement est changé par l’avenant n°\u00a0{made.number}.",
    )


EFFECTS: dict[ProposalKind, Callable[..., None]] = {
    ProposalKind.NEW_CODE: _replace_code,
    ProposalKind.FACTOR_RESET: _reset_factor,
    ProposalKind.SETTLEMENT_ACCOUNT: _change_account,
}
