"""Ending sessions, making a browser unknown again, and forgetting what is over."""

from datetime import datetime

from django.db import transaction

from accounts import rules
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.models import Device, Session, User
from backoffice.core import batches
from backoffice.core.journal import Event


def end_sessions(*, user: User, keep: str = "") -> int:
    """End a person's sessions within one request, all but the one of the digest `keep`; return how many (SESS-05)."""
    ended: int = Session.objects.of(user).without(keep).delete()[0]
    return ended


@transaction.atomic
def end_session(*, session: Session, user: User, browser: Browser, now: datetime) -> None:
    """End one of the person's own sessions; one that ended meanwhile is no fault (SESS-06)."""
    if Session.objects.of(user).with_digest(session.session_key).delete()[0]:
        record(Event.SESSION_ENDED, user=user, by=user, now=now, address=browser.address, count=1)


@transaction.atomic
def end_other_sessions(*, user: User, keep: str, browser: Browser, now: datetime) -> int:
    """End all the person's sessions but the one of the digest `keep`; return how many (SESS-06)."""
    ended = end_sessions(user=user, keep=keep)
    if ended:
        record(Event.SESSION_ENDED, user=user, by=user, now=now, address=browser.address, count=ended)
    return ended


@transaction.atomic
def forget_browser(*, device: Device, user: User, keep: str, browser: Browser, now: datetime) -> None:
    """Make one of the person's known browsers unknown again, and end what is open in it, but for the session `keep`.

    A browser forgotten meanwhile is no fault (SESS-06, AUTH-05).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    found = Device.objects.of(locked).filter(pk=device.pk).first()
    if found is None:
        return
    Session.objects.of(locked).without(keep).opened_in(found.nonce_digest).delete()
    found.delete()
    record(Event.BROWSER_FORGOTTEN, user=locked, by=locked, now=now, address=browser.address)


def forget_ended_sessions(*, now: datetime) -> int:
    """Delete the sessions over for a day, which a form sent too late no longer asks for; return how many."""
    return batches.delete(Session.objects.over_before(now - rules.LATE_FORM_WITHIN))
