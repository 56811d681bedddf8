"""The forms that change the e-mail and the telephone on file."""

from django import forms
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from accounts import addresses

_BAD_EMAIL = "Cette adresse e-mail n’est pas valable. Saisissez-la comme ceci : nom@exemple.fr."
_BAD_PHONE = "Ce numéro de téléphone n’est pas valable. Saisissez-le comme ceci : 01 23 45 67 89."
# Longer than any number people write, spaces and country code included.
_PHONE_LENGTH = 40


class EmailChangeForm(forms.Form):
    """A new e-mail address, in the spelling to keep."""

    email = forms.CharField(
        label="Nouvelle adresse e-mail",
        max_length=addresses.MAX_LENGTH,
        help_text="Nous y envoyons un lien à ouvrir pour la confirmer.",
        error_messages={
            "required": "Saisissez la nouvelle adresse e-mail.",
            "max_length": "Cette adresse e-mail est trop longue. Indiquez-en une autre.",
            "null_characters_not_allowed": _BAD_EMAIL,
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false", "autofocus": True}),
    )

    def clean_email(self) -> str:
        try:
            return addresses.normalise(self.cleaned_data["email"])
        except addresses.EmailRefused as refused:
            raise forms.ValidationError(_BAD_EMAIL, code="invalid") from refused


class PhoneChangeForm(forms.Form):
    """A new telephone number; French ones may be typed without their country code."""

    # Not the library's own field, which says « not valid » once for its value and once more for its length.
    phone = forms.CharField(
        label="Nouveau numéro de téléphone",
        max_length=_PHONE_LENGTH,
        help_text="Celui où nous pouvons vous rappeler aux heures de bureau.",
        error_messages={
            "required": "Saisissez le nouveau numéro de téléphone.",
            "max_length": _BAD_PHONE,
            "null_characters_not_allowed": _BAD_PHONE,
        },
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "autofocus": True}),
    )

    def clean_phone(self) -> str:
        """The number in E.164, which has no room for an extension."""
        try:
            number = PhoneNumber.from_string(self.cleaned_data["phone"], region="FR")
        except NumberParseException as fault:
            raise forms.ValidationError(_BAD_PHONE, code="invalid") from fault
        if not number.is_valid():
            raise forms.ValidationError(_BAD_PHONE, code="invalid")
        if number.extension:
            raise forms.ValidationError("Indiquez un numéro direct, sans poste.", code="extension")
        return str(number.as_e164)
