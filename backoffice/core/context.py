"""What every template knows without being told: the brand."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def brand(request: HttpRequest) -> dict[str, Any]:
    """The bank's name, offer, telephone and hours under `brand` (design 4.14); reads neither session nor database."""
    return {"brand": settings.BRAND}
