"""What is asked about signatures, and of whoever checks a document."""

import re

from django import forms
from django.core.exceptions import ValidationError

from backoffice.vads.signature import Algorithm
from certificates.snapshot import DIGEST_LENGTH, SHORT_DIGEST_LENGTH

_CHOICES = [
    (Algorithm.HMAC_SHA256.value, "HMAC-SHA-256 (conseillé)"),
    (Algorithm.SHA1.value, "SHA-1 (déconseillé, pour un module de paiement ancien)"),
]


class AlgorithmForm(forms.Form):
    """The algorithm that signs one mode of a shop."""

    algorithm = forms.TypedChoiceField(
        label="Algorithme de signature",
        choices=_CHOICES,
        coerce=Algorithm,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l’un des deux algorithmes.",
            "invalid_choice": "Choisissez l’un des deux algorithmes.",
        },
    )


UNREADABLE = "Ce champ contient un caractère illisible. Saisissez-le au clavier."
# « n° », spaces and separators around what is printed: people copy more than they need.
_AROUND = re.compile(r"^n°|[\s.:·-]", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]?[0-9]{7}")
_DIGEST = re.compile(rf"[0-9a-f]{{{SHORT_DIGEST_LENGTH}}}|[0-9a-f]{{{DIGEST_LENGTH}}}")


class VerificationForm(forms.Form):
    """What is printed at the foot of a document: its number and its digest, short or whole."""

    document_number = forms.CharField(
        label="Numéro du document",
        max_length=40,
        help_text="Imprimé au pied de chaque page : sept chiffres, précédés d’une lettre sauf pour un contrat.",
        error_messages={
            "required": "Indiquez le numéro imprimé au pied du document.",
            "max_length": "Ce numéro est trop long : il compte sept chiffres, parfois précédés d’une lettre.",
            "null_characters_not_allowed": UNREADABLE,
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    digest = forms.CharField(
        label="Empreinte",
        max_length=200,
        help_text="Les 12 signes imprimés à la suite du numéro, ou les 64 signes de l’empreinte d’un fichier.",
        error_messages={
            "required": "Indiquez l’empreinte imprimée à la suite du numéro.",
            "max_length": "Cette empreinte est trop longue : elle compte 12 ou 64 signes.",
            "null_characters_not_allowed": UNREADABLE,
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    use_required_attribute = False

    def clean_document_number(self) -> str:
        """In capitals, without what stands around it on paper."""
        number = _AROUND.sub("", str(self.cleaned_data["document_number"])).upper()
        if not _NUMBER.fullmatch(number):
            raise ValidationError(
                "Ce numéro n’a pas la forme des nôtres : sept chiffres, parfois précédés d’une lettre.", code="number"
            )
        return number

    def clean_digest(self) -> str:
        """In lower-case hex, without spaces."""
        digest = _AROUND.sub("", str(self.cleaned_data["digest"])).lower()
        if not _DIGEST.fullmatch(digest):
            raise ValidationError(
                "Une empreinte compte 12 ou 64 signes : des chiffres et des lettres de a à f. Recopiez-la ou choisissez"
                " le fichier.",
                code="digest",
            )
        return digest
