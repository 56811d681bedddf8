"""Changing the e-mail or the telephone on file: asked, confirmed, and in effect two days later.

The old address is told of each step, and stays the one that counts until the hold is over: whoever took a session over
cannot have the next temporary password, or the advisor's call, for themselves before the owner has read the warning.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import addresses, emails, links, rules
from accounts.actions.frozen import lock_unfrozen
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.enums import CancelReason, ContactKind, LinkPurpose
from accounts.models import ContactChange, User
from backoffice.core import batches
from backoffice.core.journal import Event


class SameContact(Exception):
    """What was asked for is on file already."""


class TooManyChanges(Exception):
    """The person asked for a day's worth of changes already."""


@transaction.atomic
def ask_email_change(*, user: User, email: str, now: datetime, browser: Browser) -> ContactChange:
    """Ask for another e-mail, replacing a pending one: the old is warned, the new gets a link to confirm.

    `email` as `addresses.normalise` spells it. Raises ChangesFrozen, SameContact, TooManyChanges.
    """
    locked = lock_unfrozen(user)
    if addresses.is_same(email, locked.email):
        raise SameContact
    change = _ask(locked, kind=ContactKind.EMAIL, value=email, now=now, browser=browser)
    change.save(force_insert=True)
    token = links.issue(purpose=LinkPurpose.EMAIL_CHANGE, user=locked, now=now, change=str(change.public_id))
    emails.email_change_asked(locked, change=change, now=now)
    emails.email_change_link(locked, change=change, token=token, now=now)
    record(Event.EMAIL_CHANGE_ASKED, user=locked, by=locked, now=now, address=browser.address)
    return change


@transaction.atomic
def ask_phone_change(*, user: User, phone: str, now: datetime, browser: Browser) -> ContactChange:
    """Ask for another telephone (E.164), replacing a pending one: the e-mail on file is warned, the hold begins.

    Nobody calls the number to confirm it: that it is right shows at the first call. Raises ChangesFrozen, SameContact,
    TooManyChanges.
    """
    locked = lock_unfrozen(user)
    if phone == str(locked.phone):
        raise SameContact
    change = _ask(locked, kind=ContactKind.PHONE, value=phone, now=now, browser=browser)
    change.confirm(at=now, takes_effect_at=now + rules.CONTACT_HOLD)
    change.save(force_insert=True)
    emails.phone_change_asked(locked, change=change, now=now)
    record(Event.PHONE_CHANGE_ASKED, user=locked, by=locked, now=now, address=browser.address)
    return change


@transaction.atomic
def confirm_email_change(*, token: str, now: datetime, browser: Browser) -> ContactChange:
    """The new mailbox answered: the hold begins, and the old address is told until when. No sign-in is needed.

    Raises links.LinkOver, also when the change was cancelled or replaced, and ChangesFrozen.
    """
    found = links.find(token, purpose=LinkPurpose.EMAIL_CHANGE, now=now)
    if found is None:
        raise links.LinkOver
    # The account before its link, in the order of every other action.
    locked = lock_unfrozen(found.user)
    link = links.take(token, purpose=LinkPurpose.EMAIL_CHANGE, now=now)
    pending = ContactChange.objects.of(locked).pending().with_public_id(str(link.detail["change"]))
    change = pending.select_for_update().first()
    if change is None or change.is_confirmed:
        raise links.LinkOver
    change.confirm(at=now, takes_effect_at=now + rules.CONTACT_HOLD)
    change.save(update_fields=["state", "confirmed_at", "takes_effect_at"])
    emails.email_change_confirmed(locked, change=change, now=now)
    # By whoever reads the new mailbox, who need not be signed in.
    record(Event.EMAIL_CHANGE_CONFIRMED, user=locked, by=None, now=now, address=browser.address)
    return change


@transaction.atomic
def cancel_contact_change(*, change: ContactChange, by: User, now: datetime, browser: Browser) -> None:
    """Leave on file what was there. Raises IllegalMove when the change took effect or was cancelled."""
    locked = User.objects.select_for_update().get(pk=change.user_id)
    found = ContactChange.objects.select_for_update().get(pk=change.pk)
    _cancel(found, user=locked, reason=CancelReason.OWNER, by=by, now=now, address=browser.address)


