"""No page asks the database more than ten questions, and the sign-in page asks none."""

from posixpath import normpath

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import links
from accounts.enums import LinkPurpose, Role
from backoffice.core import journal
from backoffice.core.events import Event
from certificates import actions as certificates
from certificates.documents import compose
from support import links as follow_up_links
from support.enums import Voice
from tests.accounts.factories import ContactChangeFactory, ToldCodeFactory, UserFactory, confirm, just_confirmed
from tests.shops.factories import ShopFactory, member_of
from tests.support.factories import CallBackFactory, CompanyNoteFactory, ContactRequestFactory, ProposalFactory
from tests.support.viewing import look_as

LIMIT = 10
OPEN_TO_ALL = [
    "/faq/",
    "/faq/abonnements/",
    "/faq/url-serveur/",
    "/faq/codes-erreur/",
    "/faq/fonctionnalites/",
    "/faq/prod/",
    "/faq/?recherche=certificat",
    "/contact/",
    "/contact/?motif=code",
    "/inscription/",
    "/inscription/societe/",
    "/verifier/",
    "/verifier/?numero=1234567&empreinte=0123456789ab",
    "/vads-payment/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
]
OF_A_SHOP = [
    "",
    "url-serveur/",
    "page-de-paiement/",
    "integrateur/",
    "certificats/",
    "certificats/test/algorithme/",
    "contrat/",
    "contrat/attestation/",
    "transactions/",
    "formulaires/",
]


def questions(client, path):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.fixture
def shop(db, now):
    shop = ShopFactory()
    certificates.issue_test_certificate(shop=shop, now=now)
    snapshot = compose(shop=shop, representative="Claire", representative_role="Gérante", agreed_on=now.date())
    certificates.issue_contract(shop=shop, snapshot=snapshot, code="482917", now=now)
    return shop


def test_the_sign_in_page_asks_nothing(client, db):
    assert questions(client, "/connexion/") == 0


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_a_page_open_to_all_asks_at_most_ten_questions(client, db, path):
    assert questions(client, path) <= LIMIT


@pytest.mark.parametrize("page", OF_A_SHOP)
def test_a_page_of_a_shop_asks_at_most_ten_questions(client, shop, page):
    client.force_login(member_of(shop))
    assert questions(client, f"/boutiques/{shop.site_id}/{page}") <= LIMIT


ONESELF = ["/profil/", "/profil/confirmer/", "/profil/coordonnees/", "/mot-de-passe/"]


@pytest.mark.parametrize("path", ["/boutiques/", "/faq/", "/faq/?recherche=certificat", "/contact/", *ONESELF])
def test_a_page_of_a_merchant_asks_at_most_ten_questions(client, shop, path):
    client.force_login(member_of(shop))
    assert questions(client, path) <= LIMIT


def test_the_page_of_not_me_asks_at_most_ten_questions(client, shop, now):
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=member_of(shop), now=now, event="password.changed")
    assert questions(client, f"/pas-moi/{token}/") <= LIMIT


def test_the_page_of_an_invitation_asks_at_most_ten_questions(client, db, now):
    token = links.issue(purpose=LinkPurpose.ADVISOR_INVITATION, user=UserFactory(invited=True), now=now)
    assert questions(client, f"/invitation/{token}/") <= LIMIT


DESK = [
    "/conseiller/",
    "/conseiller/inscriptions/",
    "/conseiller/approbations/",
    "/conseiller/courriels/",
    "/conseiller/recherche/?q=12345678",
]


@pytest.mark.parametrize("path", DESK)
def test_the_desk_asks_at_most_ten_questions(client, db, path):
    client.force_login(UserFactory(active=True, advisor=True))
    assert questions(client, path) <= LIMIT


