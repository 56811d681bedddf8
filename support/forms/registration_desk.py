"""What an advisor fills in about an enrolment: what is missing, why it is refused, how its contract came back."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from certificates.models import SIGNED_NOTE_LENGTH
from support.enums import RegistrationRefusal
from support.forms.contact import text_field
from support.models.registrations import WORDS_LENGTH


class MissingForm(forms.Form):
    """What an advisor lacks to accept."""

    missing = text_field(
        "Ce qui manque",
        max_length=WORDS_LENGTH,
        missing="Dites ce qui manque.",
        help_text="Le commerçant le lit sur sa page de suivi, et corrige dans le navigateur de son inscription.",
        widget=forms.Textarea({"rows": 3}),
    )
    use_required_attribute = False


class RegistrationRefusalForm(forms.Form):
    """Why an enrolment is refused."""

    reason = forms.ChoiceField(
        label="Motif du refus",
        choices=[("", "Choisir un motif"), *RegistrationRefusal.choices],
        error_messages={
            "required": "Choisissez le motif du refus.",
            "invalid_choice": "Ce motif n’existe pas. Choisissez-en un dans la liste.",
        },
    )
    words = text_field(
        "Votre phrase",
        max_length=WORDS_LENGTH,
        missing="",
        required=False,
        help_text="Le commerçant la lit sur sa page de suivi.",
        widget=forms.Textarea({"rows": 2}),
    )
    use_required_attribute = False

    def clean_reason(self) -> RegistrationRefusal:
        """The reason itself."""
        return RegistrationRefusal(self.cleaned_data["reason"])


class SignedForm(forms.Form):
    """How the signed contract came back: the digest of its scanned copy, or a note."""

    scan_digest = forms.CharField(
        label="Empreinte de la copie numérisée",
        required=False,
        max_length=64,
        help_text="SHA-256, 64 caractères. Elle prouve plus tard que la copie n’a pas été retouchée.",
        error_messages={
            "max_length": "Une empreinte SHA-256 compte 64 caractères, chiffres et lettres de a à f.",
            "null_characters_not_allowed": "Cette empreinte contient un caractère illisible.",
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )
    note = text_field(
        "Ou une note",
        max_length=SIGNED_NOTE_LENGTH,
        missing="",
        required=False,
        help_text="Par exemple : exemplaire papier reçu à l’agence, classé au dossier.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    use_required_attribute = False

    def clean_scan_digest(self) -> str:
        typed: str = self.cleaned_data["scan_digest"].strip().lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise ValidationError(
                "Une empreinte SHA-256 compte 64 caractères, chiffres et lettres de a à f.", code="digest"
            )
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("scan_digest") and not cleaned.get("note"):
            raise ValidationError("Indiquez l’empreinte de la copie numérisée, ou une note.", code="proof")
        return cleaned
