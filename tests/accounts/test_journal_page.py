"""The journal's page: who may read which, what each line says, what narrows it, and what it costs."""

import ast
import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.actions.records import record
from accounts.enums import Role
from accounts.models import Company
from backoffice.core import details, events, journal
from backoffice.core.models import JournalEntry, JournalKey
from tests.accounts.factories import BROWSER, PASSWORD, CompanyFactory, MembershipFactory, UserFactory
from tests.accounts.journal_steps import write_past
from tests.house.source import ROOMS, modules, tree

pytestmark = pytest.mark.django_db
URL = "/journal/"
NOON = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
Event = journal.Event


@pytest.fixture
def member():
    return MembershipFactory(user__first_name="Antoine", user__last_name="Vernet", user__identifier="vernet")


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand", identifier="ferrand")


def words(response):
    """What the page shows, tags and line ends aside."""
    assert response.status_code == 200
    body = html.unescape(response.content.decode()).replace("\xa0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def lines(response):
    """The lines of the list, each in words."""
    body = response.content.decode()
    table = body.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", row)).replace("\xa0", " ")).strip() for row in rows
    ]


def read(client, person, **query):
    client.force_login(person)
    return client.get(URL, query)


def note(member, event=Event.ACCOUNT_SIGNED_IN, *, by="self", now=NOON, address="192.0.2.7", **detail):
    user = member.user
    record(event, user=user, by=user if by == "self" else by, now=now, address=address, **detail)


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_a_stranger_meets_the_door(client):
    assert client.get(URL)["Location"] == "/connexion/?next=/journal/"


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_who_answers_for_the_company_reads_its_journal(client, role):
    member = MembershipFactory(role=role)
    note(member)
    response = read(client, member.user)
    assert [line.split("Connexion")[1][:1] for line in lines(response)] == [" "]
    assert 'href="/journal/"' in response.content.decode()


@pytest.mark.parametrize("role", [Role.READER, Role.INTEGRATOR])
def test_other_roles_find_no_journal_and_no_way_to_it(client, role):
    member = MembershipFactory(role=role)
    assert read(client, member.user).status_code == 404
    assert client.post(f"{URL}export/").status_code == 404
    assert 'href="/journal/"' not in client.get("/boutiques/").content.decode()


def test_somebody_who_belongs_to_no_company_finds_no_journal(client):
    assert read(client, UserFactory()).status_code == 404


def test_someone_else_s_journal_is_a_page_that_does_not_exist(client, member):
    other = MembershipFactory()
    note(other)
    for named in (str(other.company.public_id), str(uuid4()), "plateforme", "x", "\0", "1' OR '1'='1"):
        assert read(client, member.user, societe=named).status_code == 404
    assert lines(read(client, member.user)) == []
    assert len(lines(read(client, member.user, societe=str(other.company.public_id).upper()))) == 0


def test_a_merchant_s_person_of_two_companies_reads_each_by_its_name(client, member):
    second = MembershipFactory(user=member.user, role=Role.MANAGER)
    third = MembershipFactory(user=member.user, role=Role.READER)
    journal.record(Event.SHOP_CREATED, now=NOON, company=second.company.public_id, by=None, about=second.company)
    assert lines(read(client, member.user)) == []
    assert len(lines(read(client, member.user, societe=str(second.company.public_id)))) == 1
    assert read(client, member.user, societe=str(third.company.public_id)).status_code == 404


def test_an_advisor_chooses_the_company_first(client, advisor, member):
    note(member)
    other = CompanyFactory(legal_name="Librairie Vernet", siret="90417265700010")
    text = words(read(client, advisor))
    assert member.company.legal_name in text
    assert other.legal_name in text

    for typed in ("librairie", "LIBRAIRIE V", "904 172 657", "90417265700010"):
        response = read(client, advisor, recherche=typed)
        assert other.legal_name in words(response)
        assert member.company.legal_name not in words(response)
    assert "Aucune société de ce nom" in words(read(client, advisor, recherche="Vernet"))

    response = read(client, advisor, societe=str(member.company.public_id))
    assert len(lines(response)) == 1
    assert member.company.siret in words(response)


