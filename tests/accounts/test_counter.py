"""What an advisor does to somebody's account from the counter: sessions, a second factor, an access."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts import actions
from accounts.enums import AccountState, ClosingReason, Role
from accounts.models import Membership, RecoveryCode, Session, ToldCode, TotpDevice, User
from backoffice.core.models import JournalEntry, OutgoingMail
from tests.accounts.factories import (
    BROWSER,
    PASSWORD,
    MembershipFactory,
    ToldCodeFactory,
    TotpDeviceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REASON = ClosingReason.LEFT


@pytest.fixture
def advisor():
    return UserFactory(advisor=True)


@pytest.fixture
def place():
    return MembershipFactory(role=Role.MANAGER)


def _sign_in(user):
    browser = Client()
    browser.post("/connexion/", {"identifier": user.identifier, "password": PASSWORD})
    assert browser.get("/profil/").status_code == 200
    return browser


def _close(place, advisor, now, reason=REASON):
    return actions.close_access(place=place, reason=reason, by=advisor, browser=BROWSER, now=now)


# --- Ending sessions -----------------------------------------------------------------------------------------------
def test_sess_05_sess_06_an_advisor_ends_every_session_of_somebody_within_one_request(
    place, advisor, now, run_jobs, mailbox
):
    browsers, other = [_sign_in(place.user), _sign_in(place.user)], _sign_in(UserFactory(active=True))

    assert actions.end_sessions_of(person=place.user, by=advisor, browser=BROWSER, now=now) == 2

    assert [one.get("/profil/")["Location"] for one in browsers] == ["/connexion/?next=/profil/"] * 2
    assert other.get("/profil/").status_code == 200
    entry = JournalEntry.objects.get(event="session.ended")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, place.user.public_id)
    assert (entry.company, entry.detail) == (place.company.public_id, {"count": 2})
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([place.user.email], "Vos sessions sont terminées")
    assert "un conseiller a terminé toutes les sessions" in told.body
    assert _sign_in(place.user)


def test_with_nothing_open_nobody_is_told(place, advisor, now):
    assert actions.end_sessions_of(person=place.user, by=advisor, browser=BROWSER, now=now) == 0
    assert not JournalEntry.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_frozen_account_s_sessions_end_too_and_nobody_ends_their_own_here(advisor, now):
    frozen = MembershipFactory(user__frozen=True).user
    browser = Client()
    browser.force_login(frozen)
    browser.get("/profil/")
    assert actions.end_sessions_of(person=frozen, by=advisor, browser=BROWSER, now=now) == 1
    with pytest.raises(actions.OwnAccount):
        actions.end_sessions_of(person=advisor, by=advisor, browser=BROWSER, now=now)


# --- Taking a second factor away -----------------------------------------------------------------------------------
@pytest.fixture
def with_factor():
    person = MembershipFactory(user=UserFactory(active=True, factor=True)).user
    RecoveryCode.objects.create(user=person, digest="a" * 64, drawn_at=person.created_at)
    TotpDeviceFactory(user=person, pending=True)
    return person


def _reset_factor(person, advisor, now):
    actions.reset_factor(user=person, by=advisor, browser=BROWSER, now=now, request="r")


def test_taking_a_factor_away_leaves_the_password_alone_and_ends_sessions(with_factor, advisor, now, run_jobs, mailbox):
    browser, before = Client(), with_factor.password
    browser.force_login(with_factor)
    assert browser.get("/profil/").status_code == 200

    _reset_factor(with_factor, advisor, now)

    assert not TotpDevice.objects.of(with_factor).exists()
    assert not RecoveryCode.objects.of(with_factor).exists()
    assert browser.get("/profil/")["Location"].startswith("/connexion/")
    with_factor.refresh_from_db()
    assert with_factor.password == before
    assert _sign_in(with_factor)
    entry = JournalEntry.objects.get(event="factor.removed")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, with_factor.public_id)
    assert (entry.company, entry.detail) == (with_factor.company.public_id, {"request": "r"})
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([with_factor.email], "Votre second facteur est retiré")
    assert "deux conseillers ont retiré" in told.body
    assert "Votre mot de passe suffit de nouveau" in told.body
    assert "/pas-moi/" in told.body


@pytest.mark.parametrize("who", ["an advisor", "of a company that wants one"])
def test_auth_18_whoever_must_have_a_factor_is_led_to_another_one(advisor, now, run_jobs, mailbox, who):
    if who == "an advisor":
        person = UserFactory(advisor=True)
    else:
        person = MembershipFactory(user=UserFactory(factor=True), company__requires_second_factor=True).user
    _reset_factor(person, advisor, now)
    browser = Client()
    browser.post("/connexion/", {"identifier": person.identifier, "password": PASSWORD})
    led = browser.get("/conseiller/" if person.is_advisor else "/boutiques/")
    assert led["Location"].startswith("/profil/second-facteur/")
    run_jobs()
    assert "la page vous fait activer une autre application" in mailbox[0].body


@pytest.mark.parametrize(
    ("traits", "refusal"),
    [
        ({"factor": False}, actions.NoFactor),
        ({"factor": True, "closed": True}, actions.NoFactor),
        ({"factor": True, "frozen": True}, actions.ChangesFrozen),
    ],
)
def test_without_a_factor_frozen_or_closed_nothing_is_taken_away(advisor, now, traits, refusal):
    person = UserFactory(**traits)
    before = TotpDevice.objects.count()
    with pytest.raises(refusal):
        _reset_factor(person, advisor, now)
    with pytest.raises(actions.OwnAccount):
        _reset_factor(advisor, advisor, now)
    assert TotpDevice.objects.count() == before
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("state", ["blocked", "first_connection"])
def test_a_blocked_account_and_one_in_first_connection_lose_it_and_stay_so(advisor, now, state):
    person = UserFactory(factor=True, **{state: True})
    _reset_factor(person, advisor, now)
    person.refresh_from_db()
    assert person.state == state
    assert not TotpDevice.objects.of(person).exists()


# --- Closing an access ---------------------------------------------------------------------------------------------
def test_sess_05_closing_ends_the_access_the_account_and_its_sessions_and_says_why(
    place, advisor, now, run_jobs, mailbox
):
    owner = MembershipFactory(company=place.company).user
    browser = _sign_in(place.user)

    _close(place, advisor, now)

    place.refresh_from_db()
    assert (place.ends_at, place.user.state) == (now, AccountState.CLOSED)
    assert browser.get("/profil/")["Location"].startswith("/connexion/")
    assert not Session.objects.of(place.user).exists()
    entry = JournalEntry.objects.get(event="person.removed")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, place.user.public_id)
    assert (entry.company, entry.detail) == (place.company.public_id, {"role": "manager", "reason": "left"})
    run_jobs()
    told = {message.to[0]: message for message in mailbox}
    assert set(told) == {place.user.email, owner.email}
    assert "Motif\u00a0: départ de la société." in told[place.user.email].body
    assert "n’ouvrent plus rien" in told[place.user.email].body
    assert f"{place.user.full_name} ({place.user.identifier}, Gestionnaire)" in told[owner.email].body
    assert "Motif\u00a0: départ de la société." in told[owner.email].body


def test_closing_destroys_the_code_an_owner_told(advisor, now):
    waiting = ToldCodeFactory().user
    _close(MembershipFactory(user=waiting, role=Role.READER), advisor, now)
    assert ToldCode.objects.get().sealed_code == ""


def test_whoever_works_for_another_company_keeps_the_account_and_signs_in_again(place, advisor, now, run_jobs, mailbox):
    other = MembershipFactory(user=place.user)
    browser = _sign_in(place.user)
    _close(place, advisor, now)
    place.user.refresh_from_db()
    assert place.user.state == AccountState.ACTIVE
    assert browser.get("/profil/")["Location"].startswith("/connexion/")
    assert User.objects.get(pk=place.user_id).membership == other
    run_jobs()
    assert "Le reste de votre compte ne change pas" in next(
        message.body for message in mailbox if message.to == [place.user.email]
    )
    # The other company's journal tells nothing of it.
    assert JournalEntry.objects.get(event="person.removed").company == place.company.public_id


def test_the_last_owner_s_access_closes_too_and_the_company_is_told_at_its_own_address(advisor, now, run_jobs, mailbox):
    place = MembershipFactory()
    MembershipFactory(company=place.company, role=Role.MANAGER)
    _close(place, advisor, now, ClosingReason.MISUSED)
    assert not Membership.objects.of_company(place.company).owners().exists()
    run_jobs()
    assert {message.to[0] for message in mailbox} == {place.user.email, place.company.email}
    [told] = [message for message in mailbox if message.to == [place.company.email]]
    assert told.subject == "Votre société n’a plus de gérant"
    assert "Motif\u00a0: compte utilisé par quelqu’un d’autre." in told.body


@pytest.mark.parametrize("trait", ["active", "first_connection", "blocked", "frozen"])
def test_an_access_closes_from_whatever_state_the_account_is_in(advisor, now, trait):
    place = MembershipFactory(user=UserFactory(**{trait: True}), role=Role.READER)
    _close(place, advisor, now)
    place.user.refresh_from_db()
    assert place.user.state == AccountState.CLOSED


def test_an_access_that_is_over_is_not_closed_again(place, advisor, now):
    _close(place, advisor, now)
    with pytest.raises(actions.AccessOver):
        _close(place, advisor, now)
    assert JournalEntry.objects.filter(event="person.removed").count() == 1


def test_nobody_closes_their_own_access_and_an_advisor_whose_account_is_frozen_closes_none(place, now):
    own = MembershipFactory(user=UserFactory(advisor=True))
    with pytest.raises(actions.OwnAccount):
        _close(own, own.user, now)
    with pytest.raises(actions.ChangesFrozen):
        _close(place, UserFactory(advisor=True, frozen=True), now)
    assert Membership.objects.current().count() == 2
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_advisors_at_once_close_an_access_once(now):
    place, advisors = MembershipFactory(), [UserFactory(advisor=True) for _ in range(4)]

    def close(advisor):
        try:
            return _close(place, advisor, now)
        except actions.AccessOver:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert len([done for done in pool.map(close, advisors) if done]) == 1
    assert JournalEntry.objects.filter(event="person.removed").count() == 1
    assert OutgoingMail.objects.count() == 2
