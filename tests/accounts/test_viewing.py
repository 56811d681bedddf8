"""« Voir comme »: an advisor sees a merchant's pages as they do and changes nothing; the merchant reads of it."""

import html
import logging
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts import rules
from accounts.actions import Grant, assign_company, change_role, remove_person
from accounts.enums import Role, ViewEnd, ViewReason
from accounts.models import Company, KeptForm, Session, TotpDevice, User
from backoffice.core import details
from backoffice.core.models import JournalEntry, Print
from shops.models import ServerUrl
from tests.accounts.factories import (
    BROWSER,
    FACTOR_KEY,
    AssignmentFactory,
    CompanyFactory,
    MembershipFactory,
    TotpDeviceFactory,
    UserFactory,
    just_confirmed,
)
from tests.certificates.factories import CertificateFactory, ContractFactory
from tests.shops.factories import ShopFactory
from tests.support.viewing import look_as, page_from

pytestmark = pytest.mark.django_db
VALUE = "1122334455667788"
LEAVE = "/voir-comme/quitter/"
BAR = 'class="viewing"'


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, identifier="ferrand", first_name="Nadia", last_name="Ferrand")


@pytest.fixture
def shop():
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne", company__legal_name="Fromagerie Beaufils")
    CertificateFactory(shop=shop, value=VALUE)
    return shop


@pytest.fixture
def place(shop):
    return MembershipFactory(company=shop.company, user__first_name="Claire", user__last_name="Beaufils")


@pytest.fixture
def looking(client, advisor, place):
    """The advisor's browser, where the owner's pages are seen as the owner does."""
    client.force_login(advisor)
    look_as(client, place.user)
    return client


def events(name, **more):
    return JournalEntry.objects.filter(event=name, **more).order_by("at")


def words(answer):
    return " ".join(html.unescape(answer.text).split())


def is_refused(answer):
    return answer.status_code == 403 and "Rien n’a changé dans cet espace." in answer.text


def desk_of(place):
    return f"/conseiller/societes/{place.company.public_id}/"


# What is seen


def test_the_pages_are_those_of_the_person_framed_by_who_why_and_how_long(looking, place):
    answer = looking.get("/", follow=True)
    assert answer.request["PATH_INFO"] == "/boutiques/12345678/"
    assert "Fromagerie en ligne" in words(answer)
    assert "Vous voyez comme <strong>Claire Beaufils</strong> (Fromagerie Beaufils, gérant)" in words(answer)
    assert "<strong>Lecture seule</strong> · À sa demande, au téléphone · encore" in words(answer)
    assert "15 min" in words(answer)
    assert answer.text.index(BAR) < answer.text.index('<div class="shell">')


def test_nobody_else_s_pages_are_framed(client, looking, place, advisor):
    owner, other_browser = Client(), Client()
    owner.force_login(place.user)
    other_browser.force_login(advisor)
    for answer in (owner.get("/boutiques/12345678/"), other_browser.get(desk_of(place)), Client().get("/faq/")):
        assert answer.status_code == 200
        assert BAR not in answer.text


@pytest.mark.parametrize(
    "path", ["/faq/", "/contact/", "/mentions-legales/", "/profil/", "/utilisateurs/", "/journal/"]
)
def test_every_page_is_framed_those_open_to_all_too(looking, path):
    answer = looking.get(path)
    assert answer.status_code == 200
    assert BAR in answer.text


def test_a_reader_s_pages_show_what_a_reader_sees(client, advisor, shop):
    reader = MembershipFactory(company=shop.company, role=Role.READER)
    client.force_login(advisor)
    look_as(client, reader.user)
    assert client.get("/utilisateurs/").status_code == 404
    assert client.get("/boutiques/12345678/url-serveur/").status_code == 404
    assert "Espace conseiller" not in client.get("/boutiques/12345678/").text


