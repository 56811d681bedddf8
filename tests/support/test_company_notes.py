"""Notes and tags that advisors keep about a company: who writes them, what stays, and who never sees them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from backoffice.core.details import CODES
from backoffice.core.events import DESK_ONLY, Event
from backoffice.core.models import JournalEntry
from support import actions
from support.enums import TAG_TONES, Tag
from support.models import NOTE_LENGTH, CompanyNote, CompanyTag
from tests.accounts.factories import BROWSER, AssignmentFactory, CompanyFactory, MembershipFactory, UserFactory
from tests.support.factories import CompanyNoteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")
    client.force_login(user)
    return user


@pytest.fixture
def company():
    return MembershipFactory().company


@pytest.fixture
def foreign():
    """A company that another advisor looks after."""
    return AssignmentFactory().company


def url(company, end=""):
    return f"/conseiller/societes/{company.public_id}/{end}"


def strike(note, company=None):
    return url(company or note.company, f"notes/{note.public_id}/barrer/")


def words(answer):
    return " ".join(answer.text.replace("\u00a0", " ").split())


def events():
    return list(JournalEntry.objects.in_order().values_list("event", flat=True))


def addresses(company, note):
    return [url(company, "notes/"), strike(note, company), url(company, "etiquettes/")]


# Who may


def test_anonymous_people_are_sent_to_the_sign_in_page(client, company):
    note = CompanyNoteFactory(company=company)
    for address in addresses(company, note):
        answer = client.post(address, {"text": "Bonjour", "tags": "watch"})
        assert (answer.status_code, answer["Location"]) == (302, f"/connexion/?next={address}")
    assert CompanyNote.objects.count() == 1


def test_a_merchant_gets_pages_that_do_not_exist(client, company):
    note = CompanyNoteFactory(company=company)
    client.force_login(company.memberships.get().user)
    for address in addresses(company, note):
        assert client.post(address, {"text": "Bonjour", "tags": "watch"}).status_code == 404
    assert client.get(strike(note)).status_code == 404
    assert CompanyNote.objects.count() == 1
    assert not CompanyTag.objects.exists()


def test_authz_08_nothing_is_written_or_read_about_a_company_of_others(client, advisor, company, foreign):
    note = CompanyNoteFactory(company=foreign)
    for address in addresses(foreign, note):
        assert client.post(address, {"text": "Bonjour", "tags": "watch"}).status_code == 404
    for address in (strike(note), strike(note, company), url(company, f"notes/{uuid4()}/barrer/")):
        assert client.get(address).status_code == client.post(address, {"text": "Bonjour"}).status_code == 404
    assert CompanyNote.objects.count() == 1
    assert not CompanyTag.objects.exists()
    assert events() == []


# Notes


def test_a_note_is_written_shown_and_in_the_journal_without_its_text(client, advisor, company):
    answer = client.post(url(company, "notes/"), {"text": "Rappeler <b>jeudi</b>\nle matin"}, follow=True)
    assert "Votre note est au dossier." in answer.text
    assert "Rappeler &lt;b&gt;jeudi&lt;/b&gt;<br>le matin" in answer.text
    assert "Par Nadia Ferrand" in words(answer)
    note = CompanyNote.objects.get()
    assert (note.company, note.author) == (company, advisor)
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.company, entry.actor_id) == (
        Event.COMPANY_NOTE_WRITTEN,
        company.public_id,
        advisor.public_id,
    )
    assert entry.detail == {}


@pytest.mark.parametrize("text", ["", "   ", "x" * (NOTE_LENGTH + 1), "a\x00b", "a\x1bb"])
def test_a_note_that_says_nothing_or_too_much_is_refused_and_kept_in_the_form(client, advisor, company, text):
    answer = client.post(url(company, "notes/"), {"text": text})
    assert answer.status_code == 200
    assert answer.context["note_form"].errors
    assert answer.context["note_form"]["text"].value() == text
    assert not CompanyNote.objects.exists()
    assert client.post(url(company, "notes/"), {"text": "x" * NOTE_LENGTH}).status_code == 302


def test_a_wrong_note_stays_and_is_struck_through_by_another(client, advisor, company):
    wrong = CompanyNoteFactory(company=company, text="Gérante : Léa")
    assert "Gérante : Léa" in client.get(strike(wrong)).text
    answer = client.post(strike(wrong), {"text": "Gérante : Lina"}, follow=True)
    assert "<s>Gérante : Léa</s>" in answer.text
    assert "Barrée par Nadia Ferrand" in words(answer)
    assert "à la place d’une note barrée" in answer.text
    assert CompanyNote.objects.get(strikes=wrong).text == "Gérante : Lina"
    assert events() == [Event.COMPANY_NOTE_STRUCK]


def test_a_note_is_struck_once(client, advisor, company):
    wrong = CompanyNoteFactory(company=company)
    CompanyNoteFactory(company=company, strikes=wrong)
    assert "Cette note est déjà barrée" in client.get(strike(wrong)).text
    answer = client.post(strike(wrong), {"text": "Encore"}, follow=True)
    assert "Rien n’a changé : cette note est déjà barrée par une autre." in answer.text
    assert CompanyNote.objects.count() == 2
    assert events() == []


def test_an_empty_correction_strikes_nothing(client, advisor, company):
    wrong = CompanyNoteFactory(company=company)
    answer = client.post(strike(wrong), {"text": ""})
    assert "Écrivez votre note." in answer.text
    assert CompanyNote.objects.count() == 1


@pytest.mark.parametrize("change", [{"text": "Autre"}, {"written_at": "2020-01-01T00:00Z"}])
def test_postgresql_refuses_to_change_a_note(company, change):
    note = CompanyNoteFactory(company=company)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CompanyNote.objects.filter(pk=note.pk).update(**change)
    other = CompanyNoteFactory(company=company)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CompanyNote.objects.filter(pk=note.pk).update(strikes=other)


def test_notes_go_after_their_term_and_those_that_struck_them_stay(company, now):
    term = settings.RETENTION.traces.before(now)
    old = CompanyNoteFactory(company=company, written_at=term - timedelta(days=1))
    right = CompanyNoteFactory(company=company, strikes=old, written_at=term + timedelta(days=1))
    assert actions.forget_notes(now=now) == 1
    assert CompanyNote.objects.get() == right
    assert CompanyNote.objects.get().strikes is None


# Tags


def test_tags_are_set_and_taken_away_each_with_its_line_in_the_journal(client, advisor, company):
    client.post(url(company, "etiquettes/"), {"tags": ["watch", "priority"]})
    answer = client.post(url(company, "etiquettes/"), {"tags": ["watch", "dispute"]}, follow=True)
    assert "Les étiquettes de la société sont à jour." in answer.text
    assert answer.context["tags"] == [("danger", "Litige"), ("danger", "Vigilance fraude")]
    assert set(CompanyTag.objects.values_list("tag", flat=True)) == {"watch", "dispute"}
    assert [(entry.event, entry.detail["tag"]) for entry in JournalEntry.objects.in_order()] == [
        (Event.COMPANY_TAGGED, "priority"),
        (Event.COMPANY_TAGGED, "watch"),
        (Event.COMPANY_UNTAGGED, "priority"),
        (Event.COMPANY_TAGGED, "dispute"),
    ]
    assert "Étiquette retirée" in answer.text
    client.post(url(company, "etiquettes/"), {})
    assert not CompanyTag.objects.exists()


def test_a_tag_of_one_s_own_is_refused(client, advisor, company):
    answer = client.post(url(company, "etiquettes/"), {"tags": ["watch", "rich"]})
    assert "Cette étiquette n’existe pas." in answer.text
    assert not CompanyTag.objects.exists()


def test_every_tag_has_its_tone_and_its_word_in_the_journal():
    assert TAG_TONES.keys() == set(Tag)
    assert CODES["tag"].keys() == set(Tag.values)


# Never the merchant


def test_the_merchant_s_journal_and_its_export_tell_nothing_of_notes_and_tags(client, advisor, company, now):
    note = actions.write_note(company=company, text="Méfiance", by=advisor, browser=BROWSER, now=now)
    actions.strike_note(note=note, text="Rien à dire", by=advisor, browser=BROWSER, now=now)
    for tags in ([Tag.WATCH], []):
        actions.set_tags(company=company, tags=tags, by=advisor, browser=BROWSER, now=now)
    assert set(events()) == DESK_ONLY
    journal = client.get("/journal/", {"societe": str(company.public_id)}).text
    labels = [str(event.label) for event in DESK_ONLY]
    assert all(label in journal for label in labels)
    client.force_login(company.memberships.get().user)
    page, query = client.get("/journal/"), {"evenement": "company.note_written"}
    export = b"".join(client.post("/journal/export/").streaming_content).decode("utf-8-sig")
    for text in (page.text, client.get("/journal/", query).text, export):
        assert not any(label in text for label in [*labels, "vigilance", "Méfiance", "Ferrand"])
    assert page.context["page"].lines == []


def test_a_note_or_a_tag_of_another_company_is_not_on_the_page(client, advisor, company):
    other = CompanyFactory()
    CompanyNoteFactory(company=other, text="Ailleurs")
    CompanyTag.objects.create(company=other, tag=Tag.PRIORITY, set_by=advisor, set_at=other.created_at)
    answer = client.get(url(company))
    assert "Ailleurs" not in answer.text
    assert answer.context["tags"] == []
