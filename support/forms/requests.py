"""The short forms that follow a request, at the desk and on its follow-up page."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from support import rules
from support.enums import RefusalReason
from support.forms.contact import text_field
from support.models import CLOSING_LENGTH, WORDS_LENGTH


class QuestionForm(forms.Form):
    """What the desk asks the merchant."""

    question = text_field(
        "Votre question",
        max_length=rules.QUESTION_LENGTH,
        missing="Écrivez votre question.",
        help_text="Le demandeur la lit sur sa page de suivi, quel qu’il soit : n’y écrivez rien du dossier.",
        widget=forms.Textarea({"rows": 3}),
    )
    use_required_attribute = False


class AnswerForm(forms.Form):
    """What the desk answers to a question."""

    answer = text_field(
        "Votre réponse",
        max_length=CLOSING_LENGTH,
        missing="Écrivez votre réponse.",
        help_text="Le demandeur la lit sur sa page de suivi, quel qu’il soit : n’y écrivez rien du dossier.",
        widget=forms.Textarea({"rows": 3}),
    )
    use_required_attribute = False


class RefusalForm(forms.Form):
    """Why a request is refused: a reason of the list, and a sentence of one's own."""

    reason = forms.ChoiceField(
        label="Motif du refus",
        choices=[("", "Choisir un motif"), *RefusalReason.choices],
        error_messages={
            "required": "Choisissez le motif du refus.",
            "invalid_choice": "Ce motif n’existe pas. Choisissez-en un dans la liste.",
        },
    )
    words = text_field(
        "Votre phrase",
        max_length=CLOSING_LENGTH,
        missing="",
        required=False,
        help_text="Le demandeur la lit, quel qu’il soit : n’y dites ni si un compte existe, ni rien du dossier.",
        widget=forms.Textarea({"rows": 2}),
    )
    use_required_attribute = False

    def clean_reason(self) -> RefusalReason:
        """The reason itself."""
        return RefusalReason(self.cleaned_data["reason"])


class FactorResetForm(forms.Form):
    """Why a second factor is to be taken away."""

    words = text_field(
        "Pourquoi, et comment vous savez qui vous parle",
        max_length=WORDS_LENGTH,
        missing="Dites pourquoi\u00a0: le second conseiller décide d’après cela.",
        help_text="Le second conseiller le lit, jamais le demandeur. N’y écrivez ni mot de passe, ni code.",
        widget=forms.Textarea({"rows": 3}),
    )
    use_required_attribute = False


class RejectionForm(forms.Form):
    """Why a proposal is rejected."""

    words = text_field(
        "Pourquoi",
        max_length=WORDS_LENGTH,
        missing="Dites pourquoi : le conseiller qui propose le lira.",
        help_text="Le conseiller qui propose le lit, jamais le commerçant.",
        widget=forms.Textarea({"rows": 3}),
    )
    use_required_attribute = False


class HandOverForm(forms.Form):
    """To which colleague a request goes."""

    to = forms.ChoiceField(
        label="À quel conseiller",
        error_messages={
            "required": "Choisissez un conseiller.",
            "invalid_choice": "Ce conseiller ne voit pas cette demande. Choisissez-en un dans la liste.",
        },
    )
    use_required_attribute = False

    def __init__(self, *args: Any, colleagues: Iterable[User], reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._colleagues = {str(one.public_id): one for one in colleagues}
        names = {key: "Moi" if one == reader else one.full_name for key, one in self._colleagues.items()}
        self.fields["to"].choices = [("", "Choisir un conseiller"), *names.items()]  # type: ignore[attr-defined]

    def clean_to(self) -> User:
        """The colleague."""
        return self._colleagues[self.cleaned_data["to"]]


class AdditionForm(forms.Form):
    """A message added from the follow-up page."""

    message = text_field(
        "Votre message",
        max_length=rules.ADDITION_LENGTH,
        missing="Écrivez votre message.",
        help_text="N’écrivez ni mot de passe, ni code de première connexion, ni certificat, ni numéro de carte.",
        widget=forms.Textarea({"rows": 5}),
    )
    use_required_attribute = False
