"""The pages of a company's people: the list, inviting, one person, the code told, another role."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import AccountState, Role
from accounts.models import Membership, ToldCode, User
from backoffice.core.models import JournalEntry, OutgoingMail
from shops.models import ShopAccess
from tests.accounts.factories import (
    CODE,
    PASSWORD,
    MembershipFactory,
    ToldCodeFactory,
    UserFactory,
    confirm,
)
from tests.shops.factories import ShopAccessFactory, ShopFactory, member_of

pytestmark = pytest.mark.django_db
PEOPLE = "/utilisateurs/"
INVITE = f"{PEOPLE}inviter/"
INVITED = {
    "first_name": "Hugo",
    "last_name": "Delmas",
    "email": "hugo@atelier.example",
    "phone": "",
    "role": "manager",
    "code": "640291",
    "code_again": "640291",
}
HOSTILE = '<img src=x onerror=alert(1)>{{ 7|add:"7" }}"\'&'


@pytest.fixture
def shop():
    return ShopFactory(site_id="12345678", label="Fromagerie en ligne")


@pytest.fixture
def owner(shop):
    return member_of(shop, first_name="Claire", last_name="Beaufils")


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    confirm(client)
    return client


@pytest.fixture
def waiting(shop, owner):
    """Somebody invited who has not come yet."""
    person = UserFactory(first_connection=True, first_name="Hugo", last_name="Delmas")
    MembershipFactory(user=person, company=shop.company, role=Role.MANAGER)
    ToldCodeFactory(user=person, told_by=owner)
    return person


def _page(person, verb=""):
    return f"{PEOPLE}{person.public_id}/{verb}"


def _day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _text(answer):
    return answer.content.decode()


# --- The list ------------------------------------------------------------------------------------------------------
def test_a_passer_by_is_led_to_the_door(client, waiting):
    for path in (PEOPLE, INVITE, _page(waiting), _page(waiting, "code/")):
        assert client.get(path)["Location"].startswith("/connexion/?next=")


def test_an_owner_reads_who_has_access_with_which_role_and_until_when(signed_in, shop, waiting):
    MembershipFactory(company=shop.company, user__last_name="Autrefois", ends_at=timezone.now() - timedelta(days=1))
    MembershipFactory(user__last_name="Ailleurs")
    page = _text(signed_in.get(PEOPLE))
    for words in ("Claire Beaufils", "Hugo Delmas", waiting.identifier, "Gestionnaire", "Connexion attendue"):
        assert words in page
    assert "Accès terminé" in page
    assert "Ailleurs" not in page
    assert INVITE in page


def test_a_manager_reads_the_list_and_opens_nobody(client, shop, waiting):
    client.force_login(member_of(shop, role=Role.MANAGER))
    page = _text(client.get(PEOPLE))
    assert "Hugo Delmas" in page
    assert "Seul un gérant" in page
    assert INVITE not in page
    assert client.get(_page(waiting)).status_code == 404
    assert client.get(INVITE).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.INTEGRATOR])
def test_readers_and_integrators_find_no_list_and_no_way_to_it(client, shop, role):
    client.force_login(member_of(shop, role=role))
    assert client.get(PEOPLE).status_code == 404
    assert PEOPLE not in _text(client.get("/boutiques/"))


def test_an_advisor_finds_no_list(client):
    client.force_login(UserFactory(advisor=True))
    assert client.get(PEOPLE).status_code == 404


# --- Inviting ------------------------------------------------------------------------------------------------------
def test_an_owner_invites_and_is_told_to_tell_the_code(signed_in, shop):
    answer = signed_in.post(INVITE, INVITED, follow=True)
    person = User.objects.get(email="hugo@atelier.example")
    assert answer.redirect_chain == [(_page(person), 302)]
    assert "Dites-lui maintenant son code" in _text(answer)
    assert person.role_in(shop.company.pk) == Role.MANAGER
    assert "640291" not in _text(answer)


def test_authz_06_inviting_asks_who_is_there_and_gives_the_form_back_without_the_code(client, owner):
    client.force_login(owner)
    assert client.get(INVITE)["Location"] == f"/profil/confirmer/?next={INVITE}"
    asked = client.post(INVITE, INVITED)
    assert asked["Location"] == "/profil/confirmer/?next=/connexion/reprise/"
    assert not User.objects.filter(email="hugo@atelier.example").exists()
    client.post("/profil/confirmer/", {"password": PASSWORD})
    page = _text(client.get("/connexion/reprise/"))
    for words in ("Envoyer l’invitation", "Hugo", "Delmas", "hugo@atelier.example", "Gestionnaire"):
        assert words in page
    assert "640291" not in page


def test_an_integrator_is_given_chosen_shops_in_test_until_a_day(signed_in, shop):
    ShopFactory(company=shop.company, site_id="23456789")
    typed = INVITED | {"role": "integrator", "last_day": _day(30), "site_ids": ["12345678"]}
    signed_in.post(INVITE, typed)
    place = Membership.objects.get(user__email="hugo@atelier.example")
    assert (place.role, place.last_day.isoformat()) == (Role.INTEGRATOR, _day(30))
    assert list(ShopAccess.objects.values_list("shop__site_id", "mode")) == [("12345678", "TEST")]
    page = _text(signed_in.get(_page(place.user)))
    assert "Fromagerie en ligne <code>12345678</code>, mode TEST" in page
    assert "inclus" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"last_day": ""}, "Indiquez le dernier jour"),
        ({"last_day": _day(-1)}, "Ce jour est passé"),
        ({"last_day": _day(400)}, "L’accès dure douze mois au plus"),
        ({"last_day": "demain"}, "Saisissez une date"),
        ({"site_ids": []}, "Choisissez au moins une boutique"),
        ({"site_ids": ["99999999"]}, "Choisissez parmi les boutiques de votre société"),
        ({"role": "owner"}, "Choisissez l’un des rôles proposés"),
        ({"role": ""}, "Choisissez un rôle"),
        ({"email": "hugo@localhost"}, "Cette adresse e-mail n’est pas valable"),
        ({"phone": "12"}, "Ce numéro de téléphone n’est pas valable"),
        ({"first_name": "Hu\x1bgo"}, "Ce nom contient un caractère illisible"),
        ({"last_name": "D" * 81}, "80 caractères"),
        ({"code": "123456", "code_again": "123456"}, "Ce code est trop facile à deviner"),
        ({"code_again": "640292"}, "Les deux saisies diffèrent"),
    ],
)
def test_a_form_that_does_not_hold_keeps_what_was_typed_and_says_what_to_do(signed_in, shop, typed, words):
    integrator = {"role": "integrator", "last_day": _day(30), "site_ids": ["12345678"]}
    answer = signed_in.post(INVITE, INVITED | integrator | typed)
    page = _text(answer)
    assert words in page
    assert 'value="Delmas"' in page or "last_name" in typed
    assert "640291" not in page
    assert not User.objects.filter(last_name="Delmas").exists()
    assert not OutgoingMail.objects.exists()


def test_authz_04_a_manager_gets_neither_end_nor_shops_that_were_posted_beside(signed_in, shop):
    signed_in.post(INVITE, INVITED | {"last_day": "n’importe", "site_ids": ["12345678"], "ends_at": "2030-01-01"})
    place = Membership.objects.get(user__email="hugo@atelier.example")
    assert (place.role, place.ends_at) == (Role.MANAGER, None)
    assert not ShopAccess.objects.exists()


def test_somebody_else_s_shop_is_never_given(signed_in):
    ShopFactory(site_id="87654321")
    typed = INVITED | {"role": "integrator", "last_day": _day(30), "site_ids": ["12345678", "87654321"]}
    assert "Choisissez parmi les boutiques de votre société" in _text(signed_in.post(INVITE, typed))
    assert not ShopAccess.objects.exists()


def test_hostile_names_print_as_text_in_pages_mails_and_journal(signed_in, shop, run_jobs, mailbox):
    signed_in.post(INVITE, INVITED | {"first_name": HOSTILE, "last_name": "=cmd|' /C calc'!A0 <b>"})
    person = User.objects.get(email="hugo@atelier.example")
    assert person.first_name == HOSTILE
    for path in (PEOPLE, _page(person), _page(person, "role/"), "/journal/"):
        page = _text(signed_in.get(path))
        assert "<img src=x" not in page
        assert "<b>" not in page
    run_jobs()
    told = next(message for message in mailbox if message.subject == "Une personne est invitée")
    assert HOSTILE in told.body
    html = told.alternatives[0][0]
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


# --- The code told -------------------------------------------------------------------------------------------------
def test_the_owner_shows_the_code_by_a_post_that_is_written_down(signed_in, waiting):
    assert CODE not in _text(signed_in.get(_page(waiting)))
    assert signed_in.get(_page(waiting, "code/"))["Location"] == _page(waiting)
    assert not JournalEntry.objects.filter(event="person.code_shown").exists()
    answer = signed_in.post(_page(waiting, "code/"))
    assert CODE in _text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert "jamais envoyé par e-mail" in _text(answer)
    assert JournalEntry.objects.filter(event="person.code_shown").count() == 1
    assert CODE not in _text(signed_in.get("/journal/"))


def test_authz_06_the_code_is_shown_to_who_confirmed_who_they_are(client, owner, waiting):
    client.force_login(owner)
    assert client.post(_page(waiting, "code/"))["Location"].startswith("/profil/confirmer/")
    assert not JournalEntry.objects.filter(event="person.code_shown").exists()


def test_a_code_that_is_gone_is_not_offered_and_the_page_says_what_to_do(signed_in, waiting):
    ToldCode.objects.update(at=timezone.now() - timedelta(days=30))
    assert "Le code de cette personne ne s’affiche plus" in _text(signed_in.get(_page(waiting)))
    answer = signed_in.post(_page(waiting, "code/"), follow=True)
    assert "Ce code ne peut plus être affiché" in _text(answer)
    assert CODE not in _text(answer)


# --- Roles, passwords, removal -------------------------------------------------------------------------------------
def test_authz_05_a_new_role_counts_on_the_very_next_request(client, signed_in, shop):
    member = member_of(shop, role=Role.MANAGER)
    browser = type(client)()
    browser.force_login(member)
    assert browser.get("/boutiques/12345678/url-serveur/").status_code == 200
    answer = signed_in.post(_page(member, "role/"), {"role": "reader"}, follow=True)
    assert "est enregistré" in _text(answer)
    assert browser.get("/boutiques/12345678/url-serveur/").status_code == 404
    assert browser.get("/boutiques/12345678/").status_code == 200


def test_the_form_of_a_role_shows_what_is_given_today(signed_in, shop):
    member = member_of(shop, role=Role.INTEGRATOR)
    page = _text(signed_in.get(_page(member, "role/")))
    assert f'value="{_day(30)}"' in page
    other = ShopFactory(company=shop.company, site_id="23456789")
    typed = {"role": "integrator", "last_day": _day(60), "site_ids": ["23456789"]}
    signed_in.post(_page(member, "role/"), typed)
    assert [access.shop for access in ShopAccess.objects.of(member)] == [other]
    signed_in.post(_page(member, "role/"), {"role": "reader"})
    assert not ShopAccess.objects.of(member).exists()


def test_a_change_of_role_takes_back_nothing_given_in_another_company(signed_in, shop):
    member = member_of(shop, role=Role.INTEGRATOR)
    elsewhere = ShopAccessFactory(user=member)
    signed_in.post(_page(member, "role/"), {"role": "reader"})
    assert list(ShopAccess.objects.of(member)) == [elsewhere]


def test_removing_somebody_says_so_and_leaves_them_in_the_list(signed_in, waiting):
    answer = signed_in.post(_page(waiting, "retirer/"), follow=True)
    assert answer.redirect_chain == [(PEOPLE, 302)]
    assert "L’accès de Hugo Delmas est retiré" in _text(answer)
    assert "Accès terminé" in _text(answer)
    waiting.refresh_from_db()
    assert waiting.state == AccountState.CLOSED
    for verb in ("role/", "retirer/", "code/", "mot-de-passe-temporaire/"):
        assert signed_in.post(_page(waiting, verb)).status_code == 404


def test_another_temporary_password_is_sent_while_the_first_connection_is_awaited(signed_in, waiting):
    answer = signed_in.post(_page(waiting, "mot-de-passe-temporaire/"), follow=True)
    assert "est déjà parti il y a moins d’une demi-heure" in _text(answer)
    User.objects.filter(pk=waiting.pk).update(temporary_password_expires_at=timezone.now() + timedelta(hours=70))
    answer = signed_in.post(_page(waiting, "mot-de-passe-temporaire/"), follow=True)
    assert "Un nouveau mot de passe temporaire part" in _text(answer)
    User.objects.filter(pk=waiting.pk).update(state=AccountState.ACTIVE, temporary_password_expires_at=None)
    answer = signed_in.post(_page(waiting, "mot-de-passe-temporaire/"), follow=True)
    assert "Rien n’a changé" in _text(answer)


def test_nobody_changes_their_own_place(signed_in, owner):
    page = _text(signed_in.get(_page(owner)))
    assert "se règle par un autre gérant" in page
    assert "Retirer l’accès" not in page
    for verb in ("role/", "retirer/", "code/", "mot-de-passe-temporaire/"):
        assert signed_in.post(_page(owner, verb), {"role": "reader"}).status_code == 404


def test_auth_16_a_frozen_owner_reads_why_nothing_can_be_done(signed_in, owner, waiting):
    User.objects.filter(pk=owner.pk).update(changes_frozen_at=timezone.now())
    for path in (PEOPLE, _page(waiting)):
        page = _text(signed_in.get(path))
        assert "gelées" in page
        assert INVITE not in page
        assert "Retirer l’accès" not in page
    before = JournalEntry.objects.count()
    for path in (INVITE, *(_page(waiting, verb) for verb in ("role/", "retirer/", "code/"))):
        assert "gelées" in _text(signed_in.post(path, INVITED, follow=True))
    assert JournalEntry.objects.count() == before


# --- The invited person --------------------------------------------------------------------------------------------
def test_an_invited_reader_lives_the_first_connection_and_only_looks(client, signed_in, shop, run_jobs, mailbox):
    signed_in.post(INVITE, INVITED | {"role": "reader"})
    run_jobs()
    sent = "\n".join(message.body for message in mailbox if message.to == ["hugo@atelier.example"])
    person = User.objects.get(email="hugo@atelier.example")
    temporary = next(line for line in sent.splitlines() if line.isalnum() and len(line) == 12)
    browser = type(client)()
    browser.post("/connexion/", {"identifier": person.identifier, "password": temporary})
    assert "celui que vous a dit le gérant" in _text(browser.get("/premiere-connexion/"))
    browser.post("/premiere-connexion/", {"code": "640 291"})
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert browser.post("/premiere-connexion/mot-de-passe/", chosen)["Location"] == "/"
    assert "Fromagerie en ligne" in _text(browser.get("/boutiques/12345678/"))
    assert browser.get("/boutiques/12345678/url-serveur/").status_code == 404
    assert "Code de première connexion" not in _text(signed_in.get(_page(person)))
