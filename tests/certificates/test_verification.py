"""The public page that recognises a document: by number and digest together, without a name, ten guesses at most."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from certificates.enums import AmendmentKind
from certificates.models import Amendment, Attestation, Contract
from shops.models import Shop
from tests.accounts.factories import UserFactory
from tests.certificates.factories import AmendmentFactory, AttestationFactory, CertificateFactory, ContractFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
PAGE = "/verifier/"
OURS = "Ce document est bien le nôtre"
NOBODY_S = "Aucun document ne porte ce numéro et cette empreinte"
TODAY = timezone.now


@pytest.fixture
def contract():
    return ContractFactory(signed=True, issued_at=timezone.now() - timedelta(days=10))


def asked(client, number, digest, **more):
    return client.post(PAGE, {"document_number": number, "digest": digest}, **more)


def words(answer):
    return " ".join(strip_tags(answer.text).split())


def test_anybody_opens_the_page_and_nothing_is_answered_yet(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert OURS not in answer.text
    assert NOBODY_S not in answer.text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("length", [12, 64])
def test_a_contract_is_recognised_by_its_short_digest_and_by_the_whole(client, contract, length):
    said = words(asked(client, contract.number, contract.digest[:length]))
    assert OURS in said
    assert "Contrat d’adhésion, établi le" in said
    assert "C’est le document en vigueur." in said


def test_the_address_of_the_picture_shows_the_answer_filled_in(client, contract):
    answer = client.get(PAGE, {"numero": contract.number, "empreinte": contract.short_digest})
    assert OURS in answer.text
    assert f'value="{contract.number}"' in answer.text
    assert f'value="{contract.short_digest}"' in answer.text


def test_what_people_copy_around_the_number_and_the_digest_does_not_matter(client, contract):
    digest = contract.short_digest.upper()
    assert OURS in asked(client, f" N° {contract.number[:4]} {contract.number[4:]}", f"{digest[:6]} {digest[6:]}").text


def test_a_wrong_number_and_a_wrong_digest_are_one_answer(client, contract):
    """No search by number: what exists cannot be told from what does not."""
    wrong = "0" * 12 if not contract.digest.startswith("0") else "1" * 12
    for number, digest in ((contract.number, wrong), ("1000000", contract.short_digest), ("T1000000", wrong)):
        answer = asked(client, number, digest)
        said = re.sub(r'value="[^"]*"', "", answer.text)
        assert NOBODY_S in said
        assert OURS not in said
        assert answer.status_code == 200
    other = asked(client, contract.number, "a" * 64)
    assert NOBODY_S in other.text


@pytest.mark.parametrize("length", [1, 11, 13, 63, 65])
def test_no_other_length_of_a_digest_is_compared(client, contract, length):
    said = asked(client, contract.number, (contract.digest + "0")[:length]).text
    assert OURS not in said
    assert "12 ou 64 signes" in said


def test_no_answer_names_anybody(client):
    shop = ShopFactory(label="Boutique-au-nom-rare")
    contract = ContractFactory(shop=shop, representative="Personne-au-nom-rare", signed=True)
    amendment, attestation = AmendmentFactory(company=shop.company), AttestationFactory(shop=shop)
    for one in (contract, amendment, attestation):
        page = asked(client, one.number, one.digest).text
        assert OURS in page
        for name in (shop.company.legal_name, shop.company.siret, shop.site_id, "nom-rare"):
            assert name not in page


def test_an_unsigned_contract_binds_nobody_yet(client):
    waiting = ContractFactory()
    assert "il n’engage personne jusque-là" in words(asked(client, waiting.number, waiting.digest))


def test_a_contract_with_an_avenant_since_says_that_both_are_read_together(client, contract):
    company = contract.shop.company
    AmendmentFactory(company=company, says={"contracts": ["7654321"]})
    assert "C’est le document en vigueur." in words(asked(client, contract.number, contract.digest))
    AmendmentFactory(company=company)
    assert "Un avenant l’a complété depuis" in words(asked(client, contract.number, contract.digest))


def test_an_avenant_is_replaced_by_a_later_one_about_the_same(client, contract):
    company, earlier = contract.shop.company, timezone.now() - timedelta(days=3)
    first = AmendmentFactory(company=company, issued_at=earlier, says={"subject": "beaufils-10001"})
    AmendmentFactory(company=company, says={"subject": "autre-10002"})
    AmendmentFactory(company=company, says={"kind": AmendmentKind.SETTLEMENT_ACCOUNT, "subject": "beaufils-10001"})
    said = words(asked(client, first.number, first.digest))
    assert "Avenant au contrat d’adhésion : Remplacement du code de première connexion" in said.replace("\xa0", " ")
    assert "C’est le document en vigueur." in said
    AmendmentFactory(company=company, says={"subject": "beaufils-10001"})
    assert "Il n’est plus en vigueur" in words(asked(client, first.number, first.digest))


def test_an_attestation_says_whether_the_file_has_changed_since(client, contract):
    attestation = AttestationFactory(shop=contract.shop, issued_at=timezone.now() - timedelta(days=2))
    assert "Le dossier dit toujours la même chose" in words(asked(client, attestation.number, attestation.short_digest))
    CertificateFactory(shop=contract.shop, production=True)
    assert "Le dossier a changé depuis" in words(asked(client, attestation.number, attestation.short_digest))


def test_the_scanned_copy_of_a_signed_contract_is_recognised_by_its_file_s_digest(client):
    scanned = ContractFactory(scanned=True)
    assert "Copie signée du contrat d’adhésion, enregistrée le" in words(
        asked(client, scanned.number, scanned.scan_digest)
    )
    # The beginning of a file's digest is printed nowhere.
    assert NOBODY_S in asked(client, scanned.number, scanned.scan_digest[:12]).text


def test_ten_guesses_in_five_minutes_from_one_address_and_no_more(client, contract):
    for _ in range(10):
        assert NOBODY_S in asked(client, contract.number, "0" * 12).text
    refused = asked(client, contract.number, contract.digest)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 301
    assert OURS not in refused.text
    assert f'value="{contract.number}"' in refused.text
    assert client.get(PAGE, {"numero": contract.number, "empreinte": contract.digest}).status_code == 429
    assert OURS in asked(client, contract.number, contract.digest, REMOTE_ADDR="198.51.100.7").text
    # Signing in has its own share.
    assert client.post("/connexion/", {"identifier": "a-10001", "password": "x"}).status_code == 200


def test_documents_of_ours_spend_no_guess(client, contract):
    for _ in range(15):
        assert OURS in asked(client, contract.number, contract.digest).text


def test_the_page_changes_nothing(client, contract):
    rows = [model.objects.count() for model in (Contract, Amendment, Attestation, Shop)]
    asked(client, contract.number, contract.digest)
    assert [model.objects.count() for model in (Contract, Amendment, Attestation, Shop)] == rows


@pytest.mark.parametrize("typed", ["", "<script>", "n°", "12345678901234567890", "%00", "١٢٣٤٥٦٧"])
def test_what_is_no_number_says_what_one_looks_like(client, contract, typed):
    answer = asked(client, typed, contract.digest)
    assert answer.status_code == 200
    assert 'class="form-errors' in answer.text or "invalid" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("who", ["merchant", "advisor"])
def test_whoever_is_signed_in_keeps_their_menu(client, contract, who):
    client.force_login(member_of(contract.shop) if who == "merchant" else UserFactory(advisor=True))
    answer = asked(client, contract.number, contract.digest)
    assert OURS in answer.text
    assert "Se déconnecter" in answer.text


def test_the_file_field_is_never_sent_and_says_what_to_do_without_scripts(client):
    page = client.get(PAGE).text
    [field] = re.findall(r'<input[^>]*type="file"[^>]*>', page)
    assert " name=" not in field
    assert 'data-digest-into="id_digest"' in field
    assert "sha256sum" in page
    assert "multipart" not in page
