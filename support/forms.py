"""The contact form, whose fields follow the motive; and what narrows the mail log."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from phonenumber_field.formfields import PhoneNumberField
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret

from accounts import identifiers
from support import rules
from support.actions import Letter
from support.enums import NEEDED, WELCOME, MailFate, Motive
from support.mail_log import Filters
from support.models import IDENTIFIER_LENGTH, MESSAGE_LENGTH, NAME_LENGTH, SHOP_LABEL_LENGTH

# Control characters (save tab and line ends) and lone surrogates cannot be stored or printed (OUT-07).
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def refuse_unreadable(value: str) -> None:
    """Refuse text holding a character nobody can read."""
    if _UNREADABLE.search(value):
        raise ValidationError("Ce texte contient un caractère illisible. Saisissez-le au clavier.", code="unreadable")


def _text(label: str, *, max_length: int, missing: str, **more: Any) -> forms.CharField:
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

    shop_label = _text(
        "Enseigne",
        max_length=SHOP_LABEL_LENGTH,
        missing="Indiquez le nom de votre enseigne.",
        help_text="Le nom de votre boutique ou de votre société.",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    siret = _text(
        "SIRET",
        max_length=20,
        missing="Indiquez le SIRET de votre enseigne.",
        help_text="14 chiffres, inscrits sur votre contrat et sur vos factures.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    last_name = _text(
        "Nom",
        max_length=NAME_LENGTH,
        missing="Indiquez votre nom.",
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    first_name = _text(
        "Prénom",
        max_length=NAME_LENGTH,
        missing="Indiquez votre prénom.",
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    identifier = _text(
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
        validators=[refuse_unreadable],
        error_messages={
            "required": "Indiquez l’adresse e-mail à laquelle vous répondre.",
            "invalid": "Cette adresse e-mail n’est pas valable. Saisissez-la comme ceci : nom@exemple.fr.",
            "max_length": "Cette adresse e-mail est trop longue. Indiquez-en une autre.",
            "null_characters_not_allowed": "Cette adresse contient un caractère illisible. Saisissez-la au clavier.",
        },
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    message = _text(
        "Message",
        max_length=MESSAGE_LENGTH,
        missing="Décrivez votre demande.",
        help_text="N’écrivez ni mot de passe, ni certificat, ni numéro de carte.",
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
