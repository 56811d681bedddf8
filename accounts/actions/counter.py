"""What an advisor does to somebody's account from the counter, besides treating a request: never to their own."""

from datetime import datetime

from django.db import transaction

from accounts import emails, rules
from accounts.actions.enrolment import NoFactor
from accounts.actions.frozen import lock_unfrozen
from accounts.actions.people import close_unless_elsewhere, place_of
from accounts.actions.records import record
from accounts.actions.recovery import OwnAccount
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.enums import ClosingReason
from accounts.models import Company, Membership, RecoveryCode, Session, TotpDevice, User
from backoffice.core import journal
from backoffice.core.journal import Event


class AccessOver(Exception):
    """The person's access to this company is over already."""


@transaction.atomic
def end_sessions_of(*, person: User, by: User, browser: Browser, now: datetime) -> int:
    """End all of somebody's sessions within one request; they are told (SESS-05, SESS-06).

    Returns how many were open; with none, nothing is written down and nobody is told. Raises OwnAccount.
    """
    if person.pk == by.pk:
        raise OwnAccount
    locked = User.objects.select_for_update().get(pk=person.pk)
    ended: int = Session.objects.of_signed_in(locked, now=now).count()
    end_sessions(user=locked)
    if ended:
        emails.sessions_ended(locked, now=now)
        record(Event.SESSION_ENDED, user=locked, by=by, now=now, address=browser.address, count=ended)
    return ended


@transaction.atomic
def reset_factor(*, user: User, by: User, browser: Browser, now: datetime, request: str) -> None:
    """Take away the second factor of somebody who has neither application nor recovery codes left (AUTHZ-06).

    `by` approved what another advisor proposed, `request` is the public id of what is treated. Sessions end; whoever
    must have a factor enrols another one at the next sign-in. Raises OwnAccount, ChangesFrozen, or NoFactor, also once
    the account is closed.
    """
    if user.pk == by.pk:
        raise OwnAccount
    locked = lock_unfrozen(user)
    if not rules.may_lose_factor(locked):
        raise NoFactor
    TotpDevice.objects.of(locked).delete()
    RecoveryCode.objects.of(locked).delete()
    end_sessions(user=locked)
    emails.factor_reset(locked, is_owed=rules.must_have_factor(locked), now=now)
    record(Event.FACTOR_REMOVED, user=locked, by=by, now=now, address=browser.address, request=request)


@transaction.atomic
def close_access(*, place: Membership, reason: ClosingReason, by: User, browser: Browser, now: datetime) -> Membership:
    """End somebody's access to a company at once, the last owner's too; their sessions end (SESS-05).

    The account closes with it, unless it serves another company. The person is told, and the owners who are left;
    with none left, the company at its own address. Raises OwnAccount, AccessOver, or ChangesFrozen while the advisor's
    own account is frozen: it may be an intruder's.
    """
    if place.user_id == by.pk:
        raise OwnAccount
    # The company first, as its owners do: nobody is removed twice, and no owner is made meanwhile.
    company = Company.objects.select_for_update().get(pk=place.company_id)
    lock_unfrozen(by)
    locked = place_of(company, place.user)
    if not locked.is_current:
        raise AccessOver
    locked.ends_at = now
    locked.save(update_fields=["ends_at"])
    is_closed = close_unless_elsewhere(locked, now=now)
    end_sessions(user=locked.user)
    emails.access_closed(locked, reason=reason, is_account_closed=is_closed, now=now)
    owners = [owner for owner in rules.owners_of(company) if owner.pk != locked.user_id]
    for owner in owners:
        emails.access_closed_for(owner, place=locked, reason=reason, now=now)
    if not owners:
        emails.access_closed_without_owner(locked, reason=reason, now=now)
    detail = {"role": locked.role, "reason": reason.value}
    # In the journal of this company, whichever else the person works for.
    journal.record(
        Event.PERSON_REMOVED,
        now=now,
        company=company.public_id,
        by=by,
        about=locked.user,
        address=browser.address,
        **detail,
    )
    return locked
