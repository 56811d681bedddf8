"""What becomes of a request: done, answered, or refused with its reason."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import User
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove
from support import emails, rules
from support.actions.ending import void_pending
from support.actions.records import NoSuchAccount, lock, record, require_held
from support.comparison import parties
from support.enums import Outcome, RefusalReason, RequestStatus
from support.models import ContactRequest


@transaction.atomic
def accept_reset(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> User:
    """Treat a request to reopen an account: the temporary password leaves for the address on file (RST-01, RST-02).

    Nothing typed in the request is used but the identifier. Raises NoSuchAccount, HeldBySomebodyElse,
    accounts.OwnAccount, accounts.ChangesFrozen, or IllegalMove when the request was treated already or the account is
    active or closed.
    """
    # The account before its request and the journal, in the order of the door and of approvals.
    User.objects.known_as(contact.identifier).select_for_update().first()
    locked = lock(contact)
    person, _ = parties(locked)
    if not rules.asks_for_reset(locked) or person is None:
        raise NoSuchAccount
    require_held(locked, person=person, by=by)
    outcome = rules.outcome_of_reset(person)
    treat(locked, by=by, browser=browser, now=now, outcome=outcome)
    accounts.reset_account(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    return person


@transaction.atomic
def unblock_account(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> User:
    """Treat the same request and leave the password: strangers had blocked an account whose owner knows it (RST-01).

    Raises NoSuchAccount, HeldBySomebodyElse, accounts.OwnAccount, accounts.ChangesFrozen, or IllegalMove when the
    request was treated already, the account is not blocked, or it waits for its first connection.
    """
    # The account before its request and the journal, in the order of the door and of approvals.
    User.objects.known_as(contact.identifier).select_for_update().first()
    locked = lock(contact)
    person, _ = parties(locked)
    if not rules.asks_for_reset(locked) or person is None:
        raise NoSuchAccount
    require_held(locked, person=person, by=by)
    treat(locked, by=by, browser=browser, now=now, outcome=Outcome.UNBLOCKED)
    accounts.unblock_account(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    return person


@transaction.atomic
def answer_request(
    *, contact: ContactRequest, answer: str, by: User, browser: Browser, now: datetime
) -> ContactRequest:
    """Treat a question by an answer, which the follow-up page shows: no mail goes to a typed address.

    Raises HeldBySomebodyElse, accounts.OwnAccount, or IllegalMove when it is closed or asks for more than words.
    """
    locked = lock(contact)
    person, _ = parties(locked)
    require_held(locked, person=person, by=by)
    if not rules.is_answered_in_words(locked):
        raise IllegalMove(locked.status, RequestStatus.TREATED)
    void_pending(locked, address=browser.address, now=now)
    treat(locked, by=by, browser=browser, now=now, words=answer)
    return locked


@transaction.atomic
def refuse_request(
    *, contact: ContactRequest, reason: RefusalReason, words: str, by: User, browser: Browser, now: datetime
) -> ContactRequest:
    """Close a request with its reason: the follow-up page shows it, and the owner of the account it names is told.

    Raises HeldBySomebodyElse, accounts.OwnAccount, or IllegalMove when it is closed, or a report of « Ce n’était pas
    moi »: its account would stay frozen with nobody to call its owner.
    """
    locked = lock(contact)
    person, _ = parties(locked)
    require_held(locked, person=person, by=by)
    if not rules.may_be_refused(locked):
        raise IllegalMove(locked.status, RequestStatus.REFUSED)
    void_pending(locked, address=browser.address, now=now)
    locked.refuse(by=by, at=now, reason=reason, words=words)
    locked.save(update_fields=["status", "treated_by", "treated_at", "refusal_reason", "closing_words"])
    if person is not None and rules.is_written_to(person):
        emails.request_refused(person, contact=locked, now=now)
    record(
        Event.CONTACT_REQUEST_REFUSED,
        contact=locked,
        now=now,
        by=by,
        address=browser.address,
        motive=locked.motive,
        reason=reason.value,
    )
    return locked


def treat(
    locked: ContactRequest,
    *,
    by: User,
    browser: Browser,
    now: datetime,
    words: str = "",
    outcome: Outcome | None = None,
) -> None:
    """Close a request under lock as done, and write it down. Raises IllegalMove."""
    locked.treat(by=by, at=now, words=words, outcome=outcome)
    locked.save(update_fields=["status", "treated_by", "treated_at", "closing_words", "outcome"])
    record(Event.CONTACT_REQUEST_TREATED, contact=locked, now=now, by=by, address=browser.address, motive=locked.motive)
