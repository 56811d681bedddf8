"""Following a request: a link shown once to who sent it, another mailed to the file's address, a page for each."""

import re
import string
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import AccountState
from accounts.models import Session, User
from backoffice.core.models import JournalEntry, OutgoingMail
from support import links
from support.actions import (
    NothingToAdd,
    accept_reset,
    add_message,
    ask_merchant,
    refuse_request,
    take_request,
)
from support.enums import RefusalReason, RequestStatus, Voice
from support.models import ContactRequest, FollowUpLink, RequestMessage
from tests.accounts.factories import BROWSER, CODE, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

TYPED = {
    "motive": "reinitialisation",
    "shop_label": "Fromagerie Beaufils",
    "siret": "73282932000074",
    "last_name": "Beaufils",
    "first_name": "Claire",
    "identifier": "personne-00000",
    "message": "Je suis bloquée depuis ce matin.",
}
TECHNICAL = {
    "motive": "technique",
    "shop_label": "Fromagerie Beaufils",
    "siret": "73282932000074",
    "last_name": "Beaufils",
    "first_name": "Claire",
    "email": "claire@fromagerie.example",
    "message": "La page reste blanche.",
}


@pytest.fixture
def owner():
    return MembershipFactory(user__blocked=True, user__identifier="lefebvre-58204").user


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")


def _send(client, typed=TYPED, **changes):
    """Send a request as a browser does; the address of its follow-up page."""
    shown = client.post("/contact/", typed | changes, follow=True).text
    return re.search(r"http://127\.0\.0\.1:8000(/suivi/[\w-]{32}/)", shown)[1]


def _link(contact, now, holder=Voice.SENDER):
    return f"/suivi/{links.issue(contact=contact, holder=holder, now=now)[1]}/"


# --- The link ------------------------------------------------------------------------------------------------------
def test_the_link_is_shown_once_to_the_browser_that_sent_the_request(client):
    page = client.post("/contact/", TYPED, follow=True).text
    assert "Votre lien de suivi" in page
    assert 'data-copy="http://127.0.0.1:8000/suivi/' in page
    for again in (client.get("/contact/envoyee/").text, Client().get("/contact/envoyee/").text):
        assert "Demande envoyée" in again
        assert "/suivi/" not in again


def test_the_token_travels_in_a_cookie_of_that_page_alone(client):
    answer = client.post("/contact/", TYPED)
    cookie = answer.cookies["suivi"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/contact/envoyee/", True, "Lax")
    assert cookie["max-age"] == 600
    assert client.get("/contact/envoyee/").cookies["suivi"]["max-age"] == 0


@pytest.mark.parametrize(
    "value", ["", "x", "a" * 33, "<script>alert(1)</script>aaaaaaa", "../../connexion/aaaaaaaaaaaaaa"]
)
def test_a_forged_cookie_shows_nothing(client, value):
    client.cookies["suivi"] = value
    page = client.get("/contact/envoyee/")
    assert page.status_code == 200
    assert "Votre lien de suivi" not in page.text
    assert "<script>alert" not in page.text


def test_the_database_keeps_a_digest_and_no_session(client):
    token = _send(client).split("/")[2]
    assert len(token) == 32
    link = FollowUpLink.objects.get()
    assert (link.holder, len(link.digest)) == (Voice.SENDER, 64)
    client.get(f"/suivi/{token}/")
    assert not Session.objects.exists()
    assert token not in str(
        [list(model.objects.values_list()) for model in (FollowUpLink, ContactRequest, JournalEntry)]
    )


@pytest.mark.parametrize("token", ["x", "a" * 32, "%00", "%ed%a0%80", "a" * 5000, "'; --", "é" * 32])
def test_an_unknown_link_is_a_page_that_does_not_exist(client, token):
    for method in (client.get, client.post):
        answer = method(f"/suivi/{token}/", {"message": "x"})
        assert answer.status_code == 404
        assert "Demande introuvable" in answer.text


def test_no_character_of_a_token_can_be_another(client, now):
    path = _link(ContactRequestFactory(), now)
    token = path.split("/")[2]
    for place, sign in enumerate(token):
        other = next(letter for letter in string.ascii_letters if letter != sign)
        assert client.get(f"/suivi/{token[:place]}{other}{token[place + 1 :]}/").status_code == 404
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, now, method):
    assert getattr(client, method)(_link(ContactRequestFactory(), now)).status_code == 405


