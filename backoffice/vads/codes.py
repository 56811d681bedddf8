"""The code tables of the wire: what each code means and what to do about it, in French (domain 5)."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from backoffice.vads.form_errors import FORM_ERRORS, FormError
from backoffice.vads.payment_errors import ADVICE_OF_PAYMENT_ERRORS, LABELS_OF_PAYMENT_ERRORS

__all__ = [
    "AUTH_RESULTS",
    "EXTRA_RESULTS",
    "FORM_ERRORS",
    "PAYMENT_ERRORS",
    "RESULTS",
    "TRANSACTION_STATUSES",
    "AuthResult",
    "Code",
    "FormError",
    "Outcome",
    "TransactionStatus",
]


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code, what it means, and a sentence on what the shop does about it."""

    code: str
    label: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class AuthResult(Code):
    """An answer of the card's bank; a suspicion of fraud forbids asking again automatically."""

    is_fraud: bool = False


class Outcome(StrEnum):
    """How shop software groups transaction statuses."""

    SUCCESS = "success"
    PENDING = "pending"
    CANCELLED = "cancelled"
    FAILURE = "failure"


@dataclass(frozen=True, kw_only=True)
class TransactionStatus(Code):
    """A transaction status: `label` as lists show it, `meaning` as a sentence, `outcome` as shops group it."""

    meaning: str
    outcome: Outcome


def _codes(words: dict[str, tuple[str, str]]) -> MappingProxyType[str, Code]:
    return MappingProxyType(
        {code: Code(code=code, label=label, advice=advice) for code, (label, advice) in words.items()}
    )


_NOTHING = "Rien à faire."
_LOOK_AT_BUYER = "Vérifiez auprès de l’acheteur que la commande est bien de lui avant de livrer."
_WRITE_TO_US = "Écrivez-nous avec ce code, la date et le numéro de la transaction."

RESULTS = _codes(
    {
        "00": ("Paiement réalisé avec succès", "Préparez la commande ; vads_trans_status dit où en est la remise."),
        "02": ("Le commerçant doit contacter la banque de l’acheteur", "Ne livrez pas : proposez une autre carte."),
        "05": (
            "Paiement refusé",
            "Lisez vads_auth_result, ou vads_payment_error si la banque n’a pas été interrogée. L’acheteur peut"
            " recommencer avec une autre carte.",
        ),
        "17": (
            "Paiement abandonné par l’acheteur",
            "Rendez-lui son panier. Un nouvel essai demande un nouveau numéro de transaction.",
        ),
        "30": (
            "Formulaire refusé : vads_extra_result donne le code de l’erreur",
            "Cherchez ce code parmi ceux du formulaire.",
        ),
        "96": (
            "Incident technique pendant le paiement",
            "Cherchez d’abord le paiement dans vos transactions : s’il n’y est pas, l’acheteur peut recommencer.",
        ),
    }
)

# What `vads_extra_result` says beside a result 00 or 05; beside 30 it holds a code of FORM_ERRORS.
EXTRA_RESULTS = _codes(
    {
        "00": ("Tous les contrôles sont satisfaits", _NOTHING),
        "02": ("La carte a dépassé l’encours autorisé", _LOOK_AT_BUYER),
        "03": ("La carte est dans la liste grise du commerçant", _LOOK_AT_BUYER),
        "04": ("Le pays de la carte est dans la liste grise", _LOOK_AT_BUYER),
        "05": ("L’adresse IP est dans la liste grise", _LOOK_AT_BUYER),
        "06": ("Le début du numéro de la carte (BIN) est dans la liste grise", _LOOK_AT_BUYER),
        "07": ("Carte virtuelle à usage unique détectée", "N’attendez pas de pouvoir la débiter une seconde fois."),
        "08": ("Carte commerciale nationale détectée", "Vos commissions peuvent différer : votre contrat les donne."),
        "09": ("Carte commerciale étrangère détectée", "Vos commissions peuvent différer : votre contrat les donne."),
        "14": ("Carte à autorisation systématique détectée", "Une remise lointaine risque davantage d’être refusée."),
        "20": ("Aucun pays ne correspond (adresse IP, carte, acheteur)", _LOOK_AT_BUYER),
        "30": ("Le pays de l’adresse IP est dans la liste grise", _LOOK_AT_BUYER),
        "99": ("Incident technique pendant un contrôle local", _WRITE_TO_US),
    }
)

