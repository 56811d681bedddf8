"""What narrows the mail log."""

from typing import ClassVar

from django import forms

from backoffice.core.periods import ILLEGIBLE, NOT_OFFERED, PeriodForm
from support.enums import MailFate
from support.mail_log import Filters


def _typed(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=254,
        error_messages={
            "max_length": "Ce texte est trop long. Raccourcissez-le.",
            "null_characters_not_allowed": ILLEGIBLE,
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class MailFilterForm(PeriodForm):
    """The filters of the mail log."""

    field_order = ("fate", "company", "person", "first_day", "last_day")
    IN_ADDRESS: ClassVar[dict[str, str]] = PeriodForm.IN_ADDRESS | {
        "fate": "etat",
        "company": "societe",
        "person": "personne",
    }

    fate = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *MailFate.choices],
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    company = _typed("Société", "Début du nom ou du SIRET.")
    person = _typed("Personne", "Identifiant ou adresse entière.")

    def filters(self) -> Filters:
        """What was understood."""
        kept = self.understood
        return Filters(
            fate=MailFate(kept["fate"]) if kept.get("fate") else None,
            company=kept.get("company", ""),
            person=kept.get("person", ""),
            first_day=kept.get("first_day"),
            last_day=kept.get("last_day"),
        )