def test_an_advisor_reads_the_tries_at_identifiers_that_do_not_exist(client, advisor):
    actions.sign_in(identifier="nobody", password="Wrong-9", browser=BROWSER, now=NOON)
    response = read(client, advisor, societe="plateforme")
    [line] = lines(response)
    assert "Connexion refusée" in line
    assert "Raison : identifiant inconnu" in line
    assert "Personne non identifiée" in line
    assert BROWSER.address in line
    assert "nobody" not in words(response)


def test_a_company_that_does_not_exist_is_not_found_by_an_advisor(client, advisor):
    for named in (str(uuid4()), "x", "\0"):
        assert read(client, advisor, societe=named).status_code == 404


@pytest.mark.parametrize("typed", ["\0", "x" * 121, "%", "_", "\\", "'; --", "\ud7ff", "=1+1"])
def test_whatever_is_searched_the_page_answers(client, advisor, typed):
    CompanyFactory()
    response = read(client, advisor, recherche=typed)
    assert response.status_code == 200
    assert lines(response) == []


def test_only_the_first_companies_are_listed_and_the_page_says_so(client, advisor):
    CompanyFactory.create_batch(21)
    response = read(client, advisor)
    assert len(lines(response)) == 20
    assert "D’autres sociétés correspondent" in words(response)


# --- What a line says -------------------------------------------------------------------------------------------------


def test_a_line_says_when_who_what_on_whom_from_where_and_why(client, member, advisor):
    other = MembershipFactory(company=member.company, user__first_name="Lucie", user__last_name="Marchal")
    note(other, Event.PERSON_ROLE_CHANGED, by=member.user, role="reader")
    response = read(client, member.user)
    [line] = lines(response)
    assert line == (
        "20 nov., 12:30 Rôle changé Rôle : lecture seule "
        f"Antoine Vernet commerçant vernet Lucie Marchal {other.user.journal_label} 192.0.2.7"
    )
    assert 'title="20 novembre 2026, 12:30:00 (heure de Paris, UTC+1)"' in response.content.decode()


def test_what_one_does_to_oneself_and_what_nobody_did_are_said_in_words(client, member):
    note(member)
    note(member, Event.TEMPORARY_PASSWORD_DRAWN, by=None, address="", now=NOON + timedelta(minutes=1))
    note(member, Event.CODE_REFUSED, by=None, now=NOON + timedelta(minutes=2))
    refused, drawn, entered = lines(read(client, member.user))
    assert "Antoine Vernet commerçant vernet Son propre compte 192.0.2.7" in entered
    assert "Automatique Antoine Vernet commerçant vernet —" in drawn
    assert "Personne non identifiée Antoine Vernet" in refused


def test_failures_are_shown_like_the_rest_with_an_icon_and_a_word(client, member):
    actions.sign_in(identifier="vernet", password="Wrong-9", browser=BROWSER, now=NOON)
    actions.sign_in(identifier="vernet", password=PASSWORD, browser=BROWSER, now=NOON + timedelta(minutes=1))
    response = read(client, member.user)
    entered, refused = lines(response)
    assert "Connexion refusée" not in entered
    assert "Connexion refusée Navigateur connu : non Raison : mot de passe erroné" in refused
    assert response.content.decode().count('class="badge tone-danger"') == 1


def test_the_bank_s_own_identifiers_and_addresses_are_for_advisors(client, member, advisor):
    note(member, Event.TEMPORARY_PASSWORD_DRAWN, by=advisor, address="198.51.100.4")
    response = read(client, member.user)
    assert "Nadia Ferrand conseiller Antoine Vernet" in lines(response)[0]
    assert lines(response)[0].endswith("Banque")
    assert "ferrand" not in words(response)
    assert "198.51.100.4" not in words(response)

    [line] = lines(read(client, advisor, societe=str(member.company.public_id)))
    assert "conseiller ferrand" in line
    assert line.endswith("198.51.100.4")


