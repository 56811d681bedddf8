"""Search at the desk and the page of one company: who finds what, and what is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Company, Membership, User
from backoffice.core import journal, mail
from backoffice.core.events import Event
from support.models import ContactRequest
from support.search import SHOWN, search
from support.timeline import PER_PAGE, Place
from tests.accounts.factories import (
    AssignmentFactory,
    CompanyFactory,
    MembershipFactory,
    TotpDeviceFactory,
    UserFactory,
)
from tests.shops.factories import ShopFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

SEARCH = "/conseiller/recherche/"


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def member():
    return MembershipFactory(
        company__legal_name="Éclairages Moreau",
        company__email="contact@moreau.example",
        user__identifier="moreau-12345",
        user__email="lea@moreau.example",
        user__first_name="Léa",
        user__last_name="Moreau",
    )


@pytest.fixture
def shop(member):
    return ShopFactory(company=member.company, site_id="40404040", label="Lampes")


@pytest.fixture
def foreign():
    """Somebody of a company that another advisor looks after."""
    member = MembershipFactory(
        company__legal_name="Éclairages Vasseur",
        company__siret="90417265700010",
        company__email="contact@vasseur.example",
        user__identifier="vasseur-54321",
        user__email="paul@vasseur.example",
        user__last_name="Vasseur",
    )
    ShopFactory(company=member.company, site_id="50505050")
    AssignmentFactory(company=member.company)
    return member


def page_of(company):
    return f"/conseiller/societes/{company.public_id}/"


def words(answer):
    return " ".join(answer.text.replace("\u00a0", " ").split())


def found(typed, reader):
    return [one.company for one in search(typed, reader=reader).found]


def told(client, company, **query):
    return [item.title for item, _ in client.get(page_of(company), query).context["items"]]


# Search


def test_anonymous_people_are_sent_to_the_sign_in_page(client, member):
    for url in (SEARCH, page_of(member.company)):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (302, f"/connexion/?next={url}")


def test_a_merchant_gets_the_page_that_does_not_exist(client, member):
    client.force_login(member.user)
    assert client.get(SEARCH, {"q": "moreau"}).status_code == 404
    assert client.get(page_of(member.company)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("éclairages m", "Raison sociale"),
        ("  ÉCLAIRAGES   MOREAU ", "Raison sociale"),
        ("{siret}", "SIRET"),
        ("{start} ", "SIRET"),
        ("40404040", "Boutique"),
        ("moreau-12345", "Identifiant"),
        ("MOREAU-1", "Identifiant"),
        ("Contact@Moreau.example", "E-mail de la société"),
        ("lea@MOREAU.example", "E-mail"),
    ],
)
def test_a_company_is_found_by_what_somebody_can_name(client, advisor, member, shop, typed, label):
    siret = member.company.siret
    answer = client.get(SEARCH, {"q": typed.format(siret=siret, start=f"{siret[:9]} {siret[9:12]}")})
    assert [one.company for one in answer.context["results"].found] == [member.company]
    assert label in {match.label for match in answer.context["results"].found[0].matches}
    assert f'href="{page_of(member.company)}"' in answer.text


@pytest.mark.parametrize(
    "typed", ["m", "airages", "4040404", "404040401", "oreau-12345", "ea@moreau.example", "lea@moreau", "_%", "É_", ""]
)
def test_the_middle_of_a_word_and_half_an_address_find_nothing(advisor, member, shop, typed):
    assert found(typed, advisor) == []


@pytest.mark.parametrize(
    "typed",
    [
        "éclairages",
        "90417265700010",
        "50505050",
        "vasseur-54321",
        "vasseur",
        "paul@vasseur.example",
        "contact@vasseur.example",
    ],
)
def test_authz_08_nothing_outside_the_portfolio_is_found(client, advisor, foreign, typed):
    answer = client.get(SEARCH, {"q": typed})
    assert answer.context["results"].found == []
    assert "Aucune société de votre portefeuille ne correspond." in answer.text
    AssignmentFactory(advisor=advisor, company=foreign.company)
    assert found(typed, advisor) == [foreign.company]


def test_authz_08_what_is_not_shown_counts_the_portfolio_alone(client, advisor):
    for number in range(SHOWN):
        CompanyFactory(legal_name=f"Atelier {number:02d}")
        AssignmentFactory(company=CompanyFactory(legal_name=f"Atelier {number:02d} bis"))
    answer = client.get(SEARCH, {"q": "atelier"})
    assert len(answer.context["results"].found) == SHOWN
    assert "d’autres correspondent" not in answer.text
    CompanyFactory(legal_name="Atelier 99")
    answer = client.get(SEARCH, {"q": "atelier"})
    assert len(answer.context["results"].found) == SHOWN
    assert "Les 20 premières sociétés sont affichées, d’autres correspondent." in words(answer)


def test_one_company_is_one_line_with_all_that_matched(advisor, member):
    MembershipFactory(company=member.company, user__identifier="moreau-99999")
    results = search("moreau-", reader=advisor)
    assert [len(one.matches) for one in results.found] == [2]


@pytest.mark.parametrize(
    "typed", ["\x00", "a" * 300, "\x1b[31m", "'; DROP TABLE x; --", "١٢٣٤٥٦٧٨", "%" * 50, "\\", "@@"]
)
def test_hostile_words_find_nothing_and_break_nothing(client, advisor, member, typed):
    answer = client.get(SEARCH, {"q": typed})
    assert answer.status_code == 200
    assert answer.context["results"].found == []


@pytest.fixture
def crowd():
    """Enough others for the planner to know what an index is worth, whatever it remembers of earlier tests."""
    companies = Company.objects.bulk_create(CompanyFactory.build_batch(1500))
    people = User.objects.bulk_create(UserFactory.build_batch(1500))
    pairs = zip(people, companies, strict=True)
    Membership.objects.bulk_create(MembershipFactory.build(user=user, company=company) for user, company in pairs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_company, accounts_user, accounts_membership, accounts_assignment")


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("éclair", "company_name_from_its_start"),
        ("90417265", "accounts_company_siret"),
        ("moreau-1", "accounts_user_identifier"),
        ("lea@moreau.example", "user_email_in_any_case"),
        ("contact@moreau.example", "company_email_in_any_case"),
    ],
)
def test_each_kind_of_search_has_its_index(advisor, crowd, member, typed, index, django_assert_max_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        with django_assert_max_num_queries(7) as asked:
            search(typed, reader=advisor)
        plans = []
        for query in asked.captured_queries:
            cursor.execute("EXPLAIN " + query["sql"])
            plans += [line for (line,) in cursor.fetchall()]
    # Bounds, not a walk along the whole index.
    at = next(number for number, line in enumerate(plans) if index in line)
    assert "Index Cond" in plans[at + 1], plans


# The page


def test_authz_08_a_company_of_others_is_a_page_that_does_not_exist(client, advisor, foreign):
    answer, missing = client.get(page_of(foreign.company)), client.get(f"/conseiller/societes/{uuid4()}/")
    assert answer.status_code == missing.status_code == 404
    assert len(answer.content) == len(missing.content)
    assert client.post(page_of(foreign.company)).status_code in {404, 405}


def test_the_page_tells_the_file_and_who_looks_after_it(client, advisor, member, shop):
    TotpDeviceFactory(user=member.user)
    MembershipFactory(company=member.company, user__frozen=True, user__blocked=True, user__last_name="Diallo")
    ShopFactory(company=member.company, closed=True)
    AssignmentFactory(company=member.company, advisor=advisor)
    AssignmentFactory(company=member.company, advisor__first_name="Nadia", advisor__last_name="Roche")
    page = words(client.get(page_of(member.company)))
    for told in (
        "Éclairages Moreau",
        member.company.siret,
        "01 99 00 12 34",
        "contact@moreau.example",
        "40404040",
        "Ouverte",
        "Fermée",
        "Léa Moreau",
        "moreau-12345",
        "Gérant",
        "Actif",
        "Bloqué",
        "Modifications gelées",
        "Activé",
        "Aucun",
        "Nadia Roche",
        "vous",
    ):
        assert told in page
    assert "Aucun portefeuille" not in page


def test_open_requests_are_shown_and_lead_to_their_page(client, advisor, member):
    waiting = ContactRequestFactory(identifier=member.user.identifier)
    closed = ContactRequestFactory(identifier=member.user.identifier, treated=True)
    of_siret = ContactRequestFactory(technical=True, siret=member.company.siret)
    elsewhere = ContactRequestFactory(siret="90417265700010")
    answer = client.get(page_of(member.company))
    assert {contact.pk for contact, _ in answer.context["requests"]} == {waiting.pk, of_siret.pk}
    assert f"/conseiller/demandes/{closed.public_id}/" in answer.text
    assert str(elsewhere.public_id) not in answer.text
    assert page_of(member.company) in client.get(f"/conseiller/demandes/{waiting.public_id}/").text


def test_a_request_that_names_an_account_of_others_is_not_told_by_a_siret(client, advisor, member, foreign):
    ContactRequestFactory(identifier=foreign.user.identifier, siret=member.company.siret)
    answer = client.get(page_of(member.company))
    assert answer.context["requests"] == []
    assert told(client, member.company) == []


def test_the_timeline_merges_requests_mails_and_changes_of_state_newest_first(client, advisor, member, shop, now):
    company = member.company.public_id
    ContactRequestFactory(
        identifier=member.user.identifier, treated=True, received_at=now - timedelta(5), treated_at=now - timedelta(2)
    )
    mail.queue(
        "accounts/emails/identifier.txt",
        to=member.user.email,
        subject="Votre identifiant",
        context={"user": member.user},
        company=company,
        person=member.user.public_id,
        now=now - timedelta(3),
    )
    for event, days in ((Event.ACCOUNT_BLOCKED, 4), (Event.ACCOUNT_SIGNED_IN, 1)):
        journal.record(event, now=now - timedelta(days), company=company, by=None, about=member.user)
    journal.record(Event.SHOP_CREATED, now=now - timedelta(1), company=company, by=member.user, about=shop)
    answer = client.get(page_of(member.company))
    titles = [item.title.replace("\u00a0", " ") for item, _ in answer.context["items"]]
    assert titles == [
        "Boutique créée",
        "Demande traitée",
        "E-mail « Votre identifiant »",
        "Compte bloqué",
        "Demande reçue",
    ]
    page = words(answer)
    assert "Lampes" in page
    assert "Par Léa Moreau" in page
    assert "À l•••@moreau.example" in page
    assert "En attente d’envoi" in page


def test_the_timeline_is_paged_both_ways_without_gap_or_repeat(client, advisor, member, now):
    count = PER_PAGE * 2 + 3
    for number in range(count):
        # Many at one moment: their public ids decide.
        at = now - timedelta(minutes=number // 10)
        ContactRequestFactory(identifier=member.user.identifier, received_at=at)
    url, pages = page_of(member.company), []
    while url:
        answer = client.get(url.partition("#")[0])
        pages.append([str(item.place) for item, _ in answer.context["items"]])
        last, url = answer, answer.context["older_url"]
    assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, 3]
    seen = [place for page in pages for place in page]
    assert len(set(seen)) == count == ContactRequest.objects.count()
    assert seen == [str(place) for place in sorted(map(Place.read, seen), reverse=True)]
    back = client.get(last.context["newer_url"].partition("#")[0])
    assert [str(item.place) for item, _ in back.context["items"]] == pages[1]


@pytest.mark.parametrize("typed", ["x", "\x00", "9999999999999999-" + "f" * 32, "1-" + "g" * 32, "-1", "١-" + "0" * 32])
def test_a_place_that_is_none_gives_a_page_all_the_same(client, advisor, member, typed):
    ContactRequestFactory(identifier=member.user.identifier)
    for parameter in ("avant", "apres"):
        assert client.get(page_of(member.company), {parameter: typed}).status_code == 200


def test_the_mail_log_and_the_journal_lead_to_the_company(client, advisor, member, now):
    mail.queue(
        "accounts/emails/identifier.txt",
        to=member.user.email,
        subject="Votre identifiant",
        context={"user": member.user},
        company=member.company.public_id,
        now=now,
    )
    link = f'href="{page_of(member.company)}"'
    assert link in client.get("/conseiller/courriels/").text
    assert link in client.get("/journal/", {"societe": str(member.company.public_id)}).text
    client.force_login(member.user)
    assert link not in client.get("/journal/").text


def test_a_request_belongs_to_the_company_of_the_account_it_names_whatever_siret_was_typed(client, advisor, member):
    other = MembershipFactory()
    contact = ContactRequestFactory(identifier=other.user.identifier, siret=member.company.siret)
    assert client.get(page_of(member.company)).context["requests"] == []
    assert told(client, member.company) == []
    assert [one.pk for one, _ in client.get(page_of(other.company)).context["requests"]] == [contact.pk]
