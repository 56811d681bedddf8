"""The signed contract that comes back: its proof is kept, its printed code destroyed, its enrolment over (DOC-06)."""

import pytest

from certificates import actions as certificates
from certificates.models import Contract
from support.enums import RegistrationState
from tests.accounts.factories import AssignmentFactory, MembershipFactory, UserFactory
from tests.certificates.factories import ContractFactory, prove_test_phase
from tests.shops.factories import ShopFactory, member_of
from tests.support.factories import RegistrationFactory

pytestmark = pytest.mark.django_db
DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def contract():
    return ContractFactory()


def url(contract):
    return f"/conseiller/societes/{contract.shop.company.public_id}/contrats/{contract.number}/signe/"


def papers(contract):
    return f"/conseiller/societes/{contract.shop.company.public_id}/pieces/"


def test_strangers_merchants_and_other_portfolios_do_not_reach_it(client, contract):
    assert client.get(url(contract))["Location"].startswith("/connexion/")
    client.force_login(MembershipFactory().user)
    assert client.post(url(contract), {"note": "x"}).status_code == 404
    client.force_login(UserFactory(advisor=True))
    assert client.get(url(contract)).status_code == 200
    assert client.get(url(contract).replace(contract.number, "0000000")).status_code == 404
    AssignmentFactory(company=contract.shop.company)
    assert client.post(url(contract), {"note": "x"}).status_code == 404
    assert not Contract.objects.get().is_signed


@pytest.mark.parametrize("proof", [{"scan_digest": f" {DIGEST.upper()} "}, {"note": "Reçu à l’agence."}])
def test_doc_06_marking_it_signed_destroys_the_code_and_says_how_it_came_back(client, advisor, contract, proof):
    assert contract.code() == "482917"
    assert "Marquer comme signé" in client.get(papers(contract)).text
    shown = client.post(url(contract), proof, follow=True).text
    signed = Contract.objects.get()
    assert (signed.is_signed, signed.code()) == (True, "")
    assert (DIGEST if "scan_digest" in proof else "Reçu à l’agence.") in shown
    assert "est détruit" in shown
    assert "déjà marqué signé" in client.post(url(contract), proof, follow=True).text


@pytest.mark.parametrize(
    ("typed", "fault"),
    [({}, "ou une note"), ({"scan_digest": "xyz"}, "64 caractères"), ({"scan_digest": "g" * 64}, "64 caractères")],
)
def test_without_a_proof_nothing_is_signed(client, advisor, contract, typed, fault):
    assert fault in client.post(url(contract), typed).text
    assert Contract.objects.get().code() == "482917"


def test_the_enrolment_that_led_to_it_is_over_and_its_merchant_told(client, advisor, contract, run_jobs, mailbox):
    registration = RegistrationFactory(accepted=True, shop=contract.shop, company=contract.shop.company)
    client.post(url(contract), {"note": "Reçu à l’agence."})
    registration.refresh_from_db()
    assert registration.state == RegistrationState.SIGNED
    run_jobs()
    [told] = mailbox
    assert told.subject == "Votre contrat signé est enregistré"
    assert "482917" not in told.body


def test_key_06_production_waits_for_the_signed_contract(client, now):
    shop = ShopFactory(site_id="12345678")
    owner = member_of(shop)
    contract = ContractFactory(shop=shop)
    prove_test_phase(shop)
    with pytest.raises(certificates.ContractUnsigned):
        certificates.generate_production_certificate(shop=shop, by=owner, now=now)
    client.force_login(owner)
    waiting = client.get("/boutiques/12345678/certificats/").text
    assert "Il reste le contrat signé." in waiting
    assert "signez-le et renvoyez-le à votre conseiller" in waiting
    certificates.mark_contract_signed(contract=contract, by=None, now=now, note="Papier")
    assert "Tout est prêt." in client.get("/boutiques/12345678/certificats/").text
    assert certificates.generate_production_certificate(shop=shop, by=owner, now=now)
