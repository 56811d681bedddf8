"""The step between the right password and the one-time code, on every state of the account and every verb."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY

from accounts import actions
from accounts.enums import AccountState, SignInStep
from accounts.models import TotpDevice, User
from backoffice.core.models import JournalEntry
from tests.accounts.factories import BROWSER, PASSWORD, MembershipFactory, one_time_code, wrong_code

pytestmark = pytest.mark.django_db
DOOR, URL = "/connexion/", "/connexion/second-facteur/"
RECOVERY = URL + "?moyen=secours"
NEW = "Meule-Alpage-31-Cuivre"


@pytest.fixture
def owner():
    return MembershipFactory(user__identifier="lefebvre-58204", user__factor=True).user


@pytest.fixture
def half_in(client, owner):
    """A browser where the password was right."""
    give_password(client, owner)
    return client


def give_password(client, user):
    client.post(DOOR, {"identifier": user.identifier, "password": PASSWORD})


def give(client, code, url=URL):
    return client.post(url, {"code": code})


def is_in(client):
    return SESSION_KEY in client.session


def events():
    return set(JournalEntry.objects.values_list("event", flat=True))


def _nothing(owner):
    """The step goes on."""


def _password_replaced(owner):
    owner.set_password(NEW)
    owner.save()


def _blocked(owner):
    User.objects.filter(pk=owner.pk).update(state=AccountState.BLOCKED, failed_tries=3)


def _closed(owner):
    User.objects.filter(pk=owner.pk).update(state=AccountState.CLOSED)


def _treated(owner):
    User.objects.filter(pk=owner.pk).update(
        state=AccountState.FIRST_CONNECTION, code_hash="x", temporary_password_expires_at="2040-01-01T00:00:00Z"
    )


def _factor_given_up(owner):
    TotpDevice.objects.of(owner).delete()


MEANWHILE = [_nothing, _password_replaced, _blocked, _closed, _treated, _factor_given_up]
VERBS = {
    "look": lambda client, now: client.get(URL),
    "right": lambda client, now: give(client, one_time_code(now)),
    "wrong": lambda client, now: give(client, wrong_code(now)),
    "misshapen": lambda client, now: give(client, "12"),
    "recovery": lambda client, now: give(client, "ABCDE-23456", url=RECOVERY),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda act: act.__name__.strip("_"))
def test_the_pending_step_on_every_state_and_verb(half_in, owner, now, meanwhile, verb):
    meanwhile(owner)
    answer = VERBS[verb](half_in, now)
    if meanwhile is not _nothing:
        assert answer["Location"] == DOOR
        assert not is_in(half_in)
        assert "factor.refused" not in events()
    elif verb == "right":
        assert is_in(half_in)
    else:
        assert answer.status_code == 200
        assert not is_in(half_in)
        assert ("factor.refused" in events()) == (verb in {"wrong", "recovery"})


@pytest.mark.parametrize("verb", VERBS)
def test_the_pending_step_ends_after_ten_minutes(half_in, now, verb):
    with time_machine.travel(now + timedelta(minutes=9, seconds=50)):
        assert half_in.get(URL).status_code == 200
    later = now + timedelta(minutes=10, seconds=5)
    with time_machine.travel(later):
        assert VERBS[verb](half_in, later)["Location"] == DOOR
        assert not is_in(half_in)


def test_a_password_replaced_while_the_code_is_compared_ends_it_too(owner, now):
    seen = User.objects.get(pk=owner.pk)
    _password_replaced(owner)
    given = actions.give_second_factor(user=seen, code=one_time_code(now), browser=BROWSER, now=now)
    assert given.step == SignInStep.REFUSED
    assert given.user is None
    assert TotpDevice.objects.get().last_step is None


def test_a_block_meanwhile_does_not_end_it_in_a_known_browser(half_in, owner, now):
    give(half_in, one_time_code(now))
    half_in.post("/deconnexion/")
    _blocked(owner)
    give_password(half_in, owner)
    assert give(half_in, one_time_code(now, steps=1)).status_code == 302
    assert is_in(half_in)
