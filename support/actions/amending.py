"""The avenants that go to a company's file: a code of first connection replaced, another account (design 4.6)."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from accounts.browsers import Browser
from accounts.models import ToldCode, User
from certificates import actions as certificates
from certificates.documents import compose_amendment
from certificates.enums import AmendmentKind
from certificates.models import Amendment
from certificates.snapshot import grouped_iban
from support.models import Proposal

ACCOUNT_WORDS = (
    "À la demande écrite de l’accepteur, le montant des paiements de cette boutique lui est versé sur ce compte à "
    "compter de la date ci-dessus. Le compte précédent n’est plus utilisé.",
    "Les autres termes du contrat sont inchangés.",
)
CODE_WORDS = (
    "Le titulaire a déclaré ne plus retrouver son code de première connexion. Rappelé au numéro de son dossier, il a "
    "prouvé son identité à un premier conseiller par un mot de passage, et choisi lui-même un nouveau code sur sa page "
    "de suivi. Un second conseiller a approuvé ce remplacement.",
    "L’ancien code ne sert plus, même s’il figure sur un exemplaire du contrat. Les autres termes sont inchangés.",
    "Le nouveau code n’est connu que du titulaire. Il ne figure ni dans ce document, ni dans aucun e-mail, et la "
    "banque ne peut pas le lire.",
)


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
        company=company,
        kind=AmendmentKind.NEW_CODE,
        facts=facts,
        paragraphs=CODE_WORDS,
        on=timezone.localdate(now),
        subject=person.identifier,
    )
    certificates.issue_amendment(company=company, snapshot=snapshot, by=by, now=now, address=browser.address)


def amend_account(
    proposal: Proposal, *, person: User, iban: str, by: User, browser: Browser, now: datetime
) -> Amendment:
    """Put the new settlement account of one contract on paper, whole: its only place."""
    contract = proposal.contract
    if contract is None:
        raise ValueError("a settlement account is a contract's")
    shop = contract.shop
    facts = [
        ("Boutique", f"{shop.label}, identifiant {shop.site_id}"),
        ("Nouvel IBAN", grouped_iban(iban)),
        ("Proposé par", proposal.proposed_by.full_name),
        ("Approuvé par", by.full_name),
        ("En vigueur depuis le", _at(now)),
    ]
    snapshot = compose_amendment(
        company=shop.company,
        kind=AmendmentKind.SETTLEMENT_ACCOUNT,
        facts=facts,
        paragraphs=ACCOUNT_WORDS,
        on=timezone.localdate(now),
        subject=contract.number,
        contracts=[contract.number],
        signatory=person.full_name,
        iban=iban,
    )
    return certificates.issue_amendment(
        company=shop.company, snapshot=snapshot, by=by, now=now, address=browser.address
    )


def _at(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y')} à {date_format(local, 'G')} h {date_format(local, 'i')}"
