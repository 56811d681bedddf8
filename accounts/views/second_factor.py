"""The page of the door that asks for a one-time code once the password was right."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import actions, flow, rules
from accounts.browsers import browser_of
from accounts.enums import FactorMeans, SignInStep
from accounts.forms.factors import OneTimeCodeForm, RecoveryCodeForm
from accounts.models import User
from accounts.throttle import TooManyTries
from accounts.views.door import enter, show_out, too_many

WRONG_CODE = {
    FactorMeans.APPLICATION: "Ce code est faux, ou il a déjà servi. Attendez le suivant et saisissez-le.",
    FactorMeans.RECOVERY_CODE: "Ce code de secours est faux, ou il a déjà servi. Essayez-en un autre.",
}
# What the address says (`?moyen=secours`) when the application is out of reach.
RECOVERY = "secours"


@login_not_required
@sensitive_post_parameters("code")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """The code of the application, or a recovery code; a wrong one leads nowhere (AUTH-18)."""
    now = timezone.now()
    going_on = flow.pending_factor(request, now=now)
    if going_on is None:
        return redirect("accounts:sign_in")
    means = FactorMeans.RECOVERY_CODE if request.GET.get("moyen") == RECOVERY else FactorMeans.APPLICATION
    form_class = RecoveryCodeForm if means is FactorMeans.RECOVERY_CODE else OneTimeCodeForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            outcome = actions.give_second_factor(
                user=going_on.user, code=form.cleaned_data["code"], browser=browser_of(request), now=now
            )
        except TooManyTries as refusal:
            return too_many(request, refusal)
        except actions.FactorClosed as closed:
            return too_many_codes(request, closed)
        if outcome.user is None:
            return show_out(request, hint=outcome.hint)
        if outcome.step is SignInStep.SIGNED_IN:
            return _enter(request, outcome.user, outcome.device_cookie, means=means, wished=going_on.wished)
        form.add_error("code", WRONG_CODE[means])
    context = {"form": form, "is_recovery": means is FactorMeans.RECOVERY_CODE, "max_tries": rules.MAX_TRIES}
    return render(request, "accounts/give_second_factor.html", context)


def too_many_codes(request: HttpRequest, closed: actions.FactorClosed) -> HttpResponse:
    """No code was compared, and when to come back (AUTH-18)."""
    seconds = max(1, int((closed.until - timezone.now()).total_seconds()) + 1)
    context = {"minutes": -(-seconds // 60), "tries": rules.FACTOR_TRIES}
    response = render(request, "accounts/too_many_codes.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    return response


def _enter(request: HttpRequest, user: User, device_cookie: str, *, means: FactorMeans, wished: str) -> HttpResponse:
    if means is FactorMeans.APPLICATION:
        return enter(request, user, device_cookie=device_cookie, wished=wished)
    # Whoever needed a recovery code probably needs another application: that page first, whatever was wished.
    page = reverse("accounts:second_factor")
    response = enter(request, user, device_cookie=device_cookie, wished=page)
    flow.note_recovery(request, now=timezone.now())
    messages.warning(request, "Ce code de secours ne sert plus. Si vous n’avez plus l’application, remplacez-la ici.")
    return response
