"""A form sent after its session's end is kept for its author, sealed, and given back to nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts import actions, kept_forms, rules
from accounts.models import KeptForm
from shops.models import ServerUrl
from tests.accounts.factories import PASSWORD, UserFactory, give_code_if_asked
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
URLS = "/boutiques/12345678/url-serveur/"
BACK = "/connexion/reprise/"
TYPED = {"mode": "TEST", "test-url": "https://fromagerie.example/<b>ipn</b>", "password": "Hidden-1", "code": "482917"}


@pytest.fixture
def member():
    return member_of(ShopFactory(site_id="12345678"))


def sign_in(client, user, page=BACK):
    answer = client.post("/connexion/", {"identifier": user.identifier, "password": PASSWORD, "next": page})
    return give_code_if_asked(client, answer)


@pytest.fixture
def late(client, member, now):
    """A browser whose session ended, and that sent a form since."""
    sign_in(client, member)
    with time_machine.travel(now + timedelta(minutes=31)):
        answer = client.post(URLS, TYPED)
        assert answer["Location"] == f"/connexion/?next={BACK}"
        yield client


def test_a_late_form_is_kept_sealed_without_passwords_and_codes(late, member):
    kept = KeptForm.objects.get()
    assert kept.user == member
    assert kept.form() == kept_forms.Form(URLS, [("mode", "TEST"), ("test-url", TYPED["test-url"])])
    assert "fromagerie" not in kept.sealed_form
    assert not ServerUrl.objects.exists()


def test_its_author_finds_it_after_signing_in_and_sends_it(late, member, settings):
    settings.OUTBOUND_RESOLVER = {"fromagerie.example": "93.184.215.14"}
    page = late.get(sign_in(late, member)["Location"]).text
    assert "Votre demande a été gardée" in page
    assert "Enregistrer l’URL serveur" in page
    assert f'action="{URLS}"' in page
    assert "&lt;b&gt;ipn" in page
    assert "<b>ipn" not in page
    kept = KeptForm.objects.get()

    late.post(URLS, {"mode": "TEST", "test-url": "https://fromagerie.example/ipn", "kept_form": kept.public_id})
    assert ServerUrl.objects.get().url == "https://fromagerie.example/ipn"
    assert not KeptForm.objects.exists()


def test_its_author_may_forget_it(late, member):
    sign_in(late, member)
    assert late.post(BACK, {"kept_form": KeptForm.objects.get().public_id})["Location"] == "/"
    assert not KeptForm.objects.exists()
    assert not ServerUrl.objects.exists()


def test_somebody_else_who_signs_in_never_sees_it_nor_ends_it(late):
    other = UserFactory(active=True, advisor=True)
    sign_in(late, other)
    assert late.get(BACK)["Location"] == "/conseiller/"
    late.post(BACK, {"kept_form": KeptForm.objects.get().public_id})
    assert KeptForm.objects.exists()


def test_it_is_kept_for_half_an_hour_only(late, member, now):
    with time_machine.travel(now + timedelta(minutes=62)):
        sign_in(late, member)
        assert late.get(BACK)["Location"] == "/"


def test_a_form_sent_the_next_day_finds_no_author_any_more(client, member, now):
    sign_in(client, member)
    with time_machine.travel(now + timedelta(hours=24, minutes=31)):
        assert client.post(URLS, TYPED)["Location"] == f"/connexion/?next={URLS}"
    assert not KeptForm.objects.exists()


def test_what_nobody_asked_for_is_deleted(member, now):
    actions.keep_form(user=member, form=kept_forms.Form("/", [("a", "b")]), now=now)
    assert actions.forget_kept_forms(now=now + timedelta(minutes=29)) == 0
    assert actions.forget_kept_forms(now=now + timedelta(minutes=30)) == 1
    assert not KeptForm.objects.exists()


def test_one_form_a_person_the_last_one(member, now):
    for path in ("/premier/", "/second/"):
        assert actions.keep_form(user=member, form=kept_forms.Form(path, [("name", "value")]), now=now)
    assert KeptForm.objects.get().form().path == "/second/"


def test_a_form_over_64_kb_is_not_kept(member, now):
    form = kept_forms.Form("/", [("text", "x" * rules.KEPT_FORM_BYTES)])
    assert not actions.keep_form(user=member, form=form, now=now)
    assert not KeptForm.objects.exists()


def test_a_stranger_s_form_is_never_kept(db):
    stranger = Client()
    stranger.cookies["session"] = "a" * 32
    assert stranger.post(URLS, TYPED)["Location"] == f"/connexion/?next={URLS}"
    assert not KeptForm.objects.exists()


def test_a_form_of_a_session_its_owner_left_is_not_kept(client, member):
    sign_in(client, member)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    client.post("/deconnexion/")
    client.cookies.load(cookies)
    client.post(URLS, TYPED)
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("ticket", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_ticket_nobody_issued_changes_nothing(client, member, now, ticket):
    sign_in(client, member)
    actions.keep_form(user=member, form=kept_forms.Form("/", [("a", "b")]), now=now)
    assert client.post(BACK, {"kept_form": ticket}).status_code == 302
    assert KeptForm.objects.exists()


def test_hostile_values_come_back_escaped_and_whole(client, member, now):
    sign_in(client, member)
    hostile = "\x00</textarea><script>alert(1)</script>\r\nligne"
    actions.keep_form(user=member, form=kept_forms.Form("/profil/", [("<i>", hostile)]), now=now)
    page = client.get(BACK)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;/textarea&gt;" in page.text
