"""The forms that change the e-mail and the telephone on file, and how both are read wherever they are typed."""

from django import forms
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from accounts import addresses

BAD_EMAIL = "Cette adresse e-mail n’est pas valable. Saisissez-la comme ceci : nom@exemple.fr."
BAD_PHONE = "Ce numéro de téléphone n’est pas valable. Saisissez-le comme ceci : 01 23 45 67 89."
# Longer than any number people write, spaces and country code included.
PHONE_LENGTH = 40


def email_to_keep(typed: str) -> str:
    """The address in the spelling of the file. Raises forms.ValidationError, in words."""
    try:
        return addresses.normalise(typed)
    except addresses.EmailRefused as refused:
        raise forms.ValidationError(BAD_EMAIL, code="invalid") from refused


def phone_to_keep(typed: str) -> str:
    """The number in E.164, which has no room for an extension. Raises forms.ValidationError, in words."""
    try:
        number = PhoneNumber.from_string(typed, region="FR")
    except NumberParseException as fault:
        raise forms.ValidationError(BAD_PHONE, code="invalid") from fault
    if not number.is_valid():
        raise forms.ValidationError(BAD_PHONE, code="invalid")
    if number.extension:
        raise forms.ValidationError("Indiquez un numéro direct, sans poste.", code="extension")
    return str(number.as_e164)


class EmailChangeForm(forms.Form):
    """A new e-mail address, in the spelling to keep."""

    email = forms.CharField(
        label="Nouvelle adresse e-mail",
        max_length=addresses.MAX_LENGTH,
        help_text="Nous y envoyons un lien à ouvrir pour la confirmer.",
        error_messages={
            "required": "Saisissez la nouvelle adresse e-mail.",
            "max_length": "Cette adresse e-mail est trop longue. Indiquez-en une autre.",
            "null_characters_not_allowed": BAD_EMAIL,
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false", "autofocus": True}),
    )

    def clean_email(self) -> str:
        return email_to_keep(self.cleaned_data["email"])


class PhoneChangeForm(forms.Form):
    """A new telephone number; French ones may be typed without their country code."""

    # Not the library's own field, which says « not valid » once for its value and once more for its length.
    phone = forms.CharField(
        label="Nouveau numéro de téléphone",
        max_length=PHONE_LENGTH,
        help_text="Celui où nous pouvons vous rappeler aux heures de bureau.",
        error_messages={
            "required": "Saisissez le nouveau numéro de téléphone.",
            "max_length": BAD_PHONE,
            "null_characters_not_allowed": BAD_PHONE,
        },
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "autofocus": True}),
    )

    def clean_phone(self) -> str:
        return phone_to_keep(self.cleaned_data["phone"])
