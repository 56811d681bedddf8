"""The integration guide: the shop's own facts for whoever may read them, and samples that really sign."""

import html
import json
import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from backoffice.vads import fields as wire_fields
from backoffice.vads import moments
from backoffice.vads.dictionary import THEMES
from backoffice.vads.form_errors import FORM_ERRORS
from backoffice.vads.signature import Algorithm, is_valid
from certificates.models import SignatureSetting
from payments.guide import samples
from payments.guide.example import KEY, example
from payments.guide.lookup import themes_about
from shops.enums import Mode
from shops.models import Shop
from tests.accounts.factories import UserFactory
from tests.house.source import ROOT
from tests.payments import wire
from tests.payments.factories import go_live, shop_ready
from tests.shops.factories import ShopFactory, member_of

EVERY_FIELD = [one for theme in THEMES for one in theme.fields]
VECTORS = json.loads((ROOT / "tests" / "data" / "vectors.json").read_text("utf-8"))["vectors"]


def path(shop):
    return reverse("payments:guide", args=[shop.site_id])


def text_of(response):
    return html.unescape(re.sub(r"<[^>]+>", "", response.text)).replace("\N{NO-BREAK SPACE}", " ")


# --- Whose page it is ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_passer_by_is_sent_to_the_sign_in_page_and_an_advisor_finds_nothing(client):
    shop = ShopFactory()
    assert client.get(path(shop))["Location"].startswith("/connexion/")
    client.force_login(UserFactory(advisor=True))
    assert client.get(path(shop)).status_code == 404


@pytest.mark.django_db
def test_the_guide_of_somebody_else_answers_like_one_that_does_not_exist(client):
    client.force_login(member_of(ShopFactory()))
    assert client.get(path(ShopFactory())).status_code == 404


@pytest.fixture
def live(db, settings):
    """A shop with both of its modes set, each in its own way."""
    settings.BASE_URL = "https://paiement.example"
    shop = shop_ready(site_id="12345678", url="https://essai.example/notification")
    go_live(shop, url="https://vente.example/notification")
    Shop.objects.update(return_url_production="https://vente.example/merci")
    SignatureSetting.objects.create(shop=shop, mode=Mode.PRODUCTION, algorithm=Algorithm.SHA1)
    return shop


@pytest.mark.parametrize("role", Role)
def test_every_role_of_the_shop_reads_its_facts_and_never_a_certificate(client, live, role):
    client.force_login(member_of(live, role=role))
    response = client.get(path(live))
    page = text_of(response)
    for fact in ("12345678", "https://paiement.example/vads-payment/", "https://essai.example/notification"):
        assert fact in page
    for name in ("certificates:detail", "payments:refused_forms", "payments:transactions"):
        assert reverse(name, args=["12345678"]) in response.text
    for secret in (wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE):
        assert secret not in response.text


def test_authz_03_an_integrator_reads_nothing_of_production(client, live):
    client.force_login(member_of(live, role=Role.INTEGRATOR))
    page = text_of(client.get(path(live)))
    for words in ("https://vente.example", "Algorithme PRODUCTION", "URL serveur PRODUCTION"):
        assert words not in page
    client.force_login(member_of(live))
    page = text_of(client.get(path(live)))
    assert "https://vente.example/notification" in page
    assert "https://vente.example/merci" in page
    assert re.search(r"Algorithme PRODUCTION\s*SHA-1", page)


def test_authz_03_a_reader_finds_no_button_to_settings(client, live):
    client.force_login(member_of(live, role=Role.READER))
    page = client.get(path(live)).text
    for name in ("shops:server_url", "shops:payment_page"):
        assert reverse(name, args=["12345678"]) not in page
    client.force_login(member_of(live, role=Role.INTEGRATOR))
    page = client.get(path(live)).text
    for name in ("shops:server_url", "shops:payment_page"):
        assert reverse(name, args=["12345678"]) in page


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_the_menu_leads_to_the_guide_and_puts_it_first_for_integrators(client, role):
    shop = ShopFactory()
    client.force_login(member_of(shop, role=role))
    menu = client.get(reverse("shops:detail", args=[shop.site_id])).text
    titles = re.findall(r'<p class="menu-title">([^<]+)</p>', menu)
    assert (titles[0] == "Intégrateur") is (role == Role.INTEGRATOR)
    assert path(shop) in menu


