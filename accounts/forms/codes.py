"""A first-connection code that somebody chooses, typed twice (RST-10)."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts import codes
from accounts.codes import CodeFault
from accounts.forms.door import PasswordInput

CODE_FAULTS = {
    CodeFault.FORMAT: "Le code compte 6 à 12 chiffres et rien d’autre.",
    CodeFault.TRIVIAL: "Ce code est trop facile à deviner. Évitez les suites et les répétitions.",
    CodeFault.PERSONAL: "Ce code figure dans un numéro de la société ou de la personne. Choisissez-en un autre.",
}
DIFFERENT = "Les deux saisies diffèrent. Saisissez deux fois le même code."


def chosen_code(label: str, *, missing: str, help_text: str = "") -> forms.CharField:
    """The field of a code that is being chosen; its value is never sent back (RST-08)."""
    return forms.CharField(
        label=label,
        max_length=64,
        help_text=help_text,
        error_messages={
            "required": missing,
            "max_length": CODE_FAULTS[CodeFault.FORMAT],
            "null_characters_not_allowed": CODE_FAULTS[CodeFault.FORMAT],
        },
        widget=PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )


def differ(cleaned: Mapping[str, Any]) -> bool:
    """Whether `code` and `code_again` were both typed, and not alike."""
    code, again = (codes.normalise(cleaned.get(name, "")) for name in ("code", "code_again"))
    return bool(code and again and code != again)


class ChosenCodeForm(forms.Form):
    """A code that is being chosen: the form says of what, in its own `code`."""

    code = chosen_code("Code de première connexion", missing="Choisissez un code.")
    code_again = chosen_code("Le même code, encore une fois", missing="Saisissez le même code une seconde fois.")
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Both alike."""
        cleaned: dict[str, Any] = super().clean() or {}
        if differ(cleaned):
            self.add_error("code_again", DIFFERENT)
        return cleaned
