"""The test cards as the page lists them: number, scenario in the page's words, and what a click fills in."""

from dataclasses import dataclass

from backoffice.vads import cards
from backoffice.vads.cards import TestCard
from payments.page.texts import scenario

# One card for each of the usual scenarios: the group that is always unfolded.
FIRST_BEGINNING = "49701000"
FOUR_DIGIT_CODES = frozenset({"AMEX"})
YEARS_AHEAD = 2


@dataclass(frozen=True, kw_only=True)
class ListedCard:
    """One button of the list."""

    card: TestCard
    scenario: str
    expiry: str
    security_code: str


@dataclass(frozen=True, kw_only=True)
class ListedCards:
    """The three groups of the list."""

    first: list[ListedCard]
    others: list[ListedCard]
    former: list[ListedCard]


def listed_cards(*, language: str, year: int) -> ListedCards:
    """The whole catalogue, with a date that is good in `year` (four digits) and after."""
    listed = [_listed(card, language=language, year=year) for card in cards.TEST_CARDS]
    current = [one for one in listed if one.card.is_current]
    return ListedCards(
        first=[one for one in current if one.card.number.startswith(FIRST_BEGINNING)],
        others=[one for one in current if not one.card.number.startswith(FIRST_BEGINNING)],
        former=[one for one in listed if not one.card.is_current],
    )


def _listed(card: TestCard, *, language: str, year: int) -> ListedCard:
    return ListedCard(
        card=card,
        scenario=scenario(card.scenario, language=language),
        expiry=f"12 / {(year + YEARS_AHEAD) % 100:02d}",
        security_code="1234" if card.brand in FOUR_DIGIT_CODES else "123",
    )
