"""The pages of the door: sign-in, code of first connection, new password, and the way out."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, devices, flow, rules
from accounts.browsers import browser_of
from accounts.enums import CodeStep, Hint, SignInStep
from accounts.forms.door import CodeForm, NewPasswordForm, SignInForm
from accounts.guards import signed_in_person
from accounts.models import User
from accounts.throttle import TooManyTries
from accounts.views import strength
from accounts.views.frame import landing_of, wished_page
from accounts.views.viewing import end_view
from backoffice.core.moves import IllegalMove

# Bytes of a sign-in form, at most: 128 characters of any script fit (AUTH-13).
LARGEST_SIGN_IN = 4096

WRONG_CODE = "Ce n’est pas votre code. Relisez-le et saisissez-le à nouveau."
BLOCKED_ELSEWHERE = "Votre compte est bloqué pour les autres navigateurs. Écrivez-nous par la page de contact."


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Identifier and password. Every refusal is one page, whatever its reason (AUTH-02)."""
    if request.method == "POST":
        return _try_sign_in(request)
    if isinstance(request.user, User):
        return redirect(landing_of(request.user))
    if flow.pending(request, now=timezone.now()):
        return redirect("accounts:first_connection")
    if flow.pending_factor(request, now=timezone.now()):
        return redirect("accounts:give_second_factor")
    return _sign_in_page(request)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server, and what the browser kept of its pages (SESS-04); a view ends with it."""
    end_view(request, now=timezone.now())
    if isinstance(request.user, User):
        actions.sign_out(user=request.user, browser=browser_of(request), now=timezone.now())
    logout(request)
    response = redirect("accounts:sign_in")
    # Not "cookies": what makes a browser known to its owner outlives a session.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def first_connection(request: HttpRequest) -> HttpResponse:
    """The code of the paper contract; a wrong one leads nowhere (RST-06, RST-07)."""
    now = timezone.now()
    going_on = flow.pending(request, now=now)
    if going_on is None:
        return redirect("accounts:sign_in")
    if going_on.step is not flow.Step.CODE:
        return redirect("accounts:new_password")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            step = actions.check_first_connection_code(
                user=going_on.user,
                code=form.cleaned_data["code"],
                now=now,
                browser=browser_of(request),
                way=going_on.way,
            )
        except TooManyTries as refusal:
            return too_many(request, refusal)
        if step is CodeStep.RIGHT:
            flow.code_proven(request, going_on.user, going_on.way)
            response = redirect("accounts:new_password")
            browser = browser_of(request)
            devices.remember(response, actions.make_browser_known(user=going_on.user, browser=browser, now=now))
            return response
        if step is CodeStep.ENDED:
            return show_out(request)
        form.add_error("code", WRONG_CODE)
    return render(request, "accounts/first_connection.html", {"form": form, "max_tries": rules.MAX_TRIES})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def unblock(request: HttpRequest) -> HttpResponse:
    """Open one's blocked account to other browsers again, with the code of the contract (design 4.5)."""
    user = signed_in_person(request)
    if not rules.may_unblock(user):
        return redirect(landing_of(user))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            step = actions.unblock_with_code(
                user=user, code=form.cleaned_data["code"], browser=browser_of(request), now=timezone.now()
            )
        except IllegalMove:
            return redirect(landing_of(user))
        if step is CodeStep.RIGHT:
            messages.success(request, "Votre compte est débloqué : vous pouvez vous connecter depuis tout navigateur.")
            return redirect(landing_of(user))
        if step is CodeStep.ENDED:
            logout(request)
            return _sign_in_page(request, is_refused=True, hint=Hint.LOCKED)
        form.add_error("code", WRONG_CODE)
    return render(request, "accounts/unblock.html", {"form": form, "home": landing_of(user)})


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The person's own password, judged here whatever the meter said (PWD-02)."""
    going_on = flow.pending(request, now=timezone.now())
    if going_on is None:
        return redirect("accounts:sign_in")
    if going_on.step is not flow.Step.PASSWORD:
        return redirect("accounts:first_connection")
    form = NewPasswordForm(request.POST or None)
    assessment = None
    if request.method == "POST" and form.is_valid():
        try:
            return _choose(request, going_on, form.cleaned_data["password"])
        except (actions.PasswordRefused, actions.PasswordAlreadyUsed) as refused:
            assessment = strength.explain(refused, form=form)
        except IllegalMove:
            return redirect("accounts:sign_in")
    context = {"form": form, **strength.meter_of(going_on.user, assessment)}
    return render(request, "accounts/new_password.html", context)


