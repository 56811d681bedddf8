"""The pages of an enrolment: its steps, its summary, and what follows once it is submitted (`/inscription/`).

The browser that saves the first step is given a secret of its own; it alone sees and edits the enrolment.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttle
from accounts.browsers import browser_of
from accounts.codes import CodeRefused
from accounts.forms.codes import CODE_FAULTS
from backoffice.core.moves import IllegalMove
from backoffice.core.requests import client_address
from backoffice.core.waits import minutes_until, with_retry_after
from certificates.conditions import CHAPTERS, VERSION
from support import actions, links, registration_links, rules
from support.enums import Step
from support.forms import (
    AccountStepForm,
    CodeStepForm,
    CompanyStepForm,
    ConsentForm,
    RepresentativeStepForm,
    ShopStepForm,
)
from support.frame import frame
from support.models import Registration

# The browser's own secret, and once the link to show: a session would keep either in the database.
COOKIE = "__Host-inscription" if settings.SESSION_COOKIE_SECURE else "inscription"
LINK_COOKIE = "inscription-suivi"
KNOWN = (
    "Cette société a déjà son contrat. Connectez-vous pour demander une autre boutique ; si vous n’avez pas"
    " d’identifiant, demandez-le à son gérant."
)
OPEN = (
    "Une inscription est déjà déposée pour ce SIRET. Suivez-la par son lien, reçu par e-mail, ou appelez-nous : en"
    " déposer une autre n’irait pas plus vite."
)
FORMS: Mapping[Step, type[forms.Form]] = {
    Step.COMPANY: CompanyStepForm,
    Step.REPRESENTATIVE: RepresentativeStepForm,
    Step.SHOP: ShopStepForm,
    Step.ACCOUNT: AccountStepForm,
    Step.CODE: CodeStepForm,
}


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What enrolling takes; or where this browser's enrolment stands."""
    registration = registration_of(request)
    if registration is not None and registration.is_edited:
        return _kept(redirect(_next(registration)), request.COOKIES[COOKIE])
    return render(request, "support/registration/start.html", {**frame(request), "registration": registration})


@login_not_required
@sensitive_post_parameters("code", "code_again", "iban")
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: Step) -> HttpResponse:
    """One step; saved, it leads to the next one that lacks something."""
    registration = registration_of(request)
    if registration is not None and registration.is_over:
        registration = None
    if registration is None and name != Step.COMPANY:
        return redirect("support:registration")
    if registration is not None and not registration.is_edited:
        return redirect("support:registration")
    form = FORMS[name](request.POST if request.method == "POST" else None, initial=_initial(registration, name))
    if request.method != "POST" or not form.is_valid():
        return _step_page(request, registration, name, form)
    return _save(request, registration, name, form)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest) -> HttpResponse:
    """Everything once more, the consent, and the button that submits it."""
    registration = registration_of(request)
    if registration is None or not registration.is_edited:
        return redirect("support:registration")
    if missing := rules.missing_steps(registration):
        return redirect(address_of(missing[0]))
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _summary_page(request, registration, form)
    return _submit(request, registration, form)


@login_not_required
@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """What an enrolment agrees to, for everybody to read before."""
    context = {**frame(request), "chapters": CHAPTERS, "version": VERSION}
    return render(request, "support/registration/conditions.html", context)


@login_not_required
@require_safe
def submitted(request: HttpRequest) -> HttpResponse:
    """What happens next, and once the link that follows the enrolment."""
    token = request.COOKIES.get(LINK_COOKIE, "")
    url = f"{settings.BASE_URL}{reverse('support:follow_up', args=[token])}" if links.is_well_formed(token) else ""
    response = render(request, "support/registration/submitted.html", {**frame(request), "follow_up_url": url})
    response.delete_cookie(LINK_COOKIE, path=reverse("support:registration_submitted"), samesite="Lax")
    return response


def registration_of(request: HttpRequest) -> Registration | None:
    """The enrolment that this browser makes or made."""
    return registration_links.of_browser(request.COOKIES.get(COOKIE, ""))


