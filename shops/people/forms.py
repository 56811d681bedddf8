"""What an owner fills in about somebody: who they are, what they may do and until when, the code told to them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from accounts import addresses, rules
from accounts.actions import Grant, Invitee
from accounts.enums import Role
from accounts.forms.codes import DIFFERENT, chosen_code, differ
from accounts.forms.contacts import BAD_EMAIL, BAD_PHONE, PHONE_LENGTH, email_to_keep, phone_to_keep
from accounts.models import Membership
from shops.models import Shop, ShopAccess

_NAME_LENGTH = 80
_UNREADABLE = "Ce nom contient un caractère illisible. Saisissez-le au clavier."
_ROLE_WORDS = {
    Role.OWNER: "Gérant\u00a0: tout, y compris inviter et retirer des personnes",
    Role.MANAGER: "Gestionnaire\u00a0: tout, sauf inviter et retirer des personnes",
    Role.READER: "Lecture seule\u00a0: tout consulter sauf les certificats, sans rien changer",
    Role.INTEGRATOR: "Intégrateur\u00a0: le mode TEST des boutiques choisies, jusqu’à une date",
}


class GrantForm(forms.Form):
    """A role, and for an integrator its last day and its shops."""

    role = forms.ChoiceField(
        label="Rôle",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un rôle.",
            "invalid_choice": "Choisissez l’un des rôles proposés.",
        },
    )
    last_day = forms.DateField(
        label="Dernier jour de l’accès",
        help_text="Douze mois au plus. L’accès se termine de lui-même ce jour-là, à minuit.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Indiquez le dernier jour de l’accès de cet intégrateur.",
            "invalid": "Saisissez une date, par exemple 31/12/2027.",
        },
    )
    site_ids = forms.MultipleChoiceField(
        label="Boutiques",
        help_text="Les seules qu’il verra, en mode TEST.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une boutique pour cet intégrateur.",
            "invalid_choice": "Choisissez parmi les boutiques de votre société.",
        },
    )

    def __init__(
        self,
        typed: Mapping[str, Any] | None,
        *,
        roles: Sequence[Role],
        shops: Sequence[Shop],
        today: date,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(typed, initial=initial)
        self.shops, self.today = shops, today
        self.fields["role"].choices = [(role.value, _ROLE_WORDS[role]) for role in roles]  # type: ignore[attr-defined]
        self.fields["site_ids"].choices = [  # type: ignore[attr-defined]
            (shop.site_id, f"{shop.label} ({shop.site_id})") for shop in shops
        ]

    def clean_last_day(self) -> date:
        last_day: date = self.cleaned_data["last_day"]
        latest = rules.latest_last_day(self.today)
        if last_day < self.today:
            raise forms.ValidationError("Ce jour est passé. Choisissez aujourd’hui ou un jour à venir.")
        if last_day > latest:
            raise forms.ValidationError(f"L’accès dure douze mois au plus\u00a0: jusqu’au {latest:%d/%m/%Y}.")
        return last_day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") != Role.INTEGRATOR:
            # What stands in fields that this role does not have is not read (AUTHZ-04).
            for name in ("last_day", "site_ids"):
                self.errors.pop(name, None)
        return cleaned

    def grant(self) -> Grant:
        """What was chosen; the last day and the shops count for an integrator only."""
        role = Role(self.cleaned_data["role"])
        if role != Role.INTEGRATOR:
            return Grant(role=role)
        ends_at = rules.end_of_day(self.cleaned_data["last_day"])
        return Grant(role=role, ends_at=ends_at, shops=len(self.chosen_shops()))

    def chosen_shops(self) -> list[Shop]:
        """The shops ticked, in the order they are shown."""
        return [shop for shop in self.shops if shop.site_id in self.cleaned_data.get("site_ids", [])]


class RoleForm(GrantForm):
    """Another role for somebody who is there already."""

    def __init__(
        self,
        typed: Mapping[str, Any] | None,
        *,
        place: Membership,
        accesses: Sequence[ShopAccess],
        shops: Sequence[Shop],
        today: date,
    ) -> None:
        given = {access.shop_id for access in accesses}
        initial = {
            "role": place.role,
            "last_day": place.last_day,
            "site_ids": [shop.site_id for shop in shops if shop.pk in given],
        }
        super().__init__(typed, roles=tuple(Role), shops=shops, today=today, initial=initial)


def _name(label: str, *, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_NAME_LENGTH,
        error_messages={
            "required": missing,
            "max_length": f"Ce champ compte au plus {_NAME_LENGTH} caractères. Raccourcissez-le.",
            "null_characters_not_allowed": _UNREADABLE,
        },
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class InvitationForm(GrantForm):
    """Who is invited, with which role, and the code their owner tells them."""

    first_name = _name("Prénom", missing="Indiquez le prénom de cette personne.")
    last_name = _name("Nom", missing="Indiquez le nom de cette personne.")
    email = forms.CharField(
        label="Adresse e-mail",
        max_length=addresses.MAX_LENGTH,
        help_text="Son identifiant et son mot de passe temporaire y partent\u00a0: une adresse qu’elle seule lit.",
        error_messages={
            "required": "Indiquez l’adresse e-mail de cette personne.",
            "max_length": BAD_EMAIL,
            "null_characters_not_allowed": BAD_EMAIL,
        },
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label="Téléphone",
        max_length=PHONE_LENGTH,
        required=False,
        error_messages={"max_length": BAD_PHONE, "null_characters_not_allowed": BAD_PHONE},
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    code = chosen_code(
        "Code de première connexion",
        missing="Choisissez un code pour cette personne.",
        help_text=(
            "6 à 12 chiffres que vous choisissez. Vous les direz vous-même à cette personne, de vive voix ou par "
            "téléphone\u00a0: ce code n’est jamais envoyé par e-mail."
        ),
    )
    code_again = chosen_code("Le même code, encore une fois", missing="Saisissez le même code une seconde fois.")
    # As on the page, for the list of faults at its top.
    field_order = ("first_name", "last_name", "email", "phone", "role", "last_day", "site_ids", "code", "code_again")

    def __init__(self, typed: Mapping[str, Any] | None, *, shops: Sequence[Shop], today: date) -> None:
        # With a single shop there is nothing to choose.
        initial = {"site_ids": [shop.site_id for shop in shops] if len(shops) == 1 else []}
        super().__init__(typed, roles=rules.INVITED_ROLES, shops=shops, today=today, initial=initial)

    def clean_first_name(self) -> str:
        return self._printable("first_name")

    def clean_last_name(self) -> str:
        return self._printable("last_name")

    def clean_email(self) -> str:
        return email_to_keep(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        return phone_to_keep(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if differ(cleaned):
            self.add_error("code_again", DIFFERENT)
        return cleaned

    def invitee(self) -> Invitee:
        """Who was described."""
        cleaned = self.cleaned_data
        return Invitee(
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            email=cleaned["email"],
            phone=cleaned["phone"],
        )

    def _printable(self, name: str) -> str:
        """A name on one line: the bank's own mails carry it to somebody else."""
        words = " ".join(str(self.cleaned_data[name]).split())
        if not words.isprintable():
            raise forms.ValidationError(_UNREADABLE)
        return words
