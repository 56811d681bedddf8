"""What is asked about a shop, and how a refused address is worded."""

from django import forms

from backoffice.core.outbound import MAX_LENGTH, Refusal
from shops.enums import Mode
from shops.models import Shop


class ServerUrlForm(forms.Form):
    """The address told about one mode's payments. Which addresses may be called is `outbound`'s judgement."""

    url = forms.CharField(
        max_length=MAX_LENGTH,
        error_messages={
            "required": "Indiquez l’adresse que donne la documentation de votre module de paiement.",
            "max_length": f"Cette adresse est trop longue\u00a0: {MAX_LENGTH} caractères au plus.",
        },
        # A text field: type="url" would judge in the browser's words, and sooner than the server.
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
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
