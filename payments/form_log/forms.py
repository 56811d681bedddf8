"""What narrows the list of refused forms, as typed: a value that is none of those offered narrows nothing, in words."""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms

from backoffice.core.periods import ILLEGIBLE, NOT_OFFERED, PeriodForm
from payments.enums import FormVerdict
from payments.form_log.filters import Filters
from shops.enums import Mode

LONGEST_SEARCH = 127


class FilterForm(PeriodForm):
    """The filters of the list."""

    field_order = ("typed", "first_day", "last_day", "verdict", "mode")
    IN_ADDRESS: ClassVar[dict[str, str]] = {
        "typed": "recherche",
        **PeriodForm.IN_ADDRESS,
        "verdict": "verdict",
        "mode": "mode",
    }

    typed = forms.CharField(
        label="Commande, transaction, code ou champ",
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": "Ce texte est trop long. Saisissez ses premiers caractères.",
            "null_characters_not_allowed": ILLEGIBLE,
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    verdict = forms.ChoiceField(
        label="Issue",
        required=False,
        choices=[("", "Toutes"), *FormVerdict.choices],
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    mode = forms.ChoiceField(label="Mode", required=False, error_messages={"invalid_choice": NOT_OFFERED})

    def __init__(self, *args: Any, modes: Collection[Mode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode = self.fields["mode"]
        if isinstance(mode, forms.ChoiceField):
            mode.choices = [("", "Les deux"), *((one.value, one.label) for one in Mode if one in modes)]
        if len(modes) < len(Mode):
            del self.fields["mode"]

    def filters(self) -> Filters:
        """What was understood."""
        kept = self.understood
        return Filters(
            typed=kept.get("typed", ""),
            first_day=kept.get("first_day"),
            last_day=kept.get("last_day"),
            verdict=FormVerdict(kept["verdict"]) if kept.get("verdict") else None,
            mode=Mode(kept["mode"]) if kept.get("mode") else None,
        )