# What `vads_payment_error` says when something else than the card's bank refused.
PAYMENT_ERRORS = _codes(
    {
        code: (label, ADVICE_OF_PAYMENT_ERRORS.get(code, _WRITE_TO_US))
        for code, label in LABELS_OF_PAYMENT_ERRORS.items()
    }
)

# Answers that forbid asking the bank again without the buyer.
_FRAUD = frozenset(
    {
        "03", "04", "05", "07", "12", "13", "14", "15", "31", "33",
        "34", "41", "43", "54", "56", "57", "59", "63", "76",
    }
)  # fmt: skip
_AUTH_LABELS = {
    "00": "Transaction approuvée ou traitée avec succès",
    "02": "Contacter l’émetteur de la carte",
    "03": "Accepteur invalide",
    "04": "Conserver la carte",
    "05": "Ne pas honorer",
    "07": "Conserver la carte, conditions spéciales",
    "08": "Approuver après identification",
    "12": "Transaction invalide",
    "13": "Montant invalide",
    "14": "Numéro de carte invalide",
    "15": "Émetteur de la carte inconnu",
    "17": "Annulation par l’acheteur",
    "19": "Répéter la transaction plus tard",
    "20": "Réponse erronée du serveur",
    "24": "Mise à jour de fichier non prise en charge",
    "25": "Enregistrement introuvable",
    "26": "Enregistrement en double",
    "27": "Erreur de saisie dans un champ",
    "28": "Accès au fichier refusé",
    "29": "Mise à jour impossible",
    "30": "Erreur de format",
    "31": "Identifiant de l’acquéreur inconnu",
    "33": "Carte expirée",
    "34": "Suspicion de fraude",
    "38": "Carte expirée",
    "41": "Carte perdue",
    "43": "Carte volée",
    "51": "Provision insuffisante ou plafond dépassé",
    "54": "Carte expirée",
    "55": "Code confidentiel erroné",
    "56": "Carte absente du fichier",
    "57": "Transaction non permise à ce porteur",
    "58": "Transaction non permise à ce terminal",
    "59": "Suspicion de fraude",
    "60": "L’accepteur doit contacter l’acquéreur",
    "61": "Plafond de retrait dépassé",
    "63": "Règles de sécurité non respectées",
    "68": "Réponse absente ou reçue trop tard",
    "75": "Nombre d’essais du code confidentiel dépassé",
    "76": "Porteur déjà en opposition",
    "90": "Arrêt momentané du système",
    "91": "Émetteur de la carte inaccessible",
    "94": "Transaction en double",
    "96": "Mauvais fonctionnement du système",
    "97": "Échéance de la temporisation globale",
    "98": "Serveur indisponible, nouvelle route demandée",
    "99": "Incident chez l’initiateur de la demande",
}
_AUTH_ADVICE = {
    code: advice
    for advice, codes in (
        (_NOTHING, "00 08"),
        ("L’acheteur peut recommencer quand il le souhaite.", "17"),
        ("L’acheteur appelle sa banque, ou paie avec une autre carte.", "02 57 76"),
        ("L’acheteur paie avec une autre carte, ou fait relever son plafond par sa banque.", "51 61"),
        ("L’acheteur vérifie ce qu’il a saisi, ou paie avec une autre carte.", "14 15 33 38 54 55 56 63 75"),
        (
            "Ne présentez pas ce paiement une seconde fois : demandez un autre moyen de paiement.",
            "04 05 07 34 41 43 59",
        ),
        (
            "Incident passager entre les banques : l’acheteur recommence quelques minutes plus tard.",
            "19 20 68 90 91 96 97 98 99",
        ),
        ("Votre contrat d’acceptation des cartes est peut-être en cause : écrivez-nous avec ce code.", "03 31 58 60"),
        ("Cherchez d’abord le même paiement dans vos transactions.", "26 94"),
        (_WRITE_TO_US, "12 13 24 25 27 28 29 30"),
    )
    for code in codes.split()
}
AUTH_RESULTS = MappingProxyType(
    {
        code: AuthResult(code=code, label=label, advice=_AUTH_ADVICE[code], is_fraud=code in _FRAUD)
        for code, label in _AUTH_LABELS.items()
    }
)

