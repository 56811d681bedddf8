"""A request beside what is on file, field by field: what an advisor compares before acting."""

from dataclasses import dataclass

from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Company, User
from support.models import ContactRequest


@dataclass(frozen=True)
class Row:
    """One fact as it was typed and as it is on file; `is_same` is None when there is nothing to compare."""

    label: str
    typed: str
    on_file: str
    is_same: bool | None


@dataclass(frozen=True)
class Comparison:
    """The account and the company that a request names, as far as they exist, and the facts side by side."""

    person: User | None
    company: Company | None
    rows: list[Row]

    @property
    def differs(self) -> bool:
        """Whether a fact was typed otherwise than it is on file."""
        return any(row.is_same is False for row in self.rows)


def parties(contact: ContactRequest) -> tuple[User | None, Company | None]:
    """Whose account and which company a request is about: by its identifier, and through it; else by its SIRET."""
    person = User.objects.known_as(contact.identifier).first() if contact.identifier else None
    company = person.company if person else Company.objects.filter(siret=contact.siret).first()
    return person, company


def compare(contact: ContactRequest) -> Comparison:
    """Lay a request beside the file. The account is found by its identifier, its company through it."""
    person, company = parties(contact)
    rows = [
        _row("Identifiant", contact.identifier.strip().lower(), person.identifier if person else ""),
        _row("Nom", contact.last_name, person.last_name if person else ""),
        _row("Prénom", contact.first_name, person.first_name if person else ""),
        _row("SIRET", contact.siret, company.siret if company else ""),
        _row("Enseigne", contact.shop_label, _names(company)),
        _row("Téléphone", _national(contact.phone), _national(person.phone) if person else ""),
        _row("Adresse e-mail", contact.email, person.email if person else ""),
    ]
    return Comparison(person, company, rows)


def _national(phone: PhoneNumber | str) -> str:
    return phone.as_national if isinstance(phone, PhoneNumber) else str(phone)


def _names(company: Company | None) -> str:
    return ", ".join(dict.fromkeys([company.legal_name, *company.trade_names])) if company else ""


def _row(label: str, typed: str, on_file: str) -> Row:
    if not typed or not on_file:
        return Row(label, typed, on_file, None)
    names = [name.strip().casefold() for name in on_file.split(", ")]
    return Row(label, typed, on_file, typed.strip().casefold() in [*names, on_file.casefold()])
