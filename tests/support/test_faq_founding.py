"""The founding FAQ, situation by situation: each has its answer, the facts it promised, and the way to act."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.accounts.factories import MembershipFactory
from tests.shops.factories import ShopFactory
from tests.support.help import element

pytestmark = pytest.mark.django_db

SITE = "23456789"
CONTACT = "/contact/?motif="
SHOP = f"/boutiques/{SITE}/"
CERTIFICATES, SERVER_URL, TRANSACTIONS = f"{SHOP}certificats/", f"{SHOP}url-serveur/", f"{SHOP}transactions/"

# Situation → page, anchor, what the answer must say, where it must lead. A line per line of the founding FAQ.
SITUATIONS = {
    "the account is blocked": (
        "/faq/",
        "compte-bloque",
        ["SIRET", "nom et prénom", "identifiant reçu par e-mail", "mot de passe temporaire", "première connexion"],
        [CONTACT + "reinitialisation"],
    ),
    "the new password counts as a first connection and asks for the code": (
        "/faq/",
        "premiere-connexion",
        ["identifiant", "mot de passe temporaire", "code de première connexion", "contrat", "Sécurité OK"],
        ["/connexion/"],
    ),
    "the code of first connection is asked for or lost": (
        "/faq/",
        "code-perdu",
        [
            "choisi en vous inscrivant",
            "contrat papier",
            "jamais par e-mail",
            "chargé de clientèle",
            "SIRET",
            "nom et prénom",
            "téléphone",
            "au numéro déclaré lors de l’inscription",
        ],
        [CONTACT + "code"],
    ),
    "the new password is refused": (
        "/faq/",
        "mot-de-passe",
        [
            "au moins 8 caractères",
            "au moins une majuscule",
            "au moins une minuscule",
            "au moins un chiffre",
            "Sécurité faible",
            "Sécurité moyenne",
            "Sécurité OK",
            "seul le dernier permet de valider",
        ],
        ["/mot-de-passe/"],
    ),
    "the shop runs on a free shop software: step by step": (
        "/faq/",
        "module",
        [
            "identifiant de la boutique",
            "certificat de TEST",
            "Téléchargez",
            "notice",
            "URL serveur TEST",
            "même si l’acheteur ne revient pas",
            "paiement accepté et un paiement refusé",
            "cartes d’essai",
            "sans cliquer sur « Retour à la boutique »",
            "fonctionne alors en TEST",
            "certificat de production",
            "URL serveur PRODUCTION",
        ],
        ["#modules", "#essais", "/faq/prod/#certificat", "/faq/prod/#url-serveur"],
    ),
    "the shop is a development of its own: step by step": (
        "/faq/",
        "developpement",
        [
            "identifiant de la boutique",
            "certificat de TEST",
            "documentation",
            "vads_ctx_mode=TEST",
            "URL serveur TEST",
            "cartes d’essai",
            "sans cliquer sur « Retour à la boutique »",
            "fonctionne alors en TEST",
            "certificat de production",
            "URL serveur PRODUCTION",
        ],
        [
            "/faq/fonctionnalites/#formulaire",
            "/faq/fonctionnalites/#signature",
            "/faq/codes-erreur/",
            "/faq/prod/#url-serveur",
        ],
    ),
    "where the shop id, the certificate and the server URL are": (
        "/faq/",
        "installer",
        [],
        [SHOP, CERTIFICATES, SERVER_URL],
    ),
    "which payment modules exist": ("/faq/", "modules", ["vads_", "V2", "catalogue"], [CONTACT + "technique"]),
    "what the webmaster needs": (
        "/faq/",
        "webmaster",
        ["identifiant de la boutique", "certificat de TEST", settings.BASE_URL + "/faq/", "Gardez pour vous"],
        [CERTIFICATES],
    ),
    "test payments": (
        "/faq/",
        "essais",
        ["vraie carte est toujours refusée", "cliquez dessus", "accepté ou refusé"],
        ["/faq/fonctionnalites/#cartes", TRANSACTIONS],
    ),
    "the payment page cannot be reached": (
        "/faq/",
        "page-introuvable",
        [settings.BASE_URL + "/vads-payment/", "depuis le serveur de votre site"],
        [SHOP],
    ),
    "the incident page": (
        "/faq/",
        "incident-technique",
        ["valeur fausse", "champ obligatoire", settings.BRAND["phone"], settings.BRAND["hours"]],
        ["/faq/codes-erreur/#formulaire", CERTIFICATES, CONTACT + "technique"],
    ),
    "going live": ("/faq/", "production", ["essais sont concluants", "certificat de production"], ["/faq/prod/"]),
    "generating the production certificate": ("/faq/prod/", "certificat", ["Générer"], [CERTIFICATES]),
    "the server URL of production": ("/faq/prod/", "url-serveur", ["celle de TEST ne sert pas"], [SERVER_URL]),
    "mails are taken for spam": (
        "/faq/",
        "e-mails",
        [
            settings.BRAND["sender"],
            "avant même que votre logiciel de courrier ne les reçoive",
            "sur le site de votre fournisseur",
            "Non indésirable",
            "expéditeurs autorisés",
            "confirmations de commande",
        ],
        [],
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_situation_of_the_founding_faq_has_its_answer(client, situation):
    path, anchor, facts, ways = SITUATIONS[situation]
    membership = MembershipFactory()
    ShopFactory(company=membership.company, site_id=SITE)
    client.force_login(membership.user)
    answer = element(client.get(path).content.decode(), anchor)
    assert answer, f"{path} has no #{anchor}"
    words, links = answer
    assert [fact for fact in facts if fact not in words] == []
    assert [way for way in ways if way not in links] == []


def test_the_former_addresses_still_lead_to_the_help(client):
    for former, name in (
        ("/html/faq.html", "faq"),
        ("/html/faq/prod", "faq_production"),
        ("/html/error_code/", "faq_error_codes"),
    ):
        assert client.get(former)["Location"] == reverse(f"support:{name}")
