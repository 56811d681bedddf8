"""What narrows the list of refused forms, as typed: a value that is none of those offered narrows nothing, in words."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from payments.enums import FormVerdict
from payments.form_log.filters import Filters
from shops.enums import Mode

_NO_DATE = "Cette date n’existe pas. Choisissez-la dans le calendrier, ou saisissez-la sous la forme 31/12/2026."
_OUT_OF_REACH = "Choisissez une date entre 2000 et 2099."
_NOT_OFFERED = "Choisissez une valeur de la liste."
LONGEST_SEARCH = 127


class FilterForm(forms.Form):
    """The filters of the list. Its addresses are in French, its fields are ours."""

    IN_ADDRESS = {
        "typed": "recherche",
        "first_day": "du",
        "last_day": "au",
        "verdict": "verdict",
        "mode": "mode",
    }

    typed = forms.CharField(
        label="Commande, transaction, code ou champ",
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": "Ce texte est trop long. Saisissez ses premiers caractères.",
            "null_characters_not_allowed": "Ce texte contient un caractère illisible. Saisissez-le au clavier.",
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    first_day = forms.DateField(label="Du", required=False)
    last_day = forms.DateField(label="Au", required=False)
    verdict = forms.ChoiceField(
        label="Issue",
        required=False,
        choices=[("", "Toutes"), *FormVerdict.choices],
        error_messages={"invalid_choice": _NOT_OFFERED},
    )
    mode = forms.ChoiceField(label="Mode", required=False, error_messages={"invalid_choice": _NOT_OFFERED})

    def __init__(self, *args: Any, modes: Collection[Mode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_day", "last_day"):
            field = self.fields[name]
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            field.error_messages["invalid"] = _NO_DATE
            field.validators += [
                MinValueValidator(date(2000, 1, 1), _OUT_OF_REACH),
                MaxValueValidator(date(2099, 12, 31), _OUT_OF_REACH),
            ]
        mode = self.fields["mode"]
        if isinstance(mode, forms.ChoiceField):
            mode.choices = [("", "Les deux"), *((one.value, one.label) for one in Mode if one in modes)]
        if len(modes) < len(Mode):
            del self.fields["mode"]

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
            typed=kept.get("typed", ""),
            first_day=kept.get("first_day"),
            last_day=kept.get("last_day"),
            verdict=FormVerdict(kept["verdict"]) if kept.get("verdict") else None,
            mode=Mode(kept["mode"]) if kept.get("mode") else None,
        )
