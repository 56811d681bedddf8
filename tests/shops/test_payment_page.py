"""The settings of a shop's payment page: what is saved, what is refused, who may, and in which words."""

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import ChangesFrozen
from accounts.enums import Role
from accounts.models import User
from backoffice.core import details
from backoffice.core.models import JournalEntry
from backoffice.core.outbound import AddressRefused
from shops.actions import save_payment_page
from shops.enums import Mode
from shops.models import Shop
from tests.accounts.factories import UserFactory, confirm
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
PATH = "/boutiques/12345678/page-de-paiement/"
UNTOUCHED = {
    "return_url_test": "",
    "return_url_production": "",
    "extra_attempts": "0",
    "capture_delay": "0",
    "is_validated_by_hand": "0",
}
BACK = "https://fromagerie.example/retour?panier=1"


@pytest.fixture
def shop():
    return ShopFactory(site_id="12345678")


@pytest.fixture
def save(client, shop):
    """Save as the owner, who has just confirmed who she is."""
    client.force_login(member_of(shop))
    confirm(client)
    return lambda **changes: client.post(PATH, UNTOUCHED | changes, follow=True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_passer_by_is_sent_to_the_sign_in_page(client, shop, method):
    response = getattr(client, method)(PATH)
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_advisor_and_a_reader_find_no_such_page(client, shop, method):
    for person in (UserFactory(advisor=True), member_of(shop, role=Role.READER)):
        client.force_login(person)
        assert getattr(client, method)(PATH).status_code == 404


def test_nobody_sets_the_page_of_somebody_else(client, save):
    other = ShopFactory(site_id="23456789")
    assert client.post("/boutiques/23456789/page-de-paiement/", UNTOUCHED | {"capture_delay": "3"}).status_code == 404
    other.refresh_from_db()
    assert other.capture_delay == 0


def test_a_new_shop_goes_back_to_its_site_tries_once_and_captures_at_once(shop):
    shop.refresh_from_db()
    assert [shop.return_url(mode) for mode in Mode] == ["", ""]
    assert (shop.extra_attempts, shop.capture_delay, shop.is_validated_by_hand) == (0, 0, False)


def test_everything_is_saved_at_once_and_told_in_the_journal_without_the_addresses(save, shop):
    page = save(
        return_url_test=f" {BACK} ",
        return_url_production="http://fromagerie.example/merci",
        extra_attempts="3",
        capture_delay="365",
        is_validated_by_hand="1",
    ).text

    assert "Les réglages de la page de paiement sont enregistrés." in page
    shop.refresh_from_db()
    assert shop.return_url(Mode.TEST) == BACK
    assert shop.return_url(Mode.PRODUCTION) == "http://fromagerie.example/merci"
    assert (shop.extra_attempts, shop.capture_delay, shop.is_validated_by_hand) == (3, 365, True)
    entry = JournalEntry.objects.get(event="shop.payment_page_saved")
    assert entry.company == shop.company.public_id
    assert details.in_words(entry.detail) == [
        ("Délai avant la remise, en jours", "365"),
        ("Essais supplémentaires après un refus", "3"),
        ("Validation manuelle", "oui"),
        ("Adresse de retour PRODUCTION", "changée"),
        ("Adresse de retour TEST", "changée"),
    ]


def test_an_emptied_address_sends_buyers_to_the_site_again(save, shop):
    Shop.objects.update(return_url_test=BACK)
    save(return_url_test="")
    shop.refresh_from_db()
    assert shop.return_url(Mode.TEST) == ""
    assert JournalEntry.objects.get(event="shop.payment_page_saved").detail == {"return_url_test": "removed"}


def test_saving_without_a_change_writes_nothing(save):
    save()
    assert not JournalEntry.objects.filter(event="shop.payment_page_saved").exists()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("return_url_test", "javascript:alert(1)", "L’adresse commence par https:// ou http://."),
        ("return_url_test", "www.fromagerie.example/retour", "L’adresse commence par https:// ou http://."),
        ("return_url_production", "https://user:secret@fromagerie.example/", "Cette adresse est illisible"),
        ("return_url_production", "https://from agerie.example/", "Cette adresse est illisible"),
        ("return_url_test", "https://" + "a" * 1100 + ".example/", "Cette adresse est trop longue"),
        ("extra_attempts", "4", "Saisissez un nombre entier de 0 à 3."),
        ("extra_attempts", "", "Saisissez un nombre entier de 0 à 3."),
        ("capture_delay", "366", "Saisissez un nombre entier de 0 à 365."),
        ("capture_delay", "-1", "Saisissez un nombre entier de 0 à 365."),
        ("capture_delay", "demain", "Saisissez un nombre entier de 0 à 365."),
        ("is_validated_by_hand", "2", "Choisissez l’une des deux validations."),
    ],
)
def test_a_wrong_value_is_refused_by_what_to_do_and_all_that_was_typed_stays(save, shop, field, typed, words):
    other = "extra_attempts" if field == "capture_delay" else "capture_delay"
    page = save(**{other: "2", field: typed}).text

    assert words in page
    assert f'name="{other}" value="2"' in page
    assert field == "is_validated_by_hand" or not typed or f'value="{typed}"' in page
    shop.refresh_from_db()
    assert (shop.capture_delay, shop.extra_attempts, shop.return_url_test) == (0, 0, "")


