"""The page of the server URLs: what is saved, what is refused, and in which words."""

import pytest

from accounts.actions import ChangesFrozen
from accounts.models import User
from backoffice.core.models import JournalEntry
from shops.actions import save_server_url
from shops.enums import Mode
from shops.models import ServerUrl
from tests.accounts.factories import UserFactory, confirm
from tests.shops.factories import ServerUrlFactory, ShopFactory, member_of

pytestmark = pytest.mark.django_db
NOT_REACHABLE = "Ce site n’est pas joignable depuis Internet."


@pytest.fixture(autouse=True)
def _names(settings):
    """What the names resolve to, without a name server."""
    settings.OUTBOUND_RESOLVER = {"fromagerie.example": "93.184.215.14", "interne.example": "10.0.0.7"}


@pytest.fixture
def shop():
    return ShopFactory(site_id="12345678")


@pytest.fixture
def path(shop):
    return f"/boutiques/{shop.site_id}/url-serveur/"


@pytest.fixture
def save(client, shop, path):
    client.force_login(member_of(shop))
    confirm(client)

    def post(mode, url, **extra):
        return client.post(path, {"mode": mode, f"{mode.lower()}-url": url, **extra}, follow=True)

    return post


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_passer_by_is_sent_to_the_sign_in_page(client, path, method):
    response = getattr(client, method)(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_advisor_finds_no_server_url(client, path, method):
    client.force_login(UserFactory(advisor=True))

    assert getattr(client, method)(path).status_code == 404


def test_nobody_changes_the_address_of_somebody_else(client, save, path):
    other = ShopFactory(site_id="23456789")

    response = client.post(
        "/boutiques/23456789/url-serveur/", {"mode": "TEST", "test-url": "https://fromagerie.example/ipn"}
    )

    assert response.status_code == 404
    assert not ServerUrl.objects.filter(shop=other).exists()


@pytest.mark.parametrize("mode", Mode.values)
def test_an_address_is_saved_for_its_mode_only(save, shop, mode):
    page = save(mode, " https://fromagerie.example/notification?boutique=1 ").content.decode()

    assert f"L’URL serveur {mode} est enregistrée." in page
    saved = ServerUrl.objects.get(shop=shop)
    assert (saved.mode, saved.url) == (mode, "https://fromagerie.example/notification?boutique=1")
    assert saved.saved_by.memberships.get().company == shop.company
    entry = JournalEntry.objects.get(event="shop.server_url_saved")
    assert (entry.company, entry.detail) == (shop.company.public_id, {"mode": mode})


def test_saving_again_replaces_the_address(save, shop):
    ServerUrlFactory(shop=shop, url="https://fromagerie.example/avant")

    save("TEST", "https://fromagerie.example/apres")

    assert shop.server_urls.get().url == "https://fromagerie.example/apres"


def test_plain_http_is_saved_in_test_with_a_visible_warning(save, shop):
    page = save("TEST", "http://fromagerie.example/notification").content.decode()

    assert "Cette adresse n’est pas chiffrée." in page
    assert shop.server_urls.get().url == "http://fromagerie.example/notification"


def test_plain_http_is_refused_in_production_and_stays_typed(save, shop):
    page = save("PRODUCTION", "http://fromagerie.example/notification").content.decode()

    assert "En mode PRODUCTION, l’adresse doit commencer par https://." in page
    assert 'value="http://fromagerie.example/notification"' in page
    assert not shop.server_urls.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Indiquez l’adresse que donne la documentation de votre module de paiement."),
        ("ftp://fromagerie.example/x", "L’adresse doit commencer par https://"),
        ("javascript:alert(1)", "L’adresse doit commencer par https://"),
        ("https://fromagerie.example\\@127.0.0.1/", "Cette adresse est illisible"),
        ("https://user:secret@fromagerie.example/", "Cette adresse est illisible"),
        ("https://fromagerie.example:22/", "Ce numéro de port n’est pas accepté."),
        ("https://" + "a" * 1100 + ".example/", "Cette adresse est trop longue"),
    ],
)
def test_a_wrong_address_is_refused_by_what_to_do(save, shop, typed, words):
    page = save("TEST", typed).content.decode()

    assert words in page
    assert not shop.server_urls.exists()


@pytest.mark.parametrize(
    "typed", ["https://localhost/ipn", "https://interne.example/ipn", "https://absent.invalid/ipn"]
)
def test_a_name_an_inner_address_and_a_missing_name_are_refused_in_the_same_words(save, shop, typed):
    page = save("PRODUCTION", typed).content.decode()

    assert NOT_REACHABLE in page
    assert f'value="{typed}"' in page
    assert not shop.server_urls.exists()


def test_a_refused_address_leaves_the_former_one_in_place(save, shop):
    ServerUrlFactory(shop=shop, url="https://fromagerie.example/avant")

    save("TEST", "https://interne.example/ipn")

    assert shop.server_urls.get().url == "https://fromagerie.example/avant"
    assert not JournalEntry.objects.filter(event="shop.server_url_saved").exists()


def test_fields_that_nobody_asked_for_change_nothing(save, shop):
    other = ShopFactory()

    save("TEST", "https://fromagerie.example/ipn", shop=other.pk, label="Autre", state="closed", site_id="99999999")

    shop.refresh_from_db()
    assert (shop.site_id, shop.state) == ("12345678", "open")
    assert not other.server_urls.exists()


@pytest.mark.parametrize("mode", ["", "LIVE", "test"])
def test_a_mode_that_does_not_exist_is_not_found(client, save, path, shop, mode):
    assert client.post(path, {"mode": mode, "test-url": "https://fromagerie.example/"}).status_code == 404
    assert not shop.server_urls.exists()


def test_auth_16_a_frozen_account_keeps_its_production_address_and_is_told_why(save, shop):
    ServerUrlFactory(shop=shop, production=True, url="https://fromagerie.example/avant")
    User.objects.update(changes_frozen_at="2026-11-24T00:00:00Z")

    page = save("PRODUCTION", "https://fromagerie.example/ailleurs").text

    assert "les modifications de votre compte sont gelées" in page
    assert 'value="https://fromagerie.example/ailleurs"' in page
    assert shop.server_url(Mode.PRODUCTION) == "https://fromagerie.example/avant"
    assert not JournalEntry.objects.filter(event="shop.server_url_saved").exists()


def test_a_frozen_account_still_tests(save, shop):
    User.objects.update(changes_frozen_at="2026-11-24T00:00:00Z")
    save("TEST", "https://fromagerie.example/essai")
    assert shop.server_url(Mode.TEST) == "https://fromagerie.example/essai"


def test_auth_16_a_freeze_that_comes_while_a_name_is_looked_up_counts(shop, now):
    member = member_of(shop)
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)
    with pytest.raises(ChangesFrozen):
        save_server_url(shop=shop, mode=Mode.PRODUCTION, url="https://fromagerie.example/ipn", by=member, now=now)
    assert not ServerUrl.objects.exists()
