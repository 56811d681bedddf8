"""What is typed about the papers of a company's file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from support.forms.registrations import AccountStepForm


class AccountChangeForm(AccountStepForm):
    """Another account for a shop, as the merchant's paper says, and the request that asks for it."""

    def __init__(self, *args: Any, requests: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = forms.ChoiceField(
            label="Demande du commerçant",
            choices=requests,
            error_messages={
                "required": "Choisissez la demande à laquelle répond ce changement.",
                "invalid_choice": "Choisissez une demande de la liste.",
            },
        )
        self.fields["iban"].help_text = "Tel qu’il est sur la demande écrite et le RIB reçus. Il est chiffré aussitôt."
        self.order_fields(["contact", "iban"])