def test_the_desk_does_not_exist_meanwhile_and_the_way_out_is_on_its_404(looking, place):
    for path in ("/conseiller/", desk_of(place), page_from(place)):
        answer = looking.get(path)
        assert answer.status_code == 404
        assert "Quitter la vue" in answer.text


def test_a_contract_is_read_on_its_page_and_not_printed(looking, shop):
    number = ContractFactory(shop=shop).number
    assert number in looking.get("/boutiques/12345678/contrat/").text
    assert looking.get("/boutiques/12345678/contrat/pdf/")["Location"] == "/boutiques/12345678/contrat/"
    assert looking.post("/boutiques/12345678/contrat/pdf/").status_code == 403
    assert not Print.objects.exists()


def test_auth_18_what_the_person_owes_hides_nothing(looking, place):
    Company.objects.update(requires_second_factor=True)
    owner = Client()
    owner.force_login(place.user)
    assert owner.get("/boutiques/12345678/")["Location"] == "/profil/second-facteur/"
    assert "Fromagerie en ligne" in looking.get("/boutiques/12345678/").text
    assert looking.get("/profil/second-facteur/").status_code == 200


def test_pay_01_the_buyers_pages_know_nothing_of_a_view(looking):
    answer = looking.get("/vads-payment/")
    assert answer.status_code == 200
    assert BAR not in answer.text
    assert not answer.wsgi_request.session.accessed
    assert not is_refused(looking.post("/vads-payment/"))