def show_out(request: HttpRequest, hint: Hint | None = None) -> HttpResponse:
    """End the session of whoever has no try left, and show the page of a refused sign-in (PWD-01, AUTH-11)."""
    logout(request)
    return _sign_in_page(request, is_refused=True, hint=hint)


def enter(request: HttpRequest, entered: User, *, device_cookie: str, wished: str = "") -> HttpResponse:
    """Open the session of whoever gave all that was asked, and lead to where the day starts, or goes on."""
    flow.open_session(request, entered, device_cookie=device_cookie)
    response = redirect(_after_sign_in(request, entered, wished=wished))
    devices.remember(response, device_cookie)
    return response


@sensitive_variables("form", "password")
def _try_sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST)
    if _is_oversized(request) or not form.is_valid():
        return _sign_in_page(request, is_refused=True)
    try:
        outcome = actions.sign_in(**form.cleaned_data, browser=browser_of(request), now=timezone.now())
    except TooManyTries as refusal:
        return too_many(request, refusal)
    if outcome.user is None:
        return _sign_in_page(request, is_refused=True, hint=outcome.hint)
    if outcome.step is SignInStep.CODE_DUE:
        flow.begin(request, outcome.user)
        return redirect("accounts:first_connection")
    if outcome.step is SignInStep.FACTOR_DUE:
        flow.ask_factor(request, outcome.user, now=timezone.now(), wished=wished_page(request))
        return redirect("accounts:give_second_factor")
    return enter(request, outcome.user, device_cookie=outcome.device_cookie, wished=wished_page(request))


def _sign_in_page(request: HttpRequest, *, is_refused: bool = False, hint: Hint | None = None) -> HttpResponse:
    """The page itself: no query, nothing of what was typed, the same bytes for every refusal (AUTH-02).

    A `hint` is added for known browsers only.
    """
    context = {
        "form": SignInForm(),
        "is_refused": is_refused,
        "hint": hint.value if hint else "",
        "device_minutes": int(rules.DEVICE_WINDOW.total_seconds() // 60),
        "max_tries": rules.MAX_TRIES,
        "wished_page": wished_page(request),
    }
    return render(request, "accounts/sign_in.html", context)


@sensitive_variables("password")
def _choose(request: HttpRequest, going_on: flow.Pending, password: str) -> HttpResponse:
    chosen = actions.choose_password(
        user=going_on.user,
        password=password,
        now=timezone.now(),
        browser=browser_of(request),
        way=going_on.way,
    )
    if chosen.user is None:  # pragma: no cover (a password chosen always names its person)
        return redirect("accounts:sign_in")
    if chosen.step is SignInStep.FACTOR_DUE:
        flow.ask_factor(request, chosen.user, now=timezone.now())
        return redirect("accounts:give_second_factor")
    flow.open_session(request, chosen.user, device_cookie=chosen.device_cookie)
    messages.success(request, "Votre mot de passe est enregistré. L’ancien ne sert plus.")
    response = redirect(landing_of(chosen.user))
    devices.remember(response, chosen.device_cookie)
    return response


def _after_sign_in(request: HttpRequest, user: User, *, wished: str) -> str:
    """Whoever may open a blocked account to other browsers again is told so first."""
    if rules.may_unblock(user):
        return "accounts:unblock"
    if user.is_blocked:
        messages.warning(request, BLOCKED_ELSEWHERE)
    return wished or landing_of(user)


def too_many(request: HttpRequest, refusal: TooManyTries) -> HttpResponse:
    """The throttle's answer: nothing was compared, and it says when to come back (AUTH-08)."""
    seconds = max(1, int((refusal.until - timezone.now()).total_seconds()) + 1)
    context = {"minutes": -(-seconds // 60)}
    response = render(request, "accounts/too_many_tries.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    return response


def _is_oversized(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length") or "0"
    return not length.isdigit() or int(length) > LARGEST_SIGN_IN
