"""Why people write to the counter, and where their request stands."""

from django.db import models


class Motive(models.TextChoices):
    """The reason chosen on the contact page; the value is what its address says (`?motif=code`)."""

    ACCOUNT_RESET = "reinitialisation", "Réinitialisation de compte"
    CODE_REQUEST = "code", "Demande de code de première connexion"
    TECHNICAL = "technique", "Question technique"
    BILLING = "facturation", "Facturation"
    OTHER = "autre", "Autre"
    # Opened by « Ce n’était pas moi », never chosen.
    SECURITY = "securite", "Opération signalée"


# What the contact page offers.
OFFERED = tuple(motive for motive in Motive if motive is not Motive.SECURITY)


class RequestStatus(models.TextChoices):
    NEW = "new", "Nouvelle"
    TAKEN = "taken", "Prise en charge"
    WAITING = "waiting", "En attente du commerçant"
    TREATED = "treated", "Traitée"
    REFUSED = "refused", "Refusée"


class Channel(models.TextChoices):
    """How somebody reached the advisor who opened a request for them."""

    TELEPHONE = "telephone", "Au téléphone"
    COUNTER = "counter", "Au guichet"


# What an advisor opens for somebody: what only a request leads to (RST-01).
OPENED_BY_ADVISORS = (Motive.ACCOUNT_RESET, Motive.CODE_REQUEST)


class Outcome(models.TextChoices):
    """What treating a request to reopen an account did, which its follow-up page tells."""

    PASSWORD_SENT = "password_sent", "Mot de passe temporaire envoyé"
    UNBLOCKED = "unblocked", "Compte débloqué, mot de passe inchangé"
    FACTOR_REMOVED = "factor_removed", "Second facteur retiré"


class MailFate(models.TextChoices):
    """What became of a mail, as the log is narrowed; the value is what its address says (`?etat=abandonnes`)."""

    QUEUED = "attente", "En attente d’envoi"
    SENT = "envoyes", "Envoyés"
    TROUBLE = "difficulte", "Refusés ou abandonnés"
    FAILED = "abandonnes", "Abandonnés"


# A request handed over, and another question in place of the first, stay where they are.
REQUEST_MOVES: dict[RequestStatus, set[RequestStatus]] = {
    RequestStatus.NEW: {RequestStatus.TAKEN},
    RequestStatus.TAKEN: {
        RequestStatus.TAKEN,
        RequestStatus.WAITING,
        RequestStatus.TREATED,
        RequestStatus.REFUSED,
    },
    RequestStatus.WAITING: {
        RequestStatus.WAITING,
        RequestStatus.TAKEN,
        RequestStatus.TREATED,
        RequestStatus.REFUSED,
    },
    RequestStatus.TREATED: set(),
    RequestStatus.REFUSED: set(),
}
HELD_STATUSES = frozenset({RequestStatus.TAKEN, RequestStatus.WAITING})
OPEN_STATUSES = HELD_STATUSES | {RequestStatus.NEW}
CLOSED_STATUSES = frozenset(RequestStatus) - OPEN_STATUSES


class Ball(models.TextChoices):
    """Who must act next."""

    DESK = "desk"
    MERCHANT = "merchant"
    NOBODY = "nobody"


BALLS: dict[RequestStatus, Ball] = {
    RequestStatus.NEW: Ball.DESK,
    RequestStatus.TAKEN: Ball.DESK,
    RequestStatus.WAITING: Ball.MERCHANT,
    RequestStatus.TREATED: Ball.NOBODY,
    RequestStatus.REFUSED: Ball.NOBODY,
}


class RefusalReason(models.TextChoices):
    """Why a request is refused, as its sender reads it: none says whether an account exists (RST-12)."""

    UNMATCHED = "unmatched", "Ce qui est écrit ne correspond pas à un dossier"
    UNVERIFIED = "unverified", "La demande n’a pas pu être vérifiée"
    NOT_NEEDED = "not_needed", "Cette démarche n’est pas nécessaire"
    NO_ANSWER = "no_answer", "Notre question est restée sans réponse"
    DUPLICATE = "duplicate", "Une autre demande sur le même sujet est suivie"
    OUT_OF_SCOPE = "out_of_scope", "Ce sujet ne relève pas de notre assistance"


