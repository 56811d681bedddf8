"""« Ce n’était pas moi »: looking changes nothing, the button protects the account and calls an advisor (AUTH-16)."""

import logging
import re
import string
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import actions, links
from accounts.enums import AccountState, LinkPurpose
from accounts.models import MailedLink, Session, User
from backoffice.core.events import Event
from backoffice.core.logs import JsonLines
from backoffice.core.models import JournalEntry, OutgoingMail
from support.enums import Motive, RequestStatus
from support.models import MESSAGE_LENGTH, ContactRequest
from tests.accounts.factories import BROWSER, PASSWORD, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(
        user__identifier="lefebvre-58204", user__email="claire@fromagerie.example", company__phone="+33199001234"
    ).user


def _page(user, now, event=Event.PASSWORD_CHANGED):
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=user, now=now, event=event.value)
    return f"/pas-moi/{token}/"


def _everything(user):
    """What a look must leave as it was."""
    return (
        User.objects.filter(pk=user.pk).values().get(),
        list(MailedLink.objects.order_by("pk").values()),
        ContactRequest.objects.count(),
        JournalEntry.objects.count(),
        OutgoingMail.objects.count(),
    )


# --- Looking -------------------------------------------------------------------------------------------------------
def test_the_page_says_what_is_reported_and_what_will_happen_without_signing_in(client, owner, now):
    page = client.get(_page(owner, now)).text
    assert "Mot de passe changé" in page
    assert owner.identifier in page
    assert "Toutes les sessions de ce compte se terminent" in page
    assert "Un conseiller vous rappelle sous un jour ouvré" in page


@pytest.mark.parametrize("method", ["get", "head"])
def test_mail_scanners_that_look_change_nothing(owner, now, method):
    path = _page(owner, now)
    Client().force_login(owner)
    before = _everything(owner), Session.objects.count()
    for _ in range(3):
        assert getattr(Client(), method)(path).status_code == 200
    assert (_everything(owner), Session.objects.count()) == before


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_no_other_method_does_anything(client, owner, now, method):
    path = _page(owner, now)
    before = _everything(owner)
    assert getattr(client, method)(path).status_code == 405
    assert _everything(owner) == before


def test_a_form_of_another_site_does_nothing(owner, now):
    answer = Client(enforce_csrf_checks=True).post(_page(owner, now))
    assert answer.status_code == 403
    owner.refresh_from_db()
    assert not owner.is_frozen


def test_whoever_is_signed_in_as_somebody_else_may_report_too_and_stays_signed_in(client, owner, now):
    client.force_login(MembershipFactory().user)
    client.post(_page(owner, now))
    owner.refresh_from_db()
    assert owner.is_frozen
    assert client.get("/boutiques/").status_code == 200


# --- Reporting -----------------------------------------------------------------------------------------------------
def test_auth_16_the_button_ends_all_sessions_freezes_changes_and_opens_a_request(owner, now, run_jobs, mailbox):
    at_work, thief = Client(), Client()
    for browser in (at_work, thief):
        browser.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})
        assert browser.get("/boutiques/").status_code == 200

    answer = Client(REMOTE_ADDR="198.51.100.9").post(_page(owner, now))

    assert answer.status_code == 200
    assert "Votre compte est protégé" in answer.text
    for browser in (at_work, thief):
        assert browser.get("/boutiques/")["Location"].startswith("/connexion/")
    owner.refresh_from_db()
    assert owner.is_frozen
    contact = ContactRequest.objects.get()
    assert (contact.motive, contact.identifier, contact.siret) == (
        Motive.SECURITY,
        owner.identifier,
        owner.company.siret,
    )
    assert str(contact.phone) == str(owner.phone)
    assert re.fullmatch(r"Mot de passe changé, le [^.]+ à \d+ h \d\d\.", contact.message)
    frozen = JournalEntry.objects.get(event="account.frozen")
    assert (frozen.actor_id, frozen.subject_id) == (None, owner.public_id)
    assert frozen.detail == {"reported": "password.changed"}
    received = JournalEntry.objects.get(event="contact_request.received")
    assert (received.company, received.detail) == (owner.company.public_id, {"motive": "securite"})
    mailbox.clear()
    run_jobs()
    [told] = mailbox
    assert told.to == [owner.email]
    assert told.subject == "Les modifications de votre compte sont gelées"
    assert "Mot de passe changé" in told.body


def test_the_owner_s_own_browser_is_signed_out_with_the_others(client, owner, now):
    client.force_login(owner)
    assert client.post(_page(owner, now)).status_code == 200
    assert client.get("/boutiques/")["Location"].startswith("/connexion/")
    assert not Session.objects.of(owner).exists()


