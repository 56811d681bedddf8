"""Where sessions are kept: Django's database engine, over our own table and under digests of the ids."""

import hashlib
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import Session

# Under which name a session says in which known browser it was opened.
DEVICE_KEY = "device"


def digest_of(session_key: str) -> str:
    """What the table knows a session by (SESS-07)."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """A session as views use it: `session_key` is the cookie's, the row knows its digest."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def exists(self, session_key: str) -> bool:
        return super().exists(digest_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 (what get_model_class says)
        row.session_key = digest_of(row.session_key)
        row.device = str(data.get(DEVICE_KEY, ""))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

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