def test_the_page_of_a_request_for_a_code_asks_at_most_ten_questions(client, db, now):
    """During its call, with a proposal that waits; and so does the follow-up page that was recognised."""
    proposal = ProposalFactory()
    contact, advisor = proposal.contact_request, proposal.proposed_by
    CallBackFactory(proven=True, contact_request=contact, by=advisor, person=proposal.person)
    client.force_login(advisor)
    client.get("/conseiller/")
    assert questions(client, f"/conseiller/demandes/{contact.public_id}/") <= LIMIT
    assert questions(client, f"/conseiller/approbations/{proposal.public_id}/") <= LIMIT
    token = follow_up_links.issue(contact=contact, holder=Voice.SENDER, now=now)[1]
    assert questions(client, f"/suivi/{token}/") <= LIMIT
    assert questions(client, f"/suivi/{token}/nouveau-code/") <= LIMIT


def test_the_page_of_a_company_asks_at_most_ten_questions(client, shop, now):
    """However much went on with it."""
    for role in (Role.OWNER, Role.MANAGER, Role.INTEGRATOR):
        ContactRequestFactory(identifier=member_of(shop, role=role).identifier, taken=True)
    journal.record(Event.SHOP_CREATED, now=now, company=shop.company.public_id, by=member_of(shop), about=shop)
    CompanyNoteFactory.create_batch(3, company=shop.company)
    client.force_login(UserFactory(active=True, advisor=True))
    # The session notes once a minute that it is used.
    client.get("/conseiller/")
    assert questions(client, f"/conseiller/societes/{shop.company.public_id}/") <= LIMIT


# What a view costs besides: the person with their places, and the four words of a transaction that is undone.
OF_A_VIEW = 6


@pytest.mark.parametrize("page", [*OF_A_SHOP, "../../utilisateurs/", "../../journal/", "../../profil/"])
def test_a_page_seen_as_somebody_else_asks_little_more(client, shop, page):
    client.force_login(UserFactory(active=True, advisor=True))
    look_as(client, member_of(shop))
    assert questions(client, normpath(f"/boutiques/{shop.site_id}/{page}") + "/") <= LIMIT + OF_A_VIEW


def test_the_page_that_closes_a_shop_asks_at_most_ten_questions(client, shop):
    client.force_login(UserFactory(active=True, advisor=True))
    just_confirmed(client)
    path = f"/conseiller/societes/{shop.company.public_id}/boutiques/{shop.site_id}/fermer/"
    assert questions(client, path) <= LIMIT


@pytest.mark.parametrize("page", ["", "fermer/"])
def test_the_pages_of_a_person_at_the_desk_ask_at_most_ten_questions(client, shop, page, now):
    owner = member_of(shop, factor=True)
    for change in ({}, {"phone": True, "confirmed": True}):
        ContactChangeFactory(user=owner, **change)
    ContactRequestFactory(identifier=owner.identifier, opened=True)
    ContactRequestFactory(identifier=owner.identifier, waiting=True)
    Client().force_login(owner)
    client.force_login(UserFactory(active=True, advisor=True))
    just_confirmed(client)
    # The session notes once a minute that it is used.
    client.get("/conseiller/")
    path = f"/conseiller/societes/{shop.company.public_id}/personnes/{owner.public_id}/{page}"
    assert questions(client, path) <= LIMIT


@pytest.mark.parametrize("page", ["", "inviter/", "{person}/", "{person}/role/"])
def test_a_page_of_a_company_s_people_asks_at_most_ten_questions(client, shop, page):
    owner = member_of(shop)
    for role in (Role.MANAGER, Role.READER, Role.INTEGRATOR):
        ToldCodeFactory(user=(person := member_of(shop, role=role)), told_by=owner)
    client.force_login(owner)
    confirm(client)
    assert questions(client, "/utilisateurs/" + page.format(person=person.public_id)) <= LIMIT


def test_the_page_that_follows_a_request_asks_at_most_ten_questions(client, db, now):
    _, token = follow_up_links.issue(contact=ContactRequestFactory(waiting=True), holder=Voice.OWNER, now=now)
    assert questions(client, f"/suivi/{token}/") <= LIMIT
