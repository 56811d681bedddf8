"""The kinds of people, the roles in a company, and the states of an account with where each may lead."""

from django.db import models


class UserKind(models.TextChoices):
    MERCHANT = "merchant", "Commerçant"
    ADVISOR = "advisor", "Conseiller"


class Role(models.TextChoices):
    OWNER = "owner", "Gérant"
    MANAGER = "manager", "Gestionnaire"
    READER = "reader", "Lecture seule"
    INTEGRATOR = "integrator", "Intégrateur"


# Who reads what everybody did: those who answer for the company.
JOURNAL_ROLES = frozenset({Role.OWNER, Role.MANAGER})
# Who sees who else has access.
PEOPLE_ROLES = frozenset({Role.OWNER, Role.MANAGER})


class AccountState(models.TextChoices):
    INVITED = "invited", "Invitation envoyée"
    FIRST_CONNECTION = "first_connection", "Première connexion attendue"
    ACTIVE = "active", "Actif"
    BLOCKED = "blocked", "Bloqué"
    CLOSED = "closed", "Fermé"


# A temporary password drawn again leaves the account where it is: waiting for its first connection.
# An invited advisor has no password at all, so that nothing can be tried.
ACCOUNT_MOVES: dict[AccountState, set[AccountState]] = {
    AccountState.INVITED: {AccountState.ACTIVE, AccountState.CLOSED},
    AccountState.FIRST_CONNECTION: {
        AccountState.FIRST_CONNECTION,
        AccountState.ACTIVE,
        AccountState.BLOCKED,
        AccountState.CLOSED,
    },
    AccountState.ACTIVE: {AccountState.BLOCKED, AccountState.CLOSED},
    AccountState.BLOCKED: {AccountState.FIRST_CONNECTION, AccountState.ACTIVE, AccountState.CLOSED},
    AccountState.CLOSED: set(),
}


# The advisors who can be at the counter.
PRESENT_STATES = frozenset({AccountState.ACTIVE, AccountState.BLOCKED})


class SignInStep(models.TextChoices):
    """What a sign-in attempt led to; REFUSED never says why (AUTH-02)."""

    REFUSED = "refused"
    CODE_DUE = "code_due"
    FACTOR_DUE = "factor_due"
    SIGNED_IN = "signed_in"


class Hint(models.TextChoices):
    """What a refused sign-in may add, to a known browser only (AUTH-02)."""

    BLOCKED = "blocked"
    LAST_TRY = "last_try"
    LOCKED = "locked"


class DeviceOrigin(models.TextChoices):
    """What made a browser known."""

    SIGN_IN = "sign_in", "Connexion"
    RECOVERY_LINK = "recovery_link", "Lien de récupération"


class Way(models.TextChoices):
    """What led to the code and the new password: a temporary password, or the link of a forgotten one (design 4.7)."""

    TEMPORARY_PASSWORD = "temporary_password"  # noqa: S105 (a way's name)
    FORGOTTEN = "forgotten"


class Unblocking(models.TextChoices):
    """How a block came to be lifted, which decides what its mail says of the password."""

    BY_OWNER = "by_owner"
    PASSWORD_KEPT = "password_kept"  # noqa: S105 (a way's name)
    PASSWORD_REPLACED = "password_replaced"  # noqa: S105
    SESSIONS_ENDED = "sessions_ended"


class Comparison(models.TextChoices):
    """What a password or a one-time code asked again led to; CLOSED means that the account takes no more tries."""

    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"


class LinkPurpose(models.TextChoices):
    """What a mailed link is good for."""

    RECOVERY = "recovery", "Rendre ce navigateur connu"
    FORGOTTEN = "forgotten", "Mot de passe oublié"
    NOT_ME = "not_me", "Ce n’était pas moi"
    EMAIL_CHANGE = "email_change", "Confirmer une adresse e-mail"
    ADVISOR_INVITATION = "advisor_invitation", "Invitation d’un conseiller"


class ContactKind(models.TextChoices):
    EMAIL = "email", "Adresse e-mail"
    PHONE = "phone", "Téléphone"


class ContactChangeState(models.TextChoices):
    ASKED = "asked", "À confirmer"
    CONFIRMED = "confirmed", "Confirmé, en attente"
    EFFECTIVE = "effective", "En vigueur"
    CANCELLED = "cancelled", "Annulé"


CONTACT_CHANGE_MOVES: dict[ContactChangeState, set[ContactChangeState]] = {
    ContactChangeState.ASKED: {ContactChangeState.CONFIRMED, ContactChangeState.CANCELLED},
    ContactChangeState.CONFIRMED: {ContactChangeState.EFFECTIVE, ContactChangeState.CANCELLED},
    ContactChangeState.EFFECTIVE: set(),
    ContactChangeState.CANCELLED: set(),
}


class CancelReason(models.TextChoices):
    """Why a change of e-mail or telephone went no further."""

    OWNER = "owner", "à votre demande"
    REPLACED = "replaced", "remplacé par une autre demande"
    LAPSED = "lapsed", "la nouvelle adresse n’a pas été confirmée à temps"
    FROZEN = "frozen", "les modifications du compte sont gelées"


class ClosingReason(models.TextChoices):
    """Why an advisor closes somebody's access to a company, as the person and the owners read it."""

    LEFT = "left", "Départ de la société"
    COMPANY_ASKED = "company_asked", "Demande de la société"
    MISUSED = "misused", "Compte utilisé par quelqu’un d’autre"
    CONTRACT_OVER = "contract_over", "Fin du contrat"


class FactorMeans(models.TextChoices):
    """With what the second factor is given."""

    APPLICATION = "application", "Application de codes"
    RECOVERY_CODE = "recovery_code", "Code de secours"


class ViewReason(models.TextChoices):
    """Why an advisor sees somebody's pages as they do; a closed list, since the journal keeps it in clear."""

    PHONE = "asked_by_phone", "À sa demande, au téléphone"
    COUNTER = "asked_at_counter", "À sa demande, au guichet"
    SETTING = "reported_setting", "Vérification d’un réglage signalé"
    GOING_LIVE = "going_live", "Suivi de la mise en production"
    SECURITY = "security_check", "Contrôle de sécurité"


class ViewEnd(models.TextChoices):
    """What ended such a view."""

    LEFT = "left"
    OVER = "over"
    WITHDRAWN = "withdrawn"


class CodeUse(models.TextChoices):
    """What a code of first connection is typed for once more, after the door."""

    CALL = "call"
    CONTRACT = "contract"


class CodeStep(models.TextChoices):
    """What typing a first-connection code led to; ENDED means that the flow starts again at the sign-in page."""

    WRONG = "wrong"
    RIGHT = "right"
    ENDED = "ended"
