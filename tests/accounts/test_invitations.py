"""How advisors come: `manage.py invite_advisor`, the mailed link, and a password of their own."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions, devices, links, rules
from accounts.enums import AccountState, LinkPurpose, SignInStep, UserKind
from accounts.models import MailedLink, PasswordRecord, User
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import BROWSER, PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
KARIM = {"first_name": "Karim", "last_name": "Haddad", "email": "karim@banque.example"}
OPTIONS = ["--first-name", "Karim", "--last-name", "Haddad", "--email", "karim@banque.example"]
NEW = "Tangerine-Velvet-7-Orbit"


def _command(*arguments):
    said = StringIO()
    call_command("invite_advisor", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def invited(now):
    """The person and the path of the page."""
    user, token = actions.invite_advisor(**KARIM, now=now)
    return user, f"/invitation/{token}/"


def _choose(client, path, password=NEW, again=None):
    return client.post(path, {"password": password, "again": again or password})


# --- The command ---------------------------------------------------------------------------------------------------
def test_the_command_opens_an_account_without_password_and_mails_the_link(run_jobs, mailbox):
    said = _command(*OPTIONS)
    user = User.objects.get()
    assert (user.kind, user.state, user.full_name) == (UserKind.ADVISOR, AccountState.INVITED, "Karim Haddad")
    assert not user.has_usable_password()
    assert re.fullmatch(r"haddad-\d{5}", user.identifier)
    assert user.identifier in said
    assert "72 hours" in said
    run_jobs()
    [message] = mailbox
    assert message.to == ["karim@banque.example"]
    assert user.identifier in message.body
    [token] = re.findall(r"http://127\.0\.0\.1:8000/invitation/([\w-]{32})/", message.body)
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id, entry.subject_id) == ("advisor.invited", None, user.public_id)
    row = OutgoingMail.objects.get()
    assert (row.is_secret, row.sealed_message) == (True, "")
    assert token not in said
    assert token not in str([*MailedLink.objects.values_list(), *JournalEntry.objects.values_list()])


def test_the_identifier_can_be_chosen():
    assert "identifier haddad." in _command(*OPTIONS, "--identifier", " Haddad ")
    assert User.objects.get().identifier == "haddad"


def test_invited_again_the_person_gets_another_link_and_the_former_dies(invited, client):
    user, former = invited
    _command("--first-name", "Karim", "--last-name", "El Haddad", "--email", "Karim@banque.example")
    assert User.objects.get().pk == user.pk
    assert User.objects.get().last_name == "El Haddad"
    assert client.get(former).status_code == 410
    assert MailedLink.objects.usable(purpose=LinkPurpose.ADVISOR_INVITATION, now=timezone.now()).count() == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--first-name", "  "], "--first-name takes 1 to 80"),
        (["--last-name", "x" * 81], "--last-name takes 1 to 80"),
        (["--last-name", "a\u202eb"], "--last-name takes 1 to 80"),
        (["--email", "karim"], "--email takes an address"),
        (["--email", "karim@banque.example\nBcc: x@y.example"], "--email takes an address"),
        (["--identifier", "k"], "--identifier takes 3 to 64"),
        (["--identifier", "kаrim"], "--identifier takes 3 to 64"),  # a Cyrillic а
        (["--identifier", "lefebvre"], "--identifier lefebvre is taken"),
    ],
)
def test_what_the_command_cannot_use_is_said_and_nothing_happens(arguments, words):
    UserFactory(identifier="lefebvre")
    with pytest.raises(CommandError, match=words):
        _command(*OPTIONS, *arguments)
    assert User.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_whoever_has_an_account_already_is_not_invited():
    advisor = UserFactory(advisor=True, email="karim@banque.example", identifier="haddad")
    with pytest.raises(CommandError, match="has an advisor's account already: haddad"):
        _command(*OPTIONS)
    User.objects.filter(pk=advisor.pk).update(state=AccountState.CLOSED)
    _command(*OPTIONS)
    assert User.objects.count() == 2


def test_a_merchant_s_e_mail_may_be_an_advisor_s_too():
    MembershipFactory(user__email="karim@banque.example")
    _command(*OPTIONS)
    assert User.objects.advisors_at("karim@banque.example").count() == 1


def test_somebody_invited_under_one_identifier_keeps_it():
    _command(*OPTIONS, "--identifier", "haddad")
    with pytest.raises(CommandError, match="invited under another one"):
        _command(*OPTIONS, "--identifier", "karim")


# --- The page ------------------------------------------------------------------------------------------------------
def test_the_page_says_whose_account_it_opens_and_looking_uses_nothing_up(client, invited):
    user, path = invited
    for method in (client.get, client.head, client.get):
        assert method(path).status_code == 200
    page = client.get(path).text
    assert "Karim Haddad" in page
    assert user.identifier in page
    assert 'autocomplete="new-password"' in page
    assert User.objects.get().state == AccountState.INVITED


def test_auth_18_choosing_a_password_opens_the_account_and_its_second_factor_before_the_desk(
    client, invited, run_jobs, mailbox
):
    user, path = invited
    answer = _choose(client, path)
    assert answer["Location"] == "/conseiller/"
    assert SESSION_KEY in client.session
    assert user.public_id in devices.read(client.cookies["device"].value)
    assert client.get("/conseiller/")["Location"] == "/profil/second-facteur/"
    user.refresh_from_db()
    assert (user.state, user.code_hash) == (AccountState.ACTIVE, "")
    assert PasswordRecord.objects.of(user).chosen().count() == 1
    entry = JournalEntry.objects.get(event="password.chosen")
    assert (entry.actor_id, entry.detail) == (user.public_id, {"way": "invitation"})
    run_jobs()
    assert user.identifier in mailbox[-1].body
    assert Client().post("/connexion/", {"identifier": user.identifier, "password": NEW})["Location"] == "/conseiller/"


def test_nothing_of_an_earlier_session_survives(client, invited):
    client.force_login(MembershipFactory().user)
    before = client.session.session_key
    _choose(client, invited[1])
    assert client.session.session_key != before
    assert client.get("/boutiques/")["Location"] == "/profil/second-facteur/"
    assert client.session["_auth_user_id"] == str(invited[0].pk)


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("Xk9-mQ4-vT7", None, "Il faut au moins 12 caractères."),
        ("Karim-Haddad-2026", None, "n’atteint pas"),
        (NEW, NEW + "x", "Les deux saisies diffèrent."),
        ("x" * 129, None, "128"),
        ("", None, "Choisissez"),
    ],
    ids=["short", "one's own name", "not twice", "too long", "empty"],
)
def test_pwd_02_what_the_server_refuses_is_explained_and_the_link_still_serves(client, invited, password, again, words):
    user, path = invited
    answer = _choose(client, path, password, again)
    assert answer.status_code == 200
    assert words in answer.text
    assert password not in answer.text or not password
    user.refresh_from_db()
    assert user.is_invited
    assert _choose(client, path)["Location"] == "/conseiller/"


def test_the_link_serves_once(client, invited):
    user, path = invited
    _choose(client, path)
    for answer in (Client().get(path), _choose(Client(), path, "Another-Password-77-Long")):
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in answer.text
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize(("age", "status"), [(timedelta(hours=72, seconds=-1), 200), (timedelta(hours=72), 410)])
def test_the_link_works_for_72_hours(client, invited, now, age, status):
    with time_machine.travel(now + age, tick=False):
        assert client.get(invited[1]).status_code == status


@pytest.mark.parametrize("path", ["/invitation/x/", "/invitation/%00%ed%a0%80/", f"/invitation/{'a' * 5000}/"])
def test_a_link_that_never_was_is_like_one_that_is_over(client, path):
    assert client.get(path).status_code == 410
    assert _choose(client, path).status_code == 410


@pytest.mark.parametrize("purpose", [purpose for purpose in LinkPurpose if purpose != LinkPurpose.ADVISOR_INVITATION])
def test_the_link_of_another_mail_accepts_nothing(client, invited, now, purpose):
    user, _ = invited
    token = links.issue(purpose=purpose, user=user, now=now)
    assert _choose(client, f"/invitation/{token}/").status_code == 410
    user.refresh_from_db()
    assert user.is_invited


def test_a_closed_invitation_is_over(client, invited):
    user, path = invited
    User.objects.filter(pk=user.pk).update(state=AccountState.CLOSED)
    assert client.get(path).status_code == _choose(client, path).status_code == 410


def test_the_form_needs_its_token(invited):
    assert _choose(Client(enforce_csrf_checks=True), invited[1]).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_several_acceptances_at_once_one_opens_the_account(now):
    user, token = actions.invite_advisor(**KARIM, now=now)

    def accept(password):
        try:
            return actions.accept_invitation(token=token, password=password, browser=BROWSER, now=now)
        except links.LinkOver:
            return None
        finally:
            connection.close()

    given = [f"Tangerine-Velvet-{number}-Orbit" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(accept, given))
    [kept] = [password for password, done in zip(given, opened, strict=True) if done]
    user.refresh_from_db()
    assert user.check_password(kept)
    assert JournalEntry.objects.filter(event="password.chosen").count() == 1


# --- Meanwhile -----------------------------------------------------------------------------------------------------
def test_auth_02_somebody_invited_is_refused_like_anybody_and_cannot_be_blocked(invited, now):
    user, _ = invited
    for password in ("", "!", user.password, PASSWORD, "x"):
        given = {"identifier": user.identifier, "password": password, "browser": BROWSER, "now": now}
        assert actions.sign_in(**given).step is SignInStep.REFUSED
    user.refresh_from_db()
    assert (user.state, user.failed_tries) == (AccountState.INVITED, 0)
    reasons = {entry.detail["reason"] for entry in JournalEntry.objects.filter(event="account.sign_in_refused")}
    assert reasons == {"invited"}


def test_somebody_invited_has_no_password_to_forget_nor_an_account_to_reset(invited, now):
    user, _ = invited
    mailed = OutgoingMail.objects.count()
    actions.mail_forgotten_link(user_id=user.pk, now=now)
    assert OutgoingMail.objects.count() == mailed
    assert not rules.may_recover(user)
    assert not rules.may_unblock(user)
    assert not rules.has_own_password(user)
    with pytest.raises(IllegalMove):
        actions.reset_account(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")
    with pytest.raises(IllegalMove):
        actions.redraw_temporary_password(user=user, now=now)


def test_somebody_invited_holds_no_session(client, invited):
    client.force_login(invited[0])
    assert client.get("/conseiller/")["Location"].startswith("/connexion/")