def test_rel_08_the_health_of_the_house_asks_nobody(looking, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert looking.get("/healthz").text == "ok\n"


# Nothing changes


def test_authz_03_a_form_is_refused_with_a_page_that_says_so_and_no_row_changes(looking):
    answer = looking.post("/boutiques/12345678/url-serveur/", {"mode": "TEST", "test-url": "https://x.example/n"})
    assert is_refused(answer)
    assert "n’a pas été enregistré" in words(answer)
    assert "Quitter la vue" in answer.text
    assert not ServerUrl.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/connexion/", "/contact/", "/profil/session/prolonger/", "/pas-moi/xyz/"])
def test_authz_03_pages_open_to_all_take_nothing_either(looking, path, method):
    assert is_refused(getattr(looking, method)(path))


def test_a_refused_form_is_kept_for_nobody(looking):
    looking.post("/boutiques/12345678/url-serveur/", {"mode": "PRODUCTION", "production-url": "https://x.example/n"})
    looking.post("/boutiques/12345678/certificats/generer/")
    assert not KeptForm.objects.exists()


@pytest.mark.urls("tests.accounts.viewing_urls")
@pytest.mark.parametrize("page", ["ecrire", "verrouiller"])
def test_authz_03_a_page_that_would_write_while_it_is_read_is_refused_by_postgresql(looking, advisor, page):
    before = Company.objects.count()
    assert is_refused(looking.get(f"/essai/{page}/"))
    assert Company.objects.count() == before
    # For whoever looks through nobody's eyes it does what it does.
    other = Client()
    other.force_login(advisor)
    assert other.get(f"/essai/{page}/").status_code == 200


@pytest.mark.urls("tests.accounts.viewing_urls")
def test_what_streams_is_refused_since_it_would_be_read_after_the_transaction(looking, advisor):
    assert is_refused(looking.get("/essai/flux/"))
    other = Client()
    other.force_login(advisor)
    assert other.get("/essai/flux/").getvalue() == b"undeux"


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.accounts.viewing_urls")
def test_authz_03_postgresql_refuses_in_a_transaction_of_its_own_as_well(looking):
    before = Company.objects.count()
    assert is_refused(looking.get("/essai/ecrire/"))
    assert looking.get("/boutiques/12345678/").status_code == 200
    assert Company.objects.count() == before


def test_log_03_each_refusal_is_in_the_log_without_the_address_s_own_words(looking, advisor, place, caplog):
    with caplog.at_level(logging.WARNING, logger="accounts.looking_on"):
        looking.post(f"/pas-moi/{'t' * 43}/")
    [line] = [record.getMessage() for record in caplog.records if record.name == "accounts.looking_on"]
    assert line == f"read-only view: POST support:not_me refused to {advisor.public_id} as {place.user.public_id}"


# No secret


@pytest.mark.parametrize(
    "path", ["/profil/confirmer/", "/connexion/reprise/", "/profil/coordonnees/e-mail/", "/utilisateurs/inviter/"]
)
def test_key_03_what_asks_who_is_there_does_not_open_whatever_the_advisor_confirmed(looking, path):
    just_confirmed(looking)
    answer = looking.get(path)
    assert is_refused(answer)
    assert "ne s’ouvre pas pendant une consultation" in words(answer)


def test_key_03_no_certificate_is_ever_shown(looking):
    just_confirmed(looking)
    for answer in (
        looking.get("/boutiques/12345678/certificats/"),
        looking.post("/boutiques/12345678/certificats/test/afficher/"),
        looking.get("/boutiques/12345678/certificats/test/afficher/", follow=True),
    ):
        assert VALUE not in answer.text
    assert not events("certificate.revealed").exists()


def test_key_03_the_key_of_an_enrolment_that_waits_is_not_shown(looking, place):
    Company.objects.update(requires_second_factor=True)
    TotpDeviceFactory(user=place.user, pending=True, created_at=place.created_at)
    just_confirmed(looking)
    # Came in with a recovery code of their own: no excuse for somebody else's key.
    session = looking.session
    session["recovered_at"] = place.created_at.timestamp()
    session.save()
    answer = looking.get("/profil/second-facteur/activer/")
    assert is_refused(answer)
    assert TotpDevice.objects.of(place.user).get().secret() == FACTOR_KEY
    owner = Client()
    owner.force_login(place.user)
    just_confirmed(owner)
    assert "<svg" in owner.get("/profil/second-facteur/activer/").text


# Who may look, and until when


def reached(client, place):
    return client.get("/boutiques/12345678/").status_code == 200 and client.get(desk_of(place)).status_code == 404


def ended(client, place):
    """The next request ends the view; where it leads, and what is said there."""
    answer = client.get("/boutiques/12345678/")
    assert answer.status_code == 302
    [entry] = events("account.view_ended")
    assert client.get("/boutiques/12345678/").status_code == 404
    return answer["Location"], entry.detail["ended"]


def test_sess_03_fifteen_minutes_and_no_more_however_much_it_is_used(looking, place, now):
    for minutes in (5, 10, 14):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert reached(looking, place)
    assert timedelta(minutes=15) == rules.VIEWING_LIFE
    with time_machine.travel(now + timedelta(minutes=15, seconds=5)):
        assert ended(looking, place) == (desk_of(place), "over")
        assert "La vue est terminée : elle dure quinze minutes." in words(looking.get(desk_of(place)))


def test_a_form_sent_after_the_end_changes_nothing_and_leads_back(looking, place, now):
    with time_machine.travel(now + timedelta(minutes=10)):
        looking.get("/boutiques/")
    with time_machine.travel(now + timedelta(minutes=16)):
        answer = looking.post("/boutiques/12345678/url-serveur/", {"mode": "TEST", "test-url": "https://x.example/n"})
    assert answer["Location"] == desk_of(place)
    assert not ServerUrl.objects.exists()


def test_a_company_that_moved_meanwhile_is_not_where_the_end_leads(looking, place, advisor, now):
    with time_machine.travel(now + timedelta(minutes=10)):
        looking.get("/boutiques/")
    move(place, advisor, now)
    with time_machine.travel(now + timedelta(minutes=16)):
        answer = looking.get("/boutiques/", follow=True)
    assert answer.redirect_chain == [("/conseiller/", 302)]
    assert "cet espace ne se consulte plus" in words(answer)


def test_the_last_begun_minute_is_told_as_one(looking, now):
    with time_machine.travel(now + timedelta(minutes=10)):
        looking.get("/boutiques/")
    with time_machine.travel(now + timedelta(minutes=14, seconds=30)):
        assert 'encore <span class="text-nowrap" data-viewing-left>1 min' in words(looking.get("/boutiques/"))


def close(place, advisor, now):
    place.user.close()
    place.user.save()


def remove(place, advisor, now):
    owner = MembershipFactory(company=place.company).user
    remove_person(place=place, by=owner, browser=BROWSER, now=now)


def move(place, advisor, now):
    assign_company(advisor=UserFactory(advisor=True), company=place.company, by=None, now=now)


def share_with_a_company_out_of_sight(place, advisor, now):
    MembershipFactory(user=place.user, company=AssignmentFactory().company)


def owe(place, advisor, now):
    TotpDevice.objects.of(advisor).delete()


@pytest.mark.parametrize("change", [close, remove, move, share_with_a_company_out_of_sight, owe])
def test_authz_05_what_takes_the_permission_away_ends_the_view_at_the_next_request(
    looking, place, advisor, now, change
):
    change(place, advisor, now)
    answer = looking.get("/boutiques/12345678/")
    assert answer["Location"] == "/conseiller/"
    [entry] = events("account.view_ended")
    assert entry.detail == {"ended": "withdrawn"}
    assert looking.get("/boutiques/12345678/").status_code != 200


def test_sess_05_an_advisor_whose_account_is_closed_sees_nothing_more(looking, advisor):
    advisor.close()
    advisor.save()
    assert looking.get("/boutiques/12345678/")["Location"] == "/connexion/?next=/boutiques/12345678/"


def test_authz_05_a_role_that_changes_is_seen_and_told_at_once(looking, place, now):
    owner = MembershipFactory(company=place.company).user
    change_role(place=place, grant=Grant(role=Role.READER), by=owner, browser=BROWSER, now=now)
    assert ", lecture seule)" in words(looking.get("/boutiques/12345678/"))
    assert looking.get("/utilisateurs/").status_code == 404


def test_authz_08_who_may_be_viewed_is_a_merchant_s_person_all_of_whose_companies_are_in_sight(place, advisor, now):
    own = place.company.public_id
    other = MembershipFactory(user=place.user, company=CompanyFactory())

    def seen(user=place.user, company=own):
        return rules.place_in_view(user.public_id, company=company, by=advisor) is not None

    assert seen()
    assert seen(company=other.company.public_id)
    assert not seen(company=CompanyFactory().public_id)
    assert not seen(user=UserFactory(advisor=True))
    assert not seen(user=MembershipFactory(company=place.company, user__closed=True).user)
    assert not seen(user=UserFactory())
    past = MembershipFactory(company=place.company, ends_at=now - timedelta(days=1))
    assert not seen(user=past.user)
    assert rules.place_in_view(place.user.public_id, company=own, by=place.user) is None
    AssignmentFactory(company=other.company)
    assert not seen()
    viewable = User.objects.telling_viewable(advisor).get(pk=place.user.pk)
    assert not viewable.is_viewable


@pytest.mark.parametrize("trait", ["first_connection", "blocked", "frozen"])
def test_an_account_in_trouble_may_be_looked_at(client, advisor, shop, trait):
    place = MembershipFactory(company=shop.company, **{f"user__{trait}": True})
    client.force_login(advisor)
    look_as(client, place.user)
    assert "Fromagerie en ligne" in client.get("/boutiques/12345678/").text


# Leaving, and the advisor's own session


def test_leaving_leads_back_to_the_company_and_says_so(looking, place):
    answer = looking.post(LEAVE, follow=True)
    assert answer.redirect_chain == [(desk_of(place), 302)]
    assert "Vous ne voyez plus comme Claire Beaufils" in answer.text
    assert BAR not in answer.text
    assert looking.get("/boutiques/12345678/").status_code == 404
    assert [entry.detail for entry in events("account.view_ended")] == [{"ended": "left"}]


def test_leaving_nothing_leads_to_where_the_day_starts(client, place, advisor):
    for person, landing in ((place.user, "/"), (advisor, "/conseiller/")):
        client.force_login(person)
        assert client.post(LEAVE)["Location"] == landing
        assert client.get(LEAVE).status_code == 405
    assert not events("account.view_ended").exists()
    assert Client().post(LEAVE)["Location"] == f"/connexion/?next={LEAVE}"


def test_sess_04_signing_out_ends_the_view_and_the_advisor_s_session(looking, advisor, place):
    assert looking.post("/deconnexion/")["Location"] == "/connexion/"
    assert [(one.actor_id, one.subject_id) for one in events("account.view_ended")] == [
        (advisor.public_id, place.user.public_id)
    ]
    assert events("account.signed_out").get().actor_id == advisor.public_id
    assert not Session.objects.exists()


def test_sess_01_the_session_has_another_id_at_each_end_of_the_view(client, advisor, place):
    client.force_login(advisor)
    ids = [client.cookies[settings.SESSION_COOKIE_NAME].value]
    look_as(client, place.user)
    ids.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.post(LEAVE)
    ids.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(ids)) == 3
    assert Session.objects.count() == 1


