"""Coming back: the recovery link, the forgotten password, and what an advisor's treatment does."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts import actions, codes, devices
from accounts.enums import AccountState, DeviceOrigin
from accounts.models import Device, MailedLink, User
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import (
    BROWSER,
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    MembershipFactory,
    UserFactory,
    stranger,
)

pytestmark = pytest.mark.django_db
FORGOTTEN = "/mot-de-passe-oublie/"
NEW = "Tangerine-Velvet-7-Orbit"


@pytest.fixture
def owner():
    user = MembershipFactory(user__identifier="lefebvre-58204").user
    user.code_hash = codes.hash_code(CODE, owner=user.public_id)
    user.save()
    return user


def _link(body):
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/\S+/lien/\S+/|/\S+/navigateur/\S+/)", body)
    return path


def _ask(client, identifier, **more):
    return client.post(FORGOTTEN, {"identifier": identifier}, **more)


def _block(user):
    for number in range(3):
        client = Client(REMOTE_ADDR=f"198.51.100.{number + 1}")
        client.post("/connexion/", {"identifier": user.identifier, "password": "Wrong-Password-9"})
    user.refresh_from_db()
    assert user.is_blocked


@pytest.fixture
def mailed_link(client, owner, run_jobs, mailbox):
    """The path of the link that asking had mailed."""
    _ask(client, owner.identifier)
    run_jobs()
    return _link(mailbox[-1].body)


def test_the_sign_in_page_leads_to_the_forgotten_password(client):
    assert f'href="{FORGOTTEN}"' in client.get("/connexion/").content.decode()


def test_a_forgotten_password_is_replaced_with_the_link_and_the_code(client, owner, mailed_link, run_jobs, mailbox):
    assert mailbox[-1].to == [owner.email]
    assert "ne se remplace pas" not in mailbox[-1].body
    assert "Continuer" in client.get(mailed_link).content.decode()
    assert client.post(mailed_link)["Location"] == "/premiere-connexion/"
    assert client.post("/premiere-connexion/", {"code": CODE})["Location"] == "/premiere-connexion/mot-de-passe/"
    done = client.post("/premiere-connexion/mot-de-passe/", {"password": NEW, "again": NEW})
    assert done["Location"] == "/"
    assert SESSION_KEY in client.session
    owner.refresh_from_db()
    assert owner.state == AccountState.ACTIVE
    former, present = Client(), Client()
    former.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})
    assert SESSION_KEY not in former.session
    present.post("/connexion/", {"identifier": owner.identifier, "password": NEW})
    assert SESSION_KEY in present.session
    run_jobs()
    assert "L’ancien ne sert plus, et vos autres sessions sont terminées" in mailbox[-1].body


def test_rst_11_asking_changes_nothing(client, owner, run_jobs):
    client.force_login(owner)
    before = User.objects.filter(pk=owner.pk).values().get()
    _ask(Client(), owner.identifier)
    run_jobs()
    assert User.objects.filter(pk=owner.pk).values().get() == before
    assert client.get("/boutiques/").status_code == 200


def test_rst_11_the_answer_is_the_same_whatever_exists(owner, run_jobs, mailbox):
    UserFactory(identifier="blocked-00001", blocked=True)
    UserFactory(identifier="closed-00001", closed=True)
    answers = [
        _ask(Client(REMOTE_ADDR=f"198.51.100.{number + 1}"), identifier)
        for number, identifier in enumerate(
            [owner.identifier, "nobody-00001", "blocked-00001", "closed-00001", "é\u202e'; --"]
        )
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"{FORGOTTEN}envoye/")}
    assert run_jobs().count("accounts.mail_forgotten_link") == 5
    assert [message.to for message in mailbox] == [[owner.email]]
    assert "Si cet identifiant est celui d’un compte ouvert" in Client().get(f"{FORGOTTEN}envoye/").content.decode()


def test_a_second_request_within_half_an_hour_mails_nothing_more(client, owner, run_jobs, mailbox):
    for _ in range(2):
        _ask(client, owner.identifier)
    run_jobs()
    assert len(mailbox) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        actions.mail_forgotten_link(user_id=owner.pk, now=timezone.now())
    assert MailedLink.objects.count() == 2


def test_rst_12_the_sixth_request_of_an_address_in_an_hour_waits(client):
    for _ in range(5):
        assert _ask(client, "nobody-00001").status_code == 302
    answer = _ask(client, "nobody-00001")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3601


def test_looking_at_a_link_does_not_use_it_up_and_using_it_does(client, mailed_link):
    for _ in range(3):
        assert client.get(mailed_link).status_code == 200
    client.post(mailed_link)
    assert Client().get(mailed_link).status_code == 410
    answer = Client().post(mailed_link)
    assert answer.status_code == 410
    assert "Ce lien ne sert plus" in answer.content.decode()


def test_the_link_of_a_forgotten_password_works_for_an_hour(client, mailed_link):
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.get(mailed_link).status_code == 410
        assert client.post(mailed_link).status_code == 410


def test_rst_01_a_block_meanwhile_ends_the_forgotten_password(client, owner, mailed_link):
    client.post(mailed_link)
    _block(owner)
    assert client.get("/premiere-connexion/")["Location"] == "/connexion/"
    assert client.post(mailed_link).status_code == 410


def test_rst_07_wrong_codes_after_a_link_block_too(client, owner, mailed_link):
    client.post(mailed_link)
    for _ in range(3):
        client.post("/premiere-connexion/", {"code": "113355"})
    owner.refresh_from_db()
    assert owner.is_blocked


def test_an_advisor_is_told_whom_to_ask_and_gets_no_link(client, run_jobs, mailbox):
    advisor = UserFactory(advisor=True)
    _ask(client, advisor.identifier)
    run_jobs()
    [message] = mailbox
    assert "adressez-vous à un autre conseiller" in message.body
    assert "/lien/" not in message.body


def test_rst_14_links_use_our_own_address_whatever_the_request_says(client, owner, run_jobs, mailbox, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://caisse.example", ["*"]
    _ask(client, owner.identifier, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    run_jobs()
    assert "https://caisse.example/mot-de-passe-oublie/lien/" in mailbox[-1].body
    assert "evil.example" not in mailbox[-1].body


def test_the_token_is_in_the_mail_alone(client, owner, mailed_link):
    token = mailed_link.split("/")[-2]
    assert token not in str(list(MailedLink.objects.values_list()))
    assert token not in str(list(JournalEntry.objects.values_list()))


@pytest.mark.parametrize("path", ["/mot-de-passe-oublie/lien/x/", "/premiere-connexion/navigateur/%00%ed%a0%80/"])
def test_a_link_that_never_was_is_like_one_that_is_over(client, path):
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_design_4_5_the_temporary_passwords_mail_makes_the_owners_browser_known(client, owner, run_jobs, mailbox, now):
    _block(owner)
    actions.redraw_temporary_password(user=owner, now=timezone.now())
    run_jobs()
    [message] = [message for message in mailbox if "mot de passe temporaire" in message.subject]
    path = _link(message.body)
    assert client.get(path).status_code == 200
    assert Device.objects.count() == 0
    assert client.post(path)["Location"] == "/connexion/"
    assert Device.objects.get().origin == DeviceOrigin.RECOVERY_LINK
    assert owner.public_id in devices.read(client.cookies["device"].value)
    temporary = re.search(r"Voici votre mot de passe temporaire[^\n]*\n\n(\S+)\n", message.body)[1]
    for step in (
        ("/connexion/", {"identifier": owner.identifier, "password": temporary}, "/premiere-connexion/"),
        ("/premiere-connexion/", {"code": CODE}, "/premiere-connexion/mot-de-passe/"),
        ("/premiere-connexion/mot-de-passe/", {"password": NEW, "again": NEW}, "/"),
    ):
        _block(owner) if not User.objects.get(pk=owner.pk).is_blocked else None
        assert client.post(step[0], step[1])["Location"] == step[2]
    owner.refresh_from_db()
    assert owner.state == AccountState.ACTIVE


def test_an_advisors_treatment_reopens_the_account_without_showing_the_password(owner, now, run_jobs, mailbox):
    advisor = UserFactory(advisor=True)
    _block(owner)
    assert actions.reset_account(user=owner, by=advisor, browser=BROWSER, now=now, request="r") is None
    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries) == (AccountState.FIRST_CONNECTION, 0)
    run_jobs()
    assert "Votre mot de passe temporaire" in [message.subject for message in mailbox]
    entry = JournalEntry.objects.get(event="account.unblocked")
    assert (entry.actor_id, entry.subject_id, entry.detail) == (advisor.public_id, owner.public_id, {"request": "r"})


def test_rst_01_an_active_account_is_not_reset_and_nobody_treats_their_own(owner, now):
    advisor = UserFactory(advisor=True)
    with pytest.raises(IllegalMove):
        actions.reset_account(user=owner, by=advisor, browser=BROWSER, now=now, request="r")
    with pytest.raises(actions.OwnAccount):
        actions.reset_account(user=advisor, by=advisor, browser=BROWSER, now=now, request="r")
    assert not OutgoingMail.objects.exists()


def test_an_advisors_account_is_opened_again_as_it_was(now, run_jobs, mailbox):
    blocked = UserFactory(advisor=True, blocked=True)
    actions.reset_account(user=blocked, by=UserFactory(advisor=True), browser=stranger(1), now=now, request="r")
    blocked.refresh_from_db()
    assert (blocked.state, blocked.failed_tries) == (AccountState.ACTIVE, 0)
    run_jobs()
    assert [message.subject for message in mailbox] == ["Votre compte est débloqué"]


def test_the_temporary_password_alone_opens_nothing_in_a_forgotten_flow(client, now):
    user = MembershipFactory(user__first_connection=True).user
    client.post("/connexion/", {"identifier": user.identifier, "password": TEMPORARY_PASSWORD})
    assert client.get("/premiere-connexion/mot-de-passe/")["Location"] == "/premiere-connexion/"
