"""Where a request stands: every verb from every state, who must act next, and what the database holds to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from backoffice.core.moves import IllegalMove
from support import rules
from support.enums import BALLS, REQUEST_MOVES, Ball, RefusalReason, RequestStatus
from support.models import FollowUpLink, RequestMessage
from tests.accounts.factories import UserFactory
from tests.support.factories import ContactRequestFactory

NEW, TAKEN, WAITING, TREATED, REFUSED = RequestStatus
VERBS = {
    "take": lambda contact, advisor, now: contact.take(by=advisor, at=now),
    "hand_over": lambda contact, advisor, now: contact.hand_over(to=advisor),
    "put_on_hold": lambda contact, advisor, now: contact.put_on_hold(at=now),
    "resume": lambda contact, advisor, now: contact.resume(at=now),
    "treat": lambda contact, advisor, now: contact.treat(by=advisor, at=now),
    "refuse": lambda contact, advisor, now: contact.refuse(by=advisor, at=now, reason=RefusalReason.UNMATCHED),
}
# From which states each verb leads where; from every other one it raises.
LEADS = {
    "take": {NEW: TAKEN},
    "hand_over": {TAKEN: TAKEN, WAITING: WAITING},
    "put_on_hold": {TAKEN: WAITING, WAITING: WAITING},
    "resume": {WAITING: TAKEN},
    "treat": {TAKEN: TREATED, WAITING: TREATED},
    "refuse": {TAKEN: REFUSED, WAITING: REFUSED},
}
TRAITS = {
    NEW: {},
    TAKEN: {"taken": True},
    WAITING: {"waiting": True},
    TREATED: {"treated": True},
    REFUSED: {"refused": True},
}


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leads_where_it_should_and_from_nowhere_else(status, verb, now):
    contact = ContactRequestFactory.build(status=status)
    advisor = UserFactory.build(advisor=True)
    if target := LEADS[verb].get(status):
        VERBS[verb](contact, advisor, now)
        assert contact.status == target
        assert target in REQUEST_MOVES[status]
    else:
        with pytest.raises(IllegalMove):
            VERBS[verb](contact, advisor, now)
        assert contact.status == status


def test_every_move_of_the_table_has_its_verb():
    led = {(origin, target) for leads in LEADS.values() for origin, target in leads.items()}
    assert led == {(origin, target) for origin, targets in REQUEST_MOVES.items() for target in targets}
    assert set(REQUEST_MOVES) == set(BALLS) == set(RequestStatus)


def test_an_unknown_state_moves_nowhere(now):
    contact = ContactRequestFactory.build(status="lost")
    with pytest.raises(ValueError, match="lost"):
        contact.treat(by=UserFactory.build(advisor=True), at=now)


def test_moves_write_down_who_and_when(now):
    first, second = UserFactory.build(advisor=True), UserFactory.build(advisor=True)
    contact = ContactRequestFactory.build()
    contact.take(by=first, at=now)
    assert (contact.owner, contact.taken_at) == (first, now)
    contact.hand_over(to=second)
    # Whoever follows the request reads since when somebody answers for it, not who.
    assert (contact.owner, contact.taken_at) == (second, now)
    contact.put_on_hold(at=now + timedelta(minutes=2))
    contact.resume(at=now + timedelta(minutes=3))
    assert (contact.asked_at, contact.answered_at) == (now + timedelta(minutes=2), now + timedelta(minutes=3))
    contact.refuse(by=second, at=now + timedelta(minutes=4), reason=RefusalReason.NO_ANSWER, words="Deux rappels.")
    assert (contact.treated_by, contact.treated_at) == (second, now + timedelta(minutes=4))
    assert (contact.refusal_reason, contact.closing_words) == (RefusalReason.NO_ANSWER, "Deux rappels.")


def test_the_ball_goes_to_the_merchant_with_a_question_and_comes_back_with_the_answer(now):
    advisor = UserFactory.build(advisor=True)
    contact = ContactRequestFactory.build(received_at=now)
    assert rules.turn(contact) == rules.Turn(Ball.DESK, now)
    contact.take(by=advisor, at=now + timedelta(minutes=1))
    contact.hand_over(to=advisor)
    # The merchant has waited since the request came, whoever holds it.
    assert rules.turn(contact) == rules.Turn(Ball.DESK, now)
    contact.put_on_hold(at=now + timedelta(minutes=3))
    assert rules.turn(contact) == rules.Turn(Ball.MERCHANT, now + timedelta(minutes=3))
    contact.resume(at=now + timedelta(minutes=4))
    assert rules.turn(contact) == rules.Turn(Ball.DESK, now + timedelta(minutes=4))
    contact.treat(by=advisor, at=now + timedelta(minutes=5))
    assert rules.turn(contact) == rules.Turn(Ball.NOBODY, None)


@pytest.mark.django_db
@pytest.mark.parametrize("status", RequestStatus)
def test_the_database_keeps_a_request_in_every_state(status):
    assert ContactRequestFactory(**TRAITS[status]).status == status


@pytest.mark.django_db
def test_a_request_treated_before_anybody_could_take_one_stays_as_it_is():
    assert ContactRequestFactory(treated=True).owner is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": TAKEN}, "request_held_says_since_when_and_by_whom"),
        ({"status": WAITING}, "request_held_says_since_when_and_by_whom"),
        ({"taken": True, "taken_at": None}, "request_held_says_since_when_and_by_whom"),
        ({"taken": True, "owner": None}, "request_held_says_since_when_and_by_whom"),
        ({"taken": True, "status": NEW}, "request_held_says_since_when_and_by_whom"),
        ({"waiting": True, "asked_at": None}, "request_waiting_says_since_when"),
        ({"treated": True, "treated_by": None}, "request_treated_says_when_and_by_whom"),
        ({"refused": True, "treated_at": None}, "request_treated_says_when_and_by_whom"),
        ({"treated": True, "status": NEW}, "request_treated_says_when_and_by_whom"),
        ({"refused": True, "refusal_reason": ""}, "request_refused_says_why"),
        ({"refused": True, "refusal_reason": "parce que"}, "request_refused_says_why"),
        ({"treated": True, "refusal_reason": RefusalReason.UNMATCHED}, "request_refused_says_why"),
        ({"refusal_reason": RefusalReason.UNMATCHED}, "request_refused_says_why"),
    ],
)
def test_the_database_refuses_a_state_without_what_it_says(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ContactRequestFactory(**changes)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [{}, {"taken": True}])
def test_the_database_keeps_one_open_report_an_account_taken_in_charge_or_not(state):
    report = ContactRequestFactory(report=True, **state)
    with pytest.raises(IntegrityError, match="request_one_open_report_per_account"), transaction.atomic():
        ContactRequestFactory(report=True, identifier=report.identifier)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (FollowUpLink, {"holder": "desk", "digest": "a" * 64}, "follow_up_link_holder_is_known"),
        (FollowUpLink, {"holder": "x", "digest": "a" * 64}, "follow_up_link_holder_is_known"),
        (FollowUpLink, {"holder": "sender", "digest": "A" * 64}, "follow_up_link_digest_is_sha256"),
        (RequestMessage, {"voice": "desk", "text": "a"}, "request_message_comes_from_a_link_or_the_desk"),
        (RequestMessage, {"voice": "sender", "text": "a"}, "request_message_comes_from_a_link_or_the_desk"),
    ],
)
def test_the_database_refuses_links_and_messages_of_nobody(model, values, constraint, now):
    moment = {"issued_at": now} if model is FollowUpLink else {"written_at": now}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(contact_request=ContactRequestFactory(), **values, **moment)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "constraint"),
    [("", "request_message_says_something"), ("x" * 4001, "request_message_text_is_not_too_long")],
)
def test_the_database_refuses_a_message_that_is_empty_or_too_long(text, constraint, now):
    advisor = UserFactory(advisor=True)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RequestMessage.objects.create(
            contact_request=ContactRequestFactory(), voice="desk", by=advisor, text=text, written_at=now
        )
