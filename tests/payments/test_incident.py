"""The incident page: the sentence for the buyer and the way back; in TEST, for the webmaster, why and what to do."""

import html
import re
from datetime import timedelta

import pytest

from backoffice.vads.codes import FORM_ERRORS
from payments.form.slips import Slip
from payments.models import LoggedForm
from tests.payments import wire
from tests.payments.factories import go_live, shop_ready
from tests.payments.reading import text_of
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db
URL = "/vads-payment/"
SENTENCE = "Suite à un incident technique, nous ne sommes pas en mesure de traiter votre demande de paiement."
BACK = re.compile(r'<a class="btn btn-primary" href="([^"]+)"[^>]*>Retourner à la boutique</a>')
RETURNS = {"url_error": "https://boutique.example/erreur", "url_return": "https://boutique.example/retour"}


def back_of(response):
    found = BACK.search(response.content.decode())
    return html.unescape(found[1]) if found else None


def in_production(shop, settings, certificate=wire.PRODUCTION_CERTIFICATE, **changes):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    return wire.signed(wire.fields(shop, ctx_mode="PRODUCTION", **changes), certificate)


# --- What the webmaster reads ----------------------------------------------------------------------------------
def test_pay_03_in_test_the_page_says_the_field_its_code_what_is_expected_and_what_to_do(post_form, shop):
    text = text_of(post_form(wire.form_of(shop, order_id="<b>", capture_delay="x")))

    assert SENTENCE in text
    for words in ("06", "vads_capture_delay", "13", "vads_order_id", "Ce qui ne va pas", "Attendu", "Que faire"):
        assert words in text
    assert "texte de 64 caractères au plus" in text
    assert "Appelez le 01 99 00 12 34, du lundi au vendredi" in text.replace(" ,", ",")


def test_pay_03_each_code_leads_to_its_answer_in_the_help(client, post_form, shop):
    page = post_form(wire.form_of(shop, amount="0", currency="36")).content.decode()
    links = re.findall(r'href="(/faq/codes-erreur/#(erreur-[0-9]+))"', page)
    assert [anchor for _, anchor in links] == ["erreur-09", "erreur-10"]
    answers = client.get("/faq/codes-erreur/").content.decode()
    assert all(f'id="{anchor}"' in answers for _, anchor in links)


def test_what_is_expected_is_not_said_twice(post_form, shop):
    text = text_of(post_form(wire.form_of(shop, cust_city="x" * 200)))
    expected = re.search(r"Attendu : (.+?)\.", text.replace("Attendu texte", "Attendu : texte"))[1]
    assert text.count(expected) == 1


def test_in_test_the_page_leads_to_the_form_in_the_log(post_form, shop):
    page = post_form(wire.form_of(shop, amount="0")).content.decode()
    logged = LoggedForm.objects.get()
    assert f'href="/boutiques/{shop.site_id}/formulaires/{logged.public_id}/"' in page


def test_a_form_of_nobody_leads_to_no_log(post_form, shop):
    page = post_form(wire.form_of(shop, site_id="99999999")).content.decode()
    assert "/formulaires/" not in page
    assert FORM_ERRORS["02"].label in page


# --- The signature ---------------------------------------------------------------------------------------------
def test_in_test_a_form_signed_with_the_other_mode_s_certificate_is_told_exactly_that(post_form, shop):
    go_live(shop)
    text = text_of(post_form(wire.signed(wire.fields(shop), wire.PRODUCTION_CERTIFICATE)))
    assert text_of_words(Slip.OTHER_MODE.label) in text
    assert text_of_words(Slip.OTHER_MODE.advice) in text


def test_in_test_a_form_signed_with_the_other_algorithm_is_told_exactly_that(post_form, shop):
    text = text_of(post_form(wire.signed(wire.fields(shop), algorithm="SHA-1")))
    assert text_of_words(Slip.OTHER_ALGORITHM.label) in text


def test_in_test_the_field_added_after_the_calculation_is_named(post_form, shop):
    text = text_of(post_form(wire.form_of(shop) | {"vads_contrib": "Module"}))
    assert text_of_words(Slip.FIELD_ADDED.label) in text
    assert "Le dernier champ ajouté : vads_contrib" in text


