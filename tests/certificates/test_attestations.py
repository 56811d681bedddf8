"""Attestations: the shop's file in one page, established by its people and kept so that it can be checked."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from backoffice.core import vault
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry
from certificates import actions, documents
from certificates.models import Attestation
from certificates.rules import draw_attestation_number
from tests.accounts.factories import UserFactory
from tests.certificates.factories import AmendmentFactory, AttestationFactory, CertificateFactory, ContractFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
PAGE = "/boutiques/12345678/contrat/attestation/"
CODE, IBAN = "482917", "FR1420041010050500013M02606"


@pytest.fixture
def shop():
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    CertificateFactory(shop=shop, value="1122334455667788")
    return shop


@pytest.fixture
def contract(shop):
    says = {"company_address": "12 rue du Lac\n74000 Annecy", "iban": IBAN}
    return ContractFactory(shop=shop, code=CODE, says=says, issued_at=timezone.now() - timedelta(days=1))


def read(content):
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(content)).pages]


def fetched(client, answer, run_jobs):
    """What comes of a button, once a worker has made it."""
    run_jobs()
    return client.get(f"{answer['Location']}document/")


def test_a_passer_by_is_sent_to_the_sign_in_page(client, shop):
    for path in (PAGE, f"{PAGE}T1234567/"):
        assert client.get(path)["Location"].startswith("/connexion/")


def test_neither_an_advisor_nor_an_integrator_nor_somebody_else_finds_it(client, shop):
    made = AttestationFactory(shop=shop)
    strangers = [
        UserFactory(advisor=True),
        member_of(ShopFactory(site_id="87654321")),
        member_of(shop, role=Role.INTEGRATOR),
    ]
    for stranger in strangers:
        client.force_login(stranger)
        for path in (PAGE, f"{PAGE}{made.number}/"):
            assert client.get(path).status_code == client.post(path).status_code == 404
    client.force_login(strangers[1])
    assert client.get(f"/boutiques/87654321/contrat/attestation/{made.number}/").status_code == 404
    assert Attestation.objects.count() == 1


def test_one_click_prints_what_the_file_says_today_on_one_page(client, shop, contract, run_jobs):
    amendment = AmendmentFactory(company=shop.company)
    AmendmentFactory(company=shop.company, says={"contracts": ["7654321"]})
    client.force_login(member_of(shop))
    answer = fetched(client, client.post(PAGE), run_jobs)
    made = Attestation.objects.get()
    assert answer["Content-Disposition"] == f'attachment; filename="attestation-{made.number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    [page] = read(answer.content)
    told = (
        made.number,
        made.short_digest,
        shop.company.legal_name,
        "12 rue du Lac 74000 Annecy",
        "Fromagerie en ligne",
        "Identifiant boutique 12345678",
        f"Numéro {contract.number}",
        "en attente de signature",
        amendment.number,
        "Modes ouverts TEST",
        "Page 1/1",
        "/verifier",
    )
    for words in told:
        assert words in page, words
    assert "PRODUCTION" not in page
    for secret in (CODE, IBAN, IBAN[-4:], "1122334455667788"):
        assert secret not in page.replace(" ", "")
    assert len(made.snapshot().amendments) == 1


def test_beyond_two_avenants_the_latest_are_printed_and_the_others_counted(shop, contract):
    made = [AmendmentFactory(company=shop.company) for _ in range(5)]
    said = AttestationFactory(shop=shop).snapshot()
    assert len(said.amendments) == 5
    assert [one.number in fact.label for one, fact in zip(made[3:], said.latest_amendments, strict=True)] == [True] * 2
    assert said.earlier_amendments == 3


def test_the_journal_says_who_established_it(client, shop, contract):
    owner = member_of(shop)
    client.force_login(owner)
    client.post(PAGE)
    [entry] = JournalEntry.objects.filter(event=Event.ATTESTATION_ISSUED)
    assert entry.company == shop.company.public_id


def test_the_page_lists_those_of_before_and_looking_establishes_none(client, shop, contract):
    made = AttestationFactory(shop=shop)
    client.force_login(member_of(shop, role=Role.READER))
    page = client.get(PAGE).text
    assert f"{PAGE}{made.number}/" in page
    assert contract.number in page
    assert Attestation.objects.count() == 1
    assert f'href="{PAGE}"' in client.get("/boutiques/12345678/contrat/").text


def test_while_the_file_says_the_same_the_day_s_attestation_is_given_again(shop, contract, now):
    owner = member_of(shop)

    def asked(at):
        return actions.issue_attestation(shop=shop, by=owner, now=at, address="")

    first = asked(now)
    assert asked(now) == first
    CertificateFactory(shop=shop, production=True)
    changed = asked(now)
    assert changed != first
    assert changed.snapshot().modes == ("TEST", "PRODUCTION")
    assert asked(now + timedelta(days=1)) != changed
    assert JournalEntry.objects.filter(event=Event.ATTESTATION_ISSUED).count() == 3


def test_what_it_said_stays_whatever_becomes_of_the_file(shop, contract):
    made = AttestationFactory(shop=shop)
    said = made.snapshot()
    shop.label = "Autre nom"
    shop.save()
    kept = Attestation.objects.get()
    assert kept.snapshot() == said
    assert kept.snapshot().digest() == kept.digest


def test_a_shop_without_a_contract_has_its_attestation_too(client, shop, run_jobs):
    client.force_login(member_of(shop))
    [page] = read(fetched(client, client.post(PAGE), run_jobs).content)
    assert "Pas encore établi" in page


def test_one_of_before_is_printed_again_by_its_button_and_a_typed_address_leads_to_the_list(
    client, shop, contract, run_jobs
):
    made = AttestationFactory(shop=shop)
    client.force_login(member_of(shop))
    assert client.get(f"{PAGE}{made.number}/")["Location"] == PAGE
    [page] = read(fetched(client, client.post(f"{PAGE}{made.number}/"), run_jobs).content)
    assert made.number in page
    assert Attestation.objects.count() == 1


def test_a_seal_opens_in_its_own_row_alone(shop):
    one, other = AttestationFactory(shop=shop), AttestationFactory(shop=shop)
    other.sealed_snapshot = one.sealed_snapshot
    with pytest.raises(vault.SealBroken):
        other.snapshot()


def test_no_other_document_can_bear_its_number(shop):
    AttestationFactory(shop=shop)
    assert all(
        one[0] == "T" and len(one) == 8 and one[1:].isdigit() for one in {draw_attestation_number() for _ in range(200)}
    )
    with pytest.raises(IntegrityError, match="attestation_number_has_its_shape"), transaction.atomic():
        Attestation.objects.update(number="A1234567")


def test_of_a_closed_shop_it_says_so_and_no_mode_is_open(shop, contract, now):
    open_one = AttestationFactory(shop=shop)
    shop.close(at=now)
    shop.save()
    closed = documents.compose_attestation(shop=shop, on=now.date())
    assert (closed.modes, bool(closed.closed_on)) == ((), True)
    assert not open_one.snapshot().says_the_same_as(closed)
    made = actions.issue_attestation(shop=shop, by=UserFactory(advisor=True), now=now, address="127.0.0.1")
    assert "Fermée depuis le" in read(documents.attestation_pdf(made))[0]


def test_the_bank_s_new_telephone_changes_nothing_in_the_file(shop, contract, now, settings):
    before = documents.compose_attestation(shop=shop, on=now.date())
    settings.BRAND = settings.BRAND | {"phone": "09 99 99 99 99", "address": "1 place Neuve"}
    assert before.says_the_same_as(documents.compose_attestation(shop=shop, on=now.date()))
