"""The filters of a list that can be narrowed to a period: two days, each of them left out if need be."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

NOT_OFFERED = "Choisissez une valeur de la liste."
ILLEGIBLE = "Ce texte contient un caractère illisible. Saisissez-le au clavier."
_NO_DATE = "Cette date n’existe pas. Choisissez-la dans le calendrier, ou saisissez-la sous la forme 31/12/2026."
_OUT_OF_REACH = "Choisissez une date entre 2000 et 2099."


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _NO_DATE},
        validators=[
            MinValueValidator(date(2000, 1, 1), _OUT_OF_REACH),
            MaxValueValidator(date(2099, 12, 31), _OUT_OF_REACH),
        ],
    )


class PeriodForm(forms.Form):
    """Filters in the address bar, whose names are French (`IN_ADDRESS`, added to by each list); the fields are ours."""

    IN_ADDRESS: ClassVar[dict[str, str]] = {"first_day": "du", "last_day": "au"}

    first_day = _day("Du")
    last_day = _day("Au")

    def add_prefix(self, field_name: str) -> str:
        """The name that the address bar shows."""
        return self.IN_ADDRESS.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and first_day > last_day:
            self.add_error("last_day", "La seconde date est avant la première. Choisissez-en une plus tardive.")
        return cleaned

    @property
    def understood(self) -> dict[str, Any]:
        """What was understood: a field in error narrows nothing."""
        kept: dict[str, Any] = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return kept
