"""The state machines on their full matrix: every verb from every state."""

from datetime import UTC, datetime, timedelta

import pytest

from backoffice.core.moves import IllegalMove
from payments.enums import NotificationState, SessionState
from payments.models import Notification, PaymentSession

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=10)
UNENDED = {SessionState.OPEN, SessionState.CHALLENGED}
ENDINGS = {SessionState.COMPLETED, SessionState.CANCELLED}
SESSION_VERBS = {
    "challenge": (lambda one: one.challenge(), SessionState.CHALLENGED, {SessionState.OPEN}),
    "refuse_card": (lambda one: one.refuse_card(), SessionState.OPEN, UNENDED),
    "complete": (lambda one: one.complete(at=AT, readable_until=LATER), SessionState.COMPLETED, UNENDED),
    "cancel": (lambda one: one.cancel(at=AT, readable_until=LATER), SessionState.CANCELLED, UNENDED),
}
IN_FLIGHT = {NotificationState.IN_FLIGHT}
NOTIFICATION_VERBS = {
    "take": (lambda one: one.take(now=AT, until=LATER), NotificationState.IN_FLIGHT, {NotificationState.WAITING}),
    "give_back": (lambda one: one.give_back(at=AT), NotificationState.WAITING, IN_FLIGHT),
    "retry": (lambda one: one.retry(at=AT), NotificationState.WAITING, IN_FLIGHT),
    "deliver": (lambda one: one.deliver(at=AT), NotificationState.DELIVERED, IN_FLIGHT),
    "exhaust": (lambda one: one.exhaust(), NotificationState.EXHAUSTED, IN_FLIGHT),
    "stop": (lambda one: one.stop(), NotificationState.STOPPED, IN_FLIGHT),
}


@pytest.mark.parametrize("verb", SESSION_VERBS)
@pytest.mark.parametrize("state", SessionState)
def test_a_visit_moves_only_where_its_table_says(state, verb):
    act, target, allowed = SESSION_VERBS[verb]
    session = PaymentSession(state=state)
    if state in allowed:
        act(session)
        assert session.state == target
        assert bool(session.holds_reference) == (target in ENDINGS)
    else:
        with pytest.raises(IllegalMove):
            act(session)
        assert session.state == state


@pytest.mark.parametrize("verb", NOTIFICATION_VERBS)
@pytest.mark.parametrize("state", NotificationState)
def test_a_notification_moves_only_where_its_table_says(state, verb):
    act, target, allowed = NOTIFICATION_VERBS[verb]
    notification = Notification(state=state, attempts_made=1)
    if state in allowed:
        act(notification)
        assert notification.state == target
    else:
        with pytest.raises(IllegalMove):
            act(notification)
        assert notification.state == state
