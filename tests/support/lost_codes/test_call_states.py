"""The states of a call: every verb, and what the database holds to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Company
from backoffice.core.moves import IllegalMove
from support import actions
from support.enums import CALL_MOVES, CallState, RequestStatus, Voice
from support.models import CallBack, ContactRequest, Proposal
from tests.support.factories import CallBackFactory, ProposalFactory

pytestmark = pytest.mark.django_db


VERBS = {
    "prove": (CallState.PROVEN, lambda one: one.prove(holder=Voice.SENDER)),
    "find": (CallState.FOUND, lambda one: one.find()),
    "replace": (CallState.REPLACED, lambda one: one.replace()),
    "end": (CallState.ENDED, lambda one: one.end()),
}


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_of_a_call_leads_where_the_table_says_and_nowhere_else(state, verb):
    one, (target, act) = CallBack(state=state), VERBS[verb]
    if target in CALL_MOVES[state]:
        act(one)
        assert one.state == target
    else:
        with pytest.raises(IllegalMove):
            act(one)
        assert one.state == state


@pytest.mark.parametrize("trait", ["proven", "found", "replaced", "ended"])
def test_the_database_keeps_a_call_in_every_state(trait):
    assert CallBackFactory(**{trait: True}).pk


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"proven": True, "holder": ""}, "call_back_goes_on_with_a_recognised_page"),
        ({"proven": True, "holder": "repeat"}, "call_back_goes_on_with_a_recognised_page"),
        ({"holder": "sender"}, "call_back_goes_on_with_a_recognised_page"),
        ({"state": "lost"}, "call_back_goes_on_with_a_recognised_page"),
    ],
)
def test_the_database_refuses_a_call_that_contradicts_itself(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CallBackFactory(**changes)


def test_one_call_at_a_time_and_never_to_oneself():
    living = CallBackFactory()
    with pytest.raises(IntegrityError, match="one_living_per_request"), transaction.atomic():
        CallBackFactory(contact_request=living.contact_request, by=living.by)
    with pytest.raises(IntegrityError, match="by_somebody_else"), transaction.atomic():
        CallBackFactory(person=living.by, by=living.by)


def test_requests_forgotten_take_their_calls_and_proposals_along(now):
    proposal = ProposalFactory()
    long_ago = now - timedelta(days=500)
    ContactRequest.objects.update(
        status=RequestStatus.TREATED, treated_at=long_ago, treated_by=proposal.proposed_by, received_at=long_ago
    )
    assert actions.forget_requests(now=now) == 1
    assert not CallBack.objects.exists()
    assert not Proposal.objects.exists()
    assert Company.objects.exists()
