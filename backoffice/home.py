"""The home address, the health addresses and the error pages: what belongs to the whole house and to no room."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.guards import asks_nobody, signed_in_person
from shops.models import Shop


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead each person to where the day starts: advisors to their desk, merchants to their shop, or to choose one."""
    person = signed_in_person(request)
    if person.is_advisor:
        return redirect("support:desk")
    shops = Shop.objects.visible_to(person)[:2]
    return redirect("shops:detail", shops[0].site_id) if len(shops) == 1 else redirect("shops:list")


@login_not_required
@asks_nobody
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; says nothing else (REL-08)."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@asks_nobody
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 otherwise (REL-08)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, status=403)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose anti-forgery token is missing or too old: nothing was done, open the page again."""
    return _error_page(request, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, status=404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    return _error_page(request, status=500)


def _error_page(request: HttpRequest, *, status: int) -> HttpResponse:
    """A generic French page with the incident number the logs carry; no trace, no version (OUT-05)."""
    return render(request, f"{status}.html", {"incident": getattr(request, "incident", "")}, status=status)
