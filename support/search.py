"""The search at the desk: the companies that what was typed leads to, each with what matched.

Every question starts from the companies of the reader's portfolio, before anything is counted or cut (AUTHZ-08), and
is answered by an index: whole values, or the start of a name, a SIRET, an identifier.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts import identifiers
from accounts.models import Company, Membership, User
from accounts.models.companies import CompanyQuerySet
from shops.models import SITE_ID_SHAPE, Shop

SHOWN = 20
# One letter names half the companies: nobody reads that list.
SHORTEST = 2


@dataclass(frozen=True)
class Match:
    """What led to a company: the kind of fact, and the fact itself."""

    label: str
    value: str


@dataclass(frozen=True)
class Found:
    """A company, and what matched in it."""

    company: Company
    matches: list[Match] = field(default_factory=list)


@dataclass(frozen=True)
class Results:
    """The first companies found, the exact matches first, and whether there are others."""

    found: list[Found]
    has_more: bool


def search(typed: str, *, reader: User) -> Results:
    """The companies of this advisor that a name, SIRET, shop id, identifier or e-mail address leads to.

    Seven queries at most. What is too short, or looks like none of these, finds nothing.
    """
    words = " ".join(typed.split())
    if len(words) < SHORTEST:
        return Results([], has_more=False)
    found: dict[int, Found] = {}
    for company, match in _matches(words, Company.objects.visible_to(reader)):
        found.setdefault(company.pk, Found(company)).matches.append(match)
    companies = list(found.values())
    return Results(companies[:SHOWN], has_more=len(companies) > SHOWN)


def _matches(words: str, companies: CompanyQuerySet) -> Iterator[tuple[Company, Match]]:
    """Each kind gives one more than is shown: enough to know that there are others."""
    more, compact = SHOWN + 1, words.replace(" ", "")
    if re.fullmatch(SITE_ID_SHAPE, compact):
        for shop in Shop.objects.of_companies(companies).with_site_id(compact):
            yield shop.company, Match("Boutique", f"{shop.site_id}, {shop.label}")
    if "@" in words:
        for company in companies.written_to_at(words)[:more]:
            yield company, Match("E-mail de la société", company.email)
        for place in Membership.objects.in_companies(companies).written_to_at(words)[:more]:
            yield place.company, Match("E-mail", f"{place.user.email}, {place.user.full_name}")
        return
    if re.fullmatch("[0-9]{2,14}", compact):
        for company in companies.numbered_from(compact)[:more]:
            yield company, Match("SIRET", company.siret)
    identifier = identifiers.normalise(words)
    if re.fullmatch("[a-z0-9][a-z0-9._-]{1,63}", identifier):
        for place in Membership.objects.in_companies(companies).identified_from(identifier)[:more]:
            yield place.company, Match("Identifiant", f"{place.user.identifier}, {place.user.full_name}")
    for company in companies.named_from(words)[:more]:
        yield company, Match("Raison sociale", company.legal_name)