def test_a_form_of_another_site_adds_nothing(now):
    path = _link(ContactRequestFactory(), now)
    assert Client(enforce_csrf_checks=True).post(path, {"message": "x"}).status_code == 403
    assert not RequestMessage.objects.exists()


# --- What the page says --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, ["Nouvelle", "À nous", "Un conseiller prend la demande en charge"]),
        (
            {"taken": True},
            ["Prise en charge", "À nous", "un mot de passe temporaire part à l’adresse e-mail du dossier"],
        ),
        ({"waiting": True}, ["En attente du commerçant", "À vous", "Répondez à la question"]),
        ({"treated": True}, ["Traitée", "Un mot de passe temporaire est parti"]),
        (
            {"refused": True, "closing_words": "Le SIRET est d’une autre société."},
            ["Refusée", "ne correspond pas à un dossier", "Le SIRET est d’une autre société.", "Rien n’a changé"],
        ),
    ],
    ids=lambda value: next(iter(value), "new") if isinstance(value, dict) else "",
)
def test_the_page_says_where_the_request_stands_who_acts_and_what_comes_next(client, now, state, said):
    page = client.get(_link(ContactRequestFactory(**state), now)).text
    for words in said:
        assert words in page


def test_the_sender_reads_what_was_typed_and_never_the_advisor_s_name(client, advisor, now):
    path = _send(client, message="<b>Bloquée</b>")
    contact = ContactRequest.objects.get()
    ContactRequest.objects.filter(pk=contact.pk).update(status="taken", owner=advisor, taken_at=now)
    page = client.get(path).text
    for typed in ("Beaufils", "Claire", "73282932000074", "personne-00000", "&lt;b&gt;Bloquée"):
        assert typed in page
    assert "Ferrand" not in page


def test_rst_12_a_request_for_an_unknown_identifier_looks_the_same(client, owner, advisor, now, run_jobs):
    pages = []
    for identifier in (owner.identifier, "personne-00000"):
        path = _send(client, identifier=identifier)
        run_jobs()
        contact = ContactRequest.objects.get(identifier=identifier)
        shown = [client.get(path).text]
        ContactRequest.objects.filter(pk=contact.pk).update(status="taken", owner=advisor, taken_at=now)
        shown.append(client.get(path).text)
        pages.append(
            [re.sub(rf'{identifier}|{path}|name="csrf\w+" value="[^"]+"|datetime="[^"]+"', "", one) for one in shown]
        )
    assert [re.sub(r'title="[^"]+"', "", one) for one in pages[0]] == [
        re.sub(r'title="[^"]+"', "", one) for one in pages[1]
    ]


def test_looking_changes_nothing(client, now):
    contact = ContactRequestFactory(waiting=True)
    path = _link(contact, now)
    before = ContactRequest.objects.values().get(), FollowUpLink.objects.values().get(), JournalEntry.objects.count()
    for method in (client.get, client.head):
        method(path)
    assert (
        ContactRequest.objects.values().get(),
        FollowUpLink.objects.values().get(),
        JournalEntry.objects.count(),
    ) == before


def test_the_page_asks_little_of_the_database(client, now, django_assert_max_num_queries):
    path = _link(ContactRequestFactory(waiting=True), now)
    with django_assert_max_num_queries(4):
        client.get(path)


# --- The owner -----------------------------------------------------------------------------------------------------
def test_rst_11_the_owner_is_told_at_the_address_on_file_with_a_link_of_their_own(client, owner, run_jobs, mailbox):
    sent = _send(client, identifier=owner.identifier, message="texte du demandeur")
    assert mailbox == []
    run_jobs()
    [told] = mailbox
    assert told.to == [owner.email]
    assert told.recipients() == [owner.email]
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/suivi/[\w-]{32}/)", told.body)
    assert path != sent
    for typed in ("texte du demandeur", "Beaufils", "73282932000074"):
        assert typed not in told.body
    page = client.get(path).text
    assert "Réinitialisation de compte" in page
    assert "texte du demandeur" not in page
    assert "73282932000074" not in page
    row = OutgoingMail.objects.get()
    assert (row.is_secret, row.sealed_message) == (True, "")
    assert row.company == owner.company.public_id


def test_rst_11_asking_changes_nothing_on_file_whatever_address_or_telephone_is_typed(client, owner, run_jobs, mailbox):
    before = User.objects.values().get(pk=owner.pk)
    for typed in (TYPED, TECHNICAL):
        _send(client, typed, identifier=owner.identifier, email="elsewhere@evil.example", phone="+33199007777")
    run_jobs()
    assert User.objects.values().get(pk=owner.pk) == before
    assert [message.to for message in mailbox] == [[owner.email]]


