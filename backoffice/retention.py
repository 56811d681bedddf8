"""What is kept of people, why and for how long: one table, which the nightly job applies and a public page shows.

Each room forgets its own part in an action of its own; the terms are the settings' and the rooms' own constants.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts import actions as accounts
from accounts import rules as doors
from accounts import throttle
from backoffice.core import journal, mail, prints
from backoffice.core.models.prints import LIFE as PRINT_LIFE
from backoffice.core.terms import in_words
from payments import forgetting as payments
from support import actions as support
from support import rules as desk

logger = logging.getLogger(__name__)


class RetentionIncomplete(Exception):
    """Some parts could not be forgotten tonight; carries their names. The others were."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Something that goes after a term.

    `where` names tables (`app.model`, whose rows go) and columns (`app.model.column`, which are emptied); `forget`
    does it. `what`, `why` and `until` are read by the public.
    """

    what: str
    why: str
    until: str
    where: tuple[str, ...]
    forget: Callable[..., int]


@dataclass(frozen=True, kw_only=True)
class File:
    """Something that is kept with a company's file, as long as the contract and the law ask for it."""

    what: str
    why: str
    where: tuple[str, ...]


FILES = (
    File(
        what="Votre société et ses boutiques : raison sociale, SIRET, coordonnées, enseignes, adresses des sites",
        why="Exécuter le contrat d’acceptation des paiements",
        where=("accounts.company", "shops.shop", "shops.serverurl"),
    ),
    File(
        what="Les comptes des personnes : nom, prénom, identifiant, e-mail, téléphone, rôle",
        why="Savoir qui agit pour la société, et pouvoir joindre cette personne",
        where=(
            "accounts.user",
            "accounts.membership",
            "accounts.passwordrecord",
            "accounts.totpdevice",
            "accounts.recoverycode",
        ),
    ),
    File(
        what="Le contrat tel qu’il a été accepté, ses avenants, les attestations, et qui a créé chaque certificat",
        why="Prouver ce qui a été convenu",
        where=(
            "certificates.contract",
            "certificates.amendment",
            "certificates.attestation",
            "certificates.certificate",
        ),
    ),
    File(
        what="Les étiquettes de suivi que nos conseillers posent sur une société",
        why="Savoir d’un coup d’œil comment l’accompagner",
        where=("support.companytag",),
    ),
)


