"""What an advisor chooses about somebody: the request to open, and the reason of a closing."""

from typing import Any

from django import forms
from django.db.models import TextChoices

from support.enums import OPENED_BY_ADVISORS, Channel, Motive


class OpeningForm(forms.Form):
    """Which request is opened for somebody, and how they came."""

    motive = forms.ChoiceField(
        label="Motif",
        choices=[(motive.value, motive.label) for motive in OPENED_BY_ADVISORS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le motif de la demande.",
            "invalid_choice": "Ce motif n’existe pas. Choisissez-en un dans la liste.",
        },
    )
    channel = forms.ChoiceField(
        label="Comment cette personne est venue",
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites comment cette personne est venue.",
            "invalid_choice": "Cette venue n’existe pas. Choisissez-en une dans la liste.",
        },
    )
    use_required_attribute = False

    def clean_motive(self) -> Motive:
        """The motive itself."""
        return Motive(self.cleaned_data["motive"])

    def clean_channel(self) -> Channel:
        """The channel itself."""
        return Channel(self.cleaned_data["channel"])


class ClosingForm(forms.Form):
    """Why an access or a shop is closed: one reason of its closed list."""

    reason = forms.ChoiceField(
        label="Motif de la fermeture",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le motif de la fermeture.",
            "invalid_choice": "Ce motif n’existe pas. Choisissez-en un dans la liste.",
        },
    )
    use_required_attribute = False

    def __init__(self, *args: Any, reasons: type[TextChoices], help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reasons = reasons
        self.fields["reason"].choices = reasons.choices  # type: ignore[attr-defined]
        self.fields["reason"].help_text = help_text

    def clean_reason(self) -> TextChoices:
        """The reason itself."""
        return self._reasons(self.cleaned_data["reason"])
