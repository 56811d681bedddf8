"""The first connection between two requests: who is half signed in, in this browser, and which step is due.

It lives in the session, on the server. The person is signed in for Django only once the new password is accepted, so
every other page stays closed without asking anything of this module (RST-05, RST-06).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import devices
from accounts.actions import tries
from accounts.browsers import browser_of
from accounts.enums import Way
from accounts.models import User
from accounts.sessions import DEVICE_KEY

_KEY = "first_connection"


class Step(StrEnum):
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 (a step's name)


@dataclass(frozen=True)
class Pending:
    """A person whose temporary password or mailed link was right, and what is asked next."""

    user: User
    step: Step
    way: Way


def begin(request: HttpRequest, user: User, way: Way = Way.TEMPORARY_PASSWORD) -> None:
    """Start at the code in a new session; nothing of an earlier one survives (SESS-01)."""
    request.session.flush()
    _remember(request, user, Step.CODE, way)


def code_proven(request: HttpRequest, user: User, way: Way) -> None:
    """Ask the new password next, under a new session id."""
    request.session.cycle_key()
    _remember(request, user, Step.PASSWORD, way)


def pending(request: HttpRequest, *, now: datetime) -> Pending | None:
    """The first connection going on in this browser, None when there is none.

    None too when the account was blocked and this browser is unknown, when the temporary password expired, or when
    another was drawn meanwhile (RST-04).
    """
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    user = User.objects.not_closed().with_public_id(kept["user"]).first()
    if user is None:
        return None
    device = tries.known_device(user, browser=browser_of(request), now=now)
    way = Way(kept["way"])
    if not tries.is_waiting(user, device, way=way, now=now):
        return None
    if not constant_time_compare(kept["proof"], user.get_session_auth_hash()):
        return None
    return Pending(user, Step(kept["step"]), way)


def open_session(request: HttpRequest, user: User, *, device_cookie: str) -> None:
    """Sign the person in, in a new session under a new id; a first connection in this browser ends (SESS-01).

    `device_cookie` is what the browser is given: the session remembers that it was opened in a known one.
    """
    request.session.flush()
    login(request, user)
    if nonce := devices.read(device_cookie).get(user.public_id):
        request.session[DEVICE_KEY] = devices.digest_of(nonce)


def _remember(request: HttpRequest, user: User, step: Step, way: Way) -> None:
    proof = user.get_session_auth_hash()
    request.session[_KEY] = {"user": str(user.public_id), "step": step.value, "way": way.value, "proof": proof}
