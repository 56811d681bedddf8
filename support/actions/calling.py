"""Calling back about a lost code: recognising each other, and the code that is found or replaced (design 4.6).

Whoever sent the request proves nothing by it: the advisor calls a number on file, and only the follow-up page whose
word was read over the telephone goes on.
"""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts import emails as account_emails
from accounts.browsers import Browser
from accounts.enums import CodeUse
from accounts.models import User
from accounts.rules import needs_temporary_password
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove
from support import emails, links, rules
from support.actions.deciding import treat
from support.actions.proposing import propose
from support.actions.records import NoSuchAccount, lock, record, require_held
from support.callees import Callee, callees_of
from support.comparison import parties
from support.enums import CallState, ProposalKind, RequestStatus, Voice
from support.models import CallBack, ContactRequest, FollowUpLink, Proposal


class NumberTooRecent(Exception):
    """That number has been on file for less than 48 hours."""


class CallOver(Exception):
    """No call of this page or this advisor goes on: it ended, its time is over, or another page was recognised."""


class NoTriesLeft(Exception):
    """As many wrong codes were typed as one request takes, or one person in a day (RST-07)."""


@transaction.atomic
def begin_call(*, contact: ContactRequest, callee: Callee, by: User, browser: Browser, now: datetime) -> CallBack:
    """Note which number on file is called, and show the two words; the account's owner is mailed the page.

    An earlier call of the request ends. Raises HeldBySomebodyElse, OwnAccount, ChangesFrozen, NumberTooRecent,
    NoSuchAccount when that number is not on file any more, or IllegalMove when the request asks for no code.
    """
    # The account before its request, in the order of every other action.
    person = accounts.lock_unfrozen(callee.person)
    accounts.require_unfrozen(User.objects.get(pk=by.pk))
    locked = lock(contact)
    require_held(locked, person=person, by=by)
    if not rules.may_call(locked, by=by):
        raise IllegalMove(locked.status, CallState.RINGING)
    on_file = next((one for one in callees_of(locked, by=by, now=now) if one.key == callee.key), None)
    if on_file is None or on_file.number != callee.number:
        raise NoSuchAccount
    if on_file.is_recent:
        raise NumberTooRecent
    for earlier in CallBack.objects.of(locked).not_ended().select_for_update(of=("self",)):
        earlier.end()
        earlier.save(update_fields=["state"])
    call = CallBack.objects.create(
        contact_request=locked,
        person=person,
        by=by,
        number=on_file.number,
        begun_at=now,
        ends_at=now + rules.CALL_LIFE,
    )
    emails.call_begun(person, contact=locked, now=now)
    _record(Event.CALL_BEGUN, call, contact=locked, by=by, browser=browser, now=now)
    return call


@transaction.atomic
def prove_call(*, contact: ContactRequest, holder: Voice, by: User, browser: Browser, now: datetime) -> CallBack:
    """Whoever answers read the word of this page: that page alone may type the code now, or choose another.

    Raises HeldBySomebodyElse, OwnAccount, CallOver, or IllegalMove when a page was recognised already.
    """
    locked, call = _living(contact, by=by, now=now)
    if not call.is_ringing:
        raise IllegalMove(call.state, CallState.PROVEN)
    call.prove(holder=holder)
    call.save(update_fields=["state", "holder"])
    _record(Event.CALL_PROVEN, call, contact=locked, by=by, browser=browser, now=now)
    return call


