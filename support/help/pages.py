"""The tabs of the help, in their order, and the facts each one shows beside its words."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from backoffice.vads import cards, fields
from backoffice.vads.dictionary import THEMES
from support.help import catalogue


@dataclass(frozen=True, kw_only=True)
class HelpPage:
    """One tab: its template's name under `support/faq/`, its address's name, and the word on the tab."""

    name: str
    url_name: str
    tab: str


PAGES = (
    HelpPage(name="faq", url_name="support:faq", tab="Généralités"),
    HelpPage(name="subscriptions", url_name="support:faq_subscriptions", tab="Abonnements"),
    HelpPage(name="server_url", url_name="support:faq_server_url", tab="URL serveur"),
    HelpPage(name="error_codes", url_name="support:faq_error_codes", tab="Codes erreur"),
    HelpPage(name="features", url_name="support:faq_features", tab="Fonctionnalités"),
    HelpPage(name="production", url_name="support:faq_production", tab="Passer en production"),
)
PAGE_NAMED = {page.name: page for page in PAGES}
# Characters of what is looked for: more is no question.
LONGEST_SEARCH = 100


def facts_of(page: HelpPage) -> dict[str, Any]:
    """What a page's template needs to know, whoever reads it."""
    facts: dict[str, Any] = {
        "base_url": settings.BASE_URL,
        "pages": PAGES,
        "here": page,
        "typed": "",
        "longest_search": LONGEST_SEARCH,
    }
    if page.name == "error_codes":
        return facts | {"families": catalogue.FAMILIES, "typed_code": ""}
    if page.name == "features":
        every = [field for theme in THEMES for field in theme.fields]
        return facts | {
            "mandatory": [fields.field(name) for name in fields.MANDATORY],
            "optional": [field for field in every if not field.is_mandatory],
            "test_cards": [card for card in cards.TEST_CARDS if card.is_current],
        }
    return facts
