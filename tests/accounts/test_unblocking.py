"""An advisor lifts a block that strangers caused: the owner's password and browsers stay as they were."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts import actions
from accounts.enums import AccountState, DeviceOrigin
from accounts.models import Device, User
from accounts.rules import may_be_unblocked
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import BROWSER, PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor():
    return UserFactory(advisor=True)


def _unblock(user, advisor, now):
    actions.unblock_account(user=user, by=advisor, browser=BROWSER, now=now, request="r")


def test_rst_01_the_owner_s_own_password_opens_the_account_again(advisor, now, run_jobs, mailbox):
    owner = MembershipFactory(user__blocked=True).user
    before = owner.password
    refused = Client()
    refused.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})
    assert SESSION_KEY not in refused.session

    _unblock(owner, advisor, now)

    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries, owner.password) == (AccountState.ACTIVE, 0, before)
    entered = Client()
    entered.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})
    assert SESSION_KEY in entered.session
    entry = JournalEntry.objects.get(event="account.unblocked")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, owner.public_id)
    assert (entry.company, entry.detail) == (owner.company.public_id, {"request": "r"})
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([owner.email], "Votre compte est débloqué")
    assert "Un conseiller a levé le blocage" in told.body
    assert "Votre mot de passe n’a pas changé" in told.body
    assert "/pas-moi/" in told.body


def test_what_is_open_in_known_browsers_goes_on(advisor, now):
    owner = MembershipFactory().user
    known = Client()
    known.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})
    for number in range(3):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number + 1}")
        stranger.post("/connexion/", {"identifier": owner.identifier, "password": "Wrong-Password-9"})
    owner.refresh_from_db()
    assert owner.is_blocked

    _unblock(owner, advisor, now)

    assert known.get("/boutiques/").status_code == 200
    assert [device.origin for device in Device.objects.of(owner)] == [DeviceOrigin.SIGN_IN]


# State of the account, and whether an advisor may unblock it: blocked, merchant, own password, not frozen.
STATES = {
    "blocked": ({"blocked": True}, True),
    "active": ({"active": True}, False),
    "first connection": ({"first_connection": True}, False),
    "closed": ({"closed": True}, False),
    "invited": ({"invited": True}, False),
    "an advisor's, blocked": ({"blocked": True, "advisor": True}, False),
}


@pytest.mark.parametrize("case", STATES)
def test_a_block_is_lifted_from_blocked_and_from_nowhere_else(advisor, now, case):
    traits, may = STATES[case]
    user = UserFactory(**traits)
    assert may_be_unblocked(user) is may
    before = User.objects.filter(pk=user.pk).values().get()
    if may:
        _unblock(user, advisor, now)
        user.refresh_from_db()
        assert user.state == AccountState.ACTIVE
        return
    with pytest.raises(IllegalMove):
        _unblock(user, advisor, now)
    assert User.objects.filter(pk=user.pk).values().get() == before
    assert not JournalEntry.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_an_account_blocked_before_its_first_connection_has_no_password_to_leave(advisor, now):
    user = UserFactory(first_connection=True, state=AccountState.BLOCKED)
    with pytest.raises(IllegalMove):
        _unblock(user, advisor, now)


def test_a_frozen_account_waits_for_its_report_and_nobody_lifts_their_own_block(advisor, now):
    with pytest.raises(actions.ChangesFrozen):
        _unblock(UserFactory(blocked=True, frozen=True), advisor, now)
    with pytest.raises(actions.OwnAccount):
        _unblock(advisor, advisor, now)
    assert not JournalEntry.objects.exists()
