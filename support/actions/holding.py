"""Who answers for a request: taking it, handing it over, asking the merchant something."""

from datetime import datetime

from django.db import transaction

from accounts.actions import OwnAccount
from accounts.browsers import Browser
from accounts.models import User
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove
from support import emails, rules
from support.actions.ending import void_pending
from support.actions.records import HeldBySomebodyElse, lock, record, require_held
from support.comparison import parties
from support.enums import RequestStatus, Voice
from support.models import ContactRequest, RequestMessage

__all__ = ["HeldBySomebodyElse", "NotAColleague", "ask_merchant", "hand_over_request", "take_request"]


class NotAColleague(Exception):
    """That person is no advisor who may see this request, or is whom it is about."""


@transaction.atomic
def take_request(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> ContactRequest:
    """Answer for a request from now on. Of two advisors at once, one does.

    Raises HeldBySomebodyElse for the other, OwnAccount, or IllegalMove when it is taken already or closed.
    """
    locked = lock(contact)
    person, _ = parties(locked)
    if person == by:
        raise OwnAccount
    if locked.is_open and locked.owner_id not in {None, by.pk}:
        raise HeldBySomebodyElse(locked.owner)
    locked.take(by=by, at=now)
    locked.save(update_fields=["status", "owner", "taken_at"])
    record(Event.CONTACT_REQUEST_TAKEN, contact=locked, now=now, by=by, address=browser.address, motive=locked.motive)
    return locked


@transaction.atomic
def hand_over_request(
    *, contact: ContactRequest, held_by: User | None, to: User, by: User, browser: Browser, now: datetime
) -> ContactRequest:
    """Give a request to a colleague who sees it, or take it over from one: its holder may be away.

    `held_by` is whose it was on the page that was read. Raises HeldBySomebodyElse when that has changed meanwhile,
    NotAColleague, OwnAccount, or IllegalMove when nobody held it or it is closed.
    """
    locked = lock(contact)
    person, company = parties(locked)
    if person == by:
        raise OwnAccount
    if not User.objects.advisors_of(company).filter(pk=to.pk).exists() or to == person:
        raise NotAColleague
    if locked.is_open and locked.owner != held_by:
        raise HeldBySomebodyElse(locked.owner)
    if locked.owner == to:
        raise IllegalMove(locked.status, RequestStatus.TAKEN)
    void_pending(locked, address=browser.address, now=now)
    locked.hand_over(to=to)
    locked.save(update_fields=["owner"])
    record(
        Event.CONTACT_REQUEST_HANDED_OVER,
        contact=locked,
        now=now,
        by=by,
        address=browser.address,
        about=to,
        request=str(locked.public_id),
    )
    return locked


@transaction.atomic
def ask_merchant(
    *, contact: ContactRequest, question: str, by: User, browser: Browser, now: datetime
) -> ContactRequest:
    """Put a request on hold with a question, which every follow-up page of it shows; mail the account's owner a link.

    Raises HeldBySomebodyElse, OwnAccount, or IllegalMove when it is closed, or a report of « Ce n’était pas moi ».
    """
    locked = lock(contact)
    person, _ = parties(locked)
    require_held(locked, person=person, by=by)
    if not rules.may_be_refused(locked):
        raise IllegalMove(locked.status, RequestStatus.WAITING)
    void_pending(locked, address=browser.address, now=now)
    locked.put_on_hold(at=now)
    locked.save(update_fields=["status", "asked_at"])
    RequestMessage.objects.create(contact_request=locked, voice=Voice.DESK, by=by, text=question, written_at=now)
    if person is not None and rules.is_written_to(person):
        emails.request_question(person, contact=locked, now=now)
    record(Event.CONTACT_REQUEST_PUT_ON_HOLD, contact=locked, now=now, by=by, address=browser.address)
    return locked
