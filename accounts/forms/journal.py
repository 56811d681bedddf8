"""What narrows the journal, as typed: a value that is none of those offered is refused in words and narrows nothing."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from accounts.journal_filters import Filters
from accounts.models import User
from backoffice.core.events import DESK_ONLY, Event
from backoffice.core.periods import NOT_OFFERED, PeriodForm


class FilterForm(PeriodForm):
    """The filters of a journal's page and of its export."""

    IN_ADDRESS: ClassVar[dict[str, str]] = PeriodForm.IN_ADDRESS | {
        "person": "personne",
        "event": "evenement",
        "failures_only": "echecs",
    }

    person = forms.ChoiceField(label="Personne", required=False, error_messages={"invalid_choice": NOT_OFFERED})
    event = forms.ChoiceField(label="Événement", required=False, error_messages={"invalid_choice": NOT_OFFERED})
    failures_only = forms.BooleanField(label="Échecs seulement", required=False)

    def __init__(self, *args: Any, people: Iterable[User], reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, event = self.fields["person"], self.fields["event"]
        if isinstance(person, forms.ChoiceField) and isinstance(event, forms.ChoiceField):
            person.choices = [("", "Tout le monde"), *((str(one.public_id), _name_of(one)) for one in people)]
            event.choices = [("", "Tous"), *_events_by_room(reader)]

    def filters(self) -> Filters:
        """What was understood."""
        kept = self.understood
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
