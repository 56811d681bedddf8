"""What is asked about a shop, and how a refused address is worded."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django import forms

from backoffice.core import outbound
from backoffice.core.outbound import MAX_LENGTH, Refusal
from shops.actions import PaymentPageChanges
from shops.enums import Mode
from shops.models import LONGEST_CAPTURE_DELAY_DAYS, MOST_EXTRA_ATTEMPTS, Shop

_TOO_LONG = f"Cette adresse est trop longue\u00a0: {MAX_LENGTH} caractères au plus."


def _address_input() -> forms.TextInput:
    # A text field: type="url" would judge in the browser's words, and sooner than the server.
    return forms.TextInput(
        attrs={"inputmode": "url", "autocomplete": "url", "autocapitalize": "none", "spellcheck": "false"}
    )


class ServerUrlForm(forms.Form):
    """The address told about one mode's payments. Which addresses may be called is `outbound`'s judgement."""

    url = forms.CharField(
        max_length=MAX_LENGTH,
        error_messages={
            "required": "Indiquez l’adresse que donne la documentation de votre module de paiement.",
            "max_length": _TOO_LONG,
        },
        widget=_address_input(),
    )

    def __init__(self, *, shop: Shop, mode: Mode, typed: dict[str, str] | None = None) -> None:
        super().__init__(typed, prefix=mode.value.lower(), initial={"url": shop.server_url(mode)})
        self.mode = mode
        self.saved = shop.server_url_row(mode)
        self.fields["url"].label = f"URL serveur {mode.label}"
        self.fields["url"].help_text = _HELP[mode]

    def refuse(self, reason: Refusal) -> None:
        """Say under the field what to do about a refused address; three network causes share one wording (SSRF-13)."""
        self.add_error("url", str(reason.label))


_HELP = {
    Mode.TEST: "Par exemple https://www.ma-boutique.fr/notification. En TEST, http:// est accepté.",
    Mode.PRODUCTION: "L’adresse commence par https:// et le site est joignable depuis Internet.",
}


class PaymentPageForm(forms.Form):
    """What the payment page does when a shop's form says nothing of it; without PRODUCTION, the TEST address alone."""

    return_url_test = forms.CharField(
        label="Adresse de retour TEST",
        required=False,
        max_length=MAX_LENGTH,
        error_messages={"max_length": _TOO_LONG},
        widget=_address_input(),
        help_text="Par exemple https://www.ma-boutique.fr/retour-paiement. http:// est accepté.",
    )
    return_url_production = forms.CharField(
        label="Adresse de retour PRODUCTION",
        required=False,
        max_length=MAX_LENGTH,
        error_messages={"max_length": _TOO_LONG},
        widget=_address_input(),
        help_text="Préférez https:// : les navigateurs avertissent l’acheteur qui quitte une page sécurisée.",
    )
    extra_attempts = forms.IntegerField(
        label="Essais supplémentaires après un refus",
        min_value=0,
        max_value=MOST_EXTRA_ATTEMPTS,
        help_text=(
            f"De 0 à {MOST_EXTRA_ATTEMPTS}. Avec 0, un refus termine le paiement et l’acheteur retourne à la boutique."
        ),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Saisissez un nombre entier de 0 à {MOST_EXTRA_ATTEMPTS}.",
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    capture_delay = forms.IntegerField(
        label="Délai avant la remise, en jours",
        min_value=0,
        max_value=LONGEST_CAPTURE_DELAY_DAYS,
        help_text=(
            f"De 0 à {LONGEST_CAPTURE_DELAY_DAYS}. Avec 0, le paiement part en remise le jour même ; sinon, autant de"
            " jours plus tard."
        ),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Saisissez un nombre entier de 0 à {LONGEST_CAPTURE_DELAY_DAYS}.",
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_validated_by_hand = forms.TypedChoiceField(
        label="Validation",
        # The values of vads_validation_mode.
        choices=[
            ("0", "Automatique\u00a0: un paiement accepté part en remise de lui-même"),
            ("1", "Manuelle\u00a0: un paiement accepté attend que vous le validiez avant la date de remise"),
        ],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez l’une des deux validations."),
    )

    def __init__(self, typed: Mapping[str, Any] | None, *, shop: Shop, modes: Collection[Mode]) -> None:
        super().__init__(
            typed,
            initial={name: getattr(shop, name) for name in self.base_fields}
            | {"is_validated_by_hand": "1" if shop.is_validated_by_hand else "0"},
        )
        self.shop = shop
        if Mode.PRODUCTION not in modes:
            # Whatever is set for both modes decides on real payments too.
            self.fields = {"return_url_test": self.fields["return_url_test"]}

    def clean_return_url_test(self) -> str:
        """An address a browser can follow, or an empty string."""
        return _judged(self.cleaned_data["return_url_test"])

    def clean_return_url_production(self) -> str:
        """An address a browser can follow, or an empty string."""
        return _judged(self.cleaned_data["return_url_production"])

    @property
    def changes(self) -> PaymentPageChanges:
        """What differs from the shop's own settings, once valid."""
        found = {name: value for name, value in self.cleaned_data.items() if getattr(self.shop, name) != value}
        return cast(PaymentPageChanges, found)


def _judged(url: str) -> str:
    try:
        if url:
            outbound.judge_syntax(url)
    except outbound.AddressRefused as refused:
        raise forms.ValidationError(_RETURN_REFUSED.get(refused.reason, str(refused.reason.label))) from None
    return url


# The other refusals speak of addresses that the house calls itself.
_RETURN_REFUSED = {
    Refusal.SYNTAX: (
        "Cette adresse est illisible\u00a0: il lui manque une partie, ou elle contient un caractère interdit."
        " Recopiez-la en entier, par exemple https://www.ma-boutique.fr/retour-paiement."
    ),
    Refusal.SCHEME: "L’adresse commence par https:// ou http://. Recopiez-la en entier.",
}