def test_a_return_address_is_never_resolved_nor_kept_to_public_networks(save, shop):
    """Only browsers go there (design 4.10): the shop's own machine is a fine place to come back to."""
    save(return_url_test="http://localhost:8001/retour")
    shop.refresh_from_db()
    assert shop.return_url(Mode.TEST) == "http://localhost:8001/retour"


def test_key_03_whatever_real_payments_depend_on_asks_who_is_there_and_the_test_address_does_not(client, shop):
    client.force_login(member_of(shop))
    for changes in ({"return_url_production": BACK}, {"extra_attempts": "1"}, {"capture_delay": "1"}):
        response = client.post(PATH, UNTOUCHED | changes)
        assert response["Location"].startswith("/profil/confirmer/"), changes
    assert client.post(PATH, UNTOUCHED | {"return_url_test": BACK})["Location"] == PATH
    shop.refresh_from_db()
    assert (shop.return_url_test, shop.return_url_production) == (BACK, "")


def test_what_waits_for_a_confirmation_is_given_back_in_words(client, shop):
    client.force_login(member_of(shop))
    client.post(PATH, UNTOUCHED | {"return_url_production": BACK, "is_validated_by_hand": "1"})
    confirm(client)

    page = client.get("/connexion/reprise/").text

    for words in ("Enregistrer les réglages de la page de paiement", BACK, "Manuelle", "Délai avant la remise"):
        assert words in page
    assert "Champ " not in page


def test_authz_03_an_integrator_sets_the_test_address_and_nothing_else(client, shop):
    client.force_login(member_of(shop, role=Role.INTEGRATOR))
    page = client.get(PATH).text
    assert "Adresse de retour TEST" in page
    assert "Adresse de retour PRODUCTION" not in page
    assert "Essais supplémentaires" not in page

    client.post(
        PATH,
        {
            "return_url_test": BACK,
            "return_url_production": "https://voleur.example/",
            "extra_attempts": "3",
            "capture_delay": "365",
            "is_validated_by_hand": "1",
        },
    )

    shop.refresh_from_db()
    assert (shop.return_url_test, shop.return_url_production) == (BACK, "")
    assert (shop.extra_attempts, shop.capture_delay, shop.is_validated_by_hand) == (0, 0, False)


def test_auth_16_a_frozen_account_changes_nothing_of_real_payments_and_is_told_why(save, shop):
    User.objects.update(changes_frozen_at="2026-11-24T00:00:00Z")

    page = save(capture_delay="7").text

    assert "Ces réglages ne sont pas enregistrés" in page
    assert 'name="capture_delay" value="7"' in page
    shop.refresh_from_db()
    assert shop.capture_delay == 0
    assert not JournalEntry.objects.filter(event="shop.payment_page_saved").exists()


def test_a_frozen_account_still_tests(save, shop):
    User.objects.update(changes_frozen_at="2026-11-24T00:00:00Z")
    save(return_url_test=BACK)
    shop.refresh_from_db()
    assert shop.return_url_test == BACK


def test_the_action_judges_by_itself(shop, now):
    member = member_of(shop)
    with pytest.raises(AddressRefused):
        save_payment_page(shop=shop, changes={"return_url_test": "javascript:alert(1)"}, by=member, now=now)
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)
    with pytest.raises(ChangesFrozen):
        save_payment_page(shop=shop, changes={"return_url_production": BACK}, by=member, now=now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"return_url_test": "javascript:alert(1)"},
        {"return_url_production": "ftp://fromagerie.example/"},
        {"extra_attempts": 4},
        {"capture_delay": 366},
    ],
)
def test_the_database_refuses_what_the_form_does(shop, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(**wrong)


def test_the_shop_s_page_tells_the_settings_and_leads_to_them(client, shop):
    Shop.objects.update(return_url_test=BACK, extra_attempts=2, capture_delay=1, is_validated_by_hand=True)
    client.force_login(member_of(shop))
    page = client.get("/boutiques/12345678/").text
    for words in (BACK, "L’accueil du site", "1 jour après le paiement, validation manuelle", f'href="{PATH}"'):
        assert words in page.replace("\u00a0", " ")
