"""What an entry's `detail` says in French: a closed table of keys, and of the codes they hold.

A key or a code that is not in the table is shown as it stands: an audit hides nothing. A test reads the source and
names the keys that are missing here.
"""

from collections.abc import Mapping

from django.utils.dateformat import format as date_format
from django.utils.dateparse import parse_date

from backoffice.core.events import Event

KEYS = {
    "algorithm": "Algorithme",
    "capture_delay": "Délai avant la remise, en jours",
    "change": "Changement",
    "channel": "Venue",
    "count": "Nombre",
    "ended": "Fin",
    "extra_attempts": "Essais supplémentaires après un refus",
    "failures_only": "Échecs seulement",
    "first_day": "Du",
    "is_validated_by_hand": "Validation manuelle",
    "kind": "Nature",
    "known": "Navigateur connu",
    "last_day": "Au",
    "left": "Codes de secours restants",
    "mode": "Mode",
    "motive": "Motif",
    "only_event": "Événement",
    "proposal": "Proposition",
    "reason": "Raison",
    "replaced": "Remplace le précédent",
    "reported": "Signalé",
    "request": "Demande",
    "return_url_production": "Adresse de retour PRODUCTION",
    "return_url_test": "Adresse de retour TEST",
    "role": "Rôle",
    "shops": "Boutiques",
    "tag": "Étiquette",
    "tries": "Essais manqués",
    "until": "Jusqu’au",
    "way": "Moyen",
}
# Keys that hold a day (ISO 8601).
DAYS = frozenset({"first_day", "last_day", "until"})
_RETURN_URL = {"changed": "changée", "removed": "retirée, le site de la boutique la remplace"}
# Codes of one key only: the same word may mean something else under another.
CODES: Mapping[str, Mapping[str, str]] = {
    "change": {"assigned": "ajoutée au portefeuille", "unassigned": "retirée du portefeuille"},
    "channel": {"counter": "au guichet", "telephone": "au téléphone"},
    "ended": {
        "left": "quittée par le conseiller",
        "over": "durée écoulée",
        "withdrawn": "accès devenu impossible",
    },
    "kind": {
        "advisor": "conseiller",
        "email": "adresse e-mail",
        "merchant": "commerçant",
        "new_code": "remplacement du code de première connexion",
        "phone": "téléphone",
        "second_shop": "autre boutique",
        "settlement_account": "changement du compte de règlement",
        "new_company": "nouvelle société",
    },
    "motive": {
        "autre": "autre",
        "code": "demande de code de première connexion",
        "facturation": "facturation",
        "reinitialisation": "réinitialisation de compte",
        "securite": "opération signalée",
        "technique": "question technique",
    },
    "only_event": {event.value: str(event.label) for event in Event},
    "proposal": {
        "factor_reset": "retrait du second facteur",
        "new_code": "remplacement du code de première connexion",
        "settlement_account": "changement du compte de règlement",
    },
    "reason": {
        "active": "compte actif",
        "asked_at_counter": "à la demande de la personne, au guichet",
        "asked_by_phone": "à la demande de la personne, au téléphone",
        "bank_control": "contrôle de la banque",
        "blocked": "compte bloqué",
        "by_mistake": "boutique ouverte par erreur",
        "closed": "compte fermé",
        "company_asked": "demande de la société",
        "contract_over": "fin du contrat",
        "duplicate": "autre demande suivie sur le même sujet",
        "ended": "accès terminé",
        "expired": "mot de passe temporaire expiré",
        "first_connection": "première connexion attendue",
        "frozen": "modifications gelées",
        "going_live": "suivi de la mise en production",
        "invited": "invitation pas encore acceptée",
        "lapsed": "nouvelle adresse non confirmée à temps",
        "no_account": "compte bancaire à un autre nom",
        "left": "départ de la société",
        "misused": "compte utilisé par quelqu’un d’autre",
        "no_answer": "question restée sans réponse",
        "not_eligible": "activité hors de l’offre",
        "not_needed": "démarche non nécessaire",
        "out_of_scope": "sujet hors de l’assistance",
        "owner": "à la demande du titulaire",
        "replaced": "remplacé par une autre demande",
        "reported_setting": "vérification d’un réglage signalé",
        "security_check": "contrôle de sécurité",
        "too_long": "mot de passe trop long",
        "unknown": "identifiant inconnu",
        "unmatched": "ne correspond pas à un dossier",
        "unverified": "demande non vérifiée",
        "withdrawn": "à la demande de la société",
        "wrong_password": "mot de passe erroné",
    },
    "reported": {event.value: str(event.label) for event in Event},
    "return_url_production": _RETURN_URL,
    "return_url_test": _RETURN_URL,
    "role": {
        "integrator": "intégrateur",
        "manager": "gestionnaire",
        "owner": "gérant",
        "reader": "lecture seule",
    },
    "tag": {
        "dispute": "litige",
        "going_live": "mise en production suivie",
        "priority": "VIP",
        "to_call_back": "à rappeler",
        "watch": "vigilance fraude",
    },
    "way": {
        "application": "application de codes",
        "call": "pendant un rappel",
        "contract": "pour imprimer le contrat",
        "forgotten": "lien de mot de passe oublié",
        "invitation": "invitation",
        "recovery_code": "code de secours",
        "temporary_password": "mot de passe temporaire",
    },
}


def in_words(detail: Mapping[str, object]) -> list[tuple[str, str]]:
    """The pairs (label, value) of a detail, in the order of their keys; true and false read « oui » and « non »."""
    return [(KEYS.get(key, key), _value(key, detail[key])) for key in sorted(detail)]


def _value(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if key in DAYS and (day := parse_date(str(value))):
        return date_format(day, "j F Y")
    return CODES.get(key, {}).get(str(value), str(value))
