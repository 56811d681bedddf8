"""The page that follows a request, reached by its link without signing in, and how that link reaches its browser."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import ChangesFrozen
from accounts.browsers import browser_of
from accounts.codes import CodeRefused
from accounts.forms.codes import CODE_FAULTS
from accounts.forms.door import CodeForm
from accounts.throttle import TooManyTries
from backoffice.core.waits import minutes_until, with_retry_after
from support import actions, links, registration_links, rules
from support.call_state import page_scene
from support.forms import AdditionForm, NewCodeForm
from support.models import FollowUpLink, Proposal, Registration, RequestMessage
from support.registration import registration_of

# From the form to the page that shows the link, once. A session would keep the token in the database.
COOKIE, COOKIE_SECONDS = "suivi", 600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """Where a request or an enrolment stands, who acts next, a message to add when it is time; looking changes nothing.

    No session: whoever follows a request is nobody in particular.
    """
    link = links.find(token)
    if link is None:
        registration = registration_links.find(token)
        return _unknown(request) if registration is None else _registration_page(request, registration, token)
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


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request: HttpRequest, token: str) -> HttpResponse:
    """The code somebody found again, typed during the call on the page that was recognised (design 4.6)."""
    link = links.find(token)
    if link is None:
        return _unknown(request)
    if request.method != "POST" or page_scene(link, now=timezone.now()).scene.is_found:
        # A tab opened again, or a second click: the page says where it stands.
        return redirect("support:follow_up", token)
    form, now = CodeForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, link, AdditionForm(), token=token, code_form=form)
    try:
        is_right = actions.type_code(token=token, code=form.cleaned_data["code"], browser=browser_of(request), now=now)
    except TooManyTries as refusal:
        minutes = minutes_until(refusal.until, now=now)
        page = _page(request, link, AdditionForm(), token=token, status=HTTPStatus.TOO_MANY_REQUESTS, minutes=minutes)
        return with_retry_after(page, minutes=minutes)
    except (actions.CallOver, actions.NoTriesLeft, ChangesFrozen):
        return _page(request, link, AdditionForm(), token=token, status=HTTPStatus.CONFLICT, is_over=True)
    if not is_right:
        # Redrawn rather than led elsewhere: the word « erroné » belongs to this very answer.
        form.add_error("code", "Ce n’est pas votre code.")
        return _page(request, link, AdditionForm(), token=token, code_form=form)
    return redirect("support:follow_up", token)


@login_not_required
@sensitive_post_parameters("code", "code_again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_code(request: HttpRequest, token: str) -> HttpResponse:
    """Another code, chosen during the call on the page that was recognised; a second advisor approves it."""
    link = links.find(token)
    if link is None:
        return _unknown(request)
    form = NewCodeForm(request.POST or None)
    if not page_scene(link, now=timezone.now()).may_choose:
        if request.method != "POST":
            return redirect("support:follow_up", token)
        return _page(request, link, AdditionForm(), token=token, status=HTTPStatus.CONFLICT, is_over=True)
    if request.method == "POST" and form.is_valid():
        code, now = form.cleaned_data["code"], timezone.now()
        try:
            actions.choose_new_code(token=token, code=code, browser=browser_of(request), now=now)
        except CodeRefused as refused:
            form.add_error("code", CODE_FAULTS[refused.fault])
        except (actions.CallOver, ChangesFrozen):
            return _page(request, link, AdditionForm(), token=token, status=HTTPStatus.CONFLICT, is_over=True)
        else:
            return redirect("support:follow_up", token)
    return render(request, "support/choose_code.html", {"form": form, "token": token})


def _page(
    request: HttpRequest,
    link: FollowUpLink,
    form: AdditionForm,
    *,
    token: str,
    status: int = HTTPStatus.OK,
    is_over: bool = False,
    minutes: int = 0,
    code_form: CodeForm | None = None,
) -> HttpResponse:
    contact = link.contact_request
    asks_for_code = rules.asks_for_code(contact)
    context = {
        "asks_for_code": asks_for_code,
        "live": page_scene(link, now=timezone.now()) if asks_for_code else None,
        "code_form": code_form or CodeForm(),
        "is_over": is_over,
        "minutes": minutes,
        "link": link,
        "contact": contact,
        "turn": rules.turn(contact),
        "said": RequestMessage.objects.read_by(link),
        "form": form if rules.may_add(link, is_proposed=Proposal.objects.of(contact).pending().exists()) else None,
        "is_refused": status == HTTPStatus.CONFLICT and not is_over,
        "is_reset": rules.asks_for_reset(contact),
        "follow_up_url": f"{settings.BASE_URL}{reverse('support:follow_up', args=[token])}",
        "token": token,
    }
    return render(request, "support/follow_up.html", context, status=status)


def _registration_page(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Where an enrolment stands; only the browser that made it goes further from here."""
    context = {
        "registration": registration,
        "turn": rules.registration_turn(registration),
        "is_own_browser": registration_of(request) == registration,
        "follow_up_url": f"{settings.BASE_URL}{reverse('support:follow_up', args=[token])}",
        "token": token,
    }
    return render(request, "support/registration/follow_up.html", context)


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