def test_sess_03_the_session_stays_the_advisor_s_with_their_limits(looking, advisor, place, now):
    looking.get("/boutiques/")
    session = Session.objects.get()
    assert session.user_id == advisor.pk
    assert session.expire_date <= now + timedelta(minutes=16)
    assert looking.get("/profil/session/prolonger/").json()["seconds"] <= 15 * 60
    assert not Session.objects.of(place.user).exists()
    with time_machine.travel(now + timedelta(minutes=14, seconds=59)):
        assert 'id="session-end"' not in looking.get("/boutiques/").text


def test_sess_03_looking_whether_a_view_goes_on_is_no_use_of_the_session(client, advisor, now):
    client.force_login(advisor)
    client.get("/conseiller/")
    before = Session.objects.get().expire_date
    with time_machine.travel(now + timedelta(minutes=5)):
        assert client.get("/mot-de-passe-oublie/").status_code == 200
        assert Session.objects.get().expire_date == before
        client.get("/conseiller/")
        assert Session.objects.get().expire_date > before


# What the merchant reads


def test_log_03_the_company_s_journal_tells_who_looked_as_whom_why_and_until_when(looking, place, advisor):
    looking.post(LEAVE)
    owner = Client()
    owner.force_login(place.user)
    page = words(owner.get("/journal/"))
    assert "Espace consulté par un conseiller" in page
    assert "Fin de consultation par un conseiller" in page
    assert "Raison : à la demande de la personne, au téléphone" in page
    assert "Fin : quittée par le conseiller" in page
    assert "Nadia Ferrand" in page
    assert "ferrand" not in page
    [entry] = events("account.viewed")
    assert (entry.company, entry.actor_id, entry.subject_id) == (
        place.company.public_id,
        advisor.public_id,
        place.user.public_id,
    )
    assert entry.detail == {"reason": "asked_by_phone"}


def test_each_company_whose_pages_are_shown_is_told(client, advisor, place):
    other = MembershipFactory(user=place.user, company=CompanyFactory())
    past = MembershipFactory(user=place.user, ends_at=place.created_at)
    client.force_login(advisor)
    look_as(client, place.user)
    client.post(LEAVE)
    for name in ("account.viewed", "account.view_ended"):
        told = {entry.company for entry in events(name)}
        assert told == {place.company.public_id, other.company.public_id}
        assert past.company.public_id not in told


def test_every_reason_and_every_end_has_its_words():
    assert set(ViewReason.values) <= details.CODES["reason"].keys()
    assert set(ViewEnd.values) == details.CODES["ended"].keys()
