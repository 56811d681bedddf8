"""Whose page it is: the layout of whoever reads, and the merchant among them."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from shops.models import Shop


def merchant_of(request: HttpRequest) -> User | None:
    """The merchant who is signed in, None for an advisor or a passer-by."""
    user = request.user
    return user if isinstance(user, User) and user.is_merchant else None


def frame(request: HttpRequest) -> dict[str, Any]:
    """The layout of whoever reads, and their shop when there is exactly one to link to."""
    merchant = merchant_of(request)
    if merchant:
        shops = list(Shop.objects.visible_to(merchant).listed()[:2])
        shop = shops[0] if len(shops) == 1 else None
        return {"layout": "layouts/merchant.html", "shop": shop, "is_advisor": False}
    is_advisor = isinstance(request.user, User)
    layout = "layouts/advisor.html" if is_advisor else "layouts/entrance.html"
    return {"layout": layout, "shop": None, "is_advisor": is_advisor}
