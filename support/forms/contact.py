"""The contact form, whose fields follow the motive."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from phonenumber_field.formfields import PhoneNumberField
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret

from accounts import identifiers
from support import rules
from support.actions import Letter
from support.enums import NEEDED, WELCOME, Motive
from support.models import IDENTIFIER_LENGTH, MESSAGE_LENGTH, NAME_LENGTH, SHOP_LABEL_LENGTH

# Control characters (save tab and line ends) and lone surrogates cannot be stored or printed (OUT-07).
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def refuse_unreadable(value: str) -> None:
    """Refuse text holding a character nobody can read."""
    if _UNREADABLE.search(value):
        raise ValidationError("Ce texte contient un caractère illisible. Saisissez-le au clavier.", code="unreadable")


def text_field(label: str, *, max_length: int, missing: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=max_length,
        validators=[refuse_unreadable],
        error_messages={
            "required": missing,
            "max_length": "Ce champ compte au plus %(limit_value)d caractères. Raccourcissez votre texte.",
            "null_characters_not_allowed": "Ce texte contient un caractère illisible. Saisissez-le au clavier.",
        },
        **more,
    )


class ContactForm(forms.Form):
    """What an advisor needs for one motive; fields that this motive does not ask for are not there at all."""

    shop_label = text_field(
        "Enseigne",
        max_length=SHOP_LABEL_LENGTH,
        missing="Indiquez le nom de votre enseigne.",
        help_text="Le nom de votre boutique ou de votre société.",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    siret = text_field(
        "SIRET",
        max_length=20,
        missing="Indiquez le SIRET de votre enseigne.",
        help_text="14 chiffres, inscrits sur votre contrat et sur vos factures.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    last_name = text_field(
        "Nom",
        max_length=NAME_LENGTH,
        missing="Indiquez votre nom.",
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    first_name = text_field(
        "Prénom",
        max_length=NAME_LENGTH,
        missing="Indiquez votre prénom.",
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    identifier = text_field(
        "Identifiant de connexion",
        max_length=IDENTIFIER_LENGTH,
        missing="Indiquez l’identifiant reçu par e-mail à l’ouverture de votre compte.",
        help_text="Il vous a été envoyé par e-mail à l’ouverture de votre compte.",
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    phone = PhoneNumberField(
        label="Téléphone",
        region="FR",
        error_messages={
            "required": "Indiquez un numéro de téléphone.",
            "invalid": "Ce numéro de téléphone n’est pas valable. Saisissez-le comme ceci : 01 23 45 67 89.",
        },
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        help_text="Nous n’y envoyons rien : la réponse se lit sur votre page de suivi.",
        validators=[refuse_unreadable],
        error_messages={
            "required": "Indiquez votre adresse e-mail.",
            "invalid": "Cette adresse e-mail n’est pas valable. Saisissez-la comme ceci : nom@exemple.fr.",
            "max_length": "Cette adresse e-mail est trop longue. Indiquez-en une autre.",
            "null_characters_not_allowed": "Cette adresse contient un caractère illisible. Saisissez-la au clavier.",
        },
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    message = text_field(
        "Message",
        max_length=MESSAGE_LENGTH,
        missing="Décrivez votre demande.",
        help_text="N’écrivez ni mot de passe, ni code de première connexion, ni certificat, ni numéro de carte.",
        widget=forms.Textarea({"rows": 6}),
    )

    phone_help: ClassVar[dict[Motive, str]] = {
        Motive.CODE_REQUEST: "Le rappel se fait toujours au numéro déclaré lors de votre inscription.",
    }

    def __init__(self, *args: Any, motive: Motive, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motive = motive
        for name in list(self.fields):
            if not rules.asks_for(motive, name):
                del self.fields[name]
            else:
                self.fields[name].required = rules.needs(motive, name)
                # The server words every error in French; browsers would word theirs in their own language.
                self.fields[name].widget.is_required = False
        if "phone" in self.fields:
            self.fields["phone"].help_text = self.phone_help.get(motive, "")
        self.order_fields([*NEEDED[motive], *WELCOME[motive]])

    def clean_siret(self) -> str:
        """Fourteen digits with the right key, spaces removed."""
        typed: str = self.cleaned_data["siret"]
        if not typed:
            return ""
        try:
            return str(stdnum_siret.validate(typed))
        except StdnumError as wrong:
            raise ValidationError(
                "Ce SIRET n’existe pas. Vérifiez ses 14 chiffres sur votre contrat.", code="siret"
            ) from wrong

    def clean_identifier(self) -> str:
        """In its one spelling when an account could bear it: it says whose portfolio the request is for (AUTHZ-08)."""
        typed: str = self.cleaned_data["identifier"]
        identifier = identifiers.normalise(typed)
        return identifier if identifiers.is_well_formed(identifier) else typed

    def letter(self) -> Letter:
        """What was typed, once valid, as the action takes it."""
        return Letter(motive=self.motive, **{name: str(value) for name, value in self.cleaned_data.items()})
