"""How many tries unknown browsers may make: ten in five minutes from one address, a thousand from all (AUTH-08).

A try is taken before anything is hashed, in one statement that no two processes can both win, and given back when it
succeeds. So the limits hold for all workers together (AUTH-10), and a refused try costs two short queries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import OperationalError, connection

from accounts import rules
from accounts.browsers import Browser
from backoffice.core.hashers import HashesBusy

EVERYBODY = "*"

_TAKE = """
INSERT INTO accounts_trywindow (key, started_at, tries) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN accounts_trywindow.started_at <= %(over)s THEN 1 ELSE accounts_trywindow.tries + 1 END,
  started_at = CASE WHEN accounts_trywindow.started_at <= %(over)s THEN %(now)s ELSE accounts_trywindow.started_at END
WHERE accounts_trywindow.started_at <= %(over)s OR accounts_trywindow.tries < %(limit)s
"""
_GIVE_BACK = "UPDATE accounts_trywindow SET tries = tries - 1 WHERE key = ANY(%s) AND tries > 0"
_STARTED = "SELECT started_at FROM accounts_trywindow WHERE key = %s"
_FORGET = "DELETE FROM accounts_trywindow WHERE started_at <= %s"


class TooManyTries(Exception):
    """No more tries for this caller before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"next try from {until}")
        self.until = until


def take(browser: Browser, *, now: datetime) -> None:
    """Count one try for this caller and for everybody. Raises TooManyTries when either has had its share."""
    _take(browser.origin, rules.TRIES_PER_ADDRESS, now, window=rules.TRY_WINDOW)
    if not _taken(EVERYBODY, rules.TRIES_OVERALL, now):
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, [[browser.origin]])
        raise TooManyTries(_start_of(EVERYBODY, now) + rules.TRY_WINDOW)


def take_link_request(browser: Browser, *, now: datetime) -> None:
    """Count one request for a mailed link. Raises TooManyTries beyond five an hour from one address (RST-12)."""
    _take(f"link {browser.origin}", rules.LINK_REQUESTS_PER_ADDRESS, now, window=rules.LINK_REQUEST_WINDOW)


def take_siret(browser: Browser, *, now: datetime) -> None:
    """Count one company named in an enrolment: the answer says whether it is known. Raises TooManyTries beyond ten."""
    _take(f"siret {browser.origin}", rules.SIRETS_PER_ADDRESS, now, window=rules.SIRET_WINDOW)


def take_verification(browser: Browser, *, now: datetime) -> None:
    """Count one document being checked. Raises TooManyTries beyond ten in five minutes from one address."""
    _take(_verification_key(browser), rules.TRIES_PER_ADDRESS, now, window=rules.TRY_WINDOW)


def give_verification_back(browser: Browser) -> None:
    """The document was one of ours: only guesses count."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [[_verification_key(browser)]])


def give_back(browser: Browser) -> None:
    """The try succeeded: only failures count."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [[browser.origin, EVERYBODY]])


@contextmanager
def given_back_when_busy(browser: Browser, *, is_counted: bool) -> Iterator[None]:
    """Around a comparison: a try that found no place to hash, or waited too long for its row, was no try."""
    try:
        yield
    except (HashesBusy, OperationalError):
        if is_counted:
            give_back(browser)
        raise


def forget_old(*, now: datetime) -> int:
    """Delete the windows that are over; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [now - rules.LINK_REQUEST_WINDOW])
        return int(cursor.rowcount)


def _verification_key(browser: Browser) -> str:
    return f"verify {browser.origin}"


def _take(key: str, limit: int, now: datetime, *, window: timedelta) -> None:
    if not _taken(key, limit, now, window=window):
        raise TooManyTries(_start_of(key, now) + window)


def _taken(key: str, limit: int, now: datetime, *, window: timedelta = rules.TRY_WINDOW) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key, "now": now, "over": now - window, "limit": limit})
        return bool(cursor.rowcount == 1)


def _start_of(key: str, now: datetime) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(_STARTED, [key])
        row = cursor.fetchone()
    started: datetime = row[0] if row else now
    return started
