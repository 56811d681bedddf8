"""The forms of the door: what is typed, not whether it is right, which is for the actions to say."""

from typing import Any

from django import forms

from accounts import codes
from accounts.passwords import MAX_LENGTH

_IDENTIFIER_LENGTH = 150


class PasswordInput(forms.PasswordInput):
    """A password with a control to show it; the value is never sent back (PWD-07, PWD-09)."""

    template_name = "accounts/widgets/password.html"


class CodeInput(forms.TextInput):
    """Shows the digits while they are typed, and no page shows them again (RST-08)."""

    def format_value(self, value: Any) -> None:
        return None


class SignInForm(forms.Form):
    """Identifier and password; any fault of form is a refusal like the others (AUTH-02)."""

    identifier = forms.CharField(
        label="Identifiant",
        max_length=_IDENTIFIER_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    # Longer ones than an account may have go through: the action refuses them unhashed (AUTH-13).
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenForm(forms.Form):
    """Whose password is forgotten; any text is taken alike (RST-11)."""

    identifier = forms.CharField(
        label="Identifiant",
        max_length=_IDENTIFIER_LENGTH,
        help_text="Il vous a été envoyé par e-mail à l’ouverture de votre compte.",
        error_messages={
            "required": "Saisissez votre identifiant.",
            "max_length": "Un identifiant est plus court. Relisez l’e-mail d’ouverture de votre compte.",
            "null_characters_not_allowed": "Ce texte contient un caractère illisible. Saisissez-le au clavier.",
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


class CodeForm(forms.Form):
    """The first-connection code; white space and dashes do not count."""

    code = forms.CharField(
        label="Code de première connexion",
        max_length=64,
        help_text="6 à 12 chiffres, imprimés seuls sur une page de votre contrat, ou dits par qui vous a invité.",
        error_messages={"required": "Saisissez le code de votre contrat, ou celui que l’on vous a dit."},
        widget=CodeInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True, "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = codes.normalise(self.cleaned_data["code"])
        if not codes.is_well_formed(code):
            raise forms.ValidationError(
                "Le code compte 6 à 12 chiffres et rien d’autre. Relisez-le, puis saisissez-le à nouveau."
            )
        return code


class NewPasswordForm(forms.Form):
    """The new password, twice."""

    password = forms.CharField(
        label="Nouveau mot de passe",
        strip=False,
        error_messages={"required": "Saisissez votre nouveau mot de passe."},
        widget=PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label="Encore une fois",
        strip=False,
        error_messages={"required": "Saisissez le même mot de passe une seconde fois."},
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if len(password) > MAX_LENGTH:
            raise forms.ValidationError(f"Le mot de passe dépasse {MAX_LENGTH} caractères. Raccourcissez-le.")
        return password

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "Les deux saisies diffèrent. Saisissez deux fois le même mot de passe.")
        return cleaned
