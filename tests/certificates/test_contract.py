"""The contract's page and its paper."""

import re
from io import BytesIO

import pypdf
import pytest

from backoffice.core.models import Print
from certificates import conditions
from certificates.documents import contract_pdf
from tests.accounts.factories import UserFactory
from tests.certificates.factories import ContractFactory
from tests.core.printing import DANGEROUS, names_in
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
PAGE = "/boutiques/12345678/contrat/"
PAPER = f"{PAGE}pdf/"
CODE = "482917"


@pytest.fixture
def shop():
    return ShopFactory(site_id="12345678", label="Fromagerie en ligne")


@pytest.fixture
def contract(shop):
    return ContractFactory(shop=shop, number="4827163", code=CODE)


def read(content):
    """The pages' text, white space folded."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(content)).pages]


@pytest.mark.parametrize("path", [PAGE, PAPER])
def test_a_passer_by_is_sent_to_the_sign_in_page(client, contract, path):
    assert client.get(path)["Location"].startswith("/connexion/")


@pytest.mark.parametrize("path", [PAGE, PAPER])
def test_an_advisor_does_not_read_it_here(client, contract, path):
    client.force_login(UserFactory(advisor=True))

    assert client.get(path).status_code == 404
    assert client.post(PAPER).status_code == 404


@pytest.mark.parametrize("path", [PAGE, PAPER])
def test_the_contract_of_somebody_else_answers_404(client, contract, path):
    client.force_login(member_of(ShopFactory()))

    assert client.get(path).status_code == 404
    assert client.post(PAPER).status_code == 404
    assert not Print.objects.exists()


def test_the_page_says_what_was_agreed_and_where_the_code_is(client, contract, shop):
    client.force_login(member_of(shop))

    page = client.get(PAGE).content.decode()

    assert "4827163" in page
    assert "En attente de signature" in page
    assert "Claire Beaufils" in page
    assert "Garantie de paiement" in page
    assert contract.short_digest in page
    assert "sur le seul exemplaire papier du contrat" in page
    assert CODE not in page


def test_a_shop_without_a_contract_is_told_who_acts_next(client, shop):
    client.force_login(member_of(shop))

    page = client.get(PAGE).content.decode()

    assert "Le contrat de cette boutique n’est pas encore établi." in page
    assert PAPER not in page
    assert client.post(PAPER).status_code == 404


def test_the_download_has_several_pages_and_not_the_code(client, contract, shop, run_jobs):
    client.force_login(member_of(shop))

    page = client.post(PAPER)["Location"]
    run_jobs()
    response = client.get(f"{page}document/")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="contrat-4827163.pdf"'
    assert "no-store" in response["Cache-Control"]
    pages = read(response.content)
    assert len(pages) >= 4
    assert "Fromagerie en ligne" in pages[0]
    assert f"Contrat n° 4827163 · empreinte {contract.short_digest}" in pages[0].replace("\N{NO-BREAK SPACE}", " ")
    assert f"Page {len(pages)}/{len(pages)}" in pages[-1]
    text = " ".join(pages)
    for chapter in conditions.CHAPTERS:
        for article in chapter.articles:
            assert article.heading in text
    assert CODE not in re.sub(r"\s", "", text)
    assert "sur le seul exemplaire papier du contrat" in text


def test_the_paper_copy_has_the_code_alone_on_its_last_page(contract):
    pages = read(contract_pdf(contract, with_code=True))

    assert [number for number, text in enumerate(pages) if CODE in text.replace(" ", "")] == [len(pages) - 1]
    assert "Il n’est jamais envoyé par e-mail" in pages[-1]
    assert "Signatures" not in pages[-1]


def test_once_signed_not_even_the_paper_copy_has_the_code(shop):
    signed = ContractFactory(shop=shop, signed=True)

    text = "".join(read(contract_pdf(signed, with_code=True)))

    assert "sur le seul exemplaire papier du contrat" in text
    assert not re.search(r"\b\d{6}\b", text)


def test_the_same_contract_prints_the_same_text(contract, settings):
    before = read(contract_pdf(contract, with_code=False))
    settings.BRAND = settings.BRAND | {"bank": "Autre banque", "address": "Ailleurs", "phone": "01 00 00 00 00"}

    assert read(contract_pdf(contract, with_code=False)) == before


HOSTILE = "<img src=file:///etc/passwd><link rel=attachment href=x>{{ 7|add:7 }}{% load ui %}</title>"


def test_doc_03_what_was_typed_prints_as_text_and_fetches_nothing(shop):
    shop.label = HOSTILE[:80]
    shop.save()
    contract = ContractFactory(shop=shop, representative=HOSTILE)

    content = contract_pdf(contract, with_code=False)

    text = "".join(read(content)).replace(" ", "")
    assert HOSTILE.replace(" ", "") in text
    assert names_in(content).isdisjoint(DANGEROUS)


@pytest.mark.parametrize("path", [PAGE])
def test_the_page_asks_at_most_ten_questions_of_the_database(
    client, contract, shop, path, django_assert_max_num_queries
):
    client.force_login(member_of(shop))

    with django_assert_max_num_queries(10):
        client.get(path)
