"""The buyer's words in the languages the hosted page speaks, and the choice between them."""

from collections.abc import Mapping
from types import MappingProxyType

from payments.page.texts.choice import ENGLISH, FRENCH, SPOKEN, language_of, offered_languages
from payments.page.texts.dutch import DUTCH_TEXTS
from payments.page.texts.english import ENGLISH_TEXTS
from payments.page.texts.french import FRENCH_TEXTS
from payments.page.texts.german import GERMAN_TEXTS
from payments.page.texts.italian import ITALIAN_TEXTS
from payments.page.texts.portuguese import PORTUGUESE_TEXTS
from payments.page.texts.scenarios import SCENARIOS_IN_ENGLISH
from payments.page.texts.spanish import SPANISH_TEXTS
from payments.page.texts.words import Texts

__all__ = [
    "ENGLISH",
    "FRENCH",
    "SCENARIOS_IN_ENGLISH",
    "SPOKEN",
    "TEXTS",
    "Texts",
    "language_of",
    "language_of_scenarios",
    "offered_languages",
    "scenario",
]

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


def language_of_scenarios(language: str) -> str:
    """The language the scenarios are told in on a page of `language`: they are the webmaster's words."""
    return FRENCH if language == FRENCH else ENGLISH


def scenario(french: str, *, language: str) -> str:
    """A test card's scenario: in French on a French page, in English on any other."""
    return french if language_of_scenarios(language) == FRENCH else SCENARIOS_IN_ENGLISH.get(french, french)
