"""The test cards as the page lists them: number, scenario in the page's words, and what a click fills in."""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.vads import cards, networks
from backoffice.vads.cards import TestCard
from payments.page.texts import language_of_scenarios, scenario

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
    # The networks it can pay through here, its own first: the choice a click makes.
    networks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ListedCards:
    """The three groups of the list, and the language their scenarios are told in."""

    first: list[ListedCard]
    others: list[ListedCard]
    former: list[ListedCard]
    language: str

    @property
    def is_empty(self) -> bool:
        """Whether no card of the catalogue can pay here."""
        return not (self.first or self.former)


def listed_cards(*, language: str, among: Sequence[str], year: int) -> ListedCards:
    """The catalogue's cards of the networks `among`, with a date that is good in `year` (four digits) and after."""
    listed = [_listed(card, language=language, among=among, year=year) for card in cards.TEST_CARDS]
    payable = [one for one in listed if one.networks]
    current = [one for one in payable if one.card.is_current]
    first = [one for one in current if one.card.number.startswith(FIRST_BEGINNING)]
    others = [one for one in current if one not in first]
    return ListedCards(
        first=first or others,
        others=others if first else [],
        former=[one for one in payable if not one.card.is_current],
        language=language_of_scenarios(language),
    )


def _listed(card: TestCard, *, language: str, among: Sequence[str], year: int) -> ListedCard:
    return ListedCard(
        card=card,
        scenario=scenario(card.scenario, language=language),
        expiry=f"12 / {(year + YEARS_AHEAD) % 100:02d}",
        security_code="1234" if card.brand in FOUR_DIGIT_CODES else "123",
        networks=tuple(network for network in networks.serves(card) if network in among),
    )
