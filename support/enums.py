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
    TREATED = "treated", "Traitée"


class MailFate(models.TextChoices):
    """What became of a mail, as the log is narrowed; the value is what its address says (`?etat=abandonnes`)."""

    QUEUED = "attente", "En attente d’envoi"
    SENT = "envoyes", "Envoyés"
    TROUBLE = "difficulte", "Refusés ou abandonnés"
    FAILED = "abandonnes", "Abandonnés"


REQUEST_MOVES: dict[RequestStatus, set[RequestStatus]] = {
    RequestStatus.NEW: {RequestStatus.TREATED},
    RequestStatus.TREATED: set(),
}


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
