"""The steps of an enrolment, and what its merchant agrees to."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from accounts import addresses
from accounts.forms.codes import ChosenCodeForm, chosen_code
from accounts.forms.contacts import BAD_EMAIL, BAD_PHONE, PHONE_LENGTH, email_to_keep, phone_to_keep
from backoffice.core.outbound import MAX_LENGTH as URL_LENGTH
from shops.models import LABEL_MAX_LENGTH
from support import consent
from support.consent import SENTENCE
from support.enums import Route
from support.forms.contact import text_field
from support.models import LEGAL_NAME_LENGTH, NAME_LENGTH
from support.models.registrations import ADDRESS_LENGTH

_SIREN_DIGITS, _SIRET_DIGITS = 9, 14
# What a browser can be led back to: judged by syntax and scheme alone (design 4.10).
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#\\@]+\.[^\s/?#\\@]+([/?#]\S*)?", re.IGNORECASE)


def _text(label: str, *, max_length: int, missing: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return text_field(
        label,
        max_length=max_length,
        missing=missing,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": autocomplete}),
    )


def _iban(help_text: str, *, missing: str = "") -> forms.CharField:
    """An account to type; without words for when it is `missing`, it may be."""
    return forms.CharField(
        label="IBAN du compte",
        max_length=60,
        required=bool(missing),
        help_text=help_text,
        error_messages={
            "required": missing,
            "max_length": "Un IBAN compte au plus 34 caractères.",
            "null_characters_not_allowed": "Cet IBAN contient un caractère illisible. Saisissez-le au clavier.",
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


def compact_iban(typed: str) -> str:
    """An IBAN without its spaces, its key and its country's length being right. Raises ValidationError, in words."""
    try:
        return str(stdnum_iban.validate(typed))
    except StdnumError as wrong:
        raise ValidationError(
            "Cet IBAN n’existe pas : vérifiez-le sur votre relevé d’identité bancaire.", code="iban"
        ) from wrong


class StepForm(forms.Form):
    """One step: its values in the spelling to keep, and no others."""

    use_required_attribute = False

    def fields_to_keep(self) -> dict[str, str]:
        """What the enrolment keeps of it."""
        return {name: str(value) for name, value in self.cleaned_data.items()}


