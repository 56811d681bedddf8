"""Every word the buyer's page says: one field a sentence, filled once for each language."""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.core.sentences import filled


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The buyer's words in one language.

    `{name}` stands for what the page fills in, with the template tag `fill`. Twins `…_one` and `…_many` are the two
    numbers of a count: the methods of the same stem choose between them.
    """

    # The frame.
    own_name: str
    language: str
    skip: str
    test_band: str
    page_of_bank: str
    secure: str
    personal_data: str
    # The page and its card form.
    title: str
    order: str
    your_card: str
    card_number: str
    expiry: str
    expiry_help: str
    security_code: str
    security_code_help: str
    pay: str
    paying: str
    cancel: str
    to_correct: str
    number_missing: str
    number_unlisted: str
    expiry_wrong: str
    expiry_past: str
    security_code_wrong: str
    # The means of payment.
    means: str
    means_by_number: str
    network_refused: str
    network_differs: str
    either: str
    # The test cards.
    test_cards: str
    test_cards_help: str
    other_cards: str
    former_cards: str
    only_test_cards: str
    no_test_cards: str
    # The time left.
    minutes_left_one: str
    minutes_left_many: str
    seconds_left_one: str
    seconds_left_many: str
    # Several attempts.
    try_again: str
    tries_left_one: str
    tries_left_many: str
    # The page of the (simulated) bank.
    bank_title: str
    bank_simulated: str
    bank_lead: str
    bank_confirm: str
    bank_refuse: str
    bank_will_fail: str
    not_authenticated_lead: str
    # What became of the payment.
    accepted_title: str
    accepted_lead: str
    refused_title: str
    refused_lead: str
    cancelled_title: str
    cancelled_lead: str
    expired_title: str
    expired_lead: str
    over_title: str
    over_lead: str
    taken_lead: str
    incident_title: str
    incident_lead: str
    shop_is_told: str
    # The receipt, or what was refused.
    receipt: str
    no_receipt: str
    shop: str
    shop_id: str
    reference: str
    amount: str
    card: str
    authorisation: str
    date: str
    instalments: str
    # The way back.
    back: str
    back_soon_one: str
    back_soon_many: str
    stay: str

    def minutes_left(self, minutes: int) -> str:
        """How long the buyer still has, in whole minutes."""
        return _counted(minutes, self.minutes_left_one, self.minutes_left_many)

    def seconds_left(self, seconds: int) -> str:
        """How long the buyer still has, in seconds."""
        return _counted(seconds, self.seconds_left_one, self.seconds_left_many)

    def tries_left(self, tries: int) -> str:
        """How many times the buyer may still try."""
        return _counted(tries, self.tries_left_one, self.tries_left_many)

    def back_soon(self, seconds: int) -> str:
        """In how many seconds the page returns to the shop."""
        return _counted(seconds, self.back_soon_one, self.back_soon_many)

    def one_of(self, names: Sequence[str]) -> str:
        """Names as a choice between them: « CB, Visa ou Mastercard »."""
        *some, last = names
        return filled(self.either, some=", ".join(some), last=last) if some else last


def _counted(number: int, one: str, many: str) -> str:
    return one if number == 1 else filled(many, n=number)