@pytest.mark.parametrize("state", [AccountState.CLOSED])
def test_the_owner_of_a_closed_account_is_not_written_to(client, owner, run_jobs, mailbox, state):
    User.objects.filter(pk=owner.pk).update(state=state)
    _send(client, identifier=owner.identifier)
    run_jobs()
    assert mailbox == []


def test_rst_12_a_known_and_an_unknown_identifier_cost_the_same(client, owner):
    client.post("/contact/", TYPED)  # draws the journal's key of the year
    costs = []
    for identifier in ("personne-00000", owner.identifier):
        with CaptureQueriesContext(connection) as asked:
            client.post("/contact/", TYPED | {"identifier": identifier})
        costs.append([re.sub(r"'[^']*'|\d+", "", one["sql"]) for one in asked])
    assert costs[0] == costs[1]


# --- Adding a message ----------------------------------------------------------------------------------------------
def test_one_message_may_be_added_after_the_request(client, now):
    contact = ContactRequestFactory()
    path = _link(contact, now)
    assert "Ajouter un message" in client.get(path).text
    page = client.post(path, {"message": "Le SIRET a changé.\r\nVoici le nouveau."}, follow=True).text
    assert "Votre message est ajouté" in page
    assert "Le SIRET a changé." in page
    assert "Ajouter un message" not in page
    again = client.post(path, {"message": "Encore"})
    assert again.status_code == 409
    assert "Votre message n’est pas ajouté" in again.text
    message = RequestMessage.objects.get()
    assert (message.voice, message.link.holder) == (Voice.SENDER, Voice.SENDER)
    contact.refresh_from_db()
    assert contact.status == RequestStatus.NEW
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id, entry.subject_id) == ("contact_request.added_to", None, contact.public_id)


def test_an_answer_to_a_question_gives_the_ball_back_to_the_desk(client, advisor, now):
    contact = ContactRequestFactory(taken=True, owner=advisor)
    path = _link(contact, now)
    client.post(path, {"message": "Complément"})
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        ask_merchant(
            contact=contact, question="Quel SIRET ?", by=advisor, browser=BROWSER, now=now + timedelta(minutes=1)
        )
        page = client.get(path).text
    assert "Quel SIRET ?" in page
    assert "Répondre à la question" in page
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        client.post(path, {"message": "73282932000074"})
        assert client.post(path, {"message": "Encore"}).status_code == 409
    contact.refresh_from_db()
    assert (contact.status, contact.owner, contact.answered_at) == (
        RequestStatus.TAKEN,
        advisor,
        now + timedelta(minutes=2),
    )
    assert [one.text for one in RequestMessage.objects.of(contact)] == ["Complément", "Quel SIRET ?", "73282932000074"]


@pytest.mark.parametrize("state", ["treated", "refused"])
def test_nothing_is_added_to_a_closed_request(client, now, state):
    path = _link(ContactRequestFactory(**{state: True}), now)
    assert "Envoyer le message" not in client.get(path).text
    assert client.post(path, {"message": "x"}).status_code == 409
    assert not RequestMessage.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Écrivez votre message."),
        ("   ", "Écrivez votre message."),
        ("x" * 2001, "Ce champ compte au plus 2000 caractères."),
        ("a\x00b", "caractère illisible"),
    ],
)
def test_a_message_that_says_nothing_or_too_much_is_refused_in_words(client, now, text, said):
    answer = client.post(_link(ContactRequestFactory(), now), {"message": text})
    assert answer.status_code == 200
    assert said in answer.text
    assert not RequestMessage.objects.exists()


