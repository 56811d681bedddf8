"""Who can be called back about a lost code, and at which numbers: those on file, and no other (design 4.6)."""

from dataclasses import dataclass
from datetime import datetime

from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import User
from accounts.rules import with_recent_phones
from support import rules
from support.comparison import parties
from support.models import ContactRequest


@dataclass(frozen=True)
class Callee:
    """Somebody at a number on file; `is_recent` when that number is too new to be trusted yet."""

    person: User
    number: PhoneNumber
    is_company_s: bool
    is_recent: bool

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"{self.person.public_id}:{'company' if self.is_company_s else 'person'}"


def callees_of(contact: ContactRequest, *, by: User, now: datetime) -> list[Callee]:
    """The people whose code the request may be about, each with their own number and the company's.

    The account that the request names, else everybody of the company of its SIRET who has a code.
    """
    person, company = parties(contact)
    named = [person] if person else []
    people = named or (list(User.objects.in_company(company).with_code().by_name()) if company else [])
    people = [one for one in people if rules.is_callable(one, by=by)]
    recent = with_recent_phones(people, now=now)
    found = []
    for one in people:
        if one.phone:
            found.append(Callee(one, one.phone, is_company_s=False, is_recent=one.pk in recent))
        if company and company.phone and company.phone != one.phone:
            found.append(Callee(one, company.phone, is_company_s=True, is_recent=False))
    return found


def guess(callees: list[Callee], contact: ContactRequest) -> str:
    """The key of whoever bears the names of the request, "" when that is not one person."""
    typed = (contact.last_name.casefold().strip(), contact.first_name.casefold().strip())
    alike = [
        one
        for one in callees
        if (one.person.last_name.casefold(), one.person.first_name.casefold()) == typed and not one.is_recent
    ]
    return alike[0].key if len({one.person.pk for one in alike}) == 1 else ""
