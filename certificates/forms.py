"""What is asked about signatures."""

from django import forms

from backoffice.vads.signature import Algorithm

_CHOICES = [
    (Algorithm.HMAC_SHA256.value, "HMAC-SHA-256 (conseillé)"),
    (Algorithm.SHA1.value, "SHA-1 (déconseillé, pour un module de paiement ancien)"),
]


class AlgorithmForm(forms.Form):
    """The algorithm that signs one mode of a shop."""

    algorithm = forms.TypedChoiceField(
        label="Algorithme de signature",
        choices=_CHOICES,
        coerce=Algorithm,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l’un des deux algorithmes.",
            "invalid_choice": "Choisissez l’un des deux algorithmes.",
        },
    )