def test_a_message_is_shown_escaped_on_both_sides(client, advisor, now):
    contact = ContactRequestFactory(taken=True, owner=advisor)
    path = _link(contact, now, holder=Voice.OWNER)
    client.post(path, {"message": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in client.get(path).text
    client.force_login(advisor)
    desk = client.get(f"/conseiller/demandes/{contact.public_id}/").text
    assert "&lt;script&gt;alert(1)" in desk
    assert "<script>alert" not in desk
    assert "Titulaire, par le lien envoyé à l’adresse du dossier" in desk


def test_holders_of_two_links_do_not_read_each_other(client, now):
    contact = ContactRequestFactory(message="Premier texte")
    sender, owner = _link(contact, now), _link(contact, now, holder=Voice.OWNER)
    client.post(sender, {"message": "Ajout du demandeur"})
    client.post(owner, {"message": "Ce n’est pas moi"})
    assert "Ce n’est pas moi" not in client.get(sender).text
    page = client.get(owner).text
    assert "Ajout du demandeur" not in page
    assert "Premier texte" not in page
    assert RequestMessage.objects.count() == 2


def test_links_mailed_to_one_owner_are_one_holder_s(client, now):
    contact = ContactRequestFactory(waiting=True)
    first, second = (_link(contact, now - timedelta(hours=1), holder=Voice.OWNER) for _ in range(2))
    client.post(second, {"message": "Du second lien"})
    page = client.get(first).text
    assert "Du second lien" in page
    assert "Votre message est ajouté" in page
    assert client.post(first, {"message": "Encore"}).status_code == 409
    assert RequestMessage.objects.count() == 1


def test_the_refusal_is_read_by_both_and_mailed_to_the_address_on_file(client, owner, advisor, now, run_jobs, mailbox):
    sent = _send(client, identifier=owner.identifier, email="elsewhere@evil.example")
    run_jobs()
    mailed = re.search(r"/suivi/[\w-]{32}/", mailbox.pop().body)[0]
    contact = ContactRequest.objects.get()
    ContactRequest.objects.update(status="taken", owner=advisor, taken_at=now)
    refuse_request(
        contact=contact, reason=RefusalReason.UNVERIFIED, words="Rappelez-nous.", by=advisor, browser=BROWSER, now=now
    )
    for path in (sent, mailed):
        page = client.get(path).text
        assert "La demande n’a pas pu être vérifiée." in page
        assert "Rappelez-nous." in page
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([owner.email], "Votre demande est refusée")
    assert "la demande n’a pas pu être vérifiée" in told.body
    assert "Rappelez-nous." in told.body


@pytest.mark.django_db(transaction=True)
def test_eight_answers_at_once_are_one(now):
    contact = ContactRequestFactory(waiting=True, asked_at=now - timedelta(minutes=30))
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now - timedelta(hours=1))

    def add(number):
        try:
            add_message(token=token, text=f"Réponse {number}", browser=BROWSER, now=now + timedelta(seconds=number))
        except NothingToAdd:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as holders:
        assert sum(holders.map(add, range(8))) == 1
    assert RequestMessage.objects.count() == 1


# --- What nothing holds --------------------------------------------------------------------------------------------
def test_rst_08_the_code_is_in_no_mail_no_page_and_no_row_whatever_becomes_of_a_request(
    client, owner, advisor, now, run_jobs, mailbox
):
    path = _send(client, identifier=owner.identifier)
    run_jobs()
    contact = ContactRequest.objects.get()
    take_request(contact=contact, by=advisor, browser=BROWSER, now=now)
    ask_merchant(contact=contact, question="Quel SIRET ?", by=advisor, browser=BROWSER, now=now)
    client.post(path, {"message": "73282932000074"})
    accept_reset(contact=contact, by=advisor, browser=BROWSER, now=now)
    other = ContactRequestFactory(identifier=owner.identifier, taken=True, owner=advisor)
    refuse_request(contact=other, reason=RefusalReason.NOT_NEEDED, words="", by=advisor, browser=BROWSER, now=now)
    run_jobs()
    told = [message.subject for message in mailbox]
    assert len(told) == 5
    assert told.count("Votre mot de passe temporaire") == told.count("Votre demande est refusée") == 1
    client.force_login(advisor)
    pages = [client.get(path).text, client.get(f"/conseiller/demandes/{contact.public_id}/").text]
    held = [message.message().as_string() for message in mailbox] + pages + [_dump()]
    assert not [text for text in held if CODE in text]
    # The temporary password is in its mail alone (RST-02).
    [temporary] = [
        re.search(r"\n\n(\S{12,})\n", message.body)[1] for message in mailbox if "temporaire" in message.subject
    ]
    assert not [text for text in [*pages, _dump()] if temporary in text]


def _dump():
    """All that the counter, the journal, the mail and the jobs keep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT json_agg(r)::text FROM support_contactrequest r), (SELECT json_agg(m)::text FROM"
            " support_requestmessage m), (SELECT json_agg(l)::text FROM support_followuplink l), (SELECT"
            " json_agg(e)::text FROM core_journalentry e), (SELECT json_agg(o)::text FROM core_outgoingmail o),"
            " (SELECT json_agg(j)::text FROM procrastinate_jobs j)"
        )
        row = cursor.fetchone()
    assert all(row)
    return " ".join(row)
