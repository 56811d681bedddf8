"""Where sessions are kept: Django's database engine, over our own table and under digests of the ids."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import rules
from accounts.browsers import Browser
from accounts.enums import UserKind
from accounts.models import Session, User

_OPENED, _SEEN_AT, _CONFIRMED_AT = "opened", "seen_at", "confirmed_at"

# Under which name a session says in which known browser it was opened.
DEVICE_KEY = "device"
KEY_LENGTH = 32


def digest_of(session_key: str) -> str:
    """What the table knows a session by (SESS-07)."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def note_opening(session: SessionBase, *, user: User, browser: Browser, now: datetime) -> None:
    """Write once who opened the session, when and from where: its limits count from here (SESS-03, SESS-06)."""
    session[_OPENED] = {
        "id": str(uuid.uuid4()),
        "at": now.timestamp(),
        "kind": user.kind,
        "address": browser.address,
        "agent": browser.agent,
    }
    session[_SEEN_AT] = now.timestamp()


def is_noted(session: SessionBase) -> bool:
    """Whether the session already says who opened it."""
    return _OPENED in session


def opened_at(session: SessionBase, *, now: datetime) -> datetime:
    """When the sign-in was; `now` for one that is being done."""
    opened = session.get(_OPENED)
    return (_moment(opened["at"]) if opened else None) or now


def note_use(session: SessionBase, *, now: datetime) -> None:
    """Push the idle limit forward, written at most once a minute."""
    if now - seen_at(session, now=now) >= rules.SEEN_EVERY:
        session[_SEEN_AT] = now.timestamp()


def seen_at(session: SessionBase, *, now: datetime) -> datetime:
    """When the session was last used, to the minute; `now` for one that was just opened."""
    return _moment(session.get(_SEEN_AT)) or now


def end_of(session: SessionBase, *, user: User, now: datetime) -> datetime:
    """When the session ends if nothing more happens after this request."""
    last = seen_at(session, now=now)
    return rules.session_end(
        kind=UserKind(user.kind),
        started_at=opened_at(session, now=now),
        seen_at=now if now - last >= rules.SEEN_EVERY else last,
    )


def note_confirmation(session: SessionBase, *, now: datetime) -> None:
    """The person confirmed who they are: a new id, open for some minutes to what asks for it (SESS-01, KEY-03)."""
    session.cycle_key()
    session[_CONFIRMED_AT] = now.timestamp()


def confirmed_at(session: SessionBase) -> datetime | None:
    """When the person last confirmed who they are in this session."""
    return _moment(session.get(_CONFIRMED_AT))


def _moment(timestamp: float | None) -> datetime | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)


class SessionStore(DatabaseStore):
    """A session as views use it: `session_key` is the cookie's, the row knows its digest."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def exists(self, session_key: str) -> bool:
        return super().exists(digest_of(session_key))

    def _get_new_session_key(self) -> str:
        # 165 random bits: the parent asks the database whether they were drawn before.
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 (what get_model_class says)
        row.session_key = digest_of(row.session_key)
        row.device = str(data.get(DEVICE_KEY, ""))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        if row.user_id and _OPENED in data:
            _fill(row, opened=data[_OPENED], seen_at=_moment(data.get(_SEEN_AT)))
        return row

    def cycle_key(self) -> None:
        # The former row lives a moment beside the new one: they cannot share their public id.
        if _OPENED in self:
            self[_OPENED] = {**self[_OPENED], "id": str(uuid.uuid4())}
        super().cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        if session_key or self.session_key:
            super().delete(digest_of(session_key or self.session_key or ""))

    def _get_session_from_db(self) -> Session | None:
        raw = self.session_key
        found = Session.objects.living(digest_of(raw), now=timezone.now()).first() if raw else None
        if found is None:
            # As the parent does: a key nobody issued is never adopted (SESS-01).
            self._session_key = None
        return found


def _fill(row: Session, *, opened: dict[str, Any], seen_at: datetime | None) -> None:
    """What the owner sees of the session, and its end: the row is what makes the limits hold (SESS-03)."""
    started_at = datetime.fromtimestamp(opened["at"], UTC)
    row.public_id, row.started_at, row.last_seen_at = uuid.UUID(opened["id"]), started_at, seen_at or started_at
    row.address, row.agent = opened["address"], opened["agent"]
    row.expire_date = rules.session_end(kind=UserKind(opened["kind"]), started_at=started_at, seen_at=row.last_seen_at)
