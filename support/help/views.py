"""The help pages: public, in the frame of whoever reads."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.vads import cards, codes, fields
from support.frame import frame


@login_not_required
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """General questions: signing in, installing, testing, mail."""
    return _help_page(request, "faq")


@login_not_required
@require_safe
def faq_subscriptions(request: HttpRequest) -> HttpResponse:
    """What recurring payments are, and that they are not offered yet."""
    return _help_page(request, "subscriptions")


@login_not_required
@require_safe
def faq_server_url(request: HttpRequest) -> HttpResponse:
    """How a shop's server is told about payments."""
    return _help_page(request, "server_url")


@login_not_required
@require_safe
def faq_error_codes(request: HttpRequest) -> HttpResponse:
    """Every code of the wire, drawn from the tables that the platform itself uses."""
    return _help_page(
        request,
        "error_codes",
        form_errors=codes.FORM_ERRORS.values(),
        results=codes.RESULTS.values(),
        auth_results=codes.AUTH_RESULTS.values(),
        extra_results=codes.EXTRA_RESULTS.values(),
        statuses=codes.TRANSACTION_STATUSES.values(),
    )


@login_not_required
@require_safe
def faq_features(request: HttpRequest) -> HttpResponse:
    """What the payment page can do, its mandatory fields and its test cards."""
    return _help_page(
        request,
        "features",
        mandatory=[fields.field(name) for name in fields.MANDATORY],
        test_cards=[card for card in cards.TEST_CARDS if card.is_current],
    )


@login_not_required
@require_safe
def faq_production(request: HttpRequest) -> HttpResponse:
    """Going live, step by step."""
    return _help_page(request, "production")


def _help_page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"support/faq/{name}.html", {**frame(request), "base_url": settings.BASE_URL, **context})