class Voice(models.TextChoices):
    """Who speaks in a request: whoever holds one of its follow-up links, or the desk."""

    SENDER = "sender", "Expéditeur de la demande"
    REPEAT = "repeat", "Demande répétée"
    OWNER = "owner", "Titulaire, par le lien envoyé à l’adresse du dossier"
    DESK = "desk", "Guichet"


# Whose link may add to the request: a repeated one has added its text already.
ADDING_VOICES = frozenset({Voice.SENDER, Voice.OWNER})


class CallState(models.TextChoices):
    """Where a call-back about a lost code stands: the number rings, who speaks is recognised, and how it ended."""

    RINGING = "ringing", "Appel en cours"
    PROVEN = "proven", "Correspondant reconnu"
    FOUND = "found", "Code retrouvé"
    REPLACED = "replaced", "Nouveau code choisi"
    ENDED = "ended", "Appel terminé"


CALL_MOVES: dict[CallState, set[CallState]] = {
    CallState.RINGING: {CallState.PROVEN, CallState.ENDED},
    CallState.PROVEN: {CallState.FOUND, CallState.REPLACED, CallState.ENDED},
    CallState.FOUND: set(),
    CallState.REPLACED: set(),
    CallState.ENDED: set(),
}
LIVING_CALLS = frozenset({CallState.RINGING, CallState.PROVEN})


class ProposalKind(models.TextChoices):
    """What one advisor alone never does."""

    NEW_CODE = "new_code", "Remplacement du code de première connexion"
    FACTOR_RESET = "factor_reset", "Retrait du second facteur"
    SETTLEMENT_ACCOUNT = "settlement_account", "Changement du compte de règlement"


class ProposalState(models.TextChoices):
    PENDING = "pending", "À approuver"
    APPROVED = "approved", "Approuvée"
    REJECTED = "rejected", "Écartée"
    VOIDED = "voided", "Annulée, le dossier a changé"
    LAPSED = "lapsed", "Sans réponse à temps"


PROPOSAL_MOVES: dict[ProposalState, set[ProposalState]] = {
    ProposalState.PENDING: {
        ProposalState.APPROVED,
        ProposalState.REJECTED,
        ProposalState.VOIDED,
        ProposalState.LAPSED,
    },
    ProposalState.APPROVED: set(),
    ProposalState.REJECTED: set(),
    ProposalState.VOIDED: set(),
    ProposalState.LAPSED: set(),
}
# What an advisor decided; the file or the clock ended the others.
DECIDED_PROPOSALS = frozenset({ProposalState.APPROVED, ProposalState.REJECTED})


class RegistrationKind(models.TextChoices):
    NEW_COMPANY = "new_company", "Nouvelle société"
    SECOND_SHOP = "second_shop", "Autre boutique d’une société connue"


class RegistrationState(models.TextChoices):
    """Where an enrolment stands, from the first step saved to the signed contract."""

    DRAFT = "draft", "Commencée"
    SUBMITTED = "submitted", "Déposée"
    INCOMPLETE = "incomplete", "À compléter"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
    SIGNED = "signed", "Contrat signé"


REGISTRATION_MOVES: dict[RegistrationState, set[RegistrationState]] = {
    RegistrationState.DRAFT: {RegistrationState.SUBMITTED},
    RegistrationState.SUBMITTED: {
        RegistrationState.INCOMPLETE,
        RegistrationState.ACCEPTED,
        RegistrationState.REFUSED,
    },
    RegistrationState.INCOMPLETE: {RegistrationState.SUBMITTED, RegistrationState.REFUSED},
    RegistrationState.ACCEPTED: {RegistrationState.SIGNED},
    RegistrationState.REFUSED: set(),
    RegistrationState.SIGNED: set(),
}
# What the merchant fills in, and what is before an advisor or was.
EDITED_REGISTRATIONS = frozenset({RegistrationState.DRAFT, RegistrationState.INCOMPLETE})
OPEN_REGISTRATIONS = frozenset({RegistrationState.SUBMITTED, RegistrationState.INCOMPLETE})
OPENED_REGISTRATIONS = frozenset({RegistrationState.ACCEPTED, RegistrationState.SIGNED})
REGISTRATION_BALLS: dict[RegistrationState, Ball] = {
    RegistrationState.DRAFT: Ball.MERCHANT,
    RegistrationState.SUBMITTED: Ball.DESK,
    RegistrationState.INCOMPLETE: Ball.MERCHANT,
    RegistrationState.ACCEPTED: Ball.MERCHANT,
    RegistrationState.REFUSED: Ball.NOBODY,
    RegistrationState.SIGNED: Ball.NOBODY,
}


