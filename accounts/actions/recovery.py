"""Coming back: the link that makes a browser known, the link of a forgotten password, an advisor's treatment."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import emails, links, rules, throttle
from accounts.actions import tries
from accounts.actions.frozen import lock_unfrozen
from accounts.actions.opening import draw_temporary_password
from accounts.actions.records import record
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.enums import AccountState, DeviceOrigin, LinkPurpose, Unblocking
from accounts.models import MailedLink, User
from backoffice.core import batches, jobs
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove


class OwnAccount(Exception):
    """Nobody treats the account they are signed in with."""


@transaction.atomic
def take_recovery_link(*, token: str, browser: Browser, now: datetime) -> str:
    """Use up the link of a temporary password's mail: this browser is known, nothing else changes (design 4.5).

    Returns the browser's cookie. Raises links.LinkOver.
    """
    link = links.take(token, purpose=LinkPurpose.RECOVERY, now=now)
    cookie = tries.make_known(link.user, browser=browser, origin=DeviceOrigin.RECOVERY_LINK, now=now)
    record(Event.BROWSER_MADE_KNOWN, user=link.user, by=link.user, now=now, address=browser.address)
    return cookie


def ask_forgotten_link(*, identifier: str, browser: Browser, now: datetime) -> None:
    """Have a link mailed to the owner, if there is one: answer and cost are the same for all (RST-11, RST-12).

    Raises throttle.TooManyTries beyond five requests an hour from one address.
    """
    throttle.take_link_request(browser, now=now)
    user = User.objects.known_as(identifier).first()
    # Always a job, so that the cost of a mail tells nothing.
    jobs.defer("accounts.mail_forgotten_link", user=user.pk if user else 0)


@transaction.atomic
def mail_forgotten_link(*, user_id: int, now: datetime) -> None:
    """Mail the link, unless the account is blocked, frozen or closed; the account itself is untouched (design 4.7).

    While an earlier link has half an hour left no other leaves: whoever asks in the owner's place can neither fill a
    mailbox nor leave the owner without a link. Somebody without a code is told whom to ask.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or user.state not in rules.TRYING_STATES or not rules.may_change(user):
        return
    if MailedLink.objects.of(user).usable(purpose=LinkPurpose.FORGOTTEN, now=now + rules.LINK_LEFT).exists():
        return
    token = links.issue(purpose=LinkPurpose.FORGOTTEN, user=user, now=now)
    emails.forgotten_password(user, token=token if rules.may_recover(user) else "", now=now)
    record(Event.PASSWORD_FORGOTTEN, user=user, by=None, now=now)


@transaction.atomic
def take_forgotten_link(*, token: str, now: datetime) -> User:
    """Use the link up: whose code is asked next. Raises links.LinkOver, also once the account is blocked."""
    user = links.take(token, purpose=LinkPurpose.FORGOTTEN, now=now).user
    if not rules.may_recover(user):
        raise links.LinkOver
    return user


@transaction.atomic
def reset_account(*, user: User, by: User, browser: Browser, now: datetime, request: str) -> None:
    """An advisor's treatment: draw and mail a temporary password, end sessions, forget browsers (RST-01, RST-13).

    The password is shown to nobody (RST-02); an advisor's account has none to draw and is opened again as it was.
    `request` is the public id of what is treated. Raises OwnAccount, ChangesFrozen, or IllegalMove when the account is
    active or closed.
    """
    if user.pk == by.pk:
        raise OwnAccount
    # Whoever asked for the reset may be who was reported: the freeze is lifted first, by whoever called the owner.
    locked = lock_unfrozen(user)
    if not rules.may_be_reset(locked):
        raise IllegalMove(locked.state, AccountState.FIRST_CONNECTION)
    was_blocked, unblocking = locked.is_blocked, Unblocking.PASSWORD_REPLACED
    if locked.is_advisor:
        unblocking = Unblocking.SESSIONS_ENDED
        locked.unblock()
        locked.save(update_fields=["state", "failed_tries"])
    else:
        draw_temporary_password(locked, now=now)
        record(Event.TEMPORARY_PASSWORD_DRAWN, user=locked, by=by, now=now, address=browser.address, request=request)
    end_sessions(user=locked)
    tries.forget_browsers(locked)
    if was_blocked:
        emails.account_unblocked(locked, unblocking=unblocking, now=now)
        record(Event.ACCOUNT_UNBLOCKED, user=locked, by=by, now=now, address=browser.address, request=request)


@transaction.atomic
def unblock_account(*, user: User, by: User, browser: Browser, now: datetime, request: str) -> None:
    """An advisor's other treatment: lift the block that strangers caused, on the person's own password (RST-01).

    Nothing of the password was in doubt: known browsers stay known and what is open in them goes on, as it did while
    the account was blocked. `request` is the public id of what is treated. Raises OwnAccount, ChangesFrozen, or
    IllegalMove when the account is not blocked, or waits for its first connection.
    """
    if user.pk == by.pk:
        raise OwnAccount
    locked = lock_unfrozen(user)
    if not rules.may_be_unblocked(locked):
        raise IllegalMove(locked.state, AccountState.ACTIVE)
    locked.unblock()
    locked.save(update_fields=["state", "failed_tries"])
    emails.account_unblocked(locked, unblocking=Unblocking.PASSWORD_KEPT, now=now)
    record(Event.ACCOUNT_UNBLOCKED, user=locked, by=by, now=now, address=browser.address, request=request)


def forget_mailed_links(*, now: datetime) -> int:
    """Delete the links that have been over for as long as traces are kept; return how many (design 4.21)."""
    return batches.delete(MailedLink.objects.over_before(settings.RETENTION.traces.before(now)))
