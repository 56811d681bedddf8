"""Opening accounts and drawing temporary passwords: the rows, the mails and the journal they leave."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.db import connection
from stdnum.exceptions import ValidationError

from accounts import actions
from accounts.codes import CodeRefused
from accounts.enums import AccountState, Role
from accounts.models import Company, Membership, User
from accounts.words import words_of
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import BROWSER, CODE, CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PERSON = {
    "first_name": "Claire",
    "last_name": "Lefèbvre-Roux",
    "email": "claire@fromagerie.example",
    "phone": "+33199005678",
}


def _open(company, now, **changes):
    arguments = {"company": company, "role": Role.OWNER, "code": CODE, "now": now} | PERSON | changes
    return actions.open_merchant_account(**arguments)


def test_a_company_is_written_down_with_a_siret_whose_key_is_right(now):
    company = actions.create_company(
        legal_name="Fromagerie Beaufils",
        siret="732 829 320 00074",
        email="a@b.example",
        phone="01 99 00 12 34",
        now=now,
    )
    assert (company.siret, str(company)) == ("73282932000074", "Fromagerie Beaufils")
    assert JournalEntry.objects.get().event == "company.created"


def test_a_siret_with_a_wrong_key_is_refused(now):
    with pytest.raises(ValidationError):
        actions.create_company(legal_name="X", siret="73282932000075", email="a@b.example", phone="0199001234", now=now)
    assert not Company.objects.exists()


def test_opening_an_account_mails_the_identifier_and_apart_from_it_the_temporary_password(now, run_jobs, mailbox):
    company = CompanyFactory()
    user, password = _open(company, now)
    assert user.identifier.startswith("lefebvre-roux-")
    assert user.state == AccountState.FIRST_CONNECTION
    assert user.temporary_password_expires_at == now + timedelta(hours=72)
    assert Membership.objects.get().company == company
    run_jobs()
    first, second = mailbox
    assert (first.to, second.to) == ([user.email], [user.email])
    assert user.identifier in first.body
    assert password not in first.body
    assert password in second.body
    assert user.identifier not in second.body
    assert "http://127.0.0.1:8000/connexion/" in second.body
    assert JournalEntry.objects.get().event == "account.opened"


def test_rst_08_the_code_and_the_passwords_are_nowhere_in_clear(now, run_jobs, mailbox):
    _user, password = _open(CompanyFactory(), now)
    queued = serializers.serialize("json", OutgoingMail.objects.all())
    assert password not in queued
    run_jobs()
    assert all(CODE not in message.body for message in mailbox)
    dump = "".join(
        serializers.serialize("json", model.objects.all()) for model in (User, OutgoingMail, JournalEntry, Company)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, '') FROM procrastinate_jobs")
        dump += str(cursor.fetchone())
    assert CODE not in dump
    assert password not in dump
    secret = OutgoingMail.objects.get(is_secret=True)
    assert (secret.template, secret.sealed_message) == ("accounts/emails/temporary_password.txt", "")


def test_a_name_with_an_apostrophe_is_written_as_it_is(now, run_jobs, mailbox):
    _open(CompanyFactory(), now, last_name="D'Artagnan & Fils <b>")
    run_jobs()
    assert mailbox[0].body.startswith("Bonjour Claire D'Artagnan & Fils <b>,")
    [(html, _kind)] = mailbox[0].alternatives
    assert "D&#x27;Artagnan &amp; Fils &lt;b&gt;" in html


@pytest.mark.parametrize("code", ["000000", "123456", "12345", "199005"])
def test_a_trivial_or_personal_code_opens_no_account(code, now):
    with pytest.raises(CodeRefused):
        _open(CompanyFactory(), now, code=code)
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_two_people_of_one_name_get_two_identifiers(now):
    company = CompanyFactory()
    assert _open(company, now)[0].identifier != _open(company, now)[0].identifier


def test_redrawing_reopens_a_blocked_account_to_its_code_and_forgets_the_tries(now, run_jobs, mailbox):
    user, first = _open(CompanyFactory(), now)
    for _ in range(3):
        actions.sign_in(identifier=user.identifier, password="Wrong-Password-9", browser=BROWSER, now=now)
    second = actions.redraw_temporary_password(user=user, now=now)
    user.refresh_from_db()
    assert second != first
    assert (user.state, user.failed_tries) == (AccountState.FIRST_CONNECTION, 0)
    assert user.temporary_password_expires_at == now + timedelta(hours=72)
    run_jobs()
    assert any(second in message.body for message in mailbox)


@pytest.mark.parametrize("trait", ["active", "closed"])
def test_no_temporary_password_is_drawn_for_an_active_or_a_closed_account(trait, now):
    user = UserFactory(**{trait: True})
    with pytest.raises(IllegalMove):
        actions.redraw_temporary_password(user=user, now=now)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("trait", ["active", "blocked", "closed"])
def test_a_password_is_chosen_in_first_connection_only(trait, now):
    user = UserFactory(**{trait: True})
    before = user.password
    with pytest.raises(IllegalMove):
        actions.choose_password(user=user, password="Tangerine-Velvet-7-Orbit", now=now, browser=BROWSER)
    user.refresh_from_db()
    assert user.password == before


def test_pwd_05_the_words_of_a_person_hold_names_company_shops_and_brand(settings):
    membership = MembershipFactory(company__legal_name="SARL Les Époux Martin", user__identifier="lefebvre-58204")
    actions.note_trade_name(company=membership.company, name="Fromagerie en ligne")
    actions.note_trade_name(company=membership.company, name="Fromagerie en ligne")
    words = words_of(membership.user)
    siret = membership.company.siret
    expected = {
        "lefebvre-58204",
        "58204",
        "claire",
        "lefebvre",
        "époux",
        "martin",
        "fromagerieenligne",
        siret,
        siret[:9],
    }
    assert expected | set(settings.BRAND["words"]) <= set(words)
    assert len(words) == len(set(words))
    assert all(len(word) >= 3 for word in words)
    membership.company.refresh_from_db()
    assert membership.company.trade_names == ["Fromagerie en ligne"]


def _late(user, now):
    """Choose a password with what a request read a moment ago."""
    with pytest.raises(IllegalMove):
        actions.choose_password(user=user, password="Meule-Alpage-31-Cuivre", now=now, browser=BROWSER)
    user.refresh_from_db()
    assert user.state == AccountState.FIRST_CONNECTION


def test_rst_04_a_temporary_password_drawn_meanwhile_ends_the_first_connection_of_the_earlier_one(now):
    user = MembershipFactory(user__first_connection=True).user
    read_before = User.objects.get(pk=user.pk)
    actions.redraw_temporary_password(user=user, now=now)
    _late(read_before, now)


def test_rst_04_no_password_is_chosen_after_the_72_hours(now):
    user = MembershipFactory(user__first_connection=True).user
    _late(user, now + timedelta(hours=73))
