"""The papers of a company at the desk: what an advisor prints, within the portfolio."""

import pytest

from backoffice.core.events import Event
from backoffice.core.models import JournalEntry
from certificates.models import Attestation
from tests.accounts.factories import AssignmentFactory, UserFactory
from tests.certificates.factories import AttestationFactory, ContractFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    ContractFactory(shop=shop)
    return shop


@pytest.fixture
def papers(shop):
    return f"/conseiller/societes/{shop.company.public_id}/pieces/"


@pytest.fixture
def attest(shop):
    return f"/conseiller/societes/{shop.company.public_id}/boutiques/12345678/attestation/"


def test_an_advisor_establishes_an_attestation_and_finds_it_again(client, shop, papers, attest, run_jobs):
    client.force_login(UserFactory(advisor=True))
    assert f'action="{attest}"' in client.get(papers).text
    page = client.post(attest)["Location"]
    run_jobs()
    answer = client.get(f"{page}document/")
    made = Attestation.objects.get()
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="attestation-{made.number}.pdf"' in answer["Content-Disposition"]
    again = f"/conseiller/societes/{shop.company.public_id}/attestations/{made.number}/"
    assert f'action="{again}"' in client.get(papers).text
    assert client.get(again)["Location"] == papers
    assert client.post(again)["Location"].startswith("/impressions/")
    assert JournalEntry.objects.filter(event=Event.ATTESTATION_ISSUED).count() == 1


def test_a_merchant_and_an_advisor_of_other_portfolios_find_nothing(client, shop, papers, attest):
    made = AttestationFactory(shop=shop)
    printed = f"/conseiller/societes/{shop.company.public_id}/attestations/{made.number}/"
    AssignmentFactory(company=shop.company)
    for stranger in (member_of(shop), UserFactory(advisor=True)):
        client.force_login(stranger)
        assert [client.get(papers).status_code, client.post(attest).status_code, client.get(printed).status_code] == [
            404
        ] * 3
    assert Attestation.objects.count() == 1


def test_a_passer_by_is_led_to_the_door(client, papers, attest):
    assert client.get(papers)["Location"].startswith("/connexion/")
    assert client.post(attest)["Location"].startswith("/connexion/")


def test_neither_a_shop_nor_an_attestation_of_another_company_is_found(client, shop):
    other = AttestationFactory()
    client.force_login(UserFactory(advisor=True))
    base = f"/conseiller/societes/{shop.company.public_id}"
    assert client.post(f"{base}/boutiques/{other.shop.site_id}/attestation/").status_code == 404
    assert client.get(f"{base}/attestations/{other.number}/").status_code == 404


def test_the_page_of_a_signed_contract_computes_the_digest_of_its_scan_without_an_upload(client, shop):
    client.force_login(UserFactory(advisor=True))
    page = client.get(
        f"/conseiller/societes/{shop.company.public_id}/contrats/{shop.contracts.get().number}/signe/"
    ).text
    assert 'data-digest-into="id_scan_digest"' in page
    assert "js/digest.js" in page
