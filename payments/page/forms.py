"""What the buyer types: a card of the list, its date, its security code; an unlisted number is never shown again."""

import re
from datetime import datetime
from typing import Any

from django import forms

from backoffice.vads import cards
from payments.actions import CardEntry
from payments.page.texts import Texts

_EXPIRY = re.compile(r"\s*(0?[1-9]|1[0-2])\s*[/.\- ]?\s*(?:20)?([0-9]{2})\s*")
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


class CardForm(forms.Form):
    """The card form in the page's language; `as_entry` gives what was typed, once valid."""

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

    def __init__(self, *args: Any, texts: Texts, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts, self.now = texts, now
        for name, label, wrong in (
            ("number", texts.card_number, texts.number_unlisted),
            ("expiry", texts.expiry, texts.expiry_wrong),
            ("security_code", texts.security_code, texts.security_code_wrong),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["max_length"] = wrong
        self.fields["number"].widget.attrs["placeholder"] = "0000 0000 0000 0000"
        self.fields["expiry"].widget.attrs["placeholder"] = texts.expiry_help
        self.fields["security_code"].widget.attrs["placeholder"] = "123"

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

    def as_entry(self) -> CardEntry:
        """The card for the acquirer."""
        month, year = self.cleaned_data["expiry"]
        return CardEntry(number=self.cleaned_data["number"], expiry_month=month, expiry_year=year)