class CompanyStepForm(StepForm):
    """The legal person and where it is."""

    siret = text_field(
        "SIRET",
        max_length=20,
        missing="Indiquez le SIRET de l’établissement.",
        help_text="14 chiffres : les 9 du SIREN, puis les 5 de l’établissement.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    legal_name = _text(
        "Raison sociale",
        max_length=LEGAL_NAME_LENGTH,
        missing="Indiquez la raison sociale de la société.",
        autocomplete="organization",
        help_text="Telle qu’elle figure au registre du commerce.",
    )
    street = _text(
        "Adresse", max_length=ADDRESS_LENGTH, missing="Indiquez l’adresse de la société.", autocomplete="street-address"
    )
    postal_code = text_field(
        "Code postal",
        max_length=5,
        missing="Indiquez le code postal.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    city = _text("Ville", max_length=NAME_LENGTH, missing="Indiquez la ville.", autocomplete="address-level2")

    def clean_siret(self) -> str:
        """Fourteen digits with the right key, La Poste's own rule included; nine get their own advice."""
        digits = re.sub(r"[\s.]", "", self.cleaned_data["siret"])
        if len(digits) == _SIREN_DIGITS and stdnum_siren.is_valid(digits):
            raise ValidationError(
                "C’est un SIREN, de 9 chiffres. Ajoutez les 5 chiffres de l’établissement pour former le SIRET.",
                code="siren",
            )
        if not re.fullmatch(rf"[0-9]{{{_SIRET_DIGITS}}}", digits):
            raise ValidationError("Le SIRET compte 14 chiffres et rien d’autre.", code="length")
        try:
            return str(stdnum_siret.validate(digits))
        except StdnumError as wrong:
            raise ValidationError(
                "Ce SIRET n’existe pas : sa clé est fausse. Vérifiez ses 14 chiffres.", code="siret"
            ) from wrong

    def clean_postal_code(self) -> str:
        typed: str = self.cleaned_data["postal_code"]
        if not re.fullmatch(r"[0-9]{5}", typed):
            raise ValidationError("Le code postal compte 5 chiffres.", code="postal_code")
        return typed


class RepresentativeStepForm(StepForm):
    """Who signs the contract, and where that person is reached."""

    last_name = _text("Nom", max_length=NAME_LENGTH, missing="Indiquez votre nom.", autocomplete="family-name")
    first_name = _text("Prénom", max_length=NAME_LENGTH, missing="Indiquez votre prénom.", autocomplete="given-name")
    quality = _text(
        "Qualité",
        max_length=NAME_LENGTH,
        missing="Indiquez à quel titre vous engagez la société.",
        autocomplete="organization-title",
        help_text="Gérant, présidente, mandataire… : à quel titre vous engagez la société.",
    )
    email = forms.CharField(
        label="Adresse e-mail",
        max_length=addresses.MAX_LENGTH,
        help_text="Votre identifiant et votre mot de passe temporaire y partiront.",
        error_messages={
            "required": "Indiquez votre adresse e-mail.",
            "max_length": BAD_EMAIL,
            "null_characters_not_allowed": BAD_EMAIL,
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label="Téléphone",
        max_length=PHONE_LENGTH,
        help_text="Le numéro de votre dossier : c’est là, et nulle part ailleurs, qu’un conseiller vous rappellera.",
        error_messages={
            "required": "Indiquez votre numéro de téléphone.",
            "max_length": BAD_PHONE,
            "null_characters_not_allowed": BAD_PHONE,
        },
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def clean_email(self) -> str:
        return email_to_keep(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return phone_to_keep(self.cleaned_data["phone"])


class ShopStepForm(StepForm):
    """The shop on the web."""

    shop_label = _text(
        "Nom de la boutique",
        max_length=LABEL_MAX_LENGTH,
        missing="Indiquez le nom de la boutique.",
        autocomplete="off",
        help_text="Vos clients le lisent sur la page de paiement.",
    )
    shop_url = text_field(
        "Adresse du site",
        max_length=URL_LENGTH,
        missing="Indiquez l’adresse du site.",
        help_text="Par exemple https://www.ma-boutique.fr.",
        widget=forms.TextInput(
            {"inputmode": "url", "autocomplete": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    activity = _text(
        "Activité",
        max_length=NAME_LENGTH,
        missing="Indiquez ce que vend la boutique.",
        autocomplete="off",
        help_text="En quelques mots : fromages, livres, cours de danse…",
    )
    route = forms.ChoiceField(
        label="Comment la boutique sera raccordée",
        choices=Route.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez comment la boutique sera raccordée.",
            "invalid_choice": "Choisissez l’une des deux façons proposées.",
        },
    )

    def clean_shop_url(self) -> str:
        typed: str = self.cleaned_data["shop_url"]
        if not _WEB_ADDRESS.fullmatch(typed):
            raise ValidationError("Saisissez une adresse complète, par exemple https://www.ma-boutique.fr.", code="url")
        return typed


class AccountStepForm(forms.Form):
    """Where the money of the sales goes."""

    iban = _iban(
        "Au nom de la société : les ventes y seront versées. Il est chiffré aussitôt enregistré.",
        missing="Indiquez l’IBAN du compte.",
    )
    use_required_attribute = False

    def clean_iban(self) -> str:
        """In its compact form, its key and length being right."""
        return compact_iban(self.cleaned_data["iban"])


class ConsentForm(forms.Form):
    """The last word before it is submitted; `shown` is the digest of what stood on the page."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    agrees = forms.BooleanField(
        label=SENTENCE, error_messages={"required": "Cochez cette case pour déposer votre inscription."}
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("shown", consent.digest())

    def clean(self) -> dict[str, Any]:
        """What is kept as agreed to is what was read, or nothing."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("agrees") and cleaned.get("shown") != consent.digest():
            self.data = {name: value for name, value in self.data.items() if name != "agrees"} | {
                "shown": consent.digest()
            }
            raise ValidationError("Les conditions ont changé entre-temps. Relisez-les, puis cochez la case.")
        return cleaned


class AnotherShopForm(ConsentForm, ShopStepForm):
    """Another shop of a company that is known: one form."""

    iban = _iban("À remplir seulement si les ventes de cette boutique vont sur un autre compte que les autres.")
    agrees = forms.BooleanField(
        label=SENTENCE, error_messages={"required": "Cochez cette case pour demander cette boutique."}
    )
    field_order = ("shop_label", "shop_url", "activity", "route", "iban", "shown", "agrees")

    def clean_iban(self) -> str:
        typed: str = self.cleaned_data["iban"]
        return compact_iban(typed) if typed else ""

    def fields_to_keep(self) -> dict[str, str]:
        """What the enrolment keeps in clear."""
        return {name: str(self.cleaned_data[name]) for name in ("shop_label", "shop_url", "activity", "route")}


class CodeStepForm(ChosenCodeForm):
    """The code of first connection, typed twice."""

    code = chosen_code(
        "Code de première connexion",
        missing="Choisissez un code.",
        help_text="6 à 12 chiffres. Il sera imprimé sur votre contrat, et jamais envoyé par e-mail.",
    )
