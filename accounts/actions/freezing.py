"""« Ce n’était pas moi »: nothing of the account changes any more, until an advisor lifts the freeze."""

from datetime import datetime

from django.db import transaction

from accounts import emails, links, not_me
from accounts.actions import tries
from accounts.actions.contacts import cancel_contact_changes
from accounts.actions.records import record
from accounts.actions.recovery import OwnAccount
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.enums import LinkPurpose
from accounts.models import KeptForm, User
from backoffice.core.journal import Event

# The links that lead further into an account; those that report something else keep working.
UNDER_WAY = (LinkPurpose.RECOVERY, LinkPurpose.FORGOTTEN, LinkPurpose.EMAIL_CHANGE)


class NotFrozen(Exception):
    """There is no freeze to lift."""


@transaction.atomic
def freeze_account(*, token: str, browser: Browser, now: datetime) -> not_me.Report:
    """Use the link of a security mail up: all sessions end, changes freeze, what was under way stops (AUTH-16).

    The browsers that became known since the event are unknown again: one may be the intruder's. The owner's older ones
    stay known, or whoever provokes a warning could have them locked out (design 4.5). An account that is frozen
    already stays so since then, and its sessions end again. Raises links.LinkOver.
    """
    found = not_me.find(token, now=now)
    if found is None:
        raise links.LinkOver
    # The account before its link, in the order of every other action.
    locked = User.objects.select_for_update().get(pk=found.user.pk)
    links.take(token, purpose=LinkPurpose.NOT_ME, now=now)
    locked.freeze(at=now)
    locked.save(update_fields=["changes_frozen_at"])
    end_sessions(user=locked)
    tries.forget_browsers_known_since(locked, found.at)
    cancel_contact_changes(user=locked, now=now, browser=browser)
    for purpose in UNDER_WAY:
        links.kill(user=locked, purpose=purpose, now=now)
    # Typed by whoever was at the keyboard: its one click must not be offered to the owner.
    KeptForm.objects.by(locked).delete()
    emails.account_frozen(locked, reported=found, now=now)
    # By whoever reads the mailbox, who need not be signed in.
    record(Event.ACCOUNT_FROZEN, user=locked, by=None, now=now, address=browser.address, reported=found.event.value)
    return found


@transaction.atomic
def lift_freeze(*, user: User, by: User, browser: Browser, now: datetime, request: str) -> None:
    """Open the account to changes again, once an advisor has spoken with its owner; everybody signs in again.

    `request` is the public id of what is treated. Raises OwnAccount, or NotFrozen.
    """
    if user.pk == by.pk:
        raise OwnAccount
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_frozen:
        raise NotFrozen
    locked.unfreeze()
    locked.save(update_fields=["changes_frozen_at"])
    # Whoever else is signed in could read until now, and could change things from now on.
    end_sessions(user=locked)
    emails.account_unfrozen(locked, now=now)
    record(Event.ACCOUNT_UNFROZEN, user=locked, by=by, now=now, address=browser.address, request=request)
