"""The journal as a file: whose, which lines, safe in a spreadsheet, written down, never wholly in memory."""

import csv
import io
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions, rules
from accounts.enums import Role
from accounts.journal_page import EXPORT_COLUMNS
from backoffice.core import journal
from backoffice.core.models import JournalEntry
from backoffice.core.spreadsheets import BYTE_ORDER_MARK, DANGEROUS
from tests.accounts.factories import BROWSER, MembershipFactory, UserFactory
from tests.accounts.journal_steps import write_past

pytestmark = pytest.mark.django_db
URL = "/journal/export/"
NOON = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
EXPORTED = "Journal exporté"


@pytest.fixture
def member():
    return MembershipFactory(user__first_name="Antoine", user__last_name="Vernet", user__identifier="vernet")


def ask(client, person, **filters):
    client.force_login(person)
    return client.post(URL, filters)


def rows(response):
    """The table as a spreadsheet reads it, one mapping a line, the export's own line aside."""
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert content.startswith(BYTE_ORDER_MARK)
    text = content.removeprefix(BYTE_ORDER_MARK).decode()
    assert "\n" not in text.replace("\r\n", "")
    columns, *told = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert tuple(columns) == EXPORT_COLUMNS
    return [line for line in (dict(zip(columns, one, strict=True)) for one in told) if line["Événement"] != EXPORTED]


def test_a_stranger_meets_the_door(client):
    assert client.post(URL)["Location"].startswith("/connexion/")


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_a_form_starts_an_export(client, member, method):
    client.force_login(member.user)
    assert getattr(client, method)(URL).status_code == 405
    assert not JournalEntry.objects.exists()


def test_the_form_needs_its_token(member):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(member.user)
    assert client.post(URL).status_code == 403


@pytest.mark.parametrize("role", [Role.READER, Role.INTEGRATOR])
def test_other_roles_export_nothing(client, role):
    member = MembershipFactory(role=role)
    assert ask(client, member.user).status_code == 404
    assert not JournalEntry.objects.exists()


def test_someone_else_s_journal_does_not_leave(client, member):
    other = MembershipFactory()
    for named in (str(other.company.public_id), "plateforme", "x", "\0"):
        assert ask(client, member.user, societe=named).status_code == 404
    assert not JournalEntry.objects.exists()


def test_an_advisor_says_whose_journal(client, member):
    advisor = UserFactory(advisor=True)
    assert ask(client, advisor).status_code == 404
    assert "journal-plateforme-" in ask(client, advisor, societe="plateforme")["Content-Disposition"]
    response = ask(client, advisor, societe=str(member.company.public_id))
    assert f"journal-{member.company.siret}-" in response["Content-Disposition"]


def test_the_file_tells_what_the_page_tells(client, member):
    actions.sign_in(identifier="vernet", password="Wrong-9", browser=BROWSER, now=NOON)
    [line] = rows(ask(client, member.user))
    entry = JournalEntry.objects.get(position=1)
    assert line == {
        "Date (heure de Paris)": "20/11/2026 12:30:00",
        "Date (UTC)": "2026-11-20T11:30:00Z",
        "Événement": "Connexion refusée",
        "Échec": "oui",
        "Qui": "Personne non identifiée",
        "Sur qui ou quoi": "Antoine Vernet (commerçant vernet)",
        "Adresse IP": BROWSER.address,
        "Détails": "Navigateur connu : non ; Raison : mot de passe erroné",
        "Numéro": "1",
        "Code de l’événement": "account.sign_in_refused",
        "Empreinte": entry.entry_hash,
    }


def test_the_file_is_a_download_that_nobody_keeps(client, member, now):
    response = ask(client, member.user)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    # The day that people read on their calendar, which begins an hour or two before UTC's.
    day = timezone.localdate(now)
    assert response["Content-Disposition"] == f'attachment; filename="journal-{member.company.siret}-{day}.csv"'


def test_the_export_is_written_in_the_journal_that_leaves(client, member):
    response = ask(client, member.user, du="2026-11-19", evenement="account.signed_in", echecs="on")
    b"".join(response.streaming_content)
    entry = JournalEntry.objects.get(event=journal.Event.JOURNAL_EXPORTED)
    assert (entry.company, entry.actor_id) == (member.company.public_id, member.user.public_id)
    assert entry.detail == {"first_day": "2026-11-19", "only_event": "account.signed_in", "failures_only": True}
    page = client.get(reverse("accounts:journal")).content.decode()
    assert EXPORTED in page
    assert "Événement\xa0: Connexion" in page.replace("&nbsp;", "\xa0")


def test_the_same_filters_narrow_the_file(client, member):
    write_past(member.company, by=member.user, count=3, until=NOON)
    for day in range(1, 3):
        actions.sign_in(identifier="vernet", password="Wrong-9", browser=BROWSER, now=NOON + timedelta(days=day))
    assert len(rows(ask(client, member.user))) == 5
    assert len(rows(ask(client, member.user, echecs="on"))) == 2
    assert len(rows(ask(client, member.user, du="2026-11-21", au="2026-11-21"))) == 1
    assert len(rows(ask(client, member.user, evenement="shop.server_url_saved"))) == 3
    assert len(rows(ask(client, member.user, personne=str(member.user.public_id)))) == 5


def test_filters_that_cannot_be_understood_lead_back_to_the_page_that_says_so(client, member):
    response = ask(client, member.user, du="9999-99-99", evenement="x")
    assert (response.status_code, response["Location"]) == (302, "/journal/?du=9999-99-99&evenement=x")
    assert not JournalEntry.objects.exists()


def test_too_many_lines_are_refused_with_what_to_do(client, member, monkeypatch):
    monkeypatch.setattr(rules, "JOURNAL_EXPORT_LINES", 10)
    write_past(member.company, by=member.user, count=11, until=NOON)
    response = ask(client, member.user, du="2026-01-01")
    assert response["Location"] == "/journal/?du=2026-01-01"
    assert "Choisissez une période plus courte" in client.get(response["Location"]).content.decode()
    assert JournalEntry.objects.count() == 11

    monkeypatch.setattr(rules, "JOURNAL_EXPORT_LINES", 11)
    assert len(rows(ask(client, member.user, du="2026-01-01"))) == 11


@pytest.mark.parametrize("sign", sorted(DANGEROUS))
def test_out_01_nothing_that_people_call_themselves_is_computed(client, member, sign):
    if sign != "\0":  # a name never holds one: the database refuses it
        member.user.first_name = f"{sign}cmd|' /C calc'!A0;\"x"
        member.user.save()
    actions.sign_in(identifier="vernet", password="Wrong-9", browser=BROWSER, now=NOON)
    [line] = rows(ask(client, member.user))
    assert all(cell[:1] not in DANGEROUS for cell in line.values())
    assert line["Sur qui ou quoi"].removeprefix("'").startswith(member.user.full_name)


def test_ten_thousand_lines_leave_without_standing_in_memory(client, member):
    write_past(member.company, by=member.user, count=10_000, until=NOON)
    response = ask(client, member.user)
    pieces = iter(response.streaming_content)
    next(pieces)
    tracemalloc.start()
    size = sum(len(piece) for piece in pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 2_000_000
    # A thousand entries at a time: ten thousand would hold some 40 MB.
    assert peak < 12_000_000
