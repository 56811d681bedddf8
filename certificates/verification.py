"""The public page where a document of ours is recognised by its number and digest."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import throttle
from accounts.browsers import browser_of
from accounts.layouts import layout_of
from backoffice.core.waits import minutes_until, with_retry_after
from certificates.forms import VerificationForm
from certificates.recognition import recognise


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a document is ours, asked by the form or by the address that its picture holds.

    One answer for a wrong number and a wrong digest, and no name in either.
    """
    asked = _asked(request)
    form = VerificationForm(asked)
    if asked is None or not form.is_valid():
        return _page(request, form)
    browser, now = browser_of(request), timezone.now()
    try:
        throttle.take_verification(browser, now=now)
    except throttle.TooManyTries as refusal:
        minutes = minutes_until(refusal.until, now=now)
        form.add_error(None, _too_many(minutes))
        return with_retry_after(_page(request, form, status=HTTPStatus.TOO_MANY_REQUESTS), minutes=minutes)
    found = recognise(number=form.cleaned_data["document_number"], digest=form.cleaned_data["digest"], now=now)
    if found:
        throttle.give_verification_back(browser)
    return _page(request, form, is_answered=True, found=found)


def _asked(request: HttpRequest) -> dict[str, str] | None:
    """What is to be checked, typed or photographed; None when nothing is asked yet."""
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in ("document_number", "digest")}
    if {"numero", "empreinte"} <= request.GET.keys():
        return {"document_number": request.GET["numero"], "digest": request.GET["empreinte"]}
    return None


def _page(request: HttpRequest, form: VerificationForm, *, status: int = HTTPStatus.OK, **more: object) -> HttpResponse:
    context = {"layout": layout_of(request.user), "form": form, **more}
    return render(request, "certificates/verify.html", context, status=status)


def _too_many(minutes: int) -> str:
    wait = f"{minutes} minutes" if minutes > 1 else "une minute"
    return (
        "Vous avez vérifié plusieurs documents que nous ne reconnaissons pas. Pour en vérifier un autre, attendez"
        f" {wait} ou téléphonez au {settings.BRAND['phone']}, {settings.BRAND['hours']}."
    )
