"""A frozen account: what stops at once, what cannot be done while it lasts, and what goes on (AUTH-16)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import actions, codes, kept_forms, links, rules
from accounts.actions import require_unfrozen
from accounts.enums import CancelReason, CodeStep, ContactChangeState, LinkPurpose, SignInStep, Way
from accounts.models import ContactChange, Device, KeptForm, MailedLink, User
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import (
    BROWSER,
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    ContactChangeFactory,
    MembershipFactory,
    UserFactory,
    stranger,
)

pytestmark = pytest.mark.django_db
NEW = "Tangerine-Velvet-7-Orbit"


@pytest.fixture
def owner():
    user = MembershipFactory().user
    user.code_hash = codes.hash_code(CODE, owner=user.public_id)
    user.save()
    return user


def _freeze(user, now, event=Event.PASSWORD_CHANGED):
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=user, now=now, event=event.value)
    return actions.freeze_account(token=token, browser=BROWSER, now=now)


# --- What stops at once --------------------------------------------------------------------------------------------
def test_pending_changes_are_cancelled_and_never_take_effect(owner, now):
    email, phone = ContactChangeFactory(user=owner), ContactChangeFactory(user=owner, phone=True, confirmed=True)
    _freeze(owner, now)
    assert set(ContactChange.objects.values_list("state", flat=True)) == {ContactChangeState.CANCELLED}
    reasons = [entry.detail["reason"] for entry in JournalEntry.objects.filter(event="contact_change.cancelled")]
    assert reasons == [CancelReason.FROZEN.value] * 2
    actions.lift_freeze(user=owner, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")
    actions.settle_contact_changes(now=now + timedelta(days=9))
    owner.refresh_from_db()
    assert owner.email != email.value
    assert str(owner.phone) != phone.value


@pytest.mark.parametrize("purpose", [LinkPurpose.RECOVERY, LinkPurpose.FORGOTTEN, LinkPurpose.EMAIL_CHANGE])
def test_links_under_way_are_dead(owner, now, purpose):
    token = links.issue(purpose=purpose, user=owner, now=now)
    _freeze(owner, now)
    assert links.find(token, purpose=purpose, now=now) is None


def test_a_form_kept_for_whoever_was_at_the_keyboard_is_not_given_to_the_owner(owner, now):
    actions.keep_form(user=owner, form=kept_forms.Form("/boutiques/", [("url", "https://evil.example")]), now=now)
    actions.keep_form(user=UserFactory(), form=kept_forms.Form("/", [("a", "b")]), now=now)
    _freeze(owner, now)
    assert [kept.user_id == owner.pk for kept in KeptForm.objects.all()] == [False]


def test_the_links_of_other_security_mails_and_other_people_keep_working(owner, now):
    other = links.issue(purpose=LinkPurpose.FORGOTTEN, user=MembershipFactory().user, now=now)
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=owner, now=now, event=Event.EMAIL_CHANGED.value)
    _freeze(owner, now)
    assert links.find(other, purpose=LinkPurpose.FORGOTTEN, now=now)
    assert links.find(token, purpose=LinkPurpose.NOT_ME, now=now)


def test_browsers_known_since_the_event_are_strangers_again_and_older_ones_stay_known(owner, now):
    actions.make_browser_known(user=owner, browser=stranger(1), now=now - timedelta(hours=1))
    actions.make_browser_known(user=owner, browser=stranger(2), now=now)
    token = links.issue(purpose=LinkPurpose.RECOVERY, user=owner, now=now)
    actions.take_recovery_link(token=token, browser=stranger(3), now=now + timedelta(minutes=1))
    reported = links.issue(purpose=LinkPurpose.NOT_ME, user=owner, now=now, event=Event.ACCOUNT_SIGNED_IN.value)
    actions.freeze_account(token=reported, browser=BROWSER, now=now + timedelta(hours=1))
    assert [device.known_since for device in Device.objects.of(owner)] == [now - timedelta(hours=1)]


def test_a_recovery_that_was_half_way_ends(owner, now, client, run_jobs, mailbox):
    token = links.issue(purpose=LinkPurpose.FORGOTTEN, user=owner, now=now)
    client.post(f"/mot-de-passe-oublie/lien/{token}/")
    assert client.get("/premiere-connexion/").status_code == 200
    _freeze(owner, now)
    assert client.get("/premiere-connexion/")["Location"] == "/connexion/"
    assert client.post("/premiere-connexion/", {"code": CODE})["Location"] == "/connexion/"


# --- What cannot be done meanwhile ---------------------------------------------------------------------------------
def test_no_link_of_a_forgotten_password_leaves_nor_works(owner, now, run_jobs, mailbox):
    _freeze(owner, now)
    mailed = OutgoingMail.objects.count()
    actions.mail_forgotten_link(user_id=owner.pk, now=now)
    assert OutgoingMail.objects.count() == mailed
    token = links.issue(purpose=LinkPurpose.FORGOTTEN, user=owner, now=now)
    with pytest.raises(links.LinkOver):
        actions.take_forgotten_link(token=token, now=now)


@pytest.mark.parametrize("way", Way)
def test_neither_code_nor_new_password_is_taken_whatever_the_way(now, way):
    user = MembershipFactory(user__first_connection=True, user__frozen=True).user
    step = actions.check_first_connection_code(user=user, code=CODE, now=now, browser=BROWSER, way=way)
    assert step is CodeStep.ENDED
    with pytest.raises(IllegalMove):
        actions.choose_password(user=user, password=NEW, now=now, browser=BROWSER, way=way)
    user.refresh_from_db()
    assert user.state == "first_connection"


def test_a_temporary_password_waits_for_the_advisor_s_call_and_the_journal_says_why(now):
    user = MembershipFactory(user__first_connection=True, user__frozen=True).user

    def enter():
        return actions.sign_in(identifier=user.identifier, password=TEMPORARY_PASSWORD, browser=BROWSER, now=now).step

    assert enter() is SignInStep.REFUSED
    assert JournalEntry.objects.get().detail["reason"] == "frozen"
    actions.lift_freeze(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")
    assert enter() is SignInStep.CODE_DUE


def test_no_advisor_resets_it_before_it_is_lifted(now):
    user = MembershipFactory(user__blocked=True, user__frozen=True).user
    assert not rules.may_be_reset(user)
    with pytest.raises(actions.ChangesFrozen):
        actions.reset_account(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")
    assert not OutgoingMail.objects.exists()


def test_the_one_question_that_every_change_asks():
    assert rules.may_change(UserFactory())
    require_unfrozen(UserFactory())
    frozen = UserFactory(frozen=True)
    assert not rules.may_change(frozen)
    with pytest.raises(actions.ChangesFrozen):
        require_unfrozen(frozen)


# --- What goes on --------------------------------------------------------------------------------------------------
def test_signing_in_and_reading_go_on(owner, now, client):
    _freeze(owner, now)
    assert client.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})["Location"] == "/"
    assert client.get("/journal/").status_code == 200
    assert "Modifications du compte gelées" in client.get("/journal/").text


def test_three_wrong_tries_block_a_frozen_account_like_any_other(owner, now):
    _freeze(owner, now)
    for number in range(3):
        actions.sign_in(identifier=owner.identifier, password="Wrong-9", browser=stranger(number), now=now)
    owner.refresh_from_db()
    assert owner.is_blocked


# --- Lifting -------------------------------------------------------------------------------------------------------
def test_lifting_needs_a_freeze_and_another_person(owner, now):
    with pytest.raises(actions.NotFrozen):
        actions.lift_freeze(user=owner, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")
    advisor = UserFactory(advisor=True, frozen=True)
    with pytest.raises(actions.OwnAccount):
        actions.lift_freeze(user=advisor, by=advisor, browser=BROWSER, now=now, request="r")
    advisor.refresh_from_db()
    assert advisor.is_frozen
    assert not JournalEntry.objects.exists()


def test_freezing_again_keeps_the_first_moment(now):
    user = UserFactory.build()
    user.freeze(at=now)
    user.freeze(at=now + timedelta(hours=1))
    assert user.changes_frozen_at == now
    user.unfreeze()
    assert not user.is_frozen


def test_an_unused_link_of_a_lifted_freeze_can_freeze_again(owner, now):
    second = links.issue(purpose=LinkPurpose.NOT_ME, user=owner, now=now, event=Event.EMAIL_CHANGED.value)
    _freeze(owner, now)
    actions.lift_freeze(user=owner, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")
    assert Client().post(f"/pas-moi/{second}/").status_code == 200
    assert User.objects.get(pk=owner.pk).is_frozen
    assert MailedLink.objects.filter(used_at=None, purpose=LinkPurpose.NOT_ME).count() == 1
