"""Following a request: a link shown once to who sent it, and a page that says where it stands and who acts next."""

import re
import string

import pytest
from django.test import Client

from accounts.models import Session
from backoffice.core.models import JournalEntry
from support.enums import Voice
from support.models import ContactRequest, FollowUpLink, RequestMessage
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory
from tests.support.following import TYPED, link_to, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(user__blocked=True, user__identifier="lefebvre-58204").user


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")


# --- The link ---------------------------------------------------------------------------------------------------------
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
    token = send(client).split("/")[2]
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
    path = link_to(ContactRequestFactory(), now)
    token = path.split("/")[2]
    for place, sign in enumerate(token):
        other = next(letter for letter in string.ascii_letters if letter != sign)
        assert client.get(f"/suivi/{token[:place]}{other}{token[place + 1 :]}/").status_code == 404
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, now, method):
    assert getattr(client, method)(link_to(ContactRequestFactory(), now)).status_code == 405


def test_a_form_of_another_site_adds_nothing(now):
    path = link_to(ContactRequestFactory(), now)
    assert Client(enforce_csrf_checks=True).post(path, {"message": "x"}).status_code == 403
    assert not RequestMessage.objects.exists()


# --- What the page says -----------------------------------------------------------------------------------------------
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
    page = client.get(link_to(ContactRequestFactory(**state), now)).text
    for words in said:
        assert words in page


def test_the_sender_reads_what_was_typed_and_never_the_advisor_s_name(client, advisor, now):
    path = send(client, message="<b>Bloquée</b>")
    contact = ContactRequest.objects.get()
    ContactRequest.objects.filter(pk=contact.pk).update(status="taken", owner=advisor, taken_at=now)
    page = client.get(path).text
    for typed in ("Beaufils", "Claire", "73282932000074", "personne-00000", "&lt;b&gt;Bloquée"):
        assert typed in page
    assert "Ferrand" not in page


def test_rst_12_a_request_for_an_unknown_identifier_looks_the_same(client, owner, advisor, now, run_jobs):
    pages = []
    for identifier in (owner.identifier, "personne-00000"):
        path = send(client, identifier=identifier)
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
    path = link_to(contact, now)
    before = ContactRequest.objects.values().get(), FollowUpLink.objects.values().get(), JournalEntry.objects.count()
    for method in (client.get, client.head):
        method(path)
    assert (
        ContactRequest.objects.values().get(),
        FollowUpLink.objects.values().get(),
        JournalEntry.objects.count(),
    ) == before


def test_the_page_asks_little_of_the_database(client, now, django_assert_max_num_queries):
    path = link_to(ContactRequestFactory(waiting=True), now)
    with django_assert_max_num_queries(4):
        client.get(path)
