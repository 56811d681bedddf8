"""The paper contract with its code: for the browser that enrolled, or whoever types the code again (design 4.6)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from backoffice.core.models import JournalEntry, Print
from certificates.actions import mark_contract_signed
from certificates.models import Contract
from support import actions, registration_links
from tests.accounts.factories import BROWSER, UserFactory
from tests.support.factories import REGISTERED_CODE, RegistrationFactory

pytestmark = pytest.mark.django_db
PAGE, ASK = "/inscription/contrat/", "/inscription/contrat/imprimer/"
TOKEN = "B" * 32


@pytest.fixture
def registration(now):
    begun = RegistrationFactory(browser_digest=registration_links.digest_of(TOKEN))
    return actions.accept_registration(
        registration=begun, by=UserFactory(advisor=True), browser=BROWSER, now=timezone.now()
    )


@pytest.fixture
def own(client):
    """The browser that enrolled."""
    client.cookies["inscription"] = TOKEN
    return client


@pytest.fixture
def link(registration, now):
    return f"/suivi/{registration_links.issue(registration=registration, now=now)}/"


def ask(client):
    return client.post(ASK)


def owner():
    return User.objects.get(last_name="Morel")


def events():
    return list(JournalEntry.objects.values_list("event", flat=True))


def test_the_browser_that_enrolled_prints_the_page_of_its_code(own, registration, link):
    assert f'href="{PAGE}"' in own.get(link).text
    shown = own.get(PAGE).text
    assert Contract.objects.get().number in shown
    assert REGISTERED_CODE not in shown
    answer = ask(own)
    printed = Print.objects.get()
    assert answer["Location"] == f"{PAGE}{printed.public_id}/"
    assert printed.asked_by == registration.public_id
    assert REGISTERED_CODE in printed.html().replace("\u00a0", "").replace(" ", "")
    assert "contract.code_printed" in events()
    waiting = own.get(answer["Location"]).text
    assert "Préparation du document" in waiting
    assert REGISTERED_CODE not in waiting
    assert own.get(f"{answer['Location']}document/")["Location"] == answer["Location"]


def test_doc_06_the_pdf_is_fetched_by_that_browser_alone_and_kept_by_no_cache(own, registration, now):
    ask(own)
    printed = Print.objects.get()
    printed.start(at=now)
    printed.finish(content=b"%PDF-1.7 paper", at=now)
    printed.save()
    path = f"{PAGE}{printed.public_id}/document/"
    answer = own.get(path)
    assert (answer.content, answer["Cache-Control"]) == (b"%PDF-1.7 paper", "no-store")
    stranger = Client()
    assert stranger.get(path).status_code == 404
    stranger.force_login(owner())
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/impressions/{printed.public_id}/document/").status_code in {302, 404}


@pytest.mark.parametrize("token", ["", "A" * 32, "x"])
def test_no_other_browser_opens_any_of_it(client, registration, token):
    client.cookies["inscription"] = token
    assert client.get(PAGE).status_code == 404
    assert ask(client).status_code == 404
    assert not Print.objects.exists()


def test_no_mailed_link_leads_to_the_code_but_typing_it_does(client, registration, link):
    assert f'href="{link}contrat/"' in client.get(link).text
    assert client.get(PAGE).status_code == 404
    assert "ne s’ouvre pas avec ce code" in client.post(f"{link}contrat/", {"code": "918273"}).text
    assert owner().failed_tries == 1
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{link}contrat/", {"code": REGISTERED_CODE})["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    assert ask(client).status_code == 302
    assert Print.objects.get().asked_by == registration.public_id


def test_rst_07_three_wrong_codes_close_that_way_too(client, registration, link):
    for _ in range(3):
        client.post(f"{link}contrat/", {"code": "918273"})
    assert owner().is_blocked
    assert "ne s’ouvre pas avec ce code" in client.post(f"{link}contrat/", {"code": REGISTERED_CODE}).text
    assert client.get(PAGE).status_code == 404


def test_what_typing_the_code_opened_is_over_after_a_quarter_of_an_hour(client, registration, link, time_machine):
    client.post(f"{link}contrat/", {"code": REGISTERED_CODE})
    assert client.get(PAGE).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    assert client.get(PAGE).status_code == 404
    client.cookies["inscription-code"] = "forged:token:x"
    assert client.get(PAGE).status_code == 404


def test_a_link_that_never_was_and_an_enrolment_not_accepted_have_no_contract(client, now):
    assert client.get(f"/suivi/{TOKEN}/contrat/").status_code == 404
    waiting = RegistrationFactory()
    token = registration_links.issue(registration=waiting, now=now)
    assert client.get(f"/suivi/{token}/contrat/").status_code == 404


def test_doc_06_once_signed_no_browser_prints_the_code_any_more(own, registration, link, now):
    ask(own)
    mark_contract_signed(contract=Contract.objects.get(), by=None, now=timezone.now(), note="Papier")
    assert not Print.objects.exists(), "what was on its way is gone too"
    shown = own.get(PAGE).text
    assert "Contrat signé reçu" in shown
    assert "Préparer le contrat" not in shown
    ask(own)
    assert not Print.objects.exists()
    assert settings.SESSION_COOKIE_SECURE is False
