"""The desk of an advisor with colleagues who have portfolios: nothing of their companies is there (AUTHZ-08)."""

from uuid import uuid4

import pytest

from accounts import identifiers
from backoffice.core import mail
from backoffice.core.models import JournalEntry
from backoffice.core.models.mail import MailFault
from support.models import PAGE_SIZE, ContactRequest
from tests.accounts.factories import AssignmentFactory, CompanyFactory, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    """The colleague."""
    return UserFactory(advisor=True)


@pytest.fixture
def theirs(other):
    """Somebody of a company that the colleague looks after."""
    member = MembershipFactory(user__blocked=True, user__frozen=False, user__last_name="Vernet")
    AssignmentFactory(advisor=other, company=member.company)
    return member.user


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


def _about(person, **more):
    return ContactRequestFactory(identifier=person.identifier, siret=person.company.siret, **more)


def _shown(response):
    return [contact.pk for contact in response.context["page"].rows]


def _url(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def test_authz_08_the_list_holds_no_request_of_others_companies(client, advisor, other, theirs):
    foreign = _about(theirs)
    open_to_all = ContactRequestFactory(identifier="nobody-00001", siret="90417265700010")
    assert _shown(client.get("/conseiller/")) == [open_to_all.pk]
    assert foreign.identifier not in client.get("/conseiller/").text
    client.force_login(other)
    assert set(_shown(client.get("/conseiller/"))) == {foreign.pk, open_to_all.pk}


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("head", ""), ("post", "accepter/"), ("post", "rouvrir/")])
@pytest.mark.parametrize("motive", ["reset", "report"])
def test_authz_02_a_foreign_request_is_a_page_that_does_not_exist(client, advisor, theirs, method, end, motive):
    if motive == "report":
        type(theirs).objects.filter(pk=theirs.pk).update(changes_frozen_at=theirs.created_at)
    foreign = _about(theirs, report=motive == "report")
    answer = getattr(client, method)(_url(foreign, end))
    missing = getattr(client, method)(f"/conseiller/demandes/{uuid4()}/{end}")
    assert answer.status_code == missing.status_code == 404
    assert len(answer.content) == len(missing.content)
    theirs.refresh_from_db()
    foreign.refresh_from_db()
    assert theirs.is_blocked
    assert theirs.is_frozen == (motive == "report")
    assert foreign.is_open
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("end", ["", "accepter/"])
def test_authz_08_an_account_of_others_is_not_reached_through_a_wrong_siret(client, advisor, theirs, end):
    """What the request is about is the account it names, whatever company was typed beside it."""
    own = AssignmentFactory(advisor=advisor).company
    for siret in (own.siret, CompanyFactory().siret, "90417265700010"):
        contact = ContactRequestFactory(identifier=theirs.identifier, siret=siret)
        answer = client.post(_url(contact, end)) if end else client.get(_url(contact))
        assert answer.status_code == 404
        assert theirs.email not in answer.text
    theirs.refresh_from_db()
    assert theirs.is_blocked


def test_a_request_for_one_s_own_company_is_seen_whatever_siret_was_typed(client, advisor, theirs):
    own = MembershipFactory(user__blocked=True)
    AssignmentFactory(advisor=advisor, company=own.company)
    contact = ContactRequestFactory(identifier=own.user.identifier, siret=theirs.company.siret)
    assert client.get(_url(contact)).status_code == 200
    assert theirs.company.legal_name not in client.get(_url(contact)).text


@pytest.mark.parametrize("typed", [" {} ", "{upper}", "{wide}"])
def test_authz_08_another_spelling_of_an_identifier_names_the_same_account(client, advisor, theirs, typed):
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in theirs.identifier)
    given = {
        "motive": "reinitialisation",
        "shop_label": "Librairie",
        "siret": "90417265700010",
        "last_name": "Vernet",
        "first_name": "Antoine",
        "identifier": typed.format(theirs.identifier, upper=theirs.identifier.upper(), wide=wide),
    }
    assert client.post("/contact/", given).status_code == 302
    contact = ContactRequest.objects.get()
    assert contact.identifier == theirs.identifier == identifiers.normalise(given["identifier"])
    assert client.get(_url(contact)).status_code == 404


def test_what_is_no_identifier_is_kept_as_it_was_typed(client):
    given = {
        "motive": "reinitialisation",
        "shop_label": "Librairie",
        "siret": "90417265700010",
        "last_name": "Vernet",
        "first_name": "Antoine",
        "identifier": "Mon adresse ?",
    }
    client.post("/contact/", given)
    assert ContactRequest.objects.get().identifier == "Mon adresse ?"


def test_a_request_without_company_is_for_all_advisors(client, advisor, other):
    contact = ContactRequestFactory(technical=True, siret="90417265700010")
    unnamed = ContactRequestFactory(motive="autre", siret="", identifier="", email="a@b.example", message="Bonjour")
    for reader in (advisor, other):
        client.force_login(reader)
        assert set(_shown(client.get("/conseiller/"))) == {contact.pk, unnamed.pk}
        assert client.get(_url(contact)).status_code == client.get(_url(unnamed)).status_code == 200


def test_authz_08_pages_are_full_and_positions_of_foreign_requests_lead_nowhere(client, advisor, theirs):
    for _ in range(PAGE_SIZE):
        ContactRequestFactory(siret="90417265700010")
        foreign = _about(theirs)
    first = client.get("/conseiller/")
    assert len(_shown(first)) == PAGE_SIZE
    assert first.context["older_url"] == first.context["newer_url"] == ""
    for parameter in ("avant", "apres"):
        assert _shown(client.get("/conseiller/", {parameter: str(foreign.public_id)})) == _shown(first)


def test_authz_08_mails_in_trouble_of_others_companies_are_not_shown(client, advisor, other, theirs, now):
    for company, to in ((theirs.company, "antoine@librairie.example"), (None, "karim@banque.example")):
        row = mail.queue(
            "accounts/emails/identifier.txt",
            to=to,
            subject="x",
            context={"user": theirs},
            now=now,
            company=company.public_id if company else None,
        )
        row.postpone(error="ConnectionRefusedError", fault=MailFault.UNREACHABLE, at=now)
        row.save()
    page = client.get("/conseiller/").text
    assert "k•••@banque.example" in page
    assert "librairie.example" not in page
    client.force_login(other)
    assert "a•••@librairie.example" in client.get("/conseiller/").text


def test_the_desk_costs_the_same_with_portfolios(client, advisor, theirs, django_assert_max_num_queries):
    client.get("/conseiller/")
    for _ in range(PAGE_SIZE):
        _about(theirs)
        ContactRequestFactory(siret="90417265700010")
    with django_assert_max_num_queries(4):
        client.get("/conseiller/")
