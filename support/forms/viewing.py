"""Why an advisor wants to see somebody's pages."""

from django import forms

from accounts.enums import ViewReason


class ViewForm(forms.Form):
    """A reason of the list: the merchant reads it in the journal."""

    reason = forms.ChoiceField(
        label="Motif de la consultation",
        choices=ViewReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le motif de la consultation.",
            "invalid_choice": "Ce motif n’existe pas. Choisissez-en un dans la liste.",
        },
    )
    use_required_attribute = False

    def clean_reason(self) -> ViewReason:
        """The reason itself."""
        return ViewReason(self.cleaned_data["reason"])
