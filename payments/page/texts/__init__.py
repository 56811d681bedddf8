"""The buyer's words in the languages the hosted page speaks, and the choice between them."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation.trans_real import parse_accept_lang_header

from payments.page.texts.dutch import DUTCH_TEXTS
from payments.page.texts.english import ENGLISH_TEXTS
from payments.page.texts.french import FRENCH_TEXTS
from payments.page.texts.german import GERMAN_TEXTS
from payments.page.texts.italian import ITALIAN_TEXTS
from payments.page.texts.portuguese import PORTUGUESE_TEXTS
from payments.page.texts.scenarios import SCENARIOS_IN_ENGLISH
from payments.page.texts.spanish import SPANISH_TEXTS
from payments.page.texts.words import Texts

__all__ = ["ENGLISH", "FRENCH", "SCENARIOS_IN_ENGLISH", "TEXTS", "Texts", "language_of", "scenario"]

FRENCH, ENGLISH = "fr", "en"

# In the order the page offers them.
TEXTS: Mapping[str, Texts] = MappingProxyType(
    {
        FRENCH: FRENCH_TEXTS,
        ENGLISH: ENGLISH_TEXTS,
        "de": GERMAN_TEXTS,
        "es": SPANISH_TEXTS,
        "it": ITALIAN_TEXTS,
        "nl": DUTCH_TEXTS,
        "pt": PORTUGUESE_TEXTS,
    }
)


def language_of(fields: Mapping[str, str], *, accept_language: str) -> str:
    """A language of `TEXTS`: what the form asks for, else what the browser prefers, else French.

    A buyer of a language that is not spoken gets English.
    """
    asked = fields.get("vads_language") or ""
    wanted = [asked] if asked else [code for code, _ in parse_accept_lang_header(accept_language)]
    if not wanted:
        return FRENCH
    short = [code[:2].lower() for code in wanted]
    return next((code for code in short if code in TEXTS), ENGLISH)


def scenario(french: str, *, language: str) -> str:
    """A test card's scenario: in French on a French page, in English on any other."""
    return french if language == FRENCH else SCENARIOS_IN_ENGLISH.get(french, french)
