"""Confirming who is there, and giving back a form that came too late or before the confirmation."""

from urllib.parse import urlsplit

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import actions, kept_forms, rules, sessions
from accounts.browsers import browser_of
from accounts.enums import Comparison
from accounts.forms.confirming import ConfirmForm
from accounts.forms.factors import OneTimeCodeForm
from accounts.guards import open_before_enrolment, own_eyes_required, signed_in_person
from accounts.models import KeptForm
from accounts.throttle import TooManyTries
from accounts.views.door import show_out, too_many
from accounts.views.frame import frame_of, landing_of, wished_page
from accounts.views.second_factor import too_many_codes

WRONG = {
    "password": "Ce n’est pas votre mot de passe. Saisissez-le à nouveau.",
    "code": "Ce code est faux, ou il a déjà servi. Attendez le suivant et saisissez-le.",
}


@open_before_enrolment
@own_eyes_required
@sensitive_post_parameters("password", "code")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The password again, or the one-time code of whoever has a second factor.

    A right one opens for five minutes, under a new session id (SESS-01, KEY-03).
    """
    user, now = signed_in_person(request), timezone.now()
    has_factor = rules.has_factor(user)
    form_class: type[Form] = OneTimeCodeForm if has_factor else ConfirmForm
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm = actions.confirm_identity_with_code if has_factor else actions.confirm_identity
            outcome = confirm(user=user, **form.cleaned_data, browser=browser_of(request), now=now)
        except TooManyTries as refusal:
            return too_many(request, refusal)
        except actions.FactorClosed as closed:
            return too_many_codes(request, closed)
        if outcome is Comparison.RIGHT:
            sessions.note_confirmation(request.session, now=now)
            return redirect(wished_page(request) or "accounts:profile")
        if outcome is Comparison.CLOSED:
            return show_out(request)
        asked = "code" if has_factor else "password"
        form.add_error(asked, WRONG[asked])
    context = {
        "form": form,
        "has_factor": has_factor,
        "wished_page": wished_page(request),
        "home": landing_of(user),
        "minutes": int(rules.CONFIRMATION_LIFE.total_seconds() // 60),
        "max_tries": rules.MAX_TRIES,
        **frame_of(user),
    }
    return render(request, "accounts/confirm.html", context)


@own_eyes_required
@require_http_methods(["GET", "HEAD", "POST"])
def kept_form(request: HttpRequest) -> HttpResponse:
    """What its author typed, to send or to forget; a POST here forgets it (the middleware reads the ticket)."""
    user = signed_in_person(request)
    kept = KeptForm.objects.by(user).living(now=timezone.now()).first()
    if request.method == "POST" or kept is None:
        return redirect(landing_of(user))
    form = kept.form()
    context = {
        "kept": kept,
        "form": form,
        "asked_page": _name_of(form.path),
        "ticket": kept_forms.TICKET,
        **frame_of(user),
    }
    return render(request, "accounts/kept_form.html", context)


def _name_of(path: str) -> str:
    """Which page of the house a form was for, by its name; an empty string when it is none any more."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""
