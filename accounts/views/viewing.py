"""Leaving somebody's pages, which an advisor sees as they do."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import actions, viewing
from accounts.browsers import browser_of
from accounts.enums import ViewEnd
from accounts.guards import signed_in_person
from accounts.views.frame import landing_of


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Back to the company's page at the desk; for whoever looks through nobody's eyes, to where their day starts."""
    going_on = viewing.of(request)
    if going_on is None:
        return redirect(landing_of(signed_in_person(request)))
    end_view(request, now=timezone.now())
    messages.success(request, f"Vous ne voyez plus comme {going_on.person.full_name}\u00a0: la vue est terminée.")
    return redirect(going_on.way_back)


def end_view(request: HttpRequest, *, now: datetime) -> None:
    """End the view that goes on, if there is one, and write it down."""
    going_on = viewing.of(request)
    if going_on is None:
        return
    actions.end_viewing(
        person=going_on.person,
        companies=going_on.kept.companies,
        ended=ViewEnd.LEFT,
        by=going_on.viewer,
        browser=browser_of(request),
        now=now,
    )
    # Under a new id (SESS-01): a page of the view still on its way would otherwise save it back.
    request.session.cycle_key()
    viewing.forget(request.session)