@pytest.mark.django_db
def test_every_line_of_the_contents_leads_to_its_part_of_the_page(client):
    shop = ShopFactory()
    client.force_login(member_of(shop))
    page = client.get(path(shop)).text
    anchors = re.findall(r'<li>\s*<a href="#([\w-]+)"', page)
    assert len(anchors) >= 11
    for anchor in re.findall(r'href="#([\w-]+)"', page):
        assert f'id="{anchor}"' in page, anchor


# --- What it says is so ----------------------------------------------------------------------------------------
def test_the_example_is_a_form_without_a_fault_and_signed_as_the_house_verifies():
    shown = example(site_id="12345678", entry_url="https://paiement.example/vads-payment/")
    fields = {row.name: row.value for row in shown.rows}
    assert wire_fields.check(fields) == []
    assert list(fields) == sorted(fields)
    assert shown.message == "+".join([*fields.values(), KEY])
    for algorithm, value in shown.signatures.items():
        assert is_valid(fields, value, KEY, algorithm)
        assert wire.signature(fields, KEY, algorithm.value) == value
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', shown.html))
    assert sent == fields | {"signature": shown.signatures[Algorithm.HMAC_SHA256]}


@pytest.mark.django_db
def test_the_page_shows_the_example_with_the_shop_s_own_identifier(client, live):
    client.force_login(member_of(live))
    page = text_of(client.get(path(live)))
    shown = example(site_id="12345678", entry_url="https://paiement.example/vads-payment/")
    for words in (shown.message, *shown.signatures.values(), "SINGLE+12345678+20261125143000"):
        assert words in page


def python_sample():
    made = {}
    exec(compile(samples.PYTHON, "sample.py", "exec"), made)
    return made["signature"], made["est_authentique"]


@pytest.mark.parametrize("vector", [one for one in VECTORS if not one.get("refused")], ids=lambda one: one["name"])
def test_the_python_sample_signs_the_golden_vectors(vector):
    signature, is_genuine = python_sample()
    for algorithm, known in (("SHA-1", vector["sha1"]), ("HMAC-SHA-256", vector["hmac_sha256"])):
        assert signature(vector["fields"], vector["key"], algorithm) == known
        received = vector["fields"] | {"signature": known, "bouton": "Payer"}
        assert is_genuine(received, vector["key"], algorithm)
        assert not is_genuine(received | {"vads_de_plus": ""}, vector["key"], algorithm)
        assert not is_genuine(vector["fields"], vector["key"], algorithm)


def test_the_python_moment_is_the_wire_s():
    made = {}
    exec(f"from datetime import UTC, datetime\nmoment = {samples.PYTHON_MOMENT}", made)
    assert moments.parse(made["moment"])


@pytest.mark.django_db
def test_every_field_of_the_dictionary_stands_once_with_its_code_which_the_help_explains(client):
    shop = ShopFactory()
    client.force_login(member_of(shop))
    page = client.get(path(shop)).text
    for one in EVERY_FIELD:
        assert page.count(f'id="champ-{one.name}"') == 1
        assert one.code in FORM_ERRORS
        assert f"#erreur-{one.code}" in page
    assert len(re.findall("Obligatoire</span>", page)) == len(wire_fields.MANDATORY)
    assert "vads_product_labelN" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("vads_trans_date", {"vads_trans_date"}),
        ("ADRESSE Retour défaut", {"vads_url_return"}),
        ("adresse de retour par defaut", {"vads_url_return"}),
        ("48", {"vads_return_mode"}),
    ],
)
def test_fields_are_found_by_name_meaning_or_code_without_capitals_or_accents(client, typed, names):
    shop = ShopFactory()
    client.force_login(member_of(shop))
    page = client.get(path(shop), {"recherche": typed}).text
    found = set(re.findall(r'id="champ-(\w+)"', page))
    assert names <= found
    assert len(found) < len(EVERY_FIELD) / 2
    assert f'value="{html.escape(typed)}"' in page
    assert "Voir tous les champs" in page


@pytest.mark.django_db
def test_words_that_name_no_field_are_told_so(client):
    shop = ShopFactory()
    client.force_login(member_of(shop))
    assert "Aucun champ de la liste" in text_of(client.get(path(shop), {"recherche": '<script>"xyzzy'}))
    assert client.get(path(shop), {"recherche": "é" * 5000}).status_code == 200


def test_an_empty_search_leaves_nothing_out():
    assert [theme.name for theme in themes_about(" ")] == [theme.name for theme in THEMES]
