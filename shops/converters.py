"""How shops and modes are written in addresses: `/boutiques/12345678/…`, `…/test/…`."""

from functools import cache

from django.urls import register_converter

from shops.enums import Mode
from shops.models import SITE_ID_SHAPE


class SiteIdConverter:
    """Eight digits, kept as text."""

    regex = SITE_ID_SHAPE

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ModeConverter:
    """`test` or `production`, read as a Mode."""

    regex = "test|production"

    def to_python(self, value: str) -> Mode:
        return Mode(value.upper())

    def to_url(self, value: str) -> str:
        return Mode(value).value.lower()


@cache
def register() -> None:
    """Make both known to Django, once; every room whose addresses stand under a shop's calls it first."""
    register_converter(SiteIdConverter, "site_id")
    register_converter(ModeConverter, "mode")
