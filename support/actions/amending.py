"""The avenant that goes to a company's file when a code of first connection is replaced (design 4.6)."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from accounts.browsers import Browser
from accounts.models import ToldCode, User
from certificates import actions as certificates
from certificates.documents import compose_amendment
from certificates.enums import AmendmentKind
from support.models import Proposal


def forget_former_code(person: User) -> None:
    """Destroy the code that the contract would still print; an invited person's was never on it: that one stays."""
    if person.company is not None and not ToldCode.objects.of(person).exists():
        certificates.forget_printed_codes(company=person.company)


def amend_code(proposal: Proposal, *, person: User, by: User, browser: Browser, now: datetime) -> None:
    """Print the facts of the replacement for the file, never the code."""
    company = person.company
    if company is None:
        return
    call = proposal.call
    facts = [
        ("Titulaire", person.full_name),
        ("Identifiant de connexion", person.identifier),
        ("Numéro rappelé", f"{call.number.as_national}, le {_at(call.begun_at)}" if call else ""),
        ("Code choisi le", _at(proposal.proposed_at)),
        ("Proposé par", proposal.proposed_by.full_name),
        ("Approuvé par", by.full_name),
        ("En vigueur depuis le", _at(now)),
    ]
    snapshot = compose_amendment(
        company=company, kind=AmendmentKind.NEW_CODE, facts=facts, paragraphs=WORDS, on=timezone.localdate(now)
    )
    certificates.issue_amendment(company=company, snapshot=snapshot, by=by, now=now, address=browser.address)


WORDS = (
    "Le titulaire a déclaré ne plus retrouver son code de première connexion. Rappelé au numéro de son dossier, il a "
    "prouvé son identité à un premier conseiller par un mot de passage, et choisi lui-même un nouveau code sur sa page "
    "de suivi. Un second conseiller a approuvé ce remplacement.",
    "L’ancien code ne sert plus, même s’il figure sur un exemplaire du contrat. Les autres termes sont inchangés.",
    "Le nouveau code n’est connu que du titulaire. Il ne figure ni dans ce document, ni dans aucun e-mail, et la "
    "banque ne peut pas le lire.",
)


def _at(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y')} à {date_format(local, 'G')} h {date_format(local, 'i')}"
