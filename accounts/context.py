"""What every page of a signed-in person shows of its session."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import rules, sessions
from accounts.models import User


def session_end(request: HttpRequest) -> dict[str, Any]:
    """`session_seconds`, read by the layouts of signed-in people only: others leave the session alone (PAY-01)."""
    return {
        "session_seconds": SimpleLazyObject(lambda: seconds_left(request)),
        "session_warning_seconds": int(rules.EXPIRY_WARNING.total_seconds()),
    }


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing more happens; 0 for nobody's session."""
    if not isinstance(request.user, User):
        return 0
    now = timezone.now()
    return int((sessions.end_of(request.session, user=request.user, now=now) - now).total_seconds())