@transaction.atomic
def end_call(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> CallBack:
    """Hang up: nobody answered, the word was another, or nothing came of it.

    Raises HeldBySomebodyElse, OwnAccount, CallOver.
    """
    locked, call = _living(contact, by=by, now=now)
    call.end()
    call.save(update_fields=["state"])
    _record(Event.CALL_ENDED, call, contact=locked, by=by, browser=browser, now=now)
    return call


def type_code(*, token: str, code: str, browser: Browser, now: datetime) -> bool:
    """Compare the code typed on the recognised page; the advisor sees whether it is right, nothing more (RST-08).

    Each wrong one counts for the request and for the account (RST-07, AUTH-11). Raises CallOver, NoTriesLeft,
    ChangesFrozen, throttle.TooManyTries, HashesBusy; none of these spends a try.
    """
    # Spent before it is compared, so that parallel ones cannot be more than there are.
    call = _spend_try(token, now=now)
    try:
        is_right = accounts.compare_code_again(user=call.person, code=code, use=CodeUse.CALL, browser=browser, now=now)
    except Exception:
        _give_try_back(call)
        raise
    if is_right:
        _find(call)
    else:
        CallBack.objects.filter(pk=call.pk).update(is_last_code_wrong=True)
    return is_right


def choose_new_code(*, token: str, code: str, browser: Browser, now: datetime) -> Proposal:
    """Choose another code on the recognised page; it waits, hashed, for a second advisor (AUTHZ-06, RST-09).

    Raises CallOver, ChangesFrozen, codes.CodeRefused (RST-10), HashesBusy.
    """
    code_hash = accounts.hash_new_code(user=_recognised(token, now=now).person, code=code)
    with transaction.atomic():
        found = _recognised(token, now=now)
        person = accounts.lock_unfrozen(found.person)
        locked = lock(found.contact_request)
        call = _locked(found)
        if not call.is_proven:
            raise CallOver
        call.replace()
        call.save(update_fields=["state"])
        proposal = propose(
            kind=ProposalKind.NEW_CODE,
            contact=locked,
            person=person,
            by=call.by,
            address=browser.address,
            now=now,
            call=call,
            new_code_hash=code_hash,
        )
        account_emails.code_replacement_asked(person, until=proposal.expires_at, now=now)
        _record(Event.CODE_REPLACEMENT_ASKED, call, contact=locked, by=None, browser=browser, now=now)
    return proposal


@transaction.atomic
def close_found_code(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> bool:
    """Treat a request whose code was found; True when a temporary password leaves too, without which no door opens.

    Raises HeldBySomebodyElse, OwnAccount, ChangesFrozen, or IllegalMove when no right code was typed.
    """
    call = CallBack.objects.of(contact).with_people().first()
    if call is None or not call.is_found:
        raise IllegalMove(contact.status, RequestStatus.TREATED)
    person = accounts.lock_unfrozen(call.person)
    locked = lock(contact)
    require_held(locked, person=person, by=by)
    treat(locked, by=by, browser=browser, now=now)
    is_drawn = needs_temporary_password(person, now=now)
    if is_drawn:
        accounts.reset_account(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    return is_drawn


def _living(contact: ContactRequest, *, by: User, now: datetime) -> tuple[ContactRequest, CallBack]:
    """The request and this advisor's own call about it, under lock."""
    locked = lock(contact)
    person, _ = parties(locked)
    require_held(locked, person=person, by=by)
    call = CallBack.objects.of(locked).living(now=now).select_for_update(of=("self",)).with_people().first()
    if call is None or call.by_id != by.pk:
        raise CallOver
    return locked, call


def _recognised(token: str, *, now: datetime) -> CallBack:
    """The call that goes on with the page of this link."""
    link = links.find(token)
    call = CallBack.objects.of(link.contact_request).with_people().first() if link else None
    if link is None or call is None or not _goes_on(call, link, now=now):
        raise CallOver
    return call


def _goes_on(call: CallBack, link: FollowUpLink, *, now: datetime) -> bool:
    return link.contact_request.is_open and rules.goes_on_with(call, link, now=now)


def _locked(call: CallBack) -> CallBack:
    return CallBack.objects.select_for_update(of=("self",)).with_people().get(pk=call.pk)


@transaction.atomic
def _spend_try(token: str, *, now: datetime) -> CallBack:
    found = _recognised(token, now=now)
    # The account's lock is its calls', whatever the request: the tries of all of them are counted together.
    User.objects.select_for_update().get(pk=found.person_id)
    lock(found.contact_request)
    call = _locked(found)
    if not call.is_proven:
        raise CallOver
    if not rules.has_code_tries(CallBack.objects.counted_with(call, since=now - rules.CODE_TRIES_WINDOW).wrong_codes()):
        raise NoTriesLeft
    call.wrong_codes += 1
    call.save(update_fields=["wrong_codes"])
    return call


@transaction.atomic
def _give_try_back(spent: CallBack) -> None:
    call = _locked(spent)
    call.wrong_codes -= 1
    call.save(update_fields=["wrong_codes"])


@transaction.atomic
def _find(spent: CallBack) -> None:
    lock(spent.contact_request)
    call = _locked(spent)
    call.wrong_codes -= 1
    call.is_last_code_wrong = False
    # Somebody hung up meanwhile: the code was right all the same, and the next call will see it.
    if call.is_proven:
        call.find()
    call.save(update_fields=["wrong_codes", "is_last_code_wrong", "state"])


def _record(
    event: Event, call: CallBack, *, contact: ContactRequest, by: User | None, browser: Browser, now: datetime
) -> None:
    record(
        event,
        contact=contact,
        now=now,
        by=by,
        address=browser.address,
        about=call.person,
        request=str(contact.public_id),
    )
