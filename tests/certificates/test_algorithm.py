"""The choice of the algorithm, mode by mode."""

import pytest

from backoffice.core.models import JournalEntry
from backoffice.vads.signature import Algorithm
from certificates.keys import signing_key
from certificates.models import SignatureSetting
from shops.enums import Mode
from tests.accounts.factories import UserFactory
from tests.certificates.factories import CertificateFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
PAGE = "/boutiques/12345678/certificats/test/algorithme/"


@pytest.fixture
def shop():
    shop = ShopFactory(site_id="12345678")
    CertificateFactory(shop=shop)
    CertificateFactory(shop=shop, production=True)
    return shop


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_passer_by_is_sent_to_the_sign_in_page(client, shop, method):
    assert getattr(client, method)(PAGE)["Location"].startswith("/connexion/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_advisor_chooses_no_algorithm(client, shop, method):
    client.force_login(UserFactory(advisor=True))

    assert getattr(client, method)(PAGE, {"algorithm": "SHA-1"}).status_code == 404


def test_nobody_chooses_for_the_shop_of_somebody_else(client, shop):
    client.force_login(member_of(ShopFactory()))

    assert client.post(PAGE, {"algorithm": "SHA-1"}).status_code == 404
    assert not SignatureSetting.objects.exists()


def test_nobody_chose_means_hmac(client, shop):
    client.force_login(member_of(shop))

    page = client.get(PAGE).content.decode()

    assert signing_key(shop, Mode.TEST).algorithm is Algorithm.HMAC_SHA256
    assert "Mode TEST" in page
    assert "SHA-1 (déconseillé" in page


def test_sha_1_is_chosen_for_one_mode_and_shown_as_deprecated(client, shop):
    client.force_login(member_of(shop))

    page = client.post(PAGE, {"algorithm": "SHA-1"}, follow=True).content.decode()

    assert "Le mode TEST signe désormais en SHA-1." in page
    assert page.count("Déprécié") == 1
    assert signing_key(shop, Mode.TEST).algorithm is Algorithm.SHA1
    assert signing_key(shop, Mode.PRODUCTION).algorithm is Algorithm.HMAC_SHA256
    entry = JournalEntry.objects.get(event="certificate.algorithm_chosen")
    assert entry.detail == {"mode": "TEST", "algorithm": "SHA-1"}


def test_choosing_again_replaces_the_choice(client, shop):
    client.force_login(member_of(shop))
    client.post(PAGE, {"algorithm": "SHA-1"})

    client.post(PAGE, {"algorithm": "HMAC-SHA-256"})

    assert SignatureSetting.objects.get().algorithm == "HMAC-SHA-256"


@pytest.mark.parametrize("typed", ["", "MD5", "sha-1"])
def test_another_algorithm_is_refused(client, shop, typed):
    client.force_login(member_of(shop))

    page = client.post(PAGE, {"algorithm": typed}).content.decode()

    assert "Choisissez l’un des deux algorithmes." in page
    assert not SignatureSetting.objects.exists()
