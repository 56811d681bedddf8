"""What an advisor types to find a company."""

from django import forms

from support.forms.contact import text_field


class SearchForm(forms.Form):
    """One field for whatever the person at the counter can name."""

    typed = text_field(
        "Chercher une société",
        max_length=254,
        missing="",
        required=False,
        help_text="Début de la raison sociale ou du SIRET, identifiant, boutique à 8 chiffres, ou e-mail entier.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    use_required_attribute = False

    def add_prefix(self, field_name: str) -> str:
        """The name that the address bar shows."""
        return "q" if field_name == "typed" else field_name
