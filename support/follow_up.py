"""The page that follows a request, reached by its link without signing in, and how that link reaches its browser."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.browsers import browser_of
from support import actions, links, rules
from support.forms import AdditionForm
from support.models import FollowUpLink, RequestMessage

# From the form to the page that shows the link, once. A session would keep the token in the database.
COOKIE, COOKIE_SECONDS = "suivi", 600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """Where a request stands, who acts next, and a message to add when it is time; looking changes nothing.

    No session: whoever follows a request is nobody in particular.
    """
    link = links.find(token)
    if link is None:
        return _unknown(request)
    if request.method != "POST":
        return _page(request, link, AdditionForm(), token=token)
    form = AdditionForm(request.POST)
    if not form.is_valid():
        return _page(request, link, form, token=token)
    text, now = form.cleaned_data["message"], timezone.now()
    try:
        actions.add_message(token=token, text=text, browser=browser_of(request), now=now)
    except actions.NothingToAdd:
        return _page(request, link, form, token=token, status=HTTPStatus.CONFLICT)
    return redirect("support:follow_up", token)


def _page(
    request: HttpRequest, link: FollowUpLink, form: AdditionForm, *, token: str, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "link": link,
        "contact": link.contact_request,
        "turn": rules.turn(link.contact_request),
        "said": RequestMessage.objects.read_by(link),
        "form": form if rules.may_add(link) else None,
        "is_refused": status == HTTPStatus.CONFLICT,
        "is_reset": rules.asks_for_reset(link.contact_request),
        "follow_up_url": f"{settings.BASE_URL}{reverse('support:follow_up', args=[token])}",
        "token": token,
    }
    return render(request, "support/follow_up.html", context, status=status)


def _unknown(request: HttpRequest) -> HttpResponse:
    """One page for a link that never was, is incomplete, or whose request is forgotten."""
    return render(request, "support/follow_up_unknown.html", status=HTTPStatus.NOT_FOUND)


def hand_token(response: HttpResponse, token: str) -> None:
    """Give the token to the browser that sent the request, for the next page alone."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        path=reverse("support:contact_sent"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def handed_token(request: HttpRequest) -> str:
    """The token that this browser was given just before, "" when there is none."""
    token = request.COOKIES.get(COOKIE, "")
    return token if links.is_well_formed(token) else ""


def drop_token(response: HttpResponse) -> None:
    """Take it back: it was shown."""
    response.delete_cookie(COOKIE, path=reverse("support:contact_sent"), samesite="Lax")