class RegistrationRefusal(models.TextChoices):
    """Why an enrolment is refused, as its sender reads it."""

    UNVERIFIED = "unverified", "Les informations n’ont pas pu être vérifiées"
    NOT_ELIGIBLE = "not_eligible", "L’activité n’entre pas dans l’offre"
    NO_ACCOUNT = "no_account", "Le compte bancaire n’est pas au nom de la société"
    NO_ANSWER = "no_answer", "Le complément demandé n’est pas arrivé"
    WITHDRAWN = "withdrawn", "À la demande de la société"


class Step(models.TextChoices):
    """The pages of an enrolment, in their order; the value is what their address says."""

    COMPANY = "societe", "Votre société"
    REPRESENTATIVE = "representant", "Vous"
    SHOP = "boutique", "Votre boutique"
    ACCOUNT = "compte", "Compte bancaire"
    CODE = "code", "Code de première connexion"


class Route(models.TextChoices):
    """How the shop will be connected: the two ways of the founding FAQ."""

    MODULE = "module", "Un module de paiement pour ma solution de vente"
    OWN = "own", "Un développement propre à ma boutique"


class Tag(models.TextChoices):
    """What advisors mark a company with, for one another."""

    TO_CALL_BACK = "to_call_back", "À rappeler"
    DISPUTE = "dispute", "Litige"
    WATCH = "watch", "Vigilance fraude"
    GOING_LIVE = "going_live", "Mise en production suivie"
    PRIORITY = "priority", "VIP"


TAG_TONES: dict[Tag, str] = {
    Tag.TO_CALL_BACK: "attention",
    Tag.DISPUTE: "danger",
    Tag.WATCH: "danger",
    Tag.GOING_LIVE: "information",
    Tag.PRIORITY: "ok",
}


class DeskFilter(models.TextChoices):
    """Which requests the desk lists; the value is what its address says (`?liste=miennes`)."""

    OPEN = "ouvertes", "Toutes les ouvertes"
    MINE = "miennes", "Les miennes"
    UNCLAIMED = "libres", "À prendre en charge"
    CLOSED = "closes", "Closes"


# What an advisor cannot do without, by motive, in the order of the form (domain 1.1). Nobody is ever written to at an
# address typed for these first two: the answer goes where the company's file says.
NEEDED: dict[Motive, tuple[str, ...]] = {
    Motive.ACCOUNT_RESET: ("shop_label", "siret", "last_name", "first_name", "identifier"),
    Motive.CODE_REQUEST: ("shop_label", "siret", "last_name", "first_name", "phone"),
    Motive.TECHNICAL: ("shop_label", "siret", "last_name", "first_name", "email", "message"),
    Motive.BILLING: ("shop_label", "siret", "last_name", "first_name", "email", "message"),
    Motive.OTHER: ("last_name", "first_name", "email", "message"),
    Motive.SECURITY: ("last_name", "first_name", "identifier", "message"),
}
# What helps, by motive.
WELCOME: dict[Motive, tuple[str, ...]] = {
    Motive.ACCOUNT_RESET: ("message",),
    Motive.CODE_REQUEST: ("message",),
    Motive.TECHNICAL: ("phone",),
    Motive.BILLING: ("phone",),
    Motive.OTHER: ("shop_label", "siret", "phone"),
    Motive.SECURITY: ("shop_label", "siret", "phone"),
}
