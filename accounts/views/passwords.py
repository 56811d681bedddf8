"""The page where somebody signed in changes the password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import actions, rules
from accounts.browsers import browser_of
from accounts.enums import Comparison
from accounts.forms.passwords import ChangePasswordForm
from accounts.guards import signed_in_person
from accounts.models import User
from accounts.sessions import digest_of
from accounts.throttle import TooManyTries
from accounts.views import strength
from accounts.views.door import show_out, too_many
from accounts.views.frame import frame_of
from backoffice.core.moves import IllegalMove

WRONG_CURRENT = (
    f"Ce n’est pas votre mot de passe actuel. Saisissez-le à nouveau : après {rules.MAX_TRIES} essais manqués de suite,"
    " le compte est bloqué."
)


@sensitive_post_parameters("current", "password", "again")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The current password, then a new one, judged here whatever the meter said (PWD-01, PWD-02)."""
    user = signed_in_person(request)
    form = ChangePasswordForm(request.POST or None)
    assessment = None
    if request.method == "POST" and form.is_valid():
        try:
            return _change(request, user, form.cleaned_data["current"], form.cleaned_data["password"])
        except actions.CurrentPasswordRefused as refused:
            if refused.comparison is Comparison.CLOSED:
                return show_out(request)
            form.add_error("current", WRONG_CURRENT)
        except TooManyTries as refusal:
            return too_many(request, refusal)
        except (actions.PasswordRefused, actions.PasswordAlreadyUsed) as refused:
            assessment = strength.explain(refused, form=form)
        except (actions.ChangesFrozen, IllegalMove):
            # Whatever happened meanwhile, the page says it: frozen, or at the door once the session is over.
            return redirect("accounts:password")
    context = {
        "form": form,
        "is_frozen": user.is_frozen,
        "max_tries": rules.MAX_TRIES,
        **strength.meter_of(user, assessment),
        **frame_of(user),
    }
    return render(request, "accounts/password.html", context)


@sensitive_variables("current", "password")
def _change(request: HttpRequest, user: User, current: str, password: str) -> HttpResponse:
    """Change it; this session goes on under a new id, the others are over (PWD-08, SESS-01)."""
    changed = actions.change_password(
        user=user,
        current=current,
        password=password,
        session=digest_of(request.session.session_key or ""),
        now=timezone.now(),
        browser=browser_of(request),
    )
    update_session_auth_hash(request, changed)
    messages.success(request, "Votre mot de passe est changé. Vos autres sessions sont terminées.")
    return redirect("accounts:password")