def rules() -> tuple[Rule, ...]:
    """Every rule, by the terms of the day."""
    buyers, traces = settings.RETENTION.buyers, settings.RETENTION.traces
    return (
        Rule(
            what=(
                "Ce qu’un acheteur laisse en payant : ce que la boutique a transmis de lui (nom, adresses, téléphone, "
                "e-mail, panier), numéro de carte masqué, réponse détaillée de sa banque"
            ),
            why="Retrouver un paiement, répondre à une contestation",
            until=f"{buyers} après la visite ; le montant, la date, le résultat et la commande restent en comptabilité",
            where=(
                "payments.paymentsession.fields",
                "payments.paymentsession.language",
                "payments.transaction.masked_number",
                "payments.transaction.answer",
                "payments.refusedcard",
                "payments.cardchallenge",
                "payments.notificationattempt.url",
                "payments.notificationattempt.excerpt",
                "payments.notificationattempt.location",
            ),
            forget=payments.forget_buyers,
        ),
        Rule(
            what=(
                "Formulaires de paiement refusés ou signalés : les champs envoyés par la boutique, sans numéro de carte"
            ),
            why="Montrer au webmestre de la boutique ce qui a été refusé, et pourquoi",
            until=f"{buyers} après leur envoi",
            where=("payments.loggedform",),
            forget=payments.forget_logged_forms,
        ),
        Rule(
            what="Navigateurs connus d’un compte, avec leur description",
            why="Laisser entrer leur titulaire quand d’autres essaient son identifiant",
            until=f"{traces} après la dernière connexion",
            where=("accounts.device",),
            forget=accounts.forget_unused_browsers,
        ),
        Rule(
            what="Sessions : adresse IP, navigateur, dates",
            why="Montrer à chacun où il est connecté, et pouvoir y mettre fin",
            until=f"{in_words(doors.LATE_FORM_WITHIN)} après leur fin",
            where=("accounts.session",),
            forget=accounts.forget_ended_sessions,
        ),
        Rule(
            what="Adresses IP d’où viennent des essais de connexion",
            why="Ralentir ceux qui devinent des mots de passe",
            until=in_words(doors.LINK_REQUEST_WINDOW),
            where=("accounts.trywindow",),
            forget=throttle.forget_old,
        ),
        Rule(
            what="Code de première connexion qu’un gérant a choisi pour une personne invitée",
            why="Le lui redire jusqu’à sa première connexion",
            until=f"à la première connexion, {in_words(doors.TOLD_CODE_LIFE)} au plus",
            where=("accounts.toldcode.sealed_code",),
            forget=accounts.destroy_old_codes,
        ),
        Rule(
            what="Formulaires envoyés après la fin d’une session",
            why="Les rendre à leur auteur après sa reconnexion",
            until=in_words(doors.KEPT_FORM_LIFE),
            where=("accounts.keptform",),
            forget=accounts.forget_kept_forms,
        ),
        Rule(
            what="Adresses e-mail et téléphones demandés, remplacés ou refusés",
            why="Comprendre un changement de coordonnées contesté",
            until=f"{traces} après la fin du changement",
            where=("accounts.contactchange",),
            forget=accounts.forget_contact_changes,
        ),
        Rule(
            what="Dates des liens envoyés par e-mail (le lien lui-même n’est pas conservé)",
            why="Qu’un lien ne serve qu’une fois",
            until=f"{traces} après leur fin",
            where=("accounts.mailedlink",),
            forget=accounts.forget_mailed_links,
        ),
        Rule(
            what=(
                "Demandes de contact : noms, SIRET, identifiant, e-mail, téléphone, messages, fin du compte bancaire, "
                "adresse IP"
            ),
            why="Y répondre, et retrouver la réponse",
            until=f"{traces} après leur traitement",
            where=(
                "support.contactrequest",
                "support.followuplink",
                "support.requestmessage",
                "support.callback",
                "support.proposal",
            ),
            forget=support.forget_requests,
        ),
        Rule(
            what=(
                "Inscriptions : société, adresse, représentant, e-mail, téléphone, boutique, fin du compte bancaire, "
                "adresse IP"
            ),
            why="Les étudier, et retrouver ce qui a été demandé",
            until=(
                f"{in_words(desk.DRAFT_LIFE)} pour une inscription abandonnée, {traces} après le refus ou le contrat"
                " signé"
            ),
            where=("support.registration", "support.registrationlink"),
            forget=support.forget_registrations,
        ),
        Rule(
            what="Notes que nos conseillers écrivent sur le suivi d’une société",
            why="Ne pas faire répéter, d’un conseiller à l’autre",
            until=f"{traces} après leur écriture",
            where=("support.companynote",),
            forget=support.forget_notes,
        ),
        Rule(
            what="Contenu des e-mails que nous envoyons (ceux qui portent un secret sont effacés dès leur envoi)",
            why="Pouvoir les renvoyer",
            until=str(settings.RETENTION.mail_bodies),
            where=("core.outgoingmail.sealed_message",),
            forget=mail.forget_bodies,
        ),
        Rule(
            what="Liste des e-mails : adresse masquée, objet, dates, réponse du serveur",
            why="Savoir si un message est parti, et pourquoi il n’est pas arrivé",
            until=str(traces),
            where=("core.outgoingmail",),
            forget=mail.forget_log,
        ),
        Rule(
            what="Documents demandés en PDF (contrat, avenants), mis en page pour qui les demande",
            why="Les remettre à cette personne",
            until=in_words(PRINT_LIFE),
            where=("core.print",),
            forget=prints.forget,
        ),
        Rule(
            what="Noms et adresses IP écrits dans le journal",
            why="Savoir qui a fait quoi sur un compte, une boutique, un contrat",
            until=f"{settings.RETENTION.journal} après la fin de l’année ; le fait et sa date restent, sans nom",
            where=("core.journalentry.sealed_text",),
            forget=journal.forget_texts,
        ),
    )


def apply(*, now: datetime) -> dict[str, int]:
    """Forget everything that is past its term; return how much, by the first place of each rule.

    A part that fails stops no other. Raises RetentionIncomplete at the end, so that the job shows as failed.
    """
    done: dict[str, int] = {}
    failed: list[str] = []
    for rule in rules():
        name = rule.where[0]
        try:
            done[name] = rule.forget(now=now)
        except Exception:  # an edge: each part is somebody else's data
            logger.exception("retention: %s is not forgotten", name)
            failed.append(name)
        else:
            logger.info("retention: %s, %d forgotten", name, done[name])
    if failed:
        raise RetentionIncomplete(failed)
    return done