def test_personal_text_whose_year_was_destroyed_is_said_to_be_erased(client, member):
    note(member, Event.ACCOUNT_SIGN_IN_REFUSED, by=None, reason="wrong_password")
    note(member)
    JournalKey.objects.all().delete()
    for line in lines(read(client, member.user)):
        assert line.endswith("effacé effacé effacé")
        assert "Antoine" not in line
        assert "192.0.2.7" not in line
    assert "Raison : mot de passe erroné" in lines(read(client, member.user))[1]


@pytest.mark.parametrize(
    "change",
    ["sealed_text = 'AAAA' || substr(sealed_text, 5)", "sealed_text = 'é'", "event = 'x.y'", "detail = '{\"k\": [1]}'"],
)
def test_an_altered_entry_breaks_no_page(client, member, change):
    note(member)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_no_change")
        cursor.execute(f"UPDATE core_journalentry SET {change}")
    [line] = lines(read(client, member.user))
    assert ("illisible illisible illisible" in line) is change.startswith("sealed")


def test_what_people_called_themselves_is_text_and_nothing_else(client, member):
    hostile = "<script>alert(1)</script>"
    MembershipFactory(company=member.company, user__first_name=hostile)
    note(member, mode=hostile)
    assert hostile not in read(client, member.user).content.decode()


def test_every_event_has_its_heading_and_every_failure_is_an_event():
    assert {event.value.partition(".")[0] for event in Event} == events.ROOMS.keys()
    assert all(event.room for event in Event)
    assert {event for event in Event if event.is_failure} == events.FAILURES
    refusals = {event for event in Event if event.value.endswith("_refused") or event.value.endswith(".refused")}
    assert refusals <= events.FAILURES


def test_every_detail_that_the_house_writes_has_its_word():
    """The keys given to `journal.record` and to the rooms' own ways to it, anywhere in the source."""
    known = {"event", "now", "company", "by", "about", "address", "user", "contact", "reason"}
    written = {
        keyword.arg
        for path in modules(*ROOMS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"record", "record_refusal"}
        for keyword in node.keywords
        if keyword.arg
    }
    assert written - known <= details.KEYS.keys()


# --- What narrows it --------------------------------------------------------------------------------------------------


def shown(client, person, **query):
    """The hours of the lines, in Paris."""
    return [re.search(r"\d\d:\d\d", line)[0] for line in lines(read(client, person, **query))]


def test_a_period_is_made_of_whole_days_of_paris(client, member):
    # Paris is at UTC+1 in winter: 23:00 UTC is midnight there.
    for at in ("2026-11-18T22:59", "2026-11-18T23:00", "2026-11-19T22:59", "2026-11-19T23:00"):
        note(member, now=datetime.fromisoformat(f"{at}:00+00:00"))
    assert shown(client, member.user, du="2026-11-19", au="2026-11-19") == ["23:59", "00:00"]
    assert shown(client, member.user, du="2026-11-19") == ["00:00", "23:59", "00:00"]
    assert shown(client, member.user, au="2026-11-19") == ["23:59", "00:00", "23:59"]
    assert shown(client, member.user, du="19/11/2026", au="19/11/2026") == ["23:59", "00:00"]


def test_the_days_when_clocks_change_are_whole_too(client, member):
    for at in ("2026-03-28T23:00", "2026-03-29T21:59", "2026-03-29T22:00"):
        note(member, now=datetime.fromisoformat(f"{at}:00+00:00"))
    assert shown(client, member.user, du="2026-03-29", au="2026-03-29") == ["23:59", "00:00"]


