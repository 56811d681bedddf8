"""Whose page it is: the layout of whoever reads, and the merchant among them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.browsers import browser_of
from accounts.guards import signed_in_person
from accounts.layouts import layout_of
from accounts.models import User
from shops.models import Shop


def merchant_of(request: HttpRequest) -> User | None:
    """The merchant who is signed in, None for an advisor or a passer-by."""
    user = request.user
    return user if isinstance(user, User) and user.is_merchant else None


def frame(request: HttpRequest) -> dict[str, Any]:
    """The layout of whoever reads, and their shop when there is exactly one to link to."""
    merchant = merchant_of(request)
    shops = list(Shop.objects.visible_to(merchant).listed()[:2]) if merchant else []
    return {
        "layout": layout_of(request.user),
        "shop": shops[0] if len(shops) == 1 else None,
        "is_advisor": isinstance(request.user, User) and merchant is None,
    }


def who_and_when(request: HttpRequest) -> dict[str, Any]:
    """Who acts, from which browser, at what moment: what nearly every action is told."""
    return {"by": signed_in_person(request), "browser": browser_of(request), "now": timezone.now()}
