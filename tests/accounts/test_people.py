"""The people of a company: who invites, changes and removes whom, and what is left once an access is over."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import actions, codes, rules
from accounts.actions import Grant, Invitee
from accounts.codes import CodeFault
from accounts.enums import AccountState, CodeStep, Role, SignInStep
from accounts.models import Company, Membership, Session, ToldCode, User
from accounts.tasks import destroy_old_codes, end_accesses
from backoffice.core import vault
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import (
    BROWSER,
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    CompanyFactory,
    MembershipFactory,
    ToldCodeFactory,
    UserFactory,
)

SOMEBODY = Invitee(first_name="Hugo", last_name="Delmas", email="hugo@atelier.example", phone="+33199007777")
# Which verbs a place takes, by what it is; the person acting is another owner.
VERBS = ["change_role", "remove", "redraw", "show_code"]
TAKEN = {
    "waiting": {"change_role", "remove", "redraw", "show_code"},
    "waiting, code gone": {"change_role", "remove", "redraw"},
    "active": {"change_role", "remove"},
    "blocked": {"change_role", "remove"},
    "opened with the contract": {"change_role", "remove"},
    "over": set(),
    "own": set(),
}


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def owner(company):
    return MembershipFactory(company=company).user


def _place(company, role=Role.READER, **more):
    return Membership.objects.of_company(company).get(pk=MembershipFactory(company=company, role=role, **more).pk)


def _invite(company, owner, now, *, role=Role.MANAGER, code="357914", **more):
    return actions.invite_person(
        company=company,
        invitee=SOMEBODY,
        grant=Grant(role=role, **more),
        code=code,
        by=owner,
        browser=BROWSER,
        now=now,
    )


def _do(verb, place, *, by, now):
    who = {"place": place, "by": by, "browser": BROWSER, "now": now}
    match verb:
        case "change_role":
            return actions.change_role(grant=Grant(role=Role.MANAGER), **who)
        case "remove":
            return actions.remove_person(**who)
        case "redraw":
            return actions.redraw_for_person(**who)
        case "show_code":
            return actions.show_told_code(**who)


def _events(event):
    return list(JournalEntry.objects.filter(event=event))


def _told(run_jobs, mailbox):
    run_jobs()
    return {(message.to[0], message.subject) for message in mailbox}


# --- Inviting ------------------------------------------------------------------------------------------------------
def test_an_invited_person_has_an_identifier_a_code_and_a_password_of_their_own(company, owner, now):
    person = _invite(company, owner, now)
    assert person.identifier.startswith("delmas-")
    assert (person.state, person.role_in(company.pk)) == (AccountState.FIRST_CONNECTION, Role.MANAGER)
    assert codes.is_right("357914", owner=person.public_id, encoded=person.code_hash)
    assert person.told_code.told_by == owner
    (invited,) = _events("person.invited")
    assert invited.detail == {"role": "manager"}


def test_rst_08_mails_lead_to_the_first_connection_and_never_hold_the_code(company, owner, now, run_jobs, mailbox):
    other = MembershipFactory(company=company).user
    _invite(company, owner, now, code="640291")
    assert _told(run_jobs, mailbox) == {
        ("hugo@atelier.example", "Votre identifiant Gestion de caisse"),
        ("hugo@atelier.example", "Votre mot de passe temporaire"),
        (owner.email, "Une personne est invitée"),
        (other.email, "Une personne est invitée"),
    }
    bodies = "\n".join(message.body for message in mailbox)
    assert "640291" not in bodies
    assert f"que {owner.full_name} vous donne" in bodies
    assert "contrat papier" not in bodies


def test_rst_08_the_code_is_sealed_in_its_row_and_nowhere_in_clear(company, owner, now):
    person = _invite(company, owner, now, code="640291")
    told = ToldCode.objects.of(person).get()
    assert told.unsealed() == "640291"
    assert "640291" not in told.sealed_code
    told.sealed_code = ToldCodeFactory().sealed_code
    with pytest.raises(vault.SealBroken):
        told.unsealed()


@pytest.mark.parametrize(
    ("code", "fault"), [("12345", CodeFault.FORMAT), ("123456", CodeFault.TRIVIAL), ("99007777", CodeFault.PERSONAL)]
)
def test_rst_10_a_code_anybody_would_guess_is_refused_and_nobody_is_invited(company, owner, now, code, fault):
    with pytest.raises(codes.CodeRefused) as refused:
        _invite(company, owner, now, code=code)
    assert refused.value.fault == fault
    assert not User.objects.filter(email=SOMEBODY.email).exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.READER, Role.INTEGRATOR])
def test_nobody_but_an_owner_invites(company, owner, now, role):
    with pytest.raises(actions.NotAllowed):
        _invite(company, _place(company, role).user, now)
    with pytest.raises(actions.NotAllowed):
        _invite(company, MembershipFactory().user, now)
    assert not OutgoingMail.objects.exists()


def test_an_owner_is_not_invited_but_made_of_somebody_who_is_there(company, owner, now, run_jobs, mailbox):
    with pytest.raises(actions.NotAllowed):
        _invite(company, owner, now, role=Role.OWNER)
    place = _place(company, Role.MANAGER)
    actions.change_role(place=place, grant=Grant(role=Role.OWNER), by=owner, browser=BROWSER, now=now)
    assert User.objects.get(pk=place.user_id).role_in(company.pk) == Role.OWNER
    assert _told(run_jobs, mailbox) == {
        (place.user.email, "Votre rôle a changé"),
        (owner.email, "Votre société a un gérant de plus"),
    }


def test_a_company_invites_twenty_people_a_day(company, owner, now, monkeypatch):
    for _ in range(rules.INVITATIONS_A_DAY - 1):
        MembershipFactory(company=company, role=Role.READER, created_at=now - timedelta(hours=1))
    with pytest.raises(actions.TooManyInvitations):
        _invite(company, owner, now)
    Membership.objects.filter(role=Role.READER).update(created_at=now - timedelta(days=1, seconds=1))
    _invite(company, owner, now)


# --- What a place takes --------------------------------------------------------------------------------------------
def _was_drawn(person, moment):
    person.temporary_password_expires_at = moment + rules.TEMPORARY_PASSWORD_LIFE
    person.save()


def _place_that_is(kind, company, owner, now):
    if kind == "own":
        return Membership.objects.of_company(company).get(user=owner)
    if kind == "over":
        return _place(company, ends_at=now - timedelta(seconds=1))
    traits = {"active": "active", "blocked": "blocked"}.get(kind, "first_connection")
    place = _place(company, **{f"user__{traits}": True})
    if traits == "first_connection":
        _was_drawn(place.user, now - timedelta(hours=1))
    if kind != "opened with the contract":
        ToldCodeFactory(user=place.user, told_by=owner, destroyed=kind != "waiting")
    return place


@pytest.mark.parametrize("kind", TAKEN)
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_works_on_the_places_of_the_table_and_no_other(verb, kind, company, owner, now):
    place = _place_that_is(kind, company, owner, now)
    if verb in TAKEN[kind]:
        _do(verb, place, by=owner, now=now)
        assert JournalEntry.objects.count() == 1
    else:
        with pytest.raises((actions.NotAllowed, actions.CodeGone, IllegalMove)):
            _do(verb, place, by=owner, now=now)
        assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.READER, Role.INTEGRATOR])
def test_nobody_but_an_owner_manages_anybody(verb, role, company, owner, now):
    place = _place_that_is("waiting", company, owner, now)
    with pytest.raises(actions.NotAllowed):
        _do(verb, place, by=_place(company, role).user, now=now)
    with pytest.raises(actions.NotAllowed):
        _do(verb, place, by=MembershipFactory().user, now=now)


@pytest.mark.parametrize("verb", VERBS)
def test_auth_16_a_frozen_account_manages_nobody(verb, company, owner, now):
    place = _place_that_is("waiting", company, owner, now)
    User.objects.filter(pk=owner.pk).update(changes_frozen_at=now)
    with pytest.raises(actions.ChangesFrozen):
        _do(verb, place, by=owner, now=now)
    with pytest.raises(actions.ChangesFrozen):
        _invite(company, owner, now)
    assert not JournalEntry.objects.exists()


def test_the_only_owner_neither_leaves_nor_steps_down(company, owner, now):
    place = Membership.objects.of_company(company).get(user=owner)
    for verb in ("change_role", "remove"):
        with pytest.raises(actions.NotAllowed):
            _do(verb, place, by=owner, now=now)
    assert User.objects.get(pk=owner.pk).role_in(company.pk) == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one():
    company = CompanyFactory()
    owners = [MembershipFactory(company=company).user for _ in range(2)]
    places = [Membership.objects.of_company(company).get(user=one) for one in owners]

    def remove(pair):
        try:
            actions.remove_person(place=pair[0], by=pair[1], browser=BROWSER, now=timezone.now())
        except actions.NotAllowed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(remove, zip(places, reversed(owners), strict=True)))
    assert sorted(outcomes) == [False, True]
    assert Membership.objects.of_company(company).owners().count() == 1


# --- Roles and removal ---------------------------------------------------------------------------------------------
def test_a_change_of_role_is_told_and_written_down(company, owner, now, run_jobs, mailbox):
    place = _place(company, Role.MANAGER)
    end = rules.end_of_day(date(2027, 3, 31))
    grant = Grant(role=Role.INTEGRATOR, ends_at=end, shops=2)
    actions.change_role(place=place, grant=grant, by=owner, browser=BROWSER, now=now)
    place.refresh_from_db()
    assert (place.role, place.ends_at, place.last_day) == (Role.INTEGRATOR, end, date(2027, 3, 31))
    assert _told(run_jobs, mailbox) == {(place.user.email, "Votre rôle a changé")}
    assert "Intégrateur, jusqu’au 31 mars 2027" in mailbox[0].body
    (changed,) = _events("person.role_changed")
    assert changed.detail == {"role": "integrator", "shops": 2, "until": "2027-03-31"}


def test_sess_05_a_removed_person_is_out_at_once(client, company, owner, now, run_jobs, mailbox):
    place = _place(company, Role.MANAGER, user__active=True)
    ToldCodeFactory(user=place.user)
    client.force_login(place.user)
    assert client.get("/boutiques/").status_code == 200
    actions.remove_person(place=place, by=owner, browser=BROWSER, now=now)
    assert client.get("/boutiques/")["Location"].startswith("/connexion/")
    person = User.objects.get(pk=place.user_id)
    assert (person.state, person.membership) == (AccountState.CLOSED, None)
    assert not Session.objects.of(person).exists()
    assert person.told_code.sealed_code == ""
    assert _told(run_jobs, mailbox) == {(person.email, "Votre accès est retiré")}
    refused = actions.sign_in(identifier=person.identifier, password=PASSWORD, browser=BROWSER, now=now)
    assert refused.step == SignInStep.REFUSED


def test_rst_04_another_temporary_password_kills_the_first(company, owner, now, run_jobs, mailbox):
    place = _place_that_is("waiting", company, owner, now)
    actions.redraw_for_person(place=place, by=owner, browser=BROWSER, now=now)
    assert _told(run_jobs, mailbox) == {(place.user.email, "Votre mot de passe temporaire")}
    refused = actions.sign_in(identifier=place.user.identifier, password=TEMPORARY_PASSWORD, browser=BROWSER, now=now)
    assert refused.step == SignInStep.REFUSED


def test_another_temporary_password_leaves_half_an_hour_after_the_first(company, owner, now):
    place = _place_that_is("waiting", company, owner, now)
    _was_drawn(place.user, now - timedelta(minutes=29))
    with pytest.raises(actions.DrawnLately):
        actions.redraw_for_person(place=place, by=owner, browser=BROWSER, now=now)
    assert not OutgoingMail.objects.exists()
    actions.redraw_for_person(place=place, by=owner, browser=BROWSER, now=now + timedelta(minutes=1))
    assert OutgoingMail.objects.get().person == place.user.public_id


# --- The code told -------------------------------------------------------------------------------------------------
def test_the_owner_reads_the_code_again_and_the_journal_says_so_without_it(company, owner, now):
    place = _place_that_is("waiting", company, owner, now)
    assert actions.show_told_code(place=place, by=owner, browser=BROWSER, now=now) == CODE
    (shown,) = _events("person.code_shown")
    assert CODE not in str(shown.detail)


def test_the_printable_form_of_a_code_dies_at_the_first_connection(company, owner, now):
    place = _place_that_is("waiting", company, owner, now)
    person = place.user
    actions.sign_in(identifier=person.identifier, password=TEMPORARY_PASSWORD, browser=BROWSER, now=now)
    step = actions.check_first_connection_code(user=person, code=CODE, browser=BROWSER, now=now)
    assert step == CodeStep.RIGHT
    assert ToldCode.objects.of(person).get().sealed_code
    actions.choose_password(user=person, password=PASSWORD, browser=BROWSER, now=now)
    told = ToldCode.objects.of(person).get()
    assert (told.sealed_code, told.code_destroyed_at) == ("", now)


def test_the_printable_form_of_a_code_dies_after_thirty_days(company, owner, now):
    kept = ToldCodeFactory(at=now - timedelta(days=29))
    place = _place_that_is("waiting", company, owner, now)
    ToldCode.objects.of(place.user).update(at=now - timedelta(days=30))
    # Even while no worker runs.
    with pytest.raises(actions.CodeGone):
        actions.show_told_code(place=place, by=owner, browser=BROWSER, now=now)
    destroy_old_codes()
    assert ToldCode.objects.of(place.user).get().sealed_code == ""
    kept.refresh_from_db()
    assert kept.sealed_code


@pytest.mark.django_db
def test_the_database_refuses_a_told_code_that_is_neither_sealed_nor_destroyed():
    told = ToldCodeFactory()
    for change in ({"sealed_code": ""}, {"sealed_code": CODE}, {"code_destroyed_at": timezone.now()}):
        with pytest.raises(IntegrityError, match="told_code_is_sealed_or_destroyed"), transaction.atomic():
            ToldCode.objects.filter(pk=told.pk).update(**change)


# --- Accesses that end ---------------------------------------------------------------------------------------------
def test_the_database_refuses_an_integrator_without_end(company):
    with pytest.raises(IntegrityError, match="membership_integrator_has_an_end"), transaction.atomic():
        MembershipFactory(company=company, role=Role.INTEGRATOR, ends_at=None)


def test_authz_05_an_integrator_is_out_the_second_the_access_ends_before_any_worker_ran(client, company, now):
    place = _place(company, Role.INTEGRATOR, user__active=True)
    client.force_login(place.user)
    assert client.get("/boutiques/").status_code == 200
    Membership.objects.filter(pk=place.pk).update(ends_at=timezone.now())
    assert client.get("/boutiques/")["Location"].startswith("/connexion/")
    refused = actions.sign_in(identifier=place.user.identifier, password=PASSWORD, browser=BROWSER, now=now)
    assert refused.step == SignInStep.REFUSED
    (entry,) = _events("account.sign_in_refused")
    assert entry.detail["reason"] == "ended"


def test_an_ended_access_is_closed_by_the_worker_and_both_sides_are_told(company, owner, now, run_jobs, mailbox):
    place = _place(company, Role.INTEGRATOR, ends_at=now - timedelta(seconds=1))
    going_on = _place(company, Role.INTEGRATOR, ends_at=now + timedelta(hours=1))
    end_accesses()
    end_accesses()
    assert User.objects.get(pk=place.user_id).state == AccountState.CLOSED
    assert User.objects.get(pk=going_on.user_id).state == AccountState.ACTIVE
    assert _told(run_jobs, mailbox) == {
        (place.user.email, "Votre accès est terminé"),
        (owner.email, "Un accès s’est terminé"),
    }
    assert len(mailbox) == 2
    (removed,) = _events("person.removed")
    assert (removed.detail, removed.actor_id) == ({"reason": "ended", "role": "integrator"}, None)


@pytest.mark.django_db(transaction=True)
def test_more_time_given_while_the_worker_reads_keeps_the_account_open():
    company, now = CompanyFactory(), timezone.now()
    place = _place(company, Role.INTEGRATOR, ends_at=now - timedelta(seconds=1))

    def work():
        try:
            return actions.end_accesses(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            # As an owner's page does while it saves another date.
            Company.objects.select_for_update().get(pk=company.pk)
            ended = pool.submit(work)
            _wait_for_somebody_waiting()
            Membership.objects.filter(pk=place.pk).update(ends_at=now + timedelta(hours=1))
        assert ended.result() == 0
    assert User.objects.get(pk=place.user_id).state == AccountState.ACTIVE


def _wait_for_somebody_waiting():
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for the company's row")


def test_an_access_lasts_until_the_end_of_its_last_day_in_paris():
    assert rules.end_of_day(date(2027, 3, 27)).isoformat() == "2027-03-28T00:00:00+01:00"
    # The day clocks change has 23 hours.
    assert rules.end_of_day(date(2027, 3, 28)).isoformat() == "2027-03-29T00:00:00+02:00"
    assert rules.latest_last_day(date(2028, 2, 29)) == date(2029, 2, 28)
    assert rules.latest_last_day(date(2026, 11, 25)) == date(2027, 11, 25)


def test_somebody_with_two_companies_keeps_the_other_one(company, owner, now):
    person = UserFactory(active=True)
    place, other = _place(company, user=person), MembershipFactory(user=person)
    actions.remove_person(place=place, by=owner, browser=BROWSER, now=now)
    person = User.objects.get(pk=person.pk)
    assert person.state == AccountState.ACTIVE
    assert person.company == other.company
