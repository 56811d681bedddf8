"""The page of a print: how far it is, then the document, for whoever asked for it alone."""

from datetime import timedelta

import pytest

from backoffice.core import prints
from backoffice.core.models import Print
from backoffice.core.models.prints import LIFE
from certificates import actions
from certificates.documents import contract_paper
from tests.accounts.factories import UserFactory
from tests.certificates.factories import AmendmentFactory, ContractFactory
from tests.core.printing import PrintFactory, library
from tests.shops.factories import ShopFactory, member_of

__all__ = ["library"]

pytestmark = pytest.mark.django_db
CODE = "482917"


@pytest.fixture
def person(client):
    person = member_of(ShopFactory(site_id="12345678"))
    client.force_login(person)
    return person


def page_of(one):
    return f"/impressions/{one.public_id}/"


def document_of(one):
    return f"/impressions/{one.public_id}/document/"


# --- Who -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [page_of, document_of])
def test_a_passer_by_is_led_to_the_door(client, path):
    assert client.get(path(PrintFactory(done=True)))["Location"].startswith("/connexion/?next=")


@pytest.mark.parametrize("path", [page_of, document_of])
def test_doc_06_somebody_else_s_print_is_one_that_does_not_exist(client, person, path):
    missing = PrintFactory.build()
    assert client.get(path(PrintFactory(done=True))).status_code == 404
    assert client.get(path(missing)).status_code == 404
    client.force_login(UserFactory(advisor=True))
    assert client.get(path(PrintFactory(done=True, asked_by=person.public_id))).status_code == 404


@pytest.mark.parametrize("path", [page_of, document_of])
def test_doc_06_a_print_that_is_over_is_one_that_does_not_exist(client, person, now, path):
    over = PrintFactory(done=True, asked_by=person.public_id, asked_at=now - LIFE)
    assert client.get(path(over)).status_code == 404
    young = PrintFactory(done=True, asked_by=person.public_id, asked_at=now - LIFE + timedelta(minutes=1))
    assert client.get(path(young)).status_code == 200


# --- How far ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "Votre document est le prochain."),
        (1, "Un autre document passe avant le vôtre."),
        (3, "3 autres documents passent avant le vôtre."),
    ],
)
def test_whoever_waits_reads_how_many_come_first(client, person, now, ahead, words):
    PrintFactory.create_batch(ahead, asked_at=now - timedelta(seconds=2))
    PrintFactory(asked_at=now + timedelta(seconds=2))
    PrintFactory(asked_at=now - LIFE)
    shown = client.get(page_of(PrintFactory(asked_by=person.public_id, asked_at=now))).text
    assert words in shown
    assert "Actualiser" in shown
    assert "data-live-url" in shown
    assert "Télécharger" not in shown
    assert "plus long que d’habitude" not in shown


def test_a_print_that_is_being_made_says_so_and_its_document_leads_back_to_its_page(client, person):
    one = PrintFactory(rendering=True, asked_by=person.public_id)
    assert "Mise en page en cours" in client.get(page_of(one)).text
    assert client.get(document_of(one))["Location"] == page_of(one)


def test_a_wait_that_lasts_says_that_nobody_has_to_stay(client, person, now):
    one = PrintFactory(asked_by=person.public_id, asked_at=now - timedelta(minutes=1))
    assert "C’est plus long que d’habitude." in client.get(page_of(one)).text


def test_a_print_that_is_ready_is_fetched_as_often_as_wanted_and_kept_by_no_cache(client, person):
    one = PrintFactory(done=True, asked_by=person.public_id)
    shown = client.get(page_of(one)).text
    assert document_of(one) in shown
    # Nothing changes any more.
    assert "data-live-url" not in shown
    for _ in range(2):
        answer = client.get(document_of(one))
        assert answer.content == b"%PDF-1.7 made"
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="contrat-4827163.pdf"'
        assert answer["Cache-Control"] == "no-store"


def test_a_server_without_the_libraries_tells_whoever_administers_it_what_to_install(client, person):
    shown = client.get(page_of(PrintFactory(unavailable=True, asked_by=person.public_id))).text
    assert "Le PDF ne peut pas être fait sur ce serveur." in shown
    assert "apt-get install libpangoft2-1.0-0" in shown
    assert "La personne qui administre le serveur" in shown


def test_a_print_that_failed_says_what_to_do(client, person):
    one = PrintFactory(failed=True, asked_by=person.public_id)
    shown = client.get(page_of(one)).text
    assert "recommencez dans quelques minutes" in shown
    assert f'href="{one.back}"' in shown
    assert "/contact/" in shown


# --- From the button to the paper ------------------------------------------------------------------------------
def test_the_button_of_the_contract_leads_to_its_print_and_a_double_click_to_the_same(client, person, run_jobs):
    ContractFactory(shop=person.company.shops.get(), number="4827163", code=CODE)
    paths = [client.post("/boutiques/12345678/contrat/pdf/")["Location"] for _ in range(2)]
    [asked] = Print.objects.all()
    assert paths == [page_of(asked)] * 2
    assert asked.asked_by == person.public_id
    assert asked.back == "/boutiques/12345678/contrat/"
    run_jobs()
    assert "Le document est prêt." in client.get(page_of(asked)).text
    assert client.get(document_of(asked)).content.startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["pdf/", "avenants/{number}/"])
def test_an_address_of_a_pdf_that_somebody_kept_leads_to_the_contract_s_page(client, person, path):
    shop = person.company.shops.get()
    ContractFactory(shop=shop)
    number = AmendmentFactory(company=shop.company).number
    answer = client.get(f"/boutiques/12345678/contrat/{path.format(number=number)}")
    assert answer["Location"] == "/boutiques/12345678/contrat/"
    assert not Print.objects.exists()


@pytest.mark.parametrize("end", ["signed", "replaced"])
def test_doc_06_a_print_that_shows_the_code_is_gone_when_the_code_is(person, now, end):
    contract = ContractFactory(shop=person.company.shops.get(), code=CODE)
    asked = prints.ask(contract_paper(contract, with_code=True), by=person.public_id, back="/", now=now)
    assert CODE in asked.html().replace(" ", "")
    other = PrintFactory()
    if end == "signed":
        actions.mark_contract_signed(contract=contract, by=None, now=now, note="Papier")
    else:
        actions.forget_printed_codes(company=contract.shop.company)
    assert Print.objects.get() == other


@pytest.mark.parametrize("state", ["queued", "rendering", "done", "failed", "unavailable"])
def test_the_page_asks_at_most_ten_questions(client, person, state, django_assert_max_num_queries):
    one = PrintFactory(state=state, asked_by=person.public_id)
    client.get("/profil/")
    with django_assert_max_num_queries(10):
        assert client.get(page_of(one)).status_code == 200