# What a shop does with the order, by how it groups the status.
_STATUS_ADVICE = {
    Outcome.SUCCESS: "Préparez la commande.",
    Outcome.PENDING: "Attendez la notification suivante avant de livrer.",
    Outcome.CANCELLED: "Rendez son panier à l’acheteur ; il peut recommencer.",
    Outcome.FAILURE: "Ne livrez pas ; l’acheteur peut recommencer.",
}

_STATUS_ROWS = (
    ("INITIAL", "En attente", Outcome.PENDING, "Le moyen de paiement n’a pas encore répondu."),
    ("NOT_CREATED", "Transaction non créée", Outcome.CANCELLED, "Aucune transaction n’a été enregistrée."),
    ("ABANDONED", "Abandonné", Outcome.CANCELLED, "L’acheteur a quitté la page ou le délai est passé."),
    ("ACCEPTED", "Accepté", Outcome.SUCCESS, "Le paiement est accepté par le moyen de paiement."),
    ("AUTHORISED", "En attente de remise", Outcome.SUCCESS, "La banque a accepté ; la remise suivra à la date prévue."),
    ("AUTHORISED_TO_VALIDATE", "À valider", Outcome.SUCCESS, "La banque a accepté ; vous devez valider le paiement."),
    (
        "WAITING_AUTHORISATION",
        "En attente d’autorisation",
        Outcome.PENDING,
        "La remise est lointaine : la banque sera interrogée la veille.",
    ),
    (
        "WAITING_AUTHORISATION_TO_VALIDATE",
        "À valider et autoriser",
        Outcome.PENDING,
        "Vous devez valider le paiement ; la banque sera interrogée ensuite.",
    ),
    ("UNDER_VERIFICATION", "En cours de vérification", Outcome.PENDING, "Le moyen de paiement vérifie l’opération."),
    ("WAITING_FOR_PAYMENT", "En attente de paiement", Outcome.PENDING, "L’acheteur n’a pas encore versé la somme."),
    ("PRE_AUTHORISED", "Préautorisé", Outcome.PENDING, "Le montant est réservé, sans remise demandée."),
    ("PARTIALLY_AUTHORISED", "Partiellement autorisé", Outcome.PENDING, "Une partie du montant est acceptée."),
    ("SUSPENDED", "Suspendu", Outcome.PENDING, "La transaction est bloquée dans l’attente d’une décision."),
    ("CAPTURE_PENDING", "Remise en cours", Outcome.SUCCESS, "La remise en banque a commencé."),
    ("CAPTURED", "Remisé", Outcome.SUCCESS, "Le paiement a été remis en banque."),
    ("CAPTURE_FAILED", "Erreur de remise", Outcome.SUCCESS, "La remise a échoué et sera tentée de nouveau."),
    ("CANCELLED", "Annulé", Outcome.FAILURE, "Vous avez annulé le paiement avant la remise."),
    ("EXPIRED", "Expiré", Outcome.FAILURE, "Le paiement n’a pas été validé à temps."),
    ("REFUSED", "Refusé", Outcome.FAILURE, "Le paiement a été refusé."),
)
TRANSACTION_STATUSES = MappingProxyType(
    {
        code: TransactionStatus(
            code=code, label=label, meaning=meaning, advice=_STATUS_ADVICE[outcome], outcome=outcome
        )
        for code, label, outcome, meaning in _STATUS_ROWS
    }
)
