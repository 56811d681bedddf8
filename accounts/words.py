"""The words that belong to a person, and that make a password easy to guess for whoever knows them (PWD-05)."""

import re
from collections.abc import Iterable

from django.conf import settings

from accounts.models import Company, User

# Shorter pieces (« de », « la ») would condemn every password.
_SHORTEST = 3
_SIREN = 9


def words_of(user: User) -> list[str]:
    """Lower-case words, each once, in a fixed order: identifier, names, e-mail, telephone, companies, the brand's.

    Companies and their trade names count whatever the person's role.
    """
    sources = [user.identifier, user.first_name, user.last_name, user.email, str(user.phone)]
    for company in Company.objects.of(user):
        sources += _company_sources(company)
    sources += [settings.BRAND["name"], settings.BRAND["bank"], settings.BRAND["offer"], *settings.BRAND["words"]]
    return list(dict.fromkeys(_pieces(sources)))


def _company_sources(company: Company) -> list[str]:
    names = [company.legal_name, *company.trade_names]
    return [*names, company.siret, company.siret[:_SIREN], company.email, str(company.phone)]


def _pieces(sources: Iterable[str]) -> Iterable[str]:
    """Each source whole and without spaces, then its parts."""
    for source in sources:
        lowered = source.lower().strip()
        parts = [lowered, re.sub(r"\W+", "", lowered), *re.split(r"[\W_]+", lowered)]
        yield from (part for part in parts if len(part) >= _SHORTEST)
