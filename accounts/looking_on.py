"""What serves a request through somebody else's eyes: an advisor's view of a merchant's pages, where nothing changes.

Twice over: whatever is no reading is refused before any view runs, and what does run PostgreSQL holds read only.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.urls.resolvers import ResolverMatch
from django.utils import timezone

from accounts import actions, viewing
from accounts.browsers import browser_of
from accounts.enums import ViewEnd
from accounts.layouts import layout_of
from accounts.models import User
from accounts.views.frame import landing_of
from backoffice.core import read_only

GetResponse = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What an advisor posts as themselves while a view goes on.
SIGN_OUT = "accounts:sign_out"
WAYS_OUT = frozenset({"accounts:leave_view", SIGN_OUT})
ENDED = {
    ViewEnd.OVER: "La vue est terminée\u00a0: elle dure quinze minutes. Vous êtes de nouveau dans votre espace.",
    ViewEnd.WITHDRAWN: "La vue est terminée\u00a0: cet espace ne se consulte plus. Vous êtes de nouveau dans le vôtre.",
}

logger = logging.getLogger(__name__)


class ViewingMiddleware:
    """Makes `request.user` the person whose pages an advisor sees, and `request.viewing` the view itself.

    Buyers' pages, open to other sites' forms, ask nobody who they are and leave every session unread (PAY-01).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _page_of_somebody(request)
        kept = viewing.remembered(request.session) if match else None
        advisor = request.user if kept else None
        if match is None or kept is None or not isinstance(advisor, User):
            return self.get_response(request)
        is_way_out = request.method == "POST" and match.view_name in WAYS_OUT
        found = viewing.looked_at(kept, by=advisor, now=timezone.now())
        if isinstance(found, ViewEnd):
            _end(request, kept, found, by=advisor)
            if is_way_out:
                return self.get_response(request)
            return redirect(kept.way_back if found is ViewEnd.OVER else landing_of(advisor))
        request.viewing = found  # type: ignore[attr-defined]
        if is_way_out:
            return self.get_response(request)
        request.user = found.person
        return self._look(request, match) if request.method in READING else _refuse(request, match)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page not for these eyes, or one that PostgreSQL kept from writing: told once its transaction is over."""
        is_refusal = isinstance(exception, viewing.ReadOnly) or read_only.is_refused_write(exception)
        if not is_refusal or viewing.of(request) is None:
            return None
        return _NotShown()

    def _look(self, request: HttpRequest, match: ResolverMatch) -> HttpResponse:
        with read_only.held_read_only():
            response = self.get_response(request)
        # What streams would be read after the transaction, and so outside of it.
        is_refused = response.streaming or isinstance(response, _NotShown)
        return _refuse(request, match) if is_refused else response


class _NotShown(HttpResponse):
    """Stands for the page that says so."""


def _page_of_somebody(request: HttpRequest) -> ResolverMatch | None:
    """The address asked for, when it may depend on who asks and a session came with the request; None otherwise."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    depends_on_nobody = getattr(match.func, "csrf_exempt", False) or getattr(match.func, "asks_nobody", False)
    return None if depends_on_nobody else match


def _end(request: HttpRequest, kept: viewing.Remembered, ended: ViewEnd, *, by: User) -> None:
    """Give the session back to its owner, noticed at the first request after."""
    actions.end_viewing(
        person=User.objects.with_public_ids([kept.person]).get(),
        companies=kept.companies,
        ended=ended,
        by=by,
        browser=browser_of(request),
        now=timezone.now(),
    )
    viewing.forget(request.session)
    messages.info(request, ENDED[ended])


def _refuse(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    """The page that says that nothing changed; the log says who tried what (LOG-03), and no address with a token."""
    going_on = viewing.of(request)
    advisor = going_on.viewer.public_id if going_on else ""
    person = going_on.person.public_id if going_on else ""
    logger.warning("read-only view: %s %s refused to %s as %s", request.method, match.view_name, advisor, person)
    context = {"layout": layout_of(request.user), "is_reading": request.method in READING}
    return render(request, "accounts/read_only.html", context, status=HTTPStatus.FORBIDDEN)
