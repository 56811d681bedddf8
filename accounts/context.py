"""What every page of a signed-in person shows of its session."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import rules, sessions, viewing
from accounts.models import User


def session_end(request: HttpRequest) -> dict[str, Any]:
    """`session_seconds`, read by the layouts of signed-in people only: others leave the session alone (PAY-01)."""
    return {
        "session_seconds": SimpleLazyObject(lambda: seconds_left(request)),
        "session_warning_seconds": int(rules.EXPIRY_WARNING.total_seconds()),
    }


def looking_on(request: HttpRequest) -> dict[str, Any]:
    """`viewing`, the view that goes on, which frames the whole page; None for everybody at their own pages."""
    return {"viewing": viewing.of(request)}


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing more happens; 0 for nobody's session."""
    owner = viewing.owner_of_session(request)
    if not isinstance(owner, User):
        return 0
    now = timezone.now()
    return int((sessions.end_of(request.session, user=owner, now=now) - now).total_seconds())
