"""The numbers that the help gives are the ones the product keeps."""

import pytest
from django.conf import settings

from accounts import rules as accounts
from accounts.enums import LinkPurpose, UserKind
from backoffice.core.outbound import client as outbound
from backoffice.core.outbound.outcome import EXCERPT_LENGTH
from backoffice.vads import moments
from payments import rules as payments
from tests.support.help import element


def hours(length):
    return int(length.total_seconds() // 3600)


def minutes(length):
    return int(length.total_seconds() // 60)


LATER = ", ".join(str(hours(wait)) for wait in payments.LATER_RETRIES[:-1]) + f" et {hours(payments.LATER_RETRIES[-1])}"
PROMISED = [
    ("/faq/", "premiere-connexion", f"dans les {hours(accounts.TEMPORARY_PASSWORD_LIFE)} heures"),
    ("/faq/", "session", f"{minutes(accounts.IDLE_LIMITS[UserKind.MERCHANT])} minutes sans rien faire"),
    ("/faq/", "session", f"{hours(accounts.ABSOLUTE_LIMITS[UserKind.MERCHANT])} heures après la connexion"),
    ("/faq/", "session", f"confirmation vaut {minutes(accounts.CONFIRMATION_LIFE)} minutes"),
    ("/faq/", "coordonnees", f"{hours(accounts.CONTACT_HOLD)} heures plus tard"),
    ("/faq/", "message-suspect", f"pendant {accounts.LINK_LIVES[LinkPurpose.NOT_ME].days} jours"),
    ("/faq/", "mot-de-passe", f"au moins {accounts.MERCHANT_MINIMUM_LENGTH} caractères"),
    ("/faq/fonctionnalites/", "parcours", f"Il a {minutes(payments.SESSION_LIFETIME)} minutes"),
    ("/faq/fonctionnalites/", "remise", f"vaut {payments.AUTHORISATION_VALIDITY.days} jours"),
    ("/faq/fonctionnalites/", "remise", f"{payments.LONG_AUTHORISATION_VALIDITY.days} pour Maestro"),
    ("/faq/fonctionnalites/", "formulaire", f"plus de {minutes(moments.SILENT_DRIFT)} minutes"),
    ("/faq/fonctionnalites/", "formulaire", f"au-delà de {hours(moments.LARGEST_DRIFT)} heures"),
    ("/faq/fonctionnalites/", "formulaire", f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} champs au plus"),
    ("/faq/url-serveur/", "reponse", f"en moins de {int(outbound.TOTAL_SECONDS)} secondes"),
    ("/faq/url-serveur/", "reponse", f"les {EXCERPT_LENGTH} premiers caractères"),
    ("/faq/url-serveur/", "essais", f"puis {LATER} heures plus tard"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "anchor", "promise"), PROMISED)
def test_the_help_promises_what_the_rules_hold(client, path, anchor, promise):
    assert promise in element(client.get(path).content.decode(), anchor)[0]


@pytest.mark.django_db
def test_the_help_counts_the_calls_and_the_former_passwords_in_words(client):
    assert payments.MAX_ATTEMPTS == 10
    assert "jusqu’à dix fois" in element(client.get("/faq/url-serveur/").content.decode(), "essais")[0]
    assert accounts.PASSWORDS_REMEMBERED == 4
    assert "quatre derniers mots de passe" in element(client.get("/faq/").content.decode(), "mot-de-passe")[0]
    assert accounts.MAX_TRIES == 3
    assert "Trois essais" in element(client.get("/faq/").content.decode(), "compte-bloque")[0]
