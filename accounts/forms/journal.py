"""What narrows the journal, as typed: a value that is none of those offered is refused in words and narrows nothing."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.journal_filters import Filters
from accounts.models import User
from backoffice.core.events import DESK_ONLY, Event

_NO_DATE = "Cette date n’existe pas. Choisissez-la dans le calendrier, ou saisissez-la sous la forme 31/12/2026."
_OUT_OF_REACH = "Choisissez une date entre 2000 et 2099."
_NOT_OFFERED = "Choisissez une valeur de la liste."


class FilterForm(forms.Form):
    """The filters of a journal's page and of its export. Its addresses are in French, its fields are ours."""

    IN_ADDRESS = {
        "first_day": "du",
        "last_day": "au",
        "person": "personne",
        "event": "evenement",
        "failures_only": "echecs",
    }

    first_day = forms.DateField(label="Du", required=False)
    last_day = forms.DateField(label="Au", required=False)
    person = forms.ChoiceField(label="Personne", required=False, error_messages={"invalid_choice": _NOT_OFFERED})
    event = forms.ChoiceField(label="Événement", required=False, error_messages={"invalid_choice": _NOT_OFFERED})
    failures_only = forms.BooleanField(label="Échecs seulement", required=False)

    def __init__(self, *args: Any, people: Iterable[User], reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_day", "last_day"):
            field = self.fields[name]
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            field.error_messages["invalid"] = _NO_DATE
            field.validators += [
                MinValueValidator(date(2000, 1, 1), _OUT_OF_REACH),
                MaxValueValidator(date(2099, 12, 31), _OUT_OF_REACH),
            ]
        person, event = self.fields["person"], self.fields["event"]
        if isinstance(person, forms.ChoiceField) and isinstance(event, forms.ChoiceField):
            person.choices = [("", "Tout le monde"), *((str(one.public_id), _name_of(one)) for one in people)]
            event.choices = [("", "Tous"), *_events_by_room(reader)]

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
            first_day=kept.get("first_day"),
            last_day=kept.get("last_day"),
            person=UUID(kept["person"]) if kept.get("person") else None,
            event=kept.get("event", ""),
            failures_only=kept.get("failures_only", False),
        )


class CompanySearchForm(forms.Form):
    """The company whose journal an advisor looks for."""

    typed = forms.CharField(
        label="Raison sociale ou SIRET",
        required=False,
        max_length=120,
        error_messages={
            "max_length": "Ce nom est trop long. Saisissez ses premières lettres.",
            "null_characters_not_allowed": "Ce texte contient un caractère illisible. Saisissez-le au clavier.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def add_prefix(self, field_name: str) -> str:
        """The name that the address bar shows."""
        return "recherche" if field_name == "typed" else field_name


def _events_by_room(reader: User) -> list[tuple[str, list[tuple[str, str]]]]:
    rooms: dict[str, list[tuple[str, str]]] = {}
    for event in [one for one in Event if reader.is_advisor or one not in DESK_ONLY]:
        rooms.setdefault(event.room, []).append((event.value, str(event.label)))
    return list(rooms.items())


def _name_of(person: User) -> str:
    return f"{person.full_name} ({'conseiller' if person.is_advisor else person.identifier})"
