"""What a company's owner decides for all its people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, rules
from accounts.browsers import browser_of
from accounts.guards import confirmation_due, freeze_explained, signed_in_person
from accounts.models import Company, User
from accounts.views.frame import frame_of


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Whether everybody must have one, who has none yet, and what asking for it changes."""
    owner, company = _owned(request)
    people = User.objects.in_company(company)
    context: dict[str, Any] = {
        "company": company,
        "without": people.without_factor().by_name(),
        "count": people.count(),
        "has_factor": rules.has_factor(owner),
        **frame_of(owner),
    }
    return render(request, "accounts/team_factor.html", context)


@freeze_explained
@require_POST
def require(request: HttpRequest) -> HttpResponseBase:
    """Ask it of everybody, from their next page on."""
    owner, company = _owned(request)
    actions.require_unfrozen(owner)
    if due := confirmation_due(request):
        return due
    try:
        actions.require_factor(company=company, by=owner, browser=browser_of(request), now=timezone.now())
    except actions.NoFactor:
        messages.error(request, "Activez d’abord votre propre second facteur, puis exigez-le de l’équipe.")
    else:
        messages.success(request, "Le second facteur est exigé de toute l’équipe, dès la prochaine page de chacun.")
    return redirect("accounts:team_factor")


@freeze_explained
@require_POST
def leave_free(request: HttpRequest) -> HttpResponseBase:
    """Let everybody decide again."""
    owner, company = _owned(request)
    actions.require_unfrozen(owner)
    if due := confirmation_due(request):
        return due
    actions.leave_factor_free(company=company, by=owner, browser=browser_of(request), now=timezone.now())
    messages.success(request, "Chacun décide à nouveau. Les seconds facteurs activés le restent.")
    return redirect("accounts:team_factor")


def _owned(request: HttpRequest) -> tuple[User, Company]:
    """The owner and the company; 404 for everybody else who is signed in."""
    user = signed_in_person(request)
    if user.company is None or not rules.may_require_factor(user):
        raise Http404
    return user, user.company
