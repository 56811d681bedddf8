"""The closed list of what the journal can tell, `subject.action`, by room (design 4.20)."""

from django.db import models


class Event(models.TextChoices):
    # accounts
    COMPANY_CREATED = "company.created", "Entreprise créée"
    ACCOUNT_OPENED = "account.opened", "Compte ouvert"
    ACCOUNT_BLOCKED = "account.blocked", "Compte bloqué"
    ACCOUNT_SIGNED_IN = "account.signed_in", "Connexion"
    ACCOUNT_SIGNED_OUT = "account.signed_out", "Déconnexion"
    ACCOUNT_SIGN_IN_REFUSED = "account.sign_in_refused", "Connexion refusée"
    TEMPORARY_PASSWORD_DRAWN = "temporary_password.drawn", "Mot de passe temporaire envoyé"
    TEMPORARY_PASSWORD_ACCEPTED = "temporary_password.accepted", "Mot de passe temporaire accepté"
    CODE_ACCEPTED = "code.accepted", "Code de première connexion accepté"
    CODE_REFUSED = "code.refused", "Code de première connexion refusé"
    PASSWORD_CHOSEN = "password.chosen", "Mot de passe choisi"
    # shops
    SHOP_CREATED = "shop.created", "Boutique créée"
    SHOP_SERVER_URL_SAVED = "shop.server_url_saved", "URL serveur enregistrée"
    # certificates
    CERTIFICATE_ALGORITHM_CHOSEN = "certificate.algorithm_chosen", "Algorithme de signature choisi"
    CERTIFICATE_GENERATED = "certificate.generated", "Certificat de production généré"
    CERTIFICATE_ISSUED = "certificate.issued", "Certificat de test créé"
    CERTIFICATE_REVEALED = "certificate.revealed", "Certificat affiché"
    CONTRACT_ISSUED = "contract.issued", "Contrat établi"
    CONTRACT_SIGNED = "contract.signed", "Contrat signé"
    # payments
    # support
    CONTACT_REQUEST_RECEIVED = "contact_request.received", "Demande de contact reçue"
