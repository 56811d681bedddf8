"""Enrolments at the desk: accepted all at once or not at all, completed, refused."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts import codes
from accounts.models import Company, Membership, User
from backoffice.core.models import JournalEntry
from certificates.models import Certificate, Contract
from shops.models import Shop
from support import actions, registration_links
from support.enums import RegistrationState
from support.models import Registration
from tests.accounts.factories import BROWSER, AssignmentFactory, CompanyFactory, MembershipFactory, UserFactory
from tests.support.factories import IBAN, REGISTERED_CODE, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def registration():
    return RegistrationFactory()


def url(registration, end=""):
    return f"/conseiller/inscriptions/{registration.public_id}/{end}"


def accept(client, registration):
    return client.post(url(registration, "accepter/"), follow=True).text


def everything():
    return [model.objects.count() for model in (Company, User, Membership, Shop, Certificate, Contract)]


def test_anonymous_people_are_sent_to_the_sign_in_page(client, registration):
    for path in ("/conseiller/inscriptions/", url(registration)):
        assert client.get(path)["Location"].startswith("/connexion/?next=")


def test_a_merchant_gets_the_page_that_does_not_exist(client, registration):
    client.force_login(MembershipFactory().user)
    assert client.get("/conseiller/inscriptions/").status_code == 404
    for end in ("", "accepter/", "completer/", "refuser/"):
        assert client.post(url(registration, end)).status_code in {404, 405}
    registration.refresh_from_db()
    assert registration.is_submitted


def test_a_draft_is_nobody_s_business_and_a_missing_one_is_not_found(client, advisor):
    draft = RegistrationFactory(draft=True)
    assert client.get(url(draft)).status_code == 404
    assert client.get(f"/conseiller/inscriptions/{uuid4()}/").status_code == 404
    assert "Aucune inscription n’attend" in client.get("/conseiller/inscriptions/").text


def test_authz_08_another_shop_of_a_company_of_another_portfolio_is_not_found(client, advisor):
    theirs = RegistrationFactory(second_shop=True)
    assert client.get(url(theirs)).status_code == 200
    AssignmentFactory(company=theirs.company)
    assert client.get(url(theirs)).status_code == 404
    assert "Alpages" not in client.get("/conseiller/inscriptions/").text


def test_the_page_shows_what_was_typed_escaped_and_no_secret(client, advisor):
    registration = RegistrationFactory(legal_name="<script>alert(1)</script>", shop_label="{{7*7}} & fils")
    shown = client.get(url(registration)).text
    assert "&lt;script&gt;alert(1)" in shown
    assert "{{7*7}} &amp; fils" in shown
    for secret in (REGISTERED_CODE, IBAN):
        assert secret not in shown


def test_accepting_opens_everything_and_two_mails_leave_without_the_code(
    client, advisor, registration, run_jobs, mailbox
):
    assert "L’inscription est acceptée" in accept(client, registration)
    registration.refresh_from_db()
    company, shop = registration.company, registration.shop
    assert (registration.state, registration.decided_by) == (RegistrationState.ACCEPTED, advisor)
    assert (company.siret, company.legal_name, shop.label) == (
        registration.siret,
        "Fromagerie des Alpages",
        "Alpages en ligne",
    )
    owner = Membership.objects.get(company=company).user
    assert re.fullmatch(r"morel-\d{5}", owner.identifier)
    assert codes.is_right(REGISTERED_CODE, owner=owner.public_id, encoded=owner.code_hash)
    assert Certificate.objects.get().mode == "TEST"
    contract = Contract.objects.get()
    snapshot = contract.snapshot()
    assert (contract.code(), snapshot.iban, snapshot.activity) == (REGISTERED_CODE, IBAN, "Fromages")
    assert (snapshot.company_address, snapshot.representative) == ("12 rue du Lac, 74000 Annecy", "Jeanne Morel")
    assert (registration.sealed_code, registration.sealed_iban) == ("", "")
    run_jobs()
    assert {mail.to[0] for mail in mailbox} == {"jeanne@alpages.example"}
    assert sorted(mail.subject for mail in mailbox) == [
        "Votre identifiant Gestion de caisse",
        "Votre mot de passe temporaire",
    ]
    assert not [mail for mail in mailbox if REGISTERED_CODE in mail.body or IBAN in mail.body]
    entry = JournalEntry.objects.get(event="registration.accepted")
    assert (entry.company, entry.actor_id) == (company.public_id, advisor.public_id)


@pytest.mark.parametrize("broken", ["issue_contract", "issue_test_certificate"])
def test_an_acceptance_that_fails_on_the_way_opens_nothing(
    client, advisor, registration, monkeypatch, broken, run_jobs, mailbox
):
    def fail(**_):
        raise RuntimeError("broken on the way")

    before = everything()
    monkeypatch.setattr(f"certificates.actions.{broken}", fail)
    with pytest.raises(RuntimeError):
        actions.accept_registration(registration=registration, by=advisor, browser=BROWSER, now=registration.started_at)
    assert everything() == before
    registration.refresh_from_db()
    assert registration.is_submitted
    assert registration.code() == REGISTERED_CODE
    run_jobs()
    assert mailbox == []


def test_an_enrolment_is_accepted_once(client, advisor, registration):
    accept(client, registration)
    assert "Rien n’a changé" in accept(client, registration)
    assert Company.objects.count() == 1


def test_a_company_known_meanwhile_is_not_doubled(client, advisor, registration):
    CompanyFactory(siret=registration.siret)
    assert "existe déjà" in accept(client, registration)
    assert Shop.objects.count() == 0
    registration.refresh_from_db()
    assert registration.is_submitted


def test_another_shop_of_a_known_company_opens_no_account(client, advisor):
    registration = RegistrationFactory(second_shop=True)
    people = User.objects.count()
    accept(client, registration)
    registration.refresh_from_db()
    assert registration.shop.company == registration.company
    assert User.objects.count() == people
    assert Contract.objects.get().code() == ""


def test_asking_for_more_gives_the_ball_to_the_merchant_and_says_what_lacks(
    client, advisor, registration, run_jobs, mailbox, now
):
    assert "Dites ce qui manque" in client.post(url(registration, "completer/"), {"missing": ""}).text
    client.post(url(registration, "completer/"), {"missing": "Le nom exact du registre."})
    registration.refresh_from_db()
    assert registration.is_incomplete
    token = registration_links.issue(registration=registration, now=now)
    followed = Client().get(f"/suivi/{token}/").text
    assert "À vous" in followed
    assert "Le nom exact du registre." in followed
    run_jobs()
    [told] = mailbox
    assert "Le nom exact" not in told.body
    assert "Rien n’a changé" in accept(client, registration), "what is incomplete is not accepted"
    assert Company.objects.count() == 0


def test_a_refusal_says_why_and_forgets_the_secrets(client, advisor, registration, run_jobs, mailbox, now):
    assert "Choisissez le motif du refus" in client.post(url(registration, "refuser/"), {}).text
    client.post(url(registration, "refuser/"), {"reason": "no_account", "words": "L’IBAN est au nom d’un tiers."})
    registration.refresh_from_db()
    assert registration.is_refused
    assert (registration.sealed_code, registration.sealed_iban) == ("", "")
    token = registration_links.issue(registration=registration, now=now)
    assert "L’IBAN est au nom d’un tiers." in Client().get(f"/suivi/{token}/").text
    run_jobs()
    assert [mail.subject for mail in mailbox] == ["Votre inscription n’est pas acceptée"]
    # The same company may try again.
    assert (
        Client()
        .post(
            "/inscription/societe/",
            {"siret": registration.siret, "legal_name": "X", "street": "1", "postal_code": "74000", "city": "Y"},
        )
        .status_code
        == 302
    )


@pytest.mark.parametrize("state", ["accepted", "refused", "signed"])
@pytest.mark.parametrize(
    ("end", "form"),
    [("accepter/", {}), ("completer/", {"missing": "x"}), ("refuser/", {"reason": "no_answer", "words": ""})],
)
def test_what_is_decided_moves_no_more(client, advisor, state, end, form):
    registration = RegistrationFactory(**{state: True})
    assert "Rien n’a changé" in client.post(url(registration, end), form, follow=True).text
    assert Registration.objects.get().state == registration.state
