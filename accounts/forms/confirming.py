"""The form that asks who is there again."""

from django import forms

from accounts.forms.door import PasswordInput


class ConfirmForm(forms.Form):
    """The password of the person already signed in."""

    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        error_messages={"required": "Saisissez votre mot de passe."},
        widget=PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