def _save(request: HttpRequest, registration: Registration | None, name: Step, form: forms.Form) -> HttpResponse:
    now = timezone.now()
    try:
        if isinstance(form, CompanyStepForm):
            throttle.take_siret(browser_of(request), now=now)
        if registration is None:
            return _begin(request, form)
        if isinstance(form, AccountStepForm):
            saved = actions.save_account(registration=registration, iban=form.cleaned_data["iban"], now=now)
        elif isinstance(form, CodeStepForm):
            saved = actions.save_code(registration=registration, code=form.cleaned_data["code"], now=now)
        else:
            saved = actions.save_step(registration=registration, fields=form.fields_to_keep(), now=now)  # type: ignore[attr-defined]
    except CodeRefused as refused:
        form.add_error("code", CODE_FAULTS[refused.fault])
    except actions.CompanyKnown:
        form.add_error("siret", KNOWN)
    except actions.AlreadyRegistering:
        form.add_error("siret", OPEN)
    except IllegalMove:
        return redirect("support:registration")
    except (actions.TooManyRegistrations, throttle.TooManyTries) as refusal:
        return _too_many(request, registration, name, form, until=refusal.until)
    else:
        return _kept(redirect(_next(saved)), request.COOKIES[COOKIE])
    return _step_page(request, registration, name, form)


def _begin(request: HttpRequest, form: forms.Form) -> HttpResponse:
    begun, token = actions.begin_registration(
        fields=form.fields_to_keep(),  # type: ignore[attr-defined]
        address=client_address(request),
        now=timezone.now(),
    )
    return _kept(redirect(_next(begun)), token)


def _kept(response: HttpResponse, token: str) -> HttpResponse:
    """The browser keeps its secret for as long again."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(rules.DRAFT_LIFE.total_seconds()),
        # The follow-up page asks too whether this is the browser.
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _submit(request: HttpRequest, registration: Registration, form: ConsentForm) -> HttpResponse:
    try:
        _, token = actions.submit_registration(
            registration=registration, address=client_address(request), now=timezone.now()
        )
    except (actions.StepsMissing, IllegalMove):
        return redirect("support:registration")
    except CodeRefused as refused:
        form.add_error(None, f"{CODE_FAULTS[refused.fault]} Revenez à l’étape du code.")
    except actions.CompanyKnown:
        form.add_error(None, KNOWN)
    except actions.AlreadyRegistering:
        form.add_error(None, OPEN)
    else:
        response = redirect("support:registration_submitted")
        response.set_cookie(
            LINK_COOKIE,
            token,
            max_age=600,
            path=reverse("support:registration_submitted"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    return _summary_page(request, registration, form)


def _next(registration: Registration) -> str:
    """The first step that lacks something, else the summary."""
    missing = rules.missing_steps(registration)
    return address_of(missing[0]) if missing else reverse("support:registration_summary")


def address_of(step: Step) -> str:
    """Where a step is filled in."""
    return reverse(f"support:registration_{step.name.lower()}")


def _initial(registration: Registration | None, name: Step) -> dict[str, str]:
    """What was typed before; secrets are never shown again."""
    if registration is None or name in {Step.ACCOUNT, Step.CODE}:
        return {}
    return {field: str(getattr(registration, field)) for field in rules.STEP_FIELDS[name]}


def _step_page(
    request: HttpRequest,
    registration: Registration | None,
    name: Step,
    form: forms.Form,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        **frame(request),
        "form": form,
        "step": name,
        "steps": _stepper(registration, name),
        "registration": registration,
    }
    return render(request, "support/registration/step.html", context, status=status)


def _stepper(registration: Registration | None, current: Step | None) -> list[dict[str, object]]:
    """Each step with its label, whether it is done, and whether it is the page's own."""
    missing = rules.missing_steps(registration) if registration else list(Step)
    return [
        {"url": address_of(one), "label": one.label, "is_done": one not in missing, "is_current": one is current}
        for one in rules.steps_of(registration)
    ]


def _summary_page(request: HttpRequest, registration: Registration, form: ConsentForm) -> HttpResponse:
    context = {**frame(request), "registration": registration, "form": form, "steps": _stepper(registration, None)}
    return render(request, "support/registration/summary.html", context)


def _too_many(
    request: HttpRequest, registration: Registration | None, name: Step, form: forms.Form, *, until: datetime
) -> HttpResponse:
    minutes = minutes_until(until, now=timezone.now())
    form.add_error(
        None,
        f"Plusieurs inscriptions ont été essayées depuis votre réseau. Attendez {minutes} minute"
        f"{'s' if minutes > 1 else ''} pour continuer, ou téléphonez au {settings.BRAND['phone']},"
        f" {settings.BRAND['hours']}.",
    )
    page = _step_page(request, registration, name, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    return with_retry_after(page, minutes=minutes)