def text_of_words(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("mode", ["TEST", "PRODUCTION"])
@pytest.mark.parametrize("signed_with", [wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE, "x" * 16])
def test_key_04_the_page_never_shows_an_expected_signature_nor_a_certificate(
    post_form, shop, settings, mode, signed_with
):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    form = wire.fields(shop, ctx_mode=mode)
    algorithms = ("SHA-1", "HMAC-SHA-256")
    for received in (wire.signature(form, signed_with, "SHA-1"), "a" * 40, ""):
        page = post_form(form | {"signature": received}).content.decode()
        secrets = [wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE]
        secrets += [wire.signature(form, key, one) for key in secrets for one in algorithms]
        assert not [secret for secret in secrets if secret in page or html.escape(secret) in page]


def test_pay_07_in_test_a_date_that_is_too_far_says_by_how_much(post_form, shop, now):
    text = text_of(post_form(wire.form_of(shop, trans_date=wire.trans_date(now - timedelta(hours=25)))))
    assert "L’horloge de la boutique retarde de 25 h." in text
    assert "L’horloge" not in text_of(post_form(wire.form_of(shop, trans_date="2026")))


# --- PRODUCTION ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("certificate", [wire.PRODUCTION_CERTIFICATE, wire.TEST_CERTIFICATE, "x" * 16])
def test_pay_03_production_says_the_sentence_and_what_the_buyer_does_and_nothing_more(
    post_form, shop, settings, certificate
):
    response = post_form(in_production(shop, settings, certificate, amount="0"))

    page, text = response.content.decode(), text_of(response)
    assert response.status_code == 400
    assert SENTENCE in text
    assert "Aucune somme n’est prélevée" in text
    assert "01 99 00 12 34" in text
    for word in ("vads_", "signature", "certificat", "webmestre", "Code", "codes-erreur", "formulaires/", shop.site_id):
        assert word not in page
    assert LoggedForm.objects.get().code in {"00", "09"}


@pytest.mark.parametrize("mode", ["TESTS", None, "test", "PRODUCTION "])
def test_pay_03_a_form_that_says_no_mode_learns_nothing(post_form, shop, mode):
    page = post_form(wire.form_of(shop, ctx_mode=mode)).content.decode()
    assert "webmestre" not in page
    assert "vads_" not in page


# --- The way back ----------------------------------------------------------------------------------------------
def test_pay_12_a_form_that_the_shop_signed_leads_back_where_it_says(post_form, shop, settings):
    assert back_of(post_form(wire.form_of(shop, amount="0", **RETURNS))) == RETURNS["url_error"]
    only_return = {"url_return": RETURNS["url_return"]}
    assert back_of(post_form(wire.form_of(shop, amount="0", **only_return))) == RETURNS["url_return"]
    assert back_of(post_form(wire.form_of(shop, amount="0"))) == shop.url
    assert back_of(post_form(in_production(shop, settings, amount="0", **RETURNS))) == RETURNS["url_error"]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://a.example\\@b.example/", "//a.example/", "https://a b/", "data:text/html,x", ""],
)
def test_pay_12_a_signed_address_that_is_none_is_never_linked(post_form, shop, url):
    assert back_of(post_form(wire.form_of(shop, amount="0", url_error=url))) == shop.url
    assert back_of(post_form(wire.form_of(shop, url_error=url, amount="0", url_return="https://b.example/"))) == (
        "https://b.example/"
    )


@pytest.mark.parametrize("mode", ["TEST", "PRODUCTION"])
def test_pay_12_an_unsigned_address_is_never_linked(post_form, shop, settings, mode):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    evil = {"url_error": "https://pirate.example/", "url_return": "https://pirate.example/"}
    for form in (
        wire.fields(shop, ctx_mode=mode, **evil) | {"signature": "x"},
        wire.fields(shop, ctx_mode=mode, **evil),
        wire.signed(wire.fields(shop, ctx_mode=mode, **evil), wire.TEST_CERTIFICATE + " "),
    ):
        page = post_form(form)
        assert back_of(page) == shop.url
        assert "pirate" not in page.content.decode()


def test_pay_12_an_unreadable_form_leads_to_the_shop_s_own_site(client, shop):
    form = wire.form_of(shop, **RETURNS)
    assert back_of(client.post(URL, form | {"vads_amount": ["1", "2"]})) == shop.url


def test_a_form_of_an_unknown_shop_leads_nowhere(post_form, shop):
    assert back_of(post_form(wire.form_of(shop, site_id="99999999", **RETURNS))) is None


def test_a_shop_that_takes_no_form_still_gets_its_buyers_back(post_form):
    closed, without_certificate = shop_ready(closed=True), ShopFactory()
    assert back_of(post_form(wire.form_of(closed, **RETURNS))) == RETURNS["url_error"]
    assert back_of(post_form(wire.form_of(without_certificate, **RETURNS))) == without_certificate.url
