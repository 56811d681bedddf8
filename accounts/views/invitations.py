"""The page where an invited advisor chooses a password."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import actions, devices, flow, links
from accounts.browsers import browser_of
from accounts.forms.door import NewPasswordForm
from accounts.views import strength
from accounts.views.frame import landing_of


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """A password of one's own, judged here whatever the meter said. Looking uses nothing up (PWD-02)."""
    invited = actions.find_invited(token=token, now=timezone.now())
    if invited is None:
        return _link_over(request)
    form = NewPasswordForm(request.POST or None)
    assessment = None
    if request.method == "POST" and form.is_valid():
        try:
            return _open_account(request, token, form.cleaned_data["password"])
        except actions.PasswordRefused as refused:
            assessment = strength.explain(refused, form=form)
        except links.LinkOver:
            return _link_over(request)
    context = {"form": form, "token": token, "invited": invited, **strength.meter_of(invited, assessment)}
    return render(request, "accounts/invitation.html", context)


@sensitive_variables("password")
def _open_account(request: HttpRequest, token: str, password: str) -> HttpResponse:
    opened = actions.accept_invitation(token=token, password=password, browser=browser_of(request), now=timezone.now())
    if opened.user is None:  # pragma: no cover (an accepted invitation always names its person)
        return redirect("accounts:sign_in")
    flow.open_session(request, opened.user, device_cookie=opened.device_cookie)
    response = redirect(landing_of(opened.user))
    devices.remember(response, opened.device_cookie)
    return response


def _link_over(request: HttpRequest) -> HttpResponse:
    """One page for an invitation that was accepted, replaced, is too old, or never was."""
    return render(request, "accounts/invitation_over.html", status=HTTPStatus.GONE)
