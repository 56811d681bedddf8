"""The form of somebody signed in who changes the password."""

from typing import Any

from django import forms

from accounts.forms.door import NewPasswordForm, PasswordInput


class ChangePasswordForm(NewPasswordForm):
    """The current password, then the new one twice (PWD-01, PWD-07)."""

    field_order = ["current", "password", "again"]

    # Longer ones than an account may have go through: the action refuses them unhashed (AUTH-13).
    current = forms.CharField(
        label="Mot de passe actuel",
        strip=False,
        error_messages={"required": "Saisissez votre mot de passe actuel."},
        widget=PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password"].widget.attrs["autofocus"]