def test_a_reported_owner_still_signs_in_and_reads(client, owner, now):
    Client().post(_page(owner, now))
    client.post("/connexion/", {"identifier": owner.identifier, "password": PASSWORD})
    assert client.get("/boutiques/").status_code == 200


def test_the_link_serves_once(client, owner, now):
    path = _page(owner, now)
    assert client.post(path).status_code == 200
    again = client.post(path)
    assert again.status_code == 410
    assert "Ce lien ne sert plus" in again.text
    assert client.get(path).status_code == 410
    assert JournalEntry.objects.filter(event="account.frozen").count() == ContactRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("age", "status"),
    [(timedelta(days=7) - timedelta(seconds=1), 200), (timedelta(days=7), 410)],
    ids=["a second before seven days", "seven days"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_works_for_seven_days(client, owner, now, age, status, method):
    path = _page(owner, now)
    with time_machine.travel(now + age, tick=False):
        assert getattr(client, method)(path).status_code == status
    owner.refresh_from_db()
    assert owner.is_frozen == (method == "post" and status == 200)


def test_no_character_of_a_token_can_be_another(client, owner, now):
    path = _page(owner, now)
    token = path.split("/")[2]
    for place, sign in enumerate(token):
        other = next(letter for letter in string.ascii_letters if letter != sign)
        for forged in (token[:place] + other + token[place + 1 :], token[:place] + token[place + 1 :]):
            assert client.post(f"/pas-moi/{forged}/").status_code == 410
    assert client.post(f"/pas-moi/{token.swapcase()}/").status_code == 410
    owner.refresh_from_db()
    assert not owner.is_frozen
    assert client.post(path).status_code == 200


@pytest.mark.parametrize("token", ["x", "%00", "%ed%a0%80", "a" * 5000, "'; --"])
def test_a_link_that_never_was_is_like_one_that_is_over(client, token):
    for method in (client.get, client.post):
        answer = method(f"/pas-moi/{token}/")
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in answer.text


@pytest.mark.parametrize("purpose", [purpose for purpose in LinkPurpose if purpose is not LinkPurpose.NOT_ME])
def test_the_link_of_another_mail_reports_nothing(client, owner, now, purpose):
    token = links.issue(purpose=purpose, user=owner, now=now)
    assert client.post(f"/pas-moi/{token}/").status_code == 410
    owner.refresh_from_db()
    assert not owner.is_frozen


@pytest.mark.parametrize("path", ["/mot-de-passe-oublie/lien/", "/premiere-connexion/navigateur/", "/invitation/"])
def test_this_link_opens_no_other_door(client, owner, now, path):
    token = _page(owner, now).split("/")[2]
    assert client.post(f"{path}{token}/", {"password": PASSWORD, "again": PASSWORD}).status_code == 410


def test_a_closed_account_is_not_reported(client, owner, now):
    path = _page(owner, now)
    User.objects.filter(pk=owner.pk).update(state=AccountState.CLOSED)
    assert client.get(path).status_code == client.post(path).status_code == 410
    assert not ContactRequest.objects.exists()


# --- Reported twice ------------------------------------------------------------------------------------------------
def test_reported_twice_the_account_stays_frozen_since_the_first_time_and_one_request_tells_both(client, owner, now):
    paths = [_page(owner, now), _page(owner, now + timedelta(seconds=1), event=Event.PHONE_CHANGED)]
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        client.post(paths[0])
    owner.refresh_from_db()
    since = owner.changes_frozen_at
    thief = Client()
    thief.force_login(owner)

    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        client.post(paths[1])

    owner.refresh_from_db()
    assert owner.changes_frozen_at == since == now + timedelta(minutes=1)
    assert thief.get("/boutiques/")["Location"].startswith("/connexion/")
    contact = ContactRequest.objects.get()
    first, second = contact.message.splitlines()
    assert "Mot de passe changé" in first
    assert "Téléphone changé" in second
    # The number on file may be the thief's from now on.
    assert str(contact.phone) == "+33199001234"
    assert JournalEntry.objects.filter(event="account.frozen").count() == 2


def test_a_number_in_doubt_stays_so_whatever_is_reported_next(client, owner, now):
    client.post(_page(owner, now, event=Event.PHONE_CHANGED))
    client.post(_page(owner, now, event=Event.ACCOUNT_SIGNED_IN))
    assert str(ContactRequest.objects.get().phone) == "+33199001234"


def test_more_reports_than_a_message_holds_leave_it_as_it_is(client, owner, now):
    client.post(_page(owner, now))
    ContactRequest.objects.update(message="x" * (MESSAGE_LENGTH - 10))
    assert client.post(_page(owner, now)).status_code == 200
    assert len(ContactRequest.objects.get().message) == MESSAGE_LENGTH - 10


def test_the_database_keeps_one_open_report_an_account():
    report = ContactRequestFactory(report=True)
    ContactRequestFactory(report=True, treated=True, identifier=report.identifier)
    ContactRequestFactory(identifier=report.identifier)
    with pytest.raises(IntegrityError, match="request_one_open_report_per_account"), transaction.atomic():
        ContactRequestFactory(report=True, identifier=report.identifier)


def test_once_treated_another_report_opens_another_request(client, owner, now):
    client.post(_page(owner, now))
    ContactRequest.objects.update(status=RequestStatus.TREATED, treated_at=now, treated_by=UserFactory(advisor=True))
    client.post(_page(owner, now))
    assert ContactRequest.objects.count() == 2


def test_a_report_spends_nothing_of_its_sender_s_share_of_requests(client, owner, now):
    for _ in range(7):
        assert client.post(_page(owner, now)).status_code == 200
        ContactRequest.objects.update(
            status=RequestStatus.TREATED, treated_at=now, treated_by=UserFactory(advisor=True)
        )
    assert ContactRequest.objects.count() == 7
    assert ContactRequest.objects.sent_from("127.0.0.1", since=now - timedelta(hours=1)).count() == 0


# --- Whom to call, where to write ----------------------------------------------------------------------------------
@pytest.mark.parametrize("event", [Event.PHONE_CHANGED, Event.PHONE_CHANGE_ASKED])
def test_the_company_is_called_when_the_telephone_is_what_was_changed(client, owner, now, event):
    client.post(_page(owner, now, event=event))
    assert str(ContactRequest.objects.get().phone) == "+33199001234"


def test_the_company_is_written_to_when_the_e_mail_is_what_was_changed(client, owner, now, run_jobs, mailbox):
    client.post(_page(owner, now, event=Event.EMAIL_CHANGED))
    run_jobs()
    assert [message.to for message in mailbox] == [[owner.company.email]]


def test_an_advisor_reports_too_and_another_one_will_see_to_it(client, now):
    advisor = UserFactory(advisor=True)
    page = client.post(_page(advisor, now)).text
    assert "Un autre conseiller" in page
    assert "code de première connexion" not in page
    contact = ContactRequest.objects.get()
    assert (contact.identifier, contact.siret, str(contact.phone)) == (advisor.identifier, "", "")
    assert ContactRequest.objects.visible_to(UserFactory(advisor=True)).count() == 1


# --- Never chosen --------------------------------------------------------------------------------------------------
def test_the_contact_page_neither_offers_nor_takes_that_motive(client):
    assert "Opération signalée" not in client.get("/contact/").text
    given = {
        "last_name": "Lefebvre",
        "first_name": "Claire",
        "identifier": "lefebvre-58204",
        "message": "Bonjour",
        "motive": "securite",
    }
    for answer in (client.get("/contact/?motif=securite"), client.post("/contact/?motif=securite", given)):
        assert 'href="/contact/?motif=autre"' in answer.text
        assert "Opération signalée" not in answer.text
    assert not ContactRequest.objects.exists()


# --- Where the token is --------------------------------------------------------------------------------------------
def test_the_token_is_in_the_mail_alone_and_the_mail_forgets_it(owner, now, run_jobs, mailbox):
    actions.ask_phone_change(user=owner, phone="+33199007777", now=now, browser=BROWSER)
    run_jobs()
    [token] = re.findall(r"http://127\.0\.0\.1:8000/pas-moi/([\w-]{32})/", mailbox[0].body)
    Client().get(f"/pas-moi/{token}/")
    Client().post(f"/pas-moi/{token}/")
    run_jobs()
    kept = _whole_database()
    assert owner.identifier in kept
    assert token not in kept
    row = OutgoingMail.objects.get(template="accounts/emails/phone_change_asked.txt")
    assert row.is_secret
    assert row.sealed_message == ""


def test_no_log_line_shows_a_token_whatever_is_refused(owner, now, log_lines):
    paths = [_page(owner, now), _page(owner, now)]
    assert Client(enforce_csrf_checks=True).post(paths[0]).status_code == 403
    Client().post(paths[1])
    assert Client().get(paths[1]).status_code == 410
    lines = log_lines()
    assert "Forbidden (CSRF cookie not set.): /pas-moi/\\u2022\\u2022\\u2022/" in lines
    assert "Gone: /pas-moi/\\u2022\\u2022\\u2022/" in lines
    for path in paths:
        assert path.split("/")[2] not in lines


@pytest.fixture
def log_lines():
    """What was logged so far, as it is written in production."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger("django").addHandler(handler)
    yield written.getvalue
    logging.getLogger("django").removeHandler(handler)


def _whole_database():
    """Every row of every table as text, jobs included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        rows = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)
