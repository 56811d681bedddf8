"""What is filled in around a call about a lost code: who is called, and the code that is typed or chosen."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.forms.codes import ChosenCodeForm, chosen_code
from support.callees import Callee


class CallForm(forms.Form):
    """Whom the advisor calls, and at which number on file; those that are too recent are not offered."""

    callee = forms.ChoiceField(
        label="Qui appelez-vous, et à quel numéro",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez qui vous appelez.",
            "invalid_choice": "Ce numéro n’est plus au dossier, ou y est depuis trop peu de temps. Choisissez parmi"
            " ceux qui sont proposés.",
        },
    )
    use_required_attribute = False

    def __init__(self, *args: Any, callees: Sequence[Callee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._callees = {one.key: one for one in callees if not one.is_recent}
        # Said beside the form: a number that changed lately may be the intruder's.
        self.too_recent = [one for one in callees if one.is_recent]
        self.fields["callee"].choices = [(key, _words(one)) for key, one in self._callees.items()]  # type: ignore[attr-defined]

    def clean_callee(self) -> Callee:
        """Who it is."""
        return self._callees[self.cleaned_data["callee"]]


class NewCodeForm(ChosenCodeForm):
    """Another code, typed twice."""

    code = chosen_code(
        "Nouveau code de première connexion",
        missing="Choisissez un code.",
        help_text="6 à 12 chiffres, que vous seul connaîtrez. Ne le dites à personne, pas même au conseiller.",
    )


def _words(callee: Callee) -> str:
    whose = "numéro de la société" if callee.is_company_s else "son numéro"
    return f"{callee.person.full_name} ({callee.person.identifier})\u00a0: {callee.number.as_national}, {whose}"
