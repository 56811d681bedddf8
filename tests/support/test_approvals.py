"""A second advisor decides: exactly what was proposed, within a day, never by whoever proposed it (AUTHZ-06)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import codes
from accounts.enums import AccountState
from accounts.models import Company, User
from backoffice.core.models import JournalEntry
from certificates.models import Amendment, Contract
from support import actions
from support.enums import ProposalState, RequestStatus
from support.models import ContactRequest, Proposal
from tests.accounts.factories import (
    CODE,
    AssignmentFactory,
    ContactChangeFactory,
    MembershipFactory,
    ToldCodeFactory,
    TotpDeviceFactory,
    UserFactory,
)
from tests.certificates.factories import ContractFactory
from tests.shops.factories import ShopFactory
from tests.support.factories import NEW_CODE, CallBackFactory, ProposalFactory, called_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(client):
    user = UserFactory(advisor=True, last_name="Castaing")
    client.force_login(user)
    return user


@pytest.fixture
def proposal():
    return ProposalFactory()


def url(proposal, end=""):
    return f"/conseiller/approbations/{proposal.public_id}/{end}"


def approve(client, proposal):
    return client.post(url(proposal, "approuver/"), follow=True).text


def is_code(person, code):
    person.refresh_from_db()
    return codes.is_right(code, owner=person.public_id, encoded=person.code_hash)


def events():
    return list(JournalEntry.objects.order_by("pk").values_list("event", flat=True))


def test_anonymous_people_are_sent_to_the_sign_in_page(client, proposal):
    for path in ("/conseiller/approbations/", url(proposal)):
        assert client.get(path)["Location"].startswith("/connexion/?next=")


def test_a_merchant_gets_the_page_that_does_not_exist(client, proposal):
    client.force_login(MembershipFactory().user)
    assert client.get("/conseiller/approbations/").status_code == 404
    assert client.get(url(proposal)).status_code == 404
    assert client.post(url(proposal, "approuver/")).status_code == 404
    assert not is_code(proposal.person, NEW_CODE)


def test_authz_08_a_proposal_of_another_portfolio_is_not_found(client, second):
    proposal = ProposalFactory(call=called_about(MembershipFactory(user__first_connection=True).user))
    AssignmentFactory(company=proposal.person.company, advisor=proposal.proposed_by)
    AssignmentFactory(company=proposal.person.company)
    assert client.get(url(proposal)).status_code == 404
    assert client.post(url(proposal, "approuver/")).status_code == 404
    assert proposal.person.identifier not in client.get("/conseiller/approbations/").text
    assert client.get(f"/conseiller/approbations/{uuid4()}/").status_code == 404
    assert not is_code(proposal.person, NEW_CODE)


def test_authz_08_where_one_advisor_alone_looks_after_a_company_any_other_may_be_the_second(client, second):
    proposal = ProposalFactory(call=called_about(MembershipFactory(user__first_connection=True).user))
    company = proposal.person.company
    AssignmentFactory(company=company, advisor=proposal.proposed_by)
    AssignmentFactory(company=company, advisor__invited=True)
    shown = client.get(url(proposal)).text
    assert "Hors de votre portefeuille" in shown
    for closed in (
        f"/conseiller/societes/{company.public_id}/",
        f"/conseiller/demandes/{ContactRequest.objects.get().public_id}/",
    ):
        assert closed not in shown
        assert client.get(closed).status_code == 404
    assert proposal.person.identifier in client.get("/conseiller/approbations/").text
    approve(client, proposal)
    assert is_code(proposal.person, NEW_CODE)


def test_the_list_shows_what_waits_for_whom(client, second, proposal):
    page = client.get("/conseiller/approbations/").text
    assert "Elles attendent votre accord" in page
    assert proposal.person.identifier in page
    client.force_login(proposal.proposed_by)
    own = client.get("/conseiller/approbations/").text
    assert "Rien n’attend votre accord" in own
    assert proposal.person.identifier in own


def test_approving_makes_the_new_code_the_accounts_and_leaves_an_avenant(client, second, proposal, run_jobs, mailbox):
    person = proposal.person
    assert "Approuver" in client.get(url(proposal)).text
    assert "approuvée, et faite" in approve(client, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.new_code_hash) == (ProposalState.APPROVED, second, "")
    assert is_code(person, NEW_CODE)
    assert not is_code(person, CODE)
    amendment = Amendment.objects.get()
    said = {fact.label: fact.value for fact in amendment.snapshot().facts}
    assert said["Titulaire"] == person.full_name
    assert said["Numéro rappelé"].startswith("01 99 00 56 78, le ")
    assert (said["Proposé par"], said["Approuvé par"]) == (proposal.proposed_by.full_name, second.full_name)
    contact = ContactRequest.objects.get()
    assert (contact.status, contact.treated_by) == (RequestStatus.TREATED, second)
    assert {"proposal.approved", "code.replaced", "amendment.issued", "contact_request.treated"} <= set(events())
    run_jobs()
    [told] = [mail for mail in mailbox if "code de première connexion est remplacé" in mail.subject]
    assert told.to == [person.email]
    assert "/pas-moi/" in told.body


def test_authz_06_whoever_proposed_it_approves_nothing(client, proposal):
    client.force_login(proposal.proposed_by)
    assert "Un autre conseiller décide" in client.get(url(proposal)).text
    assert "Rien n’a changé" in approve(client, proposal)
    assert not is_code(proposal.person, NEW_CODE)
    assert Proposal.objects.get().is_pending


def test_authz_06_nor_does_whoever_holds_the_request_by_now(client, second, proposal):
    ContactRequest.objects.update(owner=second)
    assert "Rien n’a changé" in approve(client, proposal)
    assert Proposal.objects.get().is_pending


def test_a_proposal_is_approved_once(client, second, proposal):
    approve(client, proposal)
    assert "déjà décidée" in approve(client, proposal)
    assert Amendment.objects.count() == 1


def test_a_rejection_says_why_and_changes_nothing(client, second, proposal, run_jobs, mailbox):
    assert "Dites pourquoi" in client.post(url(proposal, "ecarter/"), {"words": ""}).text
    assert Proposal.objects.get().is_pending
    client.post(url(proposal, "ecarter/"), {"words": "Le numéro ne répond pas au bon nom."})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.new_code_hash) == (ProposalState.REJECTED, "")
    assert is_code(proposal.person, CODE)
    assert ContactRequest.objects.get().is_open
    client.force_login(proposal.proposed_by)
    assert "Le numéro ne répond pas au bon nom." in client.get(url(proposal)).text
    run_jobs()
    assert [mail.subject for mail in mailbox] == ["Votre code de première connexion n’est pas remplacé"]
    assert "numéro ne répond" not in mailbox[0].body


def later(field, value):
    return lambda proposal: User.objects.filter(pk=proposal.person_id).update(**{field: value})


EDITS = {
    "another e-mail on file": later("email", "autre@fromagerie.example"),
    "another telephone on file": later("phone", "+33199007777"),
    "another name": later("last_name", "Durand"),
    "another code": later("code_hash", "argon2$x"),
    "a freeze": later("changes_frozen_at", timezone.now()),
    "a closed account": later("state", AccountState.CLOSED),
    "a change of e-mail under way": lambda one: ContactChangeFactory(user=one.person),
    "a second factor": lambda one: TotpDeviceFactory(user=one.person),
    "another telephone of the company": lambda one: Company.objects.update(phone="+33199008888"),
    "a request on hold": lambda one: ContactRequest.objects.update(
        status=RequestStatus.WAITING, asked_at=timezone.now()
    ),
    "a request handed over": lambda one: ContactRequest.objects.update(owner=UserFactory(advisor=True)),
    "another number typed in the request": lambda one: ContactRequest.objects.update(phone="+33199009999"),
    "another hash in the proposal": lambda one: Proposal.objects.update(
        new_code_hash=codes.hash_code("918273", owner=one.person.public_id)
    ),
    "another number in the call": lambda one: type(one.call).objects.update(number="+33199006666"),
    "a longer day": lambda one: Proposal.objects.update(expires_at=one.expires_at + timedelta(days=9)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_authz_06_any_edit_since_then_voids_it(client, second, proposal, edit):
    edit(proposal)
    kept = User.objects.get(pk=proposal.person_id).code_hash
    assert "annulée" in approve(client, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.new_code_hash) == (ProposalState.VOIDED, "")
    assert User.objects.get(pk=proposal.person_id).code_hash == kept
    assert not Amendment.objects.exists()
    assert "proposal.voided" in events()


def test_strangers_guessing_meanwhile_void_nothing(client, second, proposal):
    User.objects.filter(pk=proposal.person_id).update(failed_tries=3, state=AccountState.BLOCKED)
    ContactRequest.objects.update(repeats=7)
    approve(client, proposal)
    assert is_code(proposal.person, NEW_CODE)


def test_after_a_day_nobody_approves_it_any_more(client, second, now):
    proposal = ProposalFactory(proposed_at=now - timedelta(hours=24))
    assert "24 heures sont passées" in client.get(url(proposal)).text
    assert "24 heures sont passées" in approve(client, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.new_code_hash) == (ProposalState.LAPSED, "")
    assert is_code(proposal.person, CODE)


def test_the_worker_ends_those_whose_day_is_over_and_no_others(now, run_jobs, mailbox):
    over, alive = ProposalFactory(proposed_at=now - timedelta(hours=25)), ProposalFactory()
    assert actions.lapse_proposals(now=now) == 1
    assert actions.lapse_proposals(now=now) == 0
    over.refresh_from_db()
    alive.refresh_from_db()
    assert (over.state, alive.state) == (ProposalState.LAPSED, ProposalState.PENDING)
    assert events() == ["proposal.lapsed"]
    run_jobs()
    assert [mail.to for mail in mailbox] == [[over.person.email]]


@pytest.mark.parametrize(
    ("changes", "is_mailed"),
    [
        ({}, False),
        ({"temporary_password_expires_at": timezone.now() - timedelta(hours=1)}, True),
        ({"state": AccountState.BLOCKED, "failed_tries": 3}, True),
    ],
)
def test_a_temporary_password_follows_when_the_code_alone_would_not_let_its_owner_in(
    client, second, changes, is_mailed, run_jobs, mailbox
):
    person = MembershipFactory(user__first_connection=True).user
    User.objects.filter(pk=person.pk).update(**changes)
    approve(client, ProposalFactory(call=CallBackFactory(replaced=True, person=User.objects.get(pk=person.pk))))
    assert is_code(person, NEW_CODE)
    assert person.state == AccountState.FIRST_CONNECTION
    run_jobs()
    assert ("Votre mot de passe temporaire" in [mail.subject for mail in mailbox]) == is_mailed


def test_rst_08_the_code_that_the_contract_would_print_dies_with_its_replacement(client, second, now):
    shop = ShopFactory()
    contract = ContractFactory(shop=shop, code=CODE)
    person = MembershipFactory(user__first_connection=True, company=shop.company).user
    invited = ToldCodeFactory(user=MembershipFactory(user__first_connection=True, company=shop.company).user)
    assert Contract.objects.get().code() == CODE
    approve(client, ProposalFactory(call=CallBackFactory(replaced=True, person=invited.user)))
    invited.refresh_from_db()
    assert invited.sealed_code == ""
    assert Contract.objects.get().code() == CODE, "an invited person's code is not the contract's"
    approve(client, ProposalFactory(call=CallBackFactory(replaced=True, person=person)))
    assert Contract.objects.get().code() == ""
    assert contract.number in Amendment.objects.latest("pk").snapshot().contracts


def test_somebody_without_any_company_can_have_a_code_replaced_too(client, second):
    person = UserFactory(first_connection=True)
    approve(client, ProposalFactory(call=CallBackFactory(replaced=True, person=person)))
    assert is_code(person, NEW_CODE)
    assert not Amendment.objects.exists()
