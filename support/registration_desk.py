"""The advisor's side of enrolments: what waits, one beside what it would open, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import advisor_required, freeze_explained, signed_in_person
from backoffice.core.moves import IllegalMove
from support import actions, rules
from support.forms import MissingForm, RegistrationRefusalForm
from support.frame import who_and_when
from support.models import Registration

SHOWN = 50
MOVED = "Rien n’a changé : cette inscription est déjà décidée, ou n’en est plus là."
KNOWN = "Rien n’a été ouvert : une société de ce SIRET existe déjà. Refusez l’inscription, ou demandez un complément."


@advisor_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Those that wait for an advisor, the oldest first, then for their merchant, then what became of the others."""
    seen = Registration.objects.visible_to(signed_in_person(request)).with_people()
    context = {
        "waiting": [(one, rules.registration_turn(one)) for one in seen.waiting()[:SHOWN]],
        "incomplete": [(one, rules.registration_turn(one)) for one in seen.incomplete()[:SHOWN]],
        "decided": [(one, rules.registration_turn(one)) for one in seen.decided()[:SHOWN]],
    }
    return render(request, "support/registration/desk.html", context)


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One enrolment, and what can be done with it; neither its code nor its account number is shown."""
    return _page(request, _found(request, public_id))


@advisor_required
@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what is missing."""
    registration, form = _found(request, public_id), MissingForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, missing_form=form)
    done = "Le complément est demandé. Le commerçant est prévenu par e-mail."
    return _do(request, registration, actions.ask_for_more, done=done, missing=form.cleaned_data["missing"])


@advisor_required
@require_POST
@freeze_explained
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open company, owner, shop, certificate and contract at once, or nothing."""
    done = "L’inscription est acceptée : tout est ouvert, et les e-mails partent. Le contrat attend sa signature."
    return _do(request, _found(request, public_id), actions.accept_registration, done=done)


@advisor_required
@require_POST
def refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open nothing, and say why."""
    registration, form = _found(request, public_id), RegistrationRefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, refusal_form=form)
    done = "L’inscription est refusée. Sa raison est sur la page de suivi du commerçant."
    return _do(request, registration, actions.refuse_registration, done=done, **form.cleaned_data)


def _do(
    request: HttpRequest, registration: Registration, action: Callable[..., object], *, done: str, **given: Any
) -> HttpResponse:
    try:
        action(registration=registration, **who_and_when(request), **given)
    except IllegalMove:
        messages.error(request, MOVED)
    except actions.CompanyKnown:
        messages.error(request, KNOWN)
    else:
        messages.success(request, done)
    return redirect("support:registration_desk", registration.public_id)


def _found(request: HttpRequest, public_id: str) -> Registration:
    visible = Registration.objects.visible_to(signed_in_person(request)).with_people()
    return get_object_or_404(visible, public_id=public_id)


def _page(request: HttpRequest, registration: Registration, **refused: Form) -> HttpResponse:
    context = {
        "registration": registration,
        "turn": rules.registration_turn(registration),
        "missing_form": MissingForm(),
        "refusal_form": RegistrationRefusalForm(),
    }
    return render(
        request, "support/registration/detail.html", context | refused | {"refused_form": next(iter(refused), "")}
    )
