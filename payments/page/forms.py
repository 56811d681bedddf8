"""What the buyer types: a card of the list, its date, its security code; an unlisted number is never shown again."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from backoffice.core.sentences import filled
from backoffice.vads import cards, networks
from backoffice.vads.cards import TestCard, network_name
from payments.actions import CardEntry
from payments.page.texts import Texts

_EXPIRY = re.compile(r"\s*(0?[1-9]|1[0-2])\s*[/.\- ]?\s*(?:20)?([0-9]{2})\s*")
# What is said under the security code: its error, if any, and where to find it on a card.
_CODE_WORDS = "id_security_code_error security-code-help"
_SECURITY_CODE = re.compile(r"[0-9]{3,4}")


class ListedCardInput(forms.TextInput):
    """Shows a listed test card again, and forgets anything else that was typed (PAY-09)."""

    def format_value(self, value: Any) -> str | None:
        return super().format_value(value) if value and cards.find(str(value)) else None


class ExpiryInput(forms.TextInput):
    """Shows a date again, and forgets anything else: a browser may have put the card's number there (PAY-09)."""

    def format_value(self, value: Any) -> str | None:
        return super().format_value(value) if value and _EXPIRY.fullmatch(str(value)) else None


class ForgetfulInput(forms.TextInput):
    """Never shows what was typed."""

    def format_value(self, value: Any) -> str | None:
        return None


class NetworkField(forms.ChoiceField):
    """The network the buyer chooses; one that is not on offer, like none, leaves it to the card's number."""

    widget = forms.RadioSelect

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return typed if self.valid_value(typed) else ""


class CardForm(forms.Form):
    """The card form in the page's language; `as_entry` gives what was typed, once valid.

    `among` is the networks the payment may use; where there are several the form begins with a choice between them.
    """

    network = NetworkField(required=False, initial="")
    number = forms.CharField(
        widget=ListedCardInput(attrs={"autocomplete": "cc-number", "inputmode": "numeric", "spellcheck": "false"}),
        required=False,
        max_length=23,
    )
    expiry = forms.CharField(
        widget=ExpiryInput(attrs={"autocomplete": "cc-exp", "inputmode": "numeric"}),
        required=False,
        max_length=9,
    )
    security_code = forms.CharField(
        widget=ForgetfulInput(attrs={"autocomplete": "cc-csc", "inputmode": "numeric"}),
        required=False,
        max_length=4,
    )

    def __init__(self, *args: Any, texts: Texts, among: Sequence[str], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts, self.among, self.now = texts, among, now
        for name, label, wrong in (
            ("number", texts.card_number, texts.number_unlisted),
            ("expiry", texts.expiry, texts.expiry_wrong),
            ("security_code", texts.security_code, texts.security_code_wrong),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["max_length"] = wrong
        self.fields["number"].widget.attrs["placeholder"] = "0000 0000 0000 0000"
        self.fields["expiry"].widget.attrs["placeholder"] = texts.expiry_help
        self.fields["security_code"].widget.attrs |= {"placeholder": "123", "aria-describedby": _CODE_WORDS}
        self._offer_networks()

    def _offer_networks(self) -> None:
        offered = networks.offered(self.among)
        if not offered:
            del self.fields["network"]
            return
        named = [(network, network_name(network)) for network in offered]
        choice = self.fields["network"]
        choice.choices = [("", self.texts.means_by_number), *named]  # type: ignore[attr-defined]
        choice.label = self.texts.means

    @property
    def asks_network(self) -> bool:
        """Whether the buyer has several means to choose from."""
        return "network" in self.fields

    @property
    def accepted(self) -> str:
        """The networks the payment may use, as a choice in words."""
        return self.texts.one_of([network_name(network) for network in self.among])

    def clean_number(self) -> str:
        """The digits of a listed card."""
        typed = self.cleaned_data["number"]
        if not typed:
            raise forms.ValidationError(self.texts.number_missing)
        card = cards.find(typed)
        if card is None:
            raise forms.ValidationError(self.texts.number_unlisted)
        return card.number

    def clean_expiry(self) -> tuple[int, int]:
        """Month and year, not past: a card is good until the end of its month."""
        typed = _EXPIRY.fullmatch(self.cleaned_data["expiry"])
        if typed is None:
            raise forms.ValidationError(self.texts.expiry_wrong)
        month, year = int(typed[1]), 2000 + int(typed[2])
        if (year, month) < (self.now.year, self.now.month):
            raise forms.ValidationError(self.texts.expiry_past)
        return month, year

    def clean_security_code(self) -> None:
        """Three or four digits, judged and forgotten."""
        if not _SECURITY_CODE.fullmatch(self.cleaned_data["security_code"]):
            raise forms.ValidationError(self.texts.security_code_wrong)

    def clean(self) -> dict[str, Any]:
        """Add `brand`, under which the card pays; a card that cannot pay here, or not so, is refused."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        card = cards.find(typed.get("number", ""))
        if card is None:
            return typed
        chosen = typed.get("network", "")
        typed["brand"] = networks.brand_paid(card, chosen=chosen, among=self.among)
        if typed["brand"] is None:
            self.add_error("number", self._why_not(card, chosen))
        return typed

    def _why_not(self, card: TestCard, chosen: str) -> str:
        if networks.brand_paid(card, chosen="", among=self.among):
            return filled(self.texts.network_differs, network=network_name(chosen))
        return filled(self.texts.network_refused, network=network_name(card.brand), networks=self.accepted)

    def as_entry(self) -> CardEntry:
        """The card for the acquirer, with the brand to tell the shop."""
        month, year = self.cleaned_data["expiry"]
        return CardEntry(
            number=self.cleaned_data["number"],
            expiry_month=month,
            expiry_year=year,
            brand=self.cleaned_data["brand"],
        )
