"""What takes two advisors: every verb from every state, and what the database holds to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from backoffice.core.moves import IllegalMove
from support.enums import PROPOSAL_MOVES, ProposalState
from support.models import Proposal
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory, ProposalFactory

PENDING, APPROVED, REJECTED, VOIDED, LAPSED = ProposalState
VERBS = {
    "approve": (APPROVED, lambda one, advisor, now: one.approve(by=advisor, at=now)),
    "reject": (REJECTED, lambda one, advisor, now: one.reject(by=advisor, at=now, words="Non.")),
    "void": (VOIDED, lambda one, advisor, now: one.void(at=now)),
    "lapse": (LAPSED, lambda one, advisor, now: one.lapse(at=now)),
}


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leads_where_it_should_and_only_from_what_waits(state, verb, now):
    proposal = Proposal(state=state, new_code_hash="argon2$x" if state is PENDING else "")
    target, act = VERBS[verb]
    if state is PENDING:
        act(proposal, UserFactory.build(advisor=True), now)
        assert (proposal.state, proposal.decided_at, proposal.new_code_hash) == (target, now, "")
    else:
        with pytest.raises(IllegalMove):
            act(proposal, UserFactory.build(advisor=True), now)
        assert proposal.state == state


def test_every_move_of_the_table_has_its_verb():
    assert {PENDING: {target for target, _ in VERBS.values()}} == {
        state: targets for state, targets in PROPOSAL_MOVES.items() if targets
    }
    assert set(PROPOSAL_MOVES) == set(ProposalState)


def test_approving_hands_the_hash_out_and_keeps_none(now):
    proposal = Proposal(state=PENDING, new_code_hash="argon2$x")
    assert proposal.approve(by=UserFactory.build(advisor=True), at=now) == "argon2$x"
    assert proposal.new_code_hash == ""


@pytest.mark.parametrize("verb", VERBS)
def test_an_account_that_waited_is_kept_no_longer_than_its_decision(verb, now):
    proposal = Proposal(state=PENDING)
    proposal.seal_iban("FR1420041010050500013M02606")
    handed = VERBS[verb][1](proposal, UserFactory.build(advisor=True), now)
    assert handed == ("FR1420041010050500013M02606" if verb == "approve" else None)
    assert (proposal.sealed_iban, proposal.iban(), proposal.iban_last_four) == ("", "", "2606")


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["reset", "account", "approved", "rejected", "voided", "lapsed"])
def test_the_database_keeps_a_proposal_in_every_state(trait):
    assert ProposalFactory(**{trait: True}).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": APPROVED}, "proposal_decided_says_by_whom_and_when"),
        ({"approved": True, "decided_by": None}, "proposal_decided_says_by_whom_and_when"),
        ({"voided": True, "decided_at": None}, "proposal_decided_says_by_whom_and_when"),
        ({"approved": True, "new_code_hash": "argon2$x"}, "proposal_keeps_a_code_only_while_pending"),
        ({"new_code_hash": ""}, "proposal_keeps_a_code_only_while_pending"),
        ({"reset": True, "new_code_hash": "argon2$x"}, "proposal_keeps_a_code_only_while_pending"),
        ({"state": "lost", "new_code_hash": ""}, "proposal_decided_says_by_whom_and_when"),
        ({"kind": "lost", "new_code_hash": ""}, "proposal_kind_is_known"),
        ({"account": True, "iban": ""}, "proposal_keeps_an_account_only_while_pending"),
        ({"reset": True, "iban": "FR1420041010050500013M02606"}, "proposal_keeps_an_account_only_while_pending"),
        ({"account": True, "contract": None}, "proposal_of_an_account_names_its_contract"),
    ],
)
def test_the_database_refuses_what_contradicts_itself(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProposalFactory(**changes)


@pytest.mark.django_db
def test_authz_06_the_database_itself_refuses_that_one_advisor_does_both():
    proposal = ProposalFactory()
    rows = Proposal.objects.filter(pk=proposal.pk)
    decided = {"state": APPROVED, "new_code_hash": "", "decided_at": proposal.proposed_at}
    for culprit in (proposal.proposed_by, proposal.person):
        with pytest.raises(IntegrityError, match="proposal_is_decided_by_somebody_else"), transaction.atomic():
            rows.update(decided_by=culprit, **decided)
    assert rows.update(decided_by=UserFactory(advisor=True), **decided) == 1


@pytest.mark.django_db
def test_a_new_code_needs_its_call_and_one_proposal_waits_per_person_and_kind(now):
    with pytest.raises(IntegrityError, match="proposal_of_a_code_comes_from_a_call"), transaction.atomic():
        contact, person = ContactRequestFactory(taken=True), MembershipFactory().user
        ProposalFactory(call=None, contact_request=contact, person=person)
    first = ProposalFactory(reset=True)
    with pytest.raises(IntegrityError, match="proposal_one_pending_per_person_and_kind"), transaction.atomic():
        ProposalFactory(reset=True, person=first.person)
    with pytest.raises(IntegrityError, match="proposal_ends_after_it_begins"), transaction.atomic():
        ProposalFactory(reset=True, proposed_at=now, expires_at=now - timedelta(seconds=1))
