"""Telling whoever asked too often how long to wait: in words of minutes on the page, in seconds to programs."""

from datetime import datetime

from django.http import HttpResponse


def minutes_until(moment: datetime, *, now: datetime) -> int:
    """Whole minutes after which that moment is surely past; at least one."""
    return int((moment - now).total_seconds() // 60) + 1


def with_retry_after(response: HttpResponse, *, minutes: int) -> HttpResponse:
    """The same answer, with the header that says when to come back."""
    response.headers["Retry-After"] = str(minutes * 60)
    return response
