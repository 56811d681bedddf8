"""The forms where a one-time code is typed: whether it has the shape of one, never whether it is right."""

from typing import Any

from django import forms

from accounts import one_time_codes
from accounts.forms.door import CodeInput

_NO_CODE = "Le code compte 6 chiffres. Relisez-le dans votre application."
_NO_RECOVERY_CODE = (
    "Un code de secours compte 10 signes, comme ABCDE-23456, sans 0, 1, I, L ni O. Relisez-le sur votre feuille."
)


def _field(label: str, *, help_text: str, keyboard: str, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=one_time_codes.LONGEST_TYPED,
        help_text=help_text,
        error_messages={
            "required": "Saisissez le code.",
            "max_length": "Ce texte est trop long pour un code. Relisez-le.",
            "null_characters_not_allowed": "Ce texte contient un caractère illisible. Saisissez le code au clavier.",
        },
        widget=CodeInput(
            {
                "inputmode": keyboard,
                "autocomplete": autocomplete,
                "autocapitalize": "characters",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class OneTimeCodeForm(forms.Form):
    """The six digits of an application."""

    code = _field(
        "Code à usage unique",
        help_text="Les 6 chiffres qu’affiche votre application. Ils changent toutes les 30 secondes.",
        keyboard="numeric",
        autocomplete="one-time-code",
    )

    def clean_code(self) -> str:
        code = one_time_codes.normalise(self.cleaned_data["code"])
        if not one_time_codes.is_application_code(code):
            raise forms.ValidationError(_NO_CODE, code="invalid")
        return code


class FirstCodeForm(OneTimeCodeForm):
    """The first code of a new key, below its picture: on a telephone, focus there would scroll the picture away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]


class RecoveryCodeForm(forms.Form):
    """One of the ten codes printed for the day the application is lost."""

    code = _field(
        "Code de secours",
        help_text="L’un des codes que vous avez imprimés ou notés. Il ne servira qu’une fois.",
        keyboard="text",
        autocomplete="off",
    )

    def clean_code(self) -> str:
        code = one_time_codes.normalise(self.cleaned_data["code"])
        if not one_time_codes.is_recovery_code(code):
            raise forms.ValidationError(_NO_RECOVERY_CODE, code="invalid")
        return code