def test_a_person_is_found_as_the_one_who_acts_and_as_the_one_concerned(client, member, advisor):
    other = MembershipFactory(company=member.company)
    note(member, Event.TEMPORARY_PASSWORD_DRAWN, by=advisor, now=NOON)
    note(other, now=NOON + timedelta(minutes=1))
    response = read(client, member.user)
    offered = re.findall(r'<option value="([^"]*)"', response.content.decode().partition('name="evenement"')[0])
    assert set(offered) == {"", *(str(one.public_id) for one in (member.user, other.user, advisor))}
    assert shown(client, member.user, personne=str(member.user.public_id)) == ["12:30"]
    assert shown(client, member.user, personne=str(advisor.public_id)) == ["12:30"]
    assert shown(client, member.user, personne=str(other.user.public_id)) == ["12:31"]


def test_somebody_who_left_the_company_is_still_found(client, member):
    other = MembershipFactory(company=member.company)
    note(other)
    other.delete()
    assert shown(client, member.user, personne=str(other.user.public_id)) == ["12:30"]


def test_events_are_offered_under_their_headings_and_found(client, member):
    note(member)
    note(member, Event.CODE_REFUSED, by=None, now=NOON + timedelta(minutes=1))
    body = read(client, member.user).content.decode()
    assert '<optgroup label="Connexion et compte">' in body
    assert body.index('<optgroup label="Certificats et contrats">') < body.index("Certificat affiché")
    assert shown(client, member.user, evenement="code.refused") == ["12:31"]
    assert shown(client, member.user, echecs="on") == ["12:31"]
    assert shown(client, member.user, echecs="on", evenement="account.signed_in") == []


BAD = [
    ({"du": "9999-99-99"}, "Cette date n’existe pas"),
    ({"du": "9999-12-31"}, "Choisissez une date entre 2000 et 2099"),
    ({"au": "9999-12-31"}, "Choisissez une date entre 2000 et 2099"),
    ({"au": "0001-01-01"}, "Choisissez une date entre 2000 et 2099"),
    ({"du": "2026-02-30"}, "Cette date n’existe pas"),
    ({"au": "\0"}, "Cette date n’existe pas"),
    ({"du": "1" * 5000}, "Cette date n’existe pas"),
    ({"du": "2026-11-20", "au": "2026-11-19"}, "La seconde date est avant la première"),
    ({"personne": "x"}, "Choisissez une valeur de la liste"),
    ({"personne": "\0"}, "Choisissez une valeur de la liste"),
    ({"personne": "00000000-0000-0000-0000-000000000000"}, "Choisissez une valeur de la liste"),
    ({"evenement": "x" * 5000}, "Choisissez une valeur de la liste"),
    ({"evenement": "\0"}, "Choisissez une valeur de la liste"),
]


@pytest.mark.parametrize(("query", "said"), BAD, ids=[next(iter(query.values()))[:12] for query, _ in BAD])
def test_http_02_a_filter_that_cannot_be_understood_is_said_and_narrows_nothing(client, member, query, said):
    note(member)
    response = read(client, member.user, **query)
    assert said in words(response)
    assert len(lines(response)) == 1
    assert "Exporter en CSV" not in words(response)


@pytest.mark.parametrize(
    "value", ["", "x", "\0", "9" * 4000, "-1", "1' OR '1'='1", "{}", "00000000-0000-0000-0000-000000000000"]
)
@pytest.mark.parametrize("name", ["avant", "apres", "sort", "order_by", "page", "at__gte", "company"])
def test_http_02_a_place_in_the_list_that_does_not_exist_gives_its_top(client, member, name, value):
    note(member)
    assert len(lines(read(client, member.user, **{name: value}))) == 1


def test_http_02_a_value_given_twice_counts_once(client, member):
    note(member)
    client.force_login(member.user)
    response = client.get(f"{URL}?du=2030-01-01&du=2026-01-01&evenement=x&evenement=account.signed_in")
    assert len(lines(response)) == 1


