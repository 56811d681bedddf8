"""The errors of the payment form: for each code the fields it speaks of, what happened, and what to do."""

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType

from backoffice.vads.dictionary import FIELDS, NAMED, NUMBERED, Field


@dataclass(frozen=True, kw_only=True)
class FormError:
    """A form error: `fields` as developers write them, `label` what happened, `advice` what to do, both in French."""

    code: str
    fields: tuple[str, ...]
    label: str
    advice: str


# Where "the value is not as expected" would not be enough to find the cause.
_WRITTEN = {
    "00": (
        "La signature ne correspond pas aux champs reçus",
        "Signez la valeur de tous les champs vads_ envoyés, vides compris, triés par nom, en UTF-8, avec le certificat"
        " du mode demandé et l’algorithme choisi pour ce mode. Cherchez un retour à la ligne, un guillemet ou un"
        " accent transformé entre le calcul et l’envoi.",
    ),
    "01": ("La version du formulaire est inconnue", "Envoyez toujours « V2 »."),
    "02": (
        "La boutique est inconnue ou fermée",
        "Reprenez l’identifiant de 8 chiffres affiché sur la page de votre boutique.",
    ),
    "03": (
        "Le numéro de transaction est absent, mal formé ou déjà utilisé",
        "Tirez un nouveau numéro à chaque envoi du formulaire, retour de l’acheteur compris : 6 caractères, unique par"
        " boutique et par jour UTC, hors 900000 à 999999.",
    ),
    "04": (
        "La date est mal formée ou trop éloignée de l’heure actuelle",
        "Envoyez la date et l’heure du moment, en UTC et non en heure locale, sur 14 chiffres et 24 heures. Recalculez"
        " la date quand l’acheteur revient en arrière.",
    ),
    "07": (
        "Le mode de règlement est mal formé, ou son échéancier ne se tient pas",
        "Envoyez « SINGLE », « MULTI:first=montant;count=nombre;period=jours » dans cet ordre, ou"
        " « MULTI_EXT:AAAAMMJJ=montant;… » avec des dates qui se suivent, d’aujourd’hui à dans douze mois, et une somme"
        " égale au montant du paiement.",
    ),
    "08": (
        "Un moyen de paiement de la liste n’est pas dans le contrat de la boutique",
        "Laissez le champ vide pour proposer tous les moyens de la boutique, ou corrigez la liste.",
    ),
    "09": (
        "Le montant est absent ou mal formé",
        "Envoyez un entier dans la plus petite unité de la devise, sans point, sans virgule et sans zéro devant : 1250"
        " pour 12,50 €.",
    ),
    "10": (
        "La devise est inconnue ou n’est pas acceptée",
        "Envoyez le code ISO 4217 en 3 chiffres : 978 pour l’euro.",
    ),
    "11": (
        "Le mode n’existe pas, ou son certificat n’existe pas encore",
        "Envoyez TEST ou PRODUCTION, en majuscules. Le mode PRODUCTION s’ouvre avec le certificat de production.",
    ),
    "15": ("L’adresse e-mail de l’acheteur est mal formée", "Corrigez-la, ou laissez le champ vide."),
    "33": (
        "L’adresse de notification jointe au formulaire est refusée",
        "Utilisez une adresse du même nom de domaine que l’URL serveur de la boutique, ou retirez ce champ.",
    ),
    "46": (
        "L’action demandée est inconnue ou n’est pas proposée",
        "Envoyez « PAYMENT » : les alias de carte et les abonnements ne sont pas ouverts sur cette offre.",
    ),
    "47": (
        "Le mode de saisie est inconnu ou n’est pas proposé",
        "Envoyez « INTERACTIVE » : la carte se saisit toujours sur la page de paiement.",
    ),
    "70": (
        "Aucun champ reçu, ou signature absente",
        "Vérifiez que le formulaire est envoyé par POST et qu’aucune redirection n’en efface le contenu.",
    ),
    "99": (
        "Un champ est envoyé deux fois, ou sa valeur ne peut pas être lue",
        "Envoyez chaque champ une seule fois, encodé en UTF-8, sans caractère de contrôle.",
    ),
    "999": (
        "Une valeur ressemble à un numéro de carte",
        "N’envoyez jamais un numéro de carte ni son cryptogramme. "
        "Ajoutez des lettres à vos références de 13 à 16 chiffres.",
    ),
}
_WITHOUT_FIELD = {"00": ("signature",), "70": ("signature",), "99": (), "999": ()}


def _fields_by_code() -> dict[str, list[Field]]:
    grouped: dict[str, list[Field]] = defaultdict(list)
    for known in (*FIELDS.values(), *NUMBERED.values(), *NAMED.values()):
        grouped[known.code].append(known)
    return grouped


def _errors() -> dict[str, FormError]:
    grouped = _fields_by_code()
    errors = {}
    for code in sorted({*grouped, *_WRITTEN}, key=int):
        fields = _WITHOUT_FIELD.get(code) or tuple(known.written for known in grouped[code])
        if code in _WRITTEN:
            label, advice = _WRITTEN[code]
        else:
            first = grouped[code][0]
            label = f"{first.meaning} : valeur refusée"
            advice = f"Attendu : {first.expected}."
        errors[code] = FormError(code=code, fields=fields, label=label, advice=advice)
    return errors


FORM_ERRORS = MappingProxyType(_errors())
