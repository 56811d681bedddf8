"""The states of a payment session, of its transaction and of its notification, and where each one can go."""

from django.db import models

from backoffice.core.outbound import OutcomeKind


class SessionState(models.TextChoices):
    """The life of one visit to the hosted page. That its time is over is read from its clock, not from here."""

    OPEN = "open", "En cours"
    # The card's bank asked its buyer to authenticate, and waits for the answer.
    CHALLENGED = "challenged", "Authentification demandée"
    COMPLETED = "completed", "Terminée"
    CANCELLED = "cancelled", "Annulée par l’acheteur"


SESSION_MOVES = {
    # A refusal leaves the visit open while the shop grants another try.
    SessionState.OPEN: {
        SessionState.OPEN,
        SessionState.CHALLENGED,
        SessionState.COMPLETED,
        SessionState.CANCELLED,
    },
    SessionState.CHALLENGED: {SessionState.OPEN, SessionState.COMPLETED, SessionState.CANCELLED},
    SessionState.COMPLETED: set(),
    SessionState.CANCELLED: set(),
}


class TransactionStatus(models.TextChoices):
    """What became of a payment, in the words of the wire (`vads_trans_status`, domain 5.4)."""

    AUTHORISED = "AUTHORISED", "En attente de remise"
    AUTHORISED_TO_VALIDATE = "AUTHORISED_TO_VALIDATE", "À valider"
    WAITING_AUTHORISATION = "WAITING_AUTHORISATION", "En attente d’autorisation"
    WAITING_AUTHORISATION_TO_VALIDATE = "WAITING_AUTHORISATION_TO_VALIDATE", "À valider et autoriser"
    REFUSED = "REFUSED", "Refusé"


class NotificationState(models.TextChoices):
    """Where the telling of a result to the shop stands."""

    WAITING = "waiting", "En attente d’envoi"
    IN_FLIGHT = "in_flight", "Appel en cours"
    DELIVERED = "delivered", "Envoyée"
    EXHAUSTED = "exhausted", "Échouée après le dernier essai"
    STOPPED = "stopped", "Arrêtée à la demande du serveur"
    NO_URL = "no_url", "URL non définie"


NOTIFICATION_MOVES = {
    NotificationState.WAITING: {NotificationState.IN_FLIGHT},
    NotificationState.IN_FLIGHT: {
        NotificationState.WAITING,
        NotificationState.DELIVERED,
        NotificationState.EXHAUSTED,
        NotificationState.STOPPED,
    },
    NotificationState.DELIVERED: set(),
    NotificationState.EXHAUSTED: set(),
    NotificationState.STOPPED: set(),
    NotificationState.NO_URL: set(),
}


class AttemptOutcome(models.TextChoices):
    """How one call to a shop ended: as the outgoing door tells it, or lost with the worker that made it."""

    ACKNOWLEDGED = OutcomeKind.ACKNOWLEDGED.value, OutcomeKind.ACKNOWLEDGED.label
    REDIRECTED = OutcomeKind.REDIRECTED.value, OutcomeKind.REDIRECTED.label
    HTTP_ERROR = OutcomeKind.HTTP_ERROR.value, OutcomeKind.HTTP_ERROR.label
    TIMED_OUT = OutcomeKind.TIMED_OUT.value, OutcomeKind.TIMED_OUT.label
    TLS_FAILURE = OutcomeKind.TLS_FAILURE.value, OutcomeKind.TLS_FAILURE.label
    REFUSED_ADDRESS = OutcomeKind.REFUSED_ADDRESS.value, OutcomeKind.REFUSED_ADDRESS.label
    UNREACHABLE = OutcomeKind.UNREACHABLE.value, OutcomeKind.UNREACHABLE.label
    INTERRUPTED = OutcomeKind.INTERRUPTED.value, OutcomeKind.INTERRUPTED.label
    # The worker stopped during the call: the shop may or may not have received it.
    LOST = "lost", "Coupé par un arrêt de notre service"


class Source(models.TextChoices):
    """Why the shop is called (`vads_url_check_src`, compatibility 17)."""

    PAY = "PAY", "Fin du paiement"
    RETRY = "RETRY", "Nouvel essai automatique"


class FormVerdict(models.TextChoices):
    """What became of a form that its webmaster should know of."""

    REFUSED = "refused", "Refusé"
    # Paid like any other, by a clock that is off (design 4.13).
    WARNED = "warned", "Accepté avec avertissement"
