"""Avenants: frozen, sealed, printed from their snapshot, and read by whoever the contract concerns."""

from io import BytesIO

import pypdf
import pytest
from django.db import IntegrityError, transaction

from backoffice.core import vault
from backoffice.core.models import Print
from certificates.documents import amendment_pdf
from certificates.models import Amendment
from certificates.rules import draw_amendment_number
from tests.accounts.factories import AssignmentFactory, CompanyFactory, UserFactory
from tests.certificates.factories import AmendmentFactory, ContractFactory
from tests.core.printing import DANGEROUS, names_in
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=file:///etc/passwd> {{7*7}} {% load x %} & « O’Neil »"


@pytest.fixture
def shop():
    return ShopFactory(site_id="12345678")


@pytest.fixture
def amendment(shop):
    contract = ContractFactory(shop=shop)
    made = AmendmentFactory(company=shop.company)
    assert made.snapshot().contracts == (contract.number,)
    return made


def read(content):
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(content)).pages]


def fetched(client, path, run_jobs):
    """What comes of the button of an avenant, once a worker has made it."""
    page = client.post(path)["Location"]
    run_jobs()
    return client.get(f"{page}document/")


def test_the_contract_page_lists_it_and_its_people_print_it(client, shop, amendment, run_jobs):
    client.force_login(member_of(shop))
    path = f"/boutiques/12345678/contrat/avenants/{amendment.number}/"
    assert f'action="{path}"' in client.get("/boutiques/12345678/contrat/").text
    answer = fetched(client, path, run_jobs)
    assert answer["Content-Disposition"] == f'attachment; filename="avenant-{amendment.number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    [page] = read(answer.content)
    for words in (amendment.number, amendment.short_digest, "Titulaire Claire Beaufils", "Page 1/1"):
        assert words in page


def test_an_advisor_prints_it_from_the_company_s_page_within_the_portfolio(client, shop, amendment, run_jobs):
    path = f"/conseiller/societes/{shop.company.public_id}/avenants/{amendment.number}/"
    client.force_login(UserFactory(advisor=True))
    listed = f"/conseiller/societes/{shop.company.public_id}/pieces/"
    assert f'href="{listed}"' in client.get(f"/conseiller/societes/{shop.company.public_id}/").text
    shown = client.get(listed).text
    assert path in shown
    assert amendment.snapshot().contracts[0] in shown
    assert client.get(path)["Location"] == listed
    assert fetched(client, path, run_jobs)["Content-Type"] == "application/pdf"
    AssignmentFactory(company=shop.company)
    assert client.get(listed).status_code == 404
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_a_company_without_papers_says_what_will_come(client):
    client.force_login(UserFactory(advisor=True))
    shown = client.get(f"/conseiller/societes/{CompanyFactory().public_id}/pieces/").text
    assert "ni contrat, ni avenant" in shown


def test_somebody_else_s_avenant_is_not_found(client, shop, amendment):
    stranger = member_of(ShopFactory(site_id="87654321"))
    client.force_login(stranger)
    for site_id in ("12345678", "87654321"):
        assert client.get(f"/boutiques/{site_id}/contrat/avenants/{amendment.number}/").status_code == 404
        assert client.post(f"/boutiques/{site_id}/contrat/avenants/{amendment.number}/").status_code == 404
    assert not Print.objects.exists()


def test_doc_02_hostile_values_print_as_text_and_leave_no_script(shop):
    made = AmendmentFactory(company=CompanyFactory(legal_name=HOSTILE), facts=[("Titulaire", HOSTILE)])
    content = amendment_pdf(made)
    assert " ".join(read(content)).count("{{7*7}} {% load x %}") == 2
    assert names_in(content).isdisjoint(DANGEROUS)


def test_a_snapshot_is_read_back_as_it_was_and_opens_in_its_own_row_alone(amendment):
    kept = Amendment.objects.get()
    assert kept.snapshot() == amendment.snapshot()
    assert kept.snapshot().digest() == kept.digest
    other = AmendmentFactory()
    other.sealed_snapshot = kept.sealed_snapshot
    with pytest.raises(vault.SealBroken):
        other.snapshot()


def test_no_contract_can_bear_the_number_of_an_avenant(amendment):
    drawn = {draw_amendment_number() for _ in range(500)}
    assert all(number[0] == "A" and number[1:].isdigit() and len(number) == 8 for number in drawn)
    with pytest.raises(IntegrityError, match="amendment_number_has_its_shape"), transaction.atomic():
        Amendment.objects.update(number="12345678")
