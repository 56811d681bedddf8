"""The buyer's words, in French and in English: the hosted page speaks the language of `vads_language`."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation.trans_real import parse_accept_lang_header

FRENCH, ENGLISH = "fr", "en"


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Every word the page itself says, in one language."""

    title: str
    order: str
    your_card: str
    card_number: str
    expiry: str
    expiry_help: str
    security_code: str
    pay: str
    cancel: str
    test_cards: str
    test_cards_help: str
    other_cards: str
    former_cards: str
    only_test_cards: str
    to_correct: str
    number_missing: str
    number_unlisted: str
    expiry_wrong: str
    expiry_past: str
    security_code_wrong: str
    accepted_title: str
    accepted_lead: str
    refused_title: str
    refused_lead: str
    cancelled_title: str
    cancelled_lead: str
    expired_title: str
    expired_lead: str
    over_title: str
    over_lead: str
    taken_lead: str
    receipt: str
    shop: str
    shop_id: str
    reference: str
    amount: str
    card: str
    authorisation: str
    date: str
    back: str
    shop_is_told: str


TEXTS = {
    FRENCH: Texts(
        title="Paiement",
        order="Commande",
        your_card="Votre carte",
        card_number="Numéro de carte",
        expiry="Expire fin",
        expiry_help="MM / AA",
        security_code="Cryptogramme",
        pay="Payer",
        cancel="Annuler et retourner à la boutique",
        test_cards="Cartes de test",
        test_cards_help="Cliquez sur une carte : elle remplit le formulaire.",
        other_cards="Autres réseaux et scénarios",
        former_cards="Anciens numéros",
        only_test_cards="Page simulée : elle n’accepte que les cartes affichées, et aucune somme n’est prélevée.",
        to_correct="Le paiement n’a pas été demandé : corrigez les champs signalés.",
        number_missing="Saisissez le numéro de la carte.",
        number_unlisted=(
            "Ce numéro n’est pas une carte de test. Une carte réelle n’est pas acceptée ici : "
            "choisissez l’une des cartes affichées."
        ),
        expiry_wrong="Saisissez le mois et l’année de fin, par exemple 12 / 28.",
        expiry_past="Cette date est passée : utilisez une carte en cours de validité.",
        security_code_wrong="Saisissez les 3 ou 4 chiffres du cryptogramme.",
        accepted_title="Paiement accepté",
        accepted_lead="Votre paiement est enregistré.",
        refused_title="Paiement refusé",
        refused_lead="Votre banque n’a pas accepté ce paiement. Aucune somme n’est prélevée.",
        cancelled_title="Paiement annulé",
        cancelled_lead="Vous avez quitté le paiement. Aucune somme n’est prélevée.",
        expired_title="Le temps de paiement est écoulé",
        expired_lead=(
            "Cette page reste ouverte dix minutes. Rien n’a été payé : retournez à la boutique pour recommencer."
        ),
        over_title="Cette page n’est plus disponible",
        over_lead="Le reçu s’affiche pendant dix minutes. Votre boutique connaît le résultat de ce paiement.",
        taken_lead="Ce numéro de transaction a déjà servi. Cette page ne prélève rien : retournez à la boutique.",
        receipt="Reçu",
        shop="Boutique",
        shop_id="Identifiant du marchand",
        reference="Transaction",
        amount="Montant",
        card="Carte",
        authorisation="Numéro d’autorisation",
        date="Date",
        back="Retour à la boutique",
        shop_is_told="La boutique est prévenue directement, même si vous fermez cette page.",
    ),
    ENGLISH: Texts(
        title="Payment",
        order="Order",
        your_card="Your card",
        card_number="Card number",
        expiry="Expiry date",
        expiry_help="MM / YY",
        security_code="Security code",
        pay="Pay",
        cancel="Cancel and return to the shop",
        test_cards="Test cards",
        test_cards_help="Click on a card to fill in the form.",
        other_cards="Other networks and scenarios",
        former_cards="Former numbers",
        only_test_cards="This page is simulated: it takes the listed cards only, and no money is taken.",
        to_correct="The payment was not requested: correct the fields below.",
        number_missing="Enter the card number.",
        number_unlisted="This is not a test card. A real card is not accepted here: choose one of the cards shown.",
        expiry_wrong="Enter the month and year of expiry, for example 12 / 28.",
        expiry_past="This date is past: use a card that is still valid.",
        security_code_wrong="Enter the 3 or 4 digits of the security code.",
        accepted_title="Payment accepted",
        accepted_lead="Your payment is recorded.",
        refused_title="Payment refused",
        refused_lead="Your bank did not accept this payment. No money is taken.",
        cancelled_title="Payment cancelled",
        cancelled_lead="You left the payment. No money is taken.",
        expired_title="The time to pay is over",
        expired_lead="This page stays open for ten minutes. Nothing was paid: return to the shop to start again.",
        over_title="This page is no longer available",
        over_lead="The receipt is shown for ten minutes. Your shop knows the result of this payment.",
        taken_lead="This transaction number was used already. Nothing is charged by this page: return to the shop.",
        receipt="Receipt",
        shop="Shop",
        shop_id="Merchant ID",
        reference="Transaction",
        amount="Amount",
        card="Card",
        authorisation="Authorisation number",
        date="Date",
        back="Return to the shop",
        shop_is_told="The shop is told directly, even if you close this page.",
    ),
}

# The catalogue speaks French (`backoffice.vads.cards`); these are the same scenarios for an English page.
SCENARIOS_IN_ENGLISH = {
    "Accepté, sans action de l’acheteur": "Accepted, nothing asked of the buyer",
    "Accepté après authentification": "Accepted after authentication",
    "Accepté, boutique non inscrite à 3-D Secure": "Accepted, shop not enrolled in 3-D Secure",
    "Accepté, acheteur non inscrit à 3-D Secure": "Accepted, buyer not enrolled in 3-D Secure",
    "Accepté, sans garantie de paiement": "Accepted, without payment guarantee",
    "Accepté, empreinte du navigateur relevée": "Accepted, with browser fingerprint",
    "Accepté après empreinte et authentification": "Accepted after fingerprint and authentication",
    "Accepté après authentification, empreinte hors délai": "Accepted after authentication, fingerprint too late",
    "Accepté sans garantie, authentification hors délai": "Accepted without guarantee, authentication too late",
    "Refusé, la banque demande à être appelée": "Refused, the bank asks for a call",
    "Refusé, plafond dépassé": "Refused, limit exceeded",
    "Refusé, cryptogramme erroné": "Refused, wrong security code",
    "Refusé par la banque": "Refused by the bank",
    "Refusé, échec de l’authentification": "Refused, authentication failed",
    "Refusé après échec de l’authentification interactive": "Refused after a failed challenge",
}


def language_of(fields: Mapping[str, str], *, accept_language: str) -> str:
    """ "fr" or "en": what the form asks for, else what the browser prefers, else French.

    A buyer of a third language gets English.
    """
    asked = fields.get("vads_language") or ""
    wanted = [asked] if asked else [code for code, _ in parse_accept_lang_header(accept_language)]
    if not wanted:
        return FRENCH
    short = [code[:2].lower() for code in wanted]
    return next((code for code in short if code in TEXTS), ENGLISH)


def scenario(french: str, *, language: str) -> str:
    """A test card's scenario in the page's language."""
    return french if language == FRENCH else SCENARIOS_IN_ENGLISH.get(french, french)
