"""What an advisor types to find a company, and writes down about it."""

from django import forms

from support.enums import Tag
from support.forms.contact import text_field
from support.models import NOTE_LENGTH


class SearchForm(forms.Form):
    """One field for whatever the person at the counter can name."""

    typed = text_field(
        "Société, SIRET, boutique, identifiant ou e-mail",
        max_length=254,
        missing="",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    use_required_attribute = False

    def add_prefix(self, field_name: str) -> str:
        """The name that the address bar shows."""
        return "q" if field_name == "typed" else field_name


class NoteForm(forms.Form):
    """A note about a company."""

    text = text_field(
        "Votre note",
        max_length=NOTE_LENGTH,
        missing="Écrivez votre note.",
        help_text="Les conseillers seuls la lisent, et elle ne s’efface pas. N’y écrivez ni mot de passe, ni code.",
        widget=forms.Textarea({"rows": 3}),
    )
    use_required_attribute = False


class TagsForm(forms.Form):
    """The tags that a company bears."""

    tags = forms.MultipleChoiceField(
        label="Étiquettes",
        required=False,
        choices=Tag.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Cette étiquette n’existe pas. Cochez celles de la liste.",
            "invalid_list": "Cochez les étiquettes dans la liste.",
        },
    )
    use_required_attribute = False

    def clean_tags(self) -> list[Tag]:
        """The tags themselves."""
        return [Tag(value) for value in self.cleaned_data["tags"]]
