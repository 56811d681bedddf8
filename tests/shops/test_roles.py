"""What readers and integrators see of a shop, and what nobody changes by posting it (AUTHZ-03, AUTHZ-04)."""

import pytest

from accounts.enums import Role
from backoffice.core.models import JournalEntry
from certificates.actions import mark_contract_signed
from certificates.models import Certificate, SignatureSetting
from shops.enums import Mode
from shops.models import ServerUrl, Shop
from tests.accounts.factories import confirm
from tests.certificates.factories import CertificateFactory, ContractFactory, prove_test_phase
from tests.payments.factories import TransactionFactory
from tests.shops.factories import ServerUrlFactory, ShopFactory, member_of

pytestmark = pytest.mark.django_db
SHOP = "/boutiques/12345678/"
TEST_VALUE, REAL_VALUE = "1122334455667788", "aB3dE5gH7jK9mN1p"


@pytest.fixture
def shop(settings):
    settings.OUTBOUND_RESOLVER = {"fromagerie.example": "93.184.215.14"}
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    CertificateFactory(shop=shop, value=TEST_VALUE)
    CertificateFactory(shop=shop, production=True, value=REAL_VALUE)
    ServerUrlFactory(shop=shop, url="https://essai.example/notification")
    ServerUrlFactory(shop=shop, production=True, url="https://vente.example/notification")
    ContractFactory(shop=shop)
    return shop


@pytest.fixture
def visit(client, shop):
    """Sign somebody of this role in; return what opens a page as them, and reads it."""

    def sign_in(role):
        client.force_login(member_of(shop, role=role))
        confirm(client)
        return lambda path: client.get(SHOP + path).content.decode()

    return sign_in


def test_authz_03_a_reader_sees_everything_but_secrets_and_no_button(visit):
    read = visit(Role.READER)
    page = read("")
    assert "https://vente.example/notification" in page
    assert "Modifier" not in page
    page = read("certificats/")
    assert "Certificat de TEST" in page
    assert "Certificat de PRODUCTION" in page
    for words in ("Afficher", "Modifier", "Générer", TEST_VALUE, REAL_VALUE):
        assert words not in page


def test_authz_03_a_reader_writes_nothing(client, shop, visit):
    visit(Role.READER)
    before = JournalEntry.objects.count()
    for path, typed in {
        "url-serveur/": {"mode": "TEST", "test-url": "https://fromagerie.example/"},
        "page-de-paiement/": {"return_url_test": "https://fromagerie.example/"},
        "certificats/test/afficher/": {},
        "certificats/test/algorithme/": {"algorithm": "SHA-1"},
        "certificats/generer/": {},
    }.items():
        assert client.post(SHOP + path, typed).status_code == 404
    assert JournalEntry.objects.count() == before
    assert shop.server_url(Mode.TEST) == "https://essai.example/notification"


def test_an_integrator_sees_the_test_side_alone(visit):
    read = visit(Role.INTEGRATOR)
    page = read("")
    assert "https://essai.example/notification" in page
    assert "vente.example" not in page
    page = read("url-serveur/")
    assert "test-url" in page
    assert "production-url" not in page
    assert "vente.example" not in page
    page = read("certificats/")
    assert "Certificat de TEST" in page
    assert "Certificat de PRODUCTION" not in page
    page = read("transactions/")
    assert "mode=PRODUCTION" not in page
    assert "Contrat" not in page


def test_an_integrator_reads_the_test_certificate_and_sets_the_test_address(client, shop, visit):
    visit(Role.INTEGRATOR)
    assert TEST_VALUE in client.post(f"{SHOP}certificats/test/afficher/").content.decode()
    client.post(f"{SHOP}url-serveur/", {"mode": "TEST", "test-url": "https://fromagerie.example/ipn"})
    assert ServerUrl.objects.get(mode=Mode.TEST).url == "https://fromagerie.example/ipn"


def test_an_integrator_never_touches_production(client, shop, visit):
    visit(Role.INTEGRATOR)
    real = TransactionFactory(shop=shop, mode=Mode.PRODUCTION)
    assert client.get(f"{SHOP}transactions/?mode=PRODUCTION").status_code == 404
    assert client.get(f"{SHOP}transactions/{real.public_id}/").status_code == 404
    assert client.get(f"{SHOP}contrat/").status_code == 404
    assert client.get(f"{SHOP}contrat/pdf/").status_code == 404
    for path, typed in {
        "url-serveur/": {"mode": "PRODUCTION", "production-url": "https://fromagerie.example/"},
        "certificats/production/afficher/": {},
        "certificats/production/algorithme/": {"algorithm": "SHA-1"},
        "certificats/generer/": {},
    }.items():
        assert client.post(SHOP + path, typed).status_code == 404
    assert ServerUrl.objects.get(mode=Mode.PRODUCTION).url == "https://vente.example/notification"
    assert not SignatureSetting.objects.filter(mode=Mode.PRODUCTION).exists()


def test_an_integrator_given_no_shop_is_told_whom_to_ask(client, shop):
    member = member_of(shop, role=Role.INTEGRATOR)
    member.shop_accesses.all().delete()
    client.force_login(member)
    assert "Aucune boutique ne vous est confiée" in client.get("/boutiques/").content.decode()
    assert client.get(SHOP).status_code == 404


def test_a_production_url_field_beside_a_test_one_changes_nothing(client, shop, visit):
    visit(Role.INTEGRATOR)
    typed = {
        "mode": "TEST",
        "test-url": "https://fromagerie.example/ipn",
        "production-url": "https://fromagerie.example/volee",
    }
    client.post(f"{SHOP}url-serveur/", typed)
    assert ServerUrl.objects.get(mode=Mode.PRODUCTION).url == "https://vente.example/notification"


def test_authz_04_siret_contract_state_and_production_flag_are_not_fields(client, visit):
    """A merchant posts every column's name to every form of a shop: what is no field of the form is not read."""
    shop = ShopFactory(site_id="23456789")
    CertificateFactory(shop=shop)
    contract = ContractFactory(shop=shop)
    client.force_login(member_of(shop))
    confirm(client)
    extra = {
        "siret": "90417265700010",
        "legal_name": "Autre",
        "company": "1",
        "company_id": "1",
        "state": "signed",
        "signed_at": "2026-01-01",
        "mode": "TEST",
        "is_live": "on",
        "production": "on",
        "site_id": "12345678",
        "role": "owner",
    }
    for path, typed in {
        "url-serveur/": {"test-url": "https://fromagerie.example/ipn"},
        "page-de-paiement/": {"return_url_test": "https://fromagerie.example/retour"},
        "certificats/test/algorithme/": {"algorithm": "SHA-1"},
        "certificats/generer/": {},
    }.items():
        client.post(f"/boutiques/23456789/{path}", extra | typed)
    kept, agreed = Shop.objects.select_related("company").get(pk=shop.pk), contract.state
    assert (kept.site_id, kept.company.siret, kept.state) == ("23456789", shop.company.siret, shop.state)
    contract.refresh_from_db()
    assert (contract.state, contract.signed_at) == (agreed, None)
    assert not Certificate.objects.filter(shop=shop, mode=Mode.PRODUCTION).exists()
    # A finished test phase and a signed contract are what makes the certificate, not a field.
    prove_test_phase(shop)
    mark_contract_signed(contract=contract, by=None, now=contract.issued_at, note="Papier")
    client.post("/boutiques/23456789/certificats/generer/", {"mode": "TEST"})
    assert Certificate.objects.filter(shop=shop, mode=Mode.PRODUCTION).exists()
