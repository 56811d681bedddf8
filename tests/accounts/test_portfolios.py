"""Advisors' portfolios: who looks after which company, and what others no longer see (AUTHZ-08)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts import actions
from accounts.enums import AccountState
from accounts.models import Assignment, Company, User
from backoffice.core.models import JournalEntry
from tests.accounts.factories import AssignmentFactory, CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, identifier="ferrand", first_name="Nadia", last_name="Ferrand")


@pytest.fixture
def other():
    return UserFactory(advisor=True, identifier="castaing")


def _command(*arguments):
    said = StringIO()
    call_command("assign_company", *arguments, stdout=said)
    return said.getvalue()


def _sees(advisor):
    return set(Company.objects.visible_to(advisor))


# --- What is seen --------------------------------------------------------------------------------------------------
def test_authz_08_a_company_of_others_is_out_of_sight_and_one_of_nobody_is_for_all(advisor, other):
    own, theirs, shared, nobodys = CompanyFactory.create_batch(4)
    AssignmentFactory(advisor=advisor, company=own)
    AssignmentFactory(advisor=other, company=theirs)
    for one in (advisor, other):
        AssignmentFactory(advisor=one, company=shared)
    assert _sees(advisor) == {own, shared, nobodys}
    assert _sees(other) == {theirs, shared, nobodys}
    assert _sees(UserFactory(advisor=True)) == {nobodys}
    assert set(Company.objects.kept_from(advisor)) == {theirs}
    assert {one.company for one in Assignment.objects.of(advisor)} == {own, shared}


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [
        (AccountState.ACTIVE, True),
        (AccountState.BLOCKED, True),
        (AccountState.INVITED, False),
        (AccountState.CLOSED, False),
    ],
)
def test_an_advisor_who_left_or_has_yet_to_come_keeps_no_company_from_the_others(advisor, state, is_kept):
    company = AssignmentFactory(advisor__state=state, advisor__password="!").company
    assert Company.objects.kept_from(advisor).filter(pk=company.pk).exists() is is_kept


def test_a_merchant_s_own_company_stays_theirs_whatever_the_portfolios(advisor):
    member = MembershipFactory()
    AssignmentFactory(advisor=advisor, company=member.company)
    assert _sees(member.user) == {member.company}
    assert _sees(MembershipFactory().user) != {member.company}


# --- The command ---------------------------------------------------------------------------------------------------
def test_a_company_is_put_into_a_portfolio_and_taken_out_again(advisor, other):
    company = CompanyFactory(siret="73282932000074", legal_name="Fromagerie Beaufils")
    said = _command("--advisor", "Ferrand", "--siret", "732 829 320 00074")
    assert said == "Fromagerie Beaufils is put into the portfolio of Nadia Ferrand (ferrand).\n"
    assert _sees(other) == set()
    assert "taken out of" in _command("--advisor", "ferrand", "--siret", "73282932000074", "--remove")
    assert _sees(other) == {company}
    entries = list(JournalEntry.objects.order_by("pk"))
    assert {(entry.event, entry.company, entry.subject_id) for entry in entries} == {
        ("portfolio.changed", company.public_id, advisor.public_id)
    }
    assert [entry.detail["change"] for entry in entries] == ["assigned", "unassigned"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--advisor", "nobody", "--siret", "73282932000074"], "nobody has this identifier"),
        (["--advisor", "ferrand", "--siret", "1"], "no company has this SIRET"),
        (["--advisor", "lefebvre", "--siret", "73282932000074"], "is no advisor, or the account is closed"),
        (["--advisor", "partie", "--siret", "73282932000074"], "is no advisor, or the account is closed"),
        (["--advisor", "castaing", "--siret", "73282932000074"], "is in the portfolio of castaing already"),
        (["--advisor", "ferrand", "--siret", "73282932000074", "--remove"], "is not in the portfolio of ferrand"),
    ],
)
def test_what_the_command_cannot_do_is_said_and_nothing_changes(advisor, other, arguments, words):
    UserFactory(identifier="lefebvre")
    UserFactory(identifier="partie", advisor=True, closed=True)
    AssignmentFactory(advisor=other, company=CompanyFactory(siret="73282932000074"))
    with pytest.raises(CommandError, match=words):
        _command(*arguments)
    assert list(Assignment.objects.values_list("advisor__identifier", flat=True)) == ["castaing"]
    assert not JournalEntry.objects.exists()


def test_somebody_invited_can_be_given_a_portfolio_beforehand(now):
    invited, company = UserFactory(invited=True), CompanyFactory()
    actions.assign_company(advisor=invited, company=company, by=None, now=now)
    assert Assignment.objects.of(invited).to(company).exists()


def test_the_database_keeps_a_company_once_in_a_portfolio():
    assignment = AssignmentFactory()
    with pytest.raises(IntegrityError, match="assignment_once_per_company_and_advisor"), transaction.atomic():
        AssignmentFactory(advisor=assignment.advisor, company=assignment.company)


# --- The journal ---------------------------------------------------------------------------------------------------
@pytest.fixture
def theirs(other, now):
    """A company of somebody else's portfolio, with something in its journal."""
    member = MembershipFactory(company__legal_name="Librairie Vernet")
    actions.assign_company(advisor=other, company=member.company, by=None, now=now)
    return member.company


def test_authz_08_the_journal_s_search_finds_no_company_of_others(client, advisor, other, theirs):
    CompanyFactory(legal_name="Librairie Voisine")
    for reader, found in ((advisor, False), (other, True)):
        client.force_login(reader)
        for typed in ("", "Librairie", "librairie v", theirs.siret, theirs.siret[:9]):
            page = client.get("/journal/", {"recherche": typed}).text
            assert ("Librairie Vernet" in page) is found
            assert (str(theirs.public_id) in page) is found


def test_authz_08_the_journal_of_a_company_of_others_is_a_page_that_does_not_exist(client, advisor, other, theirs):
    client.force_login(advisor)
    whose = {"societe": str(theirs.public_id)}
    missing = {"societe": "00000000-0000-4000-8000-000000000000"}
    for answer, nowhere in (
        (client.get("/journal/", whose), client.get("/journal/", missing)),
        (client.post("/journal/export/", whose), client.post("/journal/export/", missing)),
    ):
        assert answer.status_code == nowhere.status_code == 404
    assert not JournalEntry.objects.filter(event="journal.exported").exists()
    client.force_login(other)
    assert client.get("/journal/", whose).status_code == 200
    assert client.post("/journal/export/", whose).status_code == 200


def test_authz_05_a_portfolio_counts_on_the_very_next_request(client, advisor, other, theirs, now):
    client.force_login(advisor)
    page = f"/journal/?societe={theirs.public_id}"
    assert client.get(page).status_code == 404
    actions.assign_company(advisor=advisor, company=theirs, by=None, now=now)
    assert "Portefeuille changé" in client.get(page).text
    actions.unassign_company(advisor=advisor, company=theirs, by=None, now=now)
    assert client.get(page).status_code == 404
    User.objects.filter(pk=other.pk).update(state=AccountState.CLOSED)
    assert client.get(page).status_code == 200


def test_the_journal_tells_what_became_of_a_portfolio_in_words(client, other, theirs):
    client.force_login(other)
    page = client.get(f"/journal/?societe={theirs.public_id}").text
    assert "ajoutée au portefeuille" in page