def test_a_journal_without_a_line_says_what_will_stand_there(client, member):
    assert "Rien n’est encore écrit dans ce journal" in words(read(client, member.user))


def test_filters_that_leave_nothing_can_be_taken_off(client, member):
    note(member)
    response = read(client, member.user, du="2030-01-01")
    assert "Rien ne correspond à ces filtres" in words(response)
    assert '<a class="btn" href="/journal/">Effacer les filtres</a>' in response.content.decode()


# --- Pages ------------------------------------------------------------------------------------------------------------


def follow(client, response, words_of_link):
    link = re.search(
        rf'href="([^"]+)" rel="(?:prev|next)">(?:<svg.*?</svg>)?{words_of_link}', response.content.decode(), re.DOTALL
    )
    return client.get(html.unescape(link[1])) if link else None


def test_every_line_is_met_once_in_both_directions(client, member):
    write_past(member.company, by=member.user, count=120, until=NOON)
    first = read(client, member.user, du="2026-01-01")
    second = follow(client, first, "Plus anciennes")
    third = follow(client, second, "Plus anciennes")
    seen = [
        shown for page in (first, second, third) for shown in re.findall(r'datetime="([^"]+)"', page.content.decode())
    ]
    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)
    assert follow(client, third, "Plus anciennes") is None
    assert follow(client, first, "Plus récentes") is None
    assert lines(follow(client, third, "Plus récentes")) == lines(second)
    assert lines(follow(client, second, "Plus récentes")) == lines(first)
    assert "du=2026-01-01" in html.unescape(first.content.decode().partition('rel="next"')[0][-200:])


def test_lines_of_the_same_moment_are_told_apart_by_their_place_in_the_chain(client, member):
    for number in range(60):
        note(member, Event.ACCOUNT_BLOCKED, tries=number)
    first = read(client, member.user)
    second = follow(client, first, "Plus anciennes")
    numbers = [int(re.search(r"Essais manqués : (\d+)", line)[1]) for page in (first, second) for line in lines(page)]
    assert numbers == list(range(59, -1, -1))


@pytest.mark.parametrize(
    "query", [{}, {"echecs": "on"}, {"du": "2026-01-01", "au": "2026-12-31"}, {"personne": "self"}]
)
def test_a_thousand_entries_cost_ten_questions_and_none_of_them_counts(client, member, query):
    write_past(member.company, by=member.user, count=1000, until=NOON)
    if query.get("personne"):
        query = {"personne": str(member.user.public_id)}
    response = read(client, member.user, **query)
    place = str(JournalEntry.objects.get(position=500).public_id)
    for asked in (query, {**query, "avant": place}, {**query, "apres": place}):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"{URL}?{urlencode(asked)}").status_code == 200
        assert len(captured) <= 10
        assert not [one["sql"] for one in captured if "COUNT(" in one["sql"].upper()]
    assert response.status_code == 200


def test_an_advisor_s_page_asks_at_most_ten_questions(client, member, advisor):
    write_past(member.company, by=member.user, count=1000, until=NOON)
    client.force_login(advisor)
    for path in (URL, f"{URL}?societe=plateforme", f"{URL}?societe={member.company.public_id}"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        assert len(captured) <= 10


def test_the_companies_an_advisor_reads_come_from_one_queryset(advisor, member):
    """Portfolios narrow `visible_to`: the journal follows, as it asks nothing else."""
    assert list(Company.objects.with_journal_for(advisor)) == list(Company.objects.visible_to(advisor))
    assert list(Company.objects.visible_to(member.user)) == [member.company]


def test_authz_05_another_role_counts_from_the_very_next_request(client, member):
    client.force_login(member.user)
    assert client.get(URL).status_code == 200
    member.role = Role.READER
    member.save(update_fields=["role"])
    assert client.get(URL).status_code == 404
    assert client.post(f"{URL}export/").status_code == 404
    member.role = Role.MANAGER
    member.save(update_fields=["role"])
    assert client.get(URL).status_code == 200