@transaction.atomic
def cancel_contact_changes(*, user: User, now: datetime, browser: Browser) -> None:
    """Cancel whatever is pending on an account that is being frozen: it must not take effect later (AUTH-16)."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    for change in ContactChange.objects.of(locked).pending().select_for_update():
        _cancel(change, user=locked, reason=CancelReason.FROZEN, by=None, now=now, address=browser.address)


def settle_contact_changes(*, now: datetime, user: User | None = None) -> int:
    """Put into effect what is due, cancel what lapsed or belongs to a frozen or closed account; return how many.

    Everybody's, or one person's when a page is about to show them. Each in a transaction of its own.
    """
    asked_before = now - rules.LINK_LIVES[LinkPurpose.EMAIL_CHANGE]
    to_settle = ContactChange.objects.to_settle(now=now, asked_before=asked_before)
    if user is not None:
        to_settle = to_settle.of(user)
    settled = list(to_settle)
    for change in settled:
        with transaction.atomic():
            locked = User.objects.select_for_update().get(pk=change.user_id)
            # Another worker, or the owner, may have been faster.
            again = to_settle.filter(pk=change.pk).select_for_update(of=("self",)).first()
            if again is not None:
                _settle(again, user=locked, now=now)
    return len(settled)


def forget_contact_changes(*, now: datetime) -> int:
    """Delete the changes that have been over for as long as traces are kept; return how many (design 4.21)."""
    return batches.delete(ContactChange.objects.over_before(settings.RETENTION.traces.before(now)))


def _ask(user: User, *, kind: ContactKind, value: str, now: datetime, browser: Browser) -> ContactChange:
    """The new change, not saved yet, once the pending one of its kind is out of the way."""
    changes = ContactChange.objects.of(user)
    if changes.asked_since(now - rules.CONTACT_CHANGES_WINDOW).count() >= rules.CONTACT_CHANGES_A_DAY:
        raise TooManyChanges
    earlier = changes.pending().of_kind(kind).select_for_update().first()
    if earlier is not None:
        _cancel(earlier, user=user, reason=CancelReason.REPLACED, by=user, now=now, address=browser.address)
    return ContactChange(user=user, kind=kind, value=value, asked_at=now)


def _cancel(
    change: ContactChange, *, user: User, reason: CancelReason, by: User | None, now: datetime, address: str = ""
) -> None:
    change.cancel(at=now)
    change.save(update_fields=["state", "cancelled_at"])
    if change.is_email:
        links.kill(user=user, purpose=LinkPurpose.EMAIL_CHANGE, now=now)
    if reason is not CancelReason.REPLACED:
        emails.contact_change_cancelled(user, change=change, reason=reason, now=now)
    detail = {"kind": change.kind, "reason": reason.value}
    record(Event.CONTACT_CHANGE_CANCELLED, user=user, by=by, now=now, address=address, **detail)


def _settle(change: ContactChange, *, user: User, now: datetime) -> None:
    if rules.is_stopped(user):
        _cancel(change, user=user, reason=CancelReason.FROZEN, by=None, now=now)
    elif not change.is_confirmed:
        _cancel(change, user=user, reason=CancelReason.LAPSED, by=None, now=now)
    elif change.is_email:
        _put_email_on_file(change, user=user, now=now)
    else:
        _put_phone_on_file(change, user=user, now=now)


def _put_email_on_file(change: ContactChange, *, user: User, now: datetime) -> None:
    change.take_effect(at=now)
    change.save(update_fields=["state", "effective_at"])
    former, user.email = user.email, change.value
    user.save(update_fields=["email"])
    # A link that waits in the former mailbox must not open the account any more.
    links.kill(user=user, purpose=LinkPurpose.FORGOTTEN, now=now)
    emails.email_changed(user, former=former, now=now)
    record(Event.EMAIL_CHANGED, user=user, by=None, now=now)


def _put_phone_on_file(change: ContactChange, *, user: User, now: datetime) -> None:
    change.take_effect(at=now)
    change.save(update_fields=["state", "effective_at"])
    user.phone = change.value
    user.save(update_fields=["phone"])
    emails.phone_changed(user, now=now)
    record(Event.PHONE_CHANGED, user=user, by=None, now=now)
