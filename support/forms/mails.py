"""What narrows the mail log."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from support.enums import MailFate
from support.mail_log import Filters


def _day(label: str) -> forms.DateField:
    wrong = "Cette date n’existe pas. Choisissez-la dans le calendrier, ou saisissez-la sous la forme 31/12/2026."
    out_of_reach = "Choisissez une date entre 2000 et 2099."
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": wrong},
        validators=[
            MinValueValidator(date(2000, 1, 1), out_of_reach),
            MaxValueValidator(date(2099, 12, 31), out_of_reach),
        ],
    )


def _typed(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=254,
        error_messages={
            "max_length": "Ce texte est trop long. Raccourcissez-le.",
            "null_characters_not_allowed": "Ce texte contient un caractère illisible. Saisissez-le au clavier.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class MailFilterForm(forms.Form):
    """The filters of the mail log. Its addresses are in French, its fields are ours."""

    IN_ADDRESS: ClassVar[dict[str, str]] = {
        "fate": "etat",
        "company": "societe",
        "person": "personne",
        "first_day": "du",
        "last_day": "au",
    }

    fate = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *MailFate.choices],
        error_messages={"invalid_choice": "Choisissez une valeur de la liste."},
    )
    company = _typed("Société", "Début du nom ou du SIRET.")
    person = _typed("Personne", "Identifiant ou adresse entière.")
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

    def filters(self) -> Filters:
        """What was understood; a field in error narrows nothing."""
        kept = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Filters(
            fate=MailFate(kept["fate"]) if kept.get("fate") else None,
            company=kept.get("company", ""),
            person=kept.get("person", ""),
            first_day=kept.get("first_day"),
            last_day=kept.get("last_day"),
        )
