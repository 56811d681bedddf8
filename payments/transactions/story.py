"""One payment told in words: its codes, and each call made to its shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backoffice.vads.codes import AUTH_RESULTS, PAYMENT_ERRORS, RESULTS, TRANSACTION_STATUSES, Code
from payments.durations import drift_then, length_of
from payments.enums import AttemptOutcome, NotificationState
from payments.models import Notification, NotificationAttempt, RefusedCard, Transaction
from payments.notifications import payload
from payments.transactions.page import Telling, status_tone, tell

# What to do about a call that failed.
ADVICE = {
    AttemptOutcome.REDIRECTED: "Une redirection n’est jamais suivie. Enregistrez l’adresse finale comme URL serveur.",
    AttemptOutcome.HTTP_ERROR: (
        "Votre serveur a répondu par une erreur. Consultez son journal, et vérifiez qu’il accepte un envoi POST "
        "sans mot de passe ni page de maintenance."
    ),
    AttemptOutcome.TIMED_OUT: "Votre serveur n’a pas répondu en 15 secondes. Répondez d’abord, traitez ensuite.",
    AttemptOutcome.TLS_FAILURE: "Le certificat HTTPS de votre site est refusé. Vérifiez sa date, son nom et sa chaîne.",
    AttemptOutcome.REFUSED_ADDRESS: "Vérifiez l’adresse de l’URL serveur et que votre site est joignable d’Internet.",
    AttemptOutcome.UNREACHABLE: "Vérifiez l’adresse de l’URL serveur et que votre site est joignable d’Internet.",
    AttemptOutcome.INTERRUPTED: "La connexion a été coupée avant la réponse. Consultez le journal de votre serveur.",
    AttemptOutcome.LOST: "Aucune action de votre part : l’appel est refait aussitôt.",
}


# What stands for what was said of the buyer and their bank, past its term (design 4.21).
FORGOTTEN = "Effacé"
WARRANTIES = {"YES": "Paiement garanti", "NO": "Paiement non garanti", "UNKNOWN": "Inconnue"}
ENROLLED = {"N": "Acheteur non inscrit", "U": "Inscription de l’acheteur inconnue"}
AUTHENTICATED = {
    "Y": "Acheteur authentifié",
    "N": "Échec de l’authentification",
    "A": "Authentification tentée",
    "U": "Authentification impossible",
}


@dataclass(frozen=True, kw_only=True)
class AttemptTold:
    """One call: its row, its badge's tone, and what to do if it failed."""

    attempt: NotificationAttempt
    tone: str
    title: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class NotificationTold:
    """One notification: its state in words, when it is called next, and its calls, oldest first."""

    headline: Telling
    is_without_url: bool
    is_given_up: bool
    next_call_at: datetime | None
    attempts: list[AttemptTold]


@dataclass(frozen=True, kw_only=True)
class RefusedCardTold:
    """A card refused before this payment, and why in words."""

    card: RefusedCard
    reason: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything a payment's page says beyond its own columns."""

    tone: str
    status_meaning: str
    result: str
    bank_answer: str
    warranty: str
    authentication: str
    sent_fields: str
    # The whole schedule when the payment is in several instalments, this one among them; empty otherwise.
    instalments: list[Transaction]
    refused_cards: list[RefusedCardTold]
    # How far the shop's clock was off, in words; empty when that is unremarkable.
    drift: str
    notifications: list[NotificationTold]


def story_of(transaction: Transaction) -> Story:
    """Tell a payment fetched `with_story`; asks the database nothing more."""
    return Story(
        tone=status_tone(transaction),
        status_meaning=TRANSACTION_STATUSES[transaction.status].meaning,
        result=_words(RESULTS, transaction.result),
        bank_answer=_words(AUTH_RESULTS, transaction.auth_result),
        warranty=FORGOTTEN if transaction.is_forgotten else _warranty(transaction.answer),
        authentication=FORGOTTEN if transaction.is_forgotten else _authentication(transaction.answer),
        sent_fields="\n".join(f"{name}={value}" for name, value in sorted(payload.result_fields(transaction).items())),
        instalments=transaction.session.instalments,
        refused_cards=[_refused(card) for card in transaction.session.refused_cards.all()],
        drift=drift_then(transaction.session.drift_seconds),
        notifications=[_told(one) for one in transaction.notifications.all()],
    )


def _refused(card: RefusedCard) -> RefusedCardTold:
    reason = _words(AUTH_RESULTS, card.auth_result) or _words(PAYMENT_ERRORS, card.payment_error)
    return RefusedCardTold(card=card, reason=reason)


def _words(codes: Mapping[str, Code], code: str) -> str:
    known = codes.get(code)
    return f"{code} : {known.label}" if known else code


def _warranty(answer: Mapping[str, str]) -> str:
    return WARRANTIES.get(answer.get("vads_warranty_result", ""), "Sans objet")


def _authentication(answer: Mapping[str, str]) -> str:
    status, enrolled = answer.get("vads_threeds_status", ""), answer.get("vads_threeds_enrolled", "")
    return AUTHENTICATED.get(status) or ENROLLED.get(enrolled) or "Non demandée"


def _title(attempt: NotificationAttempt) -> str:
    if attempt.outcome == AttemptOutcome.LOST:  # nobody was left to look at the clock
        return f"Appel {attempt.number} : {attempt.get_outcome_display()}"
    status = f" (HTTP {attempt.http_status})" if attempt.http_status else ""
    length = length_of(attempt.duration_ms / 1000)
    return f"Appel {attempt.number} : {attempt.get_outcome_display()}{status}, en {length}"


def _headline(notification: Notification) -> Telling:
    told = tell(notification)
    if notification.state == NotificationState.DELIVERED:
        return Telling(tone=told.tone, label=f"Envoyée {told.label}")
    return told


def _told(notification: Notification) -> NotificationTold:
    state = NotificationState(notification.state)
    return NotificationTold(
        headline=_headline(notification),
        is_without_url=state is NotificationState.NO_URL,
        is_given_up=state in {NotificationState.EXHAUSTED, NotificationState.STOPPED},
        next_call_at=notification.due_at,
        attempts=[
            AttemptTold(
                attempt=one,
                tone="ok" if one.is_success else "danger",
                title=_title(one),
                advice=ADVICE.get(AttemptOutcome(one.outcome), ""),
            )
            for one in notification.attempts.all()
        ],
    )
