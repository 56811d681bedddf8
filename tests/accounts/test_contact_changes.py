"""Changing the e-mail or the telephone on file: the old address is told, the new one confirms, two days pass."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import actions, links
from accounts.enums import AccountState, CancelReason, ContactChangeState, ContactKind, LinkPurpose
from accounts.models import ContactChange, MailedLink, User
from accounts.tasks import settle_contact_changes
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import BROWSER, ContactChangeFactory, MembershipFactory, UserFactory, confirm

PAGE = "/profil/coordonnees/"
EMAIL_PAGE, PHONE_PAGE = f"{PAGE}e-mail/", f"{PAGE}telephone/"
NEW, NUMBER = "claire@alpage.example", "+33199007777"
HOLD, LINK_LIFE = timedelta(hours=48), timedelta(hours=72)

ALLOWED = {
    ("confirm", ContactChangeState.ASKED),
    ("cancel", ContactChangeState.ASKED),
    ("take_effect", ContactChangeState.CONFIRMED),
    ("cancel", ContactChangeState.CONFIRMED),
}
REACHED = {
    "confirm": ContactChangeState.CONFIRMED,
    "take_effect": ContactChangeState.EFFECTIVE,
    "cancel": ContactChangeState.CANCELLED,
}


@pytest.fixture
def merchant(db):
    return MembershipFactory(user__identifier="lefebvre-58204", user__email="claire@fromagerie.example").user


@pytest.fixture
def browser(client, merchant):
    client.force_login(merchant)
    confirm(client)
    return client


@pytest.fixture
def letters(run_jobs, mailbox):
    """What left since the last look, whatever the day it was written for."""

    def look():
        OutgoingMail.objects.update(next_attempt_at="2026-01-01T00:00:00Z")
        run_jobs()
        found = list(mailbox)
        mailbox.clear()
        return found

    return look


def _ask(user, now, email=NEW):
    return actions.ask_email_change(user=user, email=email, now=now, browser=BROWSER)


def _ask_phone(user, now, phone=NUMBER):
    return actions.ask_phone_change(user=user, phone=phone, now=now, browser=BROWSER)


def _token(message):
    return re.search(r"/profil/coordonnees/confirmer/([\w-]+)/", message.body)[1]


def _confirm_page(token):
    return f"{PAGE}confirmer/{token}/"


def _told(messages):
    return [(message.to, message.subject) for message in messages]


def _entries():
    """What the journal says, but for the confirmation that opened the pages."""
    return JournalEntry.objects.exclude(event="identity.confirmed").order_by("pk")


def _events():
    return list(_entries().values_list("event", flat=True))


# --- The states ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ContactChangeState)
@pytest.mark.parametrize("verb", REACHED)
def test_each_verb_works_from_the_states_of_the_table_and_no_other(verb, state, now):
    change = ContactChange(state=state)
    arguments = {"at": now} | ({"takes_effect_at": now + HOLD} if verb == "confirm" else {})
    if (verb, state) in ALLOWED:
        getattr(change, verb)(**arguments)
        assert change.state == REACHED[verb]
    else:
        with pytest.raises(IllegalMove):
            getattr(change, verb)(**arguments)
        assert change.state == state


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["confirmed", "effective", "cancelled"])
def test_every_state_can_be_kept(trait):
    assert ContactChangeFactory(**{trait: True}).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("contact_change_kind_is_known", {"kind": "fax"}),
        ("contact_change_dates_follow_state", {"state": "open"}),
        ("contact_change_dates_follow_state", {"state": "confirmed"}),
        ("contact_change_dates_follow_state", {"state": "effective"}),
        ("contact_change_dates_follow_state", {"state": "cancelled"}),
        ("contact_change_dates_follow_state", {"cancelled_at": "2026-11-24T00:00:00Z"}),
    ],
)
def test_the_database_refuses_a_change_that_contradicts_itself(constraint, change):
    asked = ContactChangeFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ContactChange.objects.filter(pk=asked.pk).update(**change)


@pytest.mark.django_db
def test_the_database_keeps_one_pending_change_of_a_kind(merchant):
    ContactChangeFactory(user=merchant)
    ContactChangeFactory(user=merchant, phone=True)
    ContactChangeFactory(user=merchant, cancelled=True)
    with pytest.raises(IntegrityError, match="contact_change_one_pending_per_kind"), transaction.atomic():
        ContactChangeFactory(user=merchant, confirmed=True)


# --- The page ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("page", [PAGE, EMAIL_PAGE, PHONE_PAGE])
def test_a_stranger_is_led_to_the_door(client, page):
    assert client.get(page)["Location"] == f"/connexion/?next={page}"


@pytest.mark.django_db
@pytest.mark.parametrize(("trait", "menu"), [({}, "Boutiques"), ({"advisor": True}, "Espace conseiller")])
@pytest.mark.parametrize("page", [PAGE, EMAIL_PAGE, PHONE_PAGE])
def test_merchants_and_advisors_have_the_same_pages(client, trait, menu, page):
    client.force_login(UserFactory(**trait))
    confirm(client)
    answer = client.get(page)
    assert answer.status_code == 200
    assert menu in answer.content.decode()


def test_the_page_shows_what_is_on_file_and_nobody_elses(browser, merchant):
    ContactChangeFactory(value="autre@ailleurs.example")
    page = browser.get(PAGE).content.decode()
    assert "<h1>Coordonnées</h1>" in page
    assert merchant.email in page
    assert "+33 1 99 00 56 78" in page
    assert "autre@ailleurs.example" not in page


def test_the_page_says_when_there_is_no_number(client, db):
    client.force_login(UserFactory(advisor=True))
    assert "Aucun numéro" in client.get(PAGE).content.decode()


# --- E-mail --------------------------------------------------------------------------------------------------------
def test_a_new_email_is_confirmed_waits_two_days_and_replaces_the_old_one(browser, merchant, now, letters):
    answer = browser.post(EMAIL_PAGE, {"email": " claire@ALPAGE.example "})
    assert answer["Location"] == PAGE
    warned, asked = letters()
    assert _told([warned, asked]) == [
        ([merchant.email], "Changement de votre adresse e-mail"),
        ([NEW], "Confirmez votre adresse e-mail"),
    ]
    assert NEW in warned.body
    assert "Si ce n’était pas vous" in warned.body
    page = browser.get(PAGE).content.decode()
    assert "Nouvelle adresse e-mail à confirmer" in page
    assert NEW in page

    reader = Client()
    token = _token(asked)
    shown = reader.get(_confirm_page(token)).content.decode()
    assert NEW in shown
    assert "Confirmer cette adresse" in shown
    assert merchant.identifier not in shown
    assert "Adresse e-mail confirmée" in reader.post(_confirm_page(token)).content.decode()
    [told] = letters()
    assert _told([told]) == [([merchant.email], "Nouvelle adresse e-mail confirmée")]
    assert "Nouvelle adresse e-mail confirmée" in browser.get(PAGE).content.decode()
    change = ContactChange.objects.get()
    assert change.takes_effect_at - change.confirmed_at == HOLD

    assert actions.settle_contact_changes(now=change.takes_effect_at - timedelta(seconds=1)) == 0
    merchant.refresh_from_db()
    assert merchant.email == "claire@fromagerie.example"
    assert actions.settle_contact_changes(now=change.takes_effect_at) == 1
    merchant.refresh_from_db()
    assert merchant.email == NEW
    subject = "Votre adresse e-mail est changée"
    former, welcomed = letters()
    assert _told([former, welcomed]) == [(["claire@fromagerie.example"], subject), ([NEW], subject)]
    assert "Si ce n’était pas vous" in former.body
    assert _events() == ["email_change.asked", "email_change.confirmed", "email.changed"]
    assert {entry.company for entry in JournalEntry.objects.all()} == {merchant.company.public_id}


def test_the_mail_to_the_new_address_tells_a_stranger_nothing_and_loses_its_link_once_sent(merchant, now, letters):
    _ask(merchant, now)
    asked = letters()[1]
    for secret in (merchant.identifier, merchant.full_name, merchant.last_name, merchant.email):
        assert secret not in asked.body
    row = OutgoingMail.objects.get(template="accounts/emails/email_change_link.txt")
    assert row.is_secret
    assert row.sealed_message == ""
    assert MailedLink.objects.get(purpose=LinkPurpose.EMAIL_CHANGE).digest not in asked.body


def test_until_the_hold_is_over_a_temporary_password_goes_to_the_old_address(merchant, now, letters):
    ContactChangeFactory(user=merchant, confirmed=True, value=NEW)
    User.objects.filter(pk=merchant.pk).update(state=AccountState.BLOCKED, code_hash="hash")
    actions.redraw_temporary_password(user=merchant, now=now)
    assert {message.to[0] for message in letters()} == {"claire@fromagerie.example"}


def test_opening_the_link_confirms_nothing(merchant, client, now, letters):
    _ask(merchant, now)
    token = _token(letters()[1])
    for method in (client.get, client.head, client.get):
        assert method(_confirm_page(token)).status_code == 200
    assert ContactChange.objects.get().state == ContactChangeState.ASKED
    assert client.put(_confirm_page(token)).status_code == 405


def test_the_link_serves_once(merchant, client, now, letters):
    _ask(merchant, now)
    token = _token(letters()[1])
    client.post(_confirm_page(token))
    again = client.post(_confirm_page(token))
    assert again.status_code == 410
    assert "Ce lien ne sert plus" in again.content.decode()
    assert client.get(_confirm_page(token)).status_code == 410
    assert len(_events()) == 2


@pytest.mark.parametrize("token", ["x", "A" * 32, "a" * 4000, "é%00", "' OR 1=1 --"])
def test_a_made_up_link_gets_the_answer_of_one_that_is_over(db, client, token):
    from urllib.parse import quote

    for answer in (client.get(_confirm_page(quote(token))), client.post(_confirm_page(quote(token)))):
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in answer.content.decode()


def test_a_link_of_another_purpose_confirms_nothing(merchant, now):
    ContactChangeFactory(user=merchant)
    token = links.issue(purpose=LinkPurpose.RECOVERY, user=merchant, now=now)
    with pytest.raises(links.LinkOver):
        actions.confirm_email_change(token=token, now=now, browser=BROWSER)


def test_the_link_lives_72_hours_and_then_the_change_is_dropped(merchant, now, letters):
    _ask(merchant, now)
    token = _token(letters()[1])
    later = now + LINK_LIFE
    with pytest.raises(links.LinkOver):
        actions.confirm_email_change(token=token, now=later, browser=BROWSER)
    assert actions.settle_contact_changes(now=later - timedelta(seconds=1)) == 0
    assert actions.settle_contact_changes(now=later) == 1
    assert ContactChange.objects.get().state == ContactChangeState.CANCELLED
    [told] = letters()
    assert told.to == [merchant.email]
    assert "n’a pas été confirmée à temps" in told.body
    assert JournalEntry.objects.latest("pk").detail == {"kind": "email", "reason": "lapsed"}


def test_a_new_change_replaces_the_pending_one_and_its_link(merchant, now, letters):
    _ask(merchant, now, "premiere@alpage.example")
    first = _token(letters()[1])
    _ask(merchant, now)
    second = _token(letters()[1])
    with pytest.raises(links.LinkOver):
        actions.confirm_email_change(token=first, now=now, browser=BROWSER)
    assert actions.confirm_email_change(token=second, now=now, browser=BROWSER).value == NEW
    assert ContactChange.objects.pending().count() == 1
    assert ContactChange.objects.count() == 2


def test_a_confirmed_change_is_replaced_too_and_its_hold_starts_again(merchant, now):
    ContactChangeFactory(user=merchant, confirmed=True, value="premiere@alpage.example")
    _ask(merchant, now)
    actions.settle_contact_changes(now=now + HOLD)
    merchant.refresh_from_db()
    assert merchant.email == "claire@fromagerie.example"


@pytest.mark.parametrize("typed", ["claire@fromagerie.example", "Claire@Fromagerie.Example"])
def test_the_address_on_file_is_refused_kindly(browser, typed):
    answer = browser.post(EMAIL_PAGE, {"email": typed})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Cette adresse est déjà celle de votre compte. Indiquez-en une autre." in page
    assert f'value="{typed.split("@")[0]}@fromagerie.example"' in page or f'value="{typed}"' in page
    assert not ContactChange.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_an_address_used_by_somebody_else_gets_the_same_answer_as_any_other(browser, merchant):
    other = UserFactory()
    answers = [browser.post(EMAIL_PAGE, {"email": email}) for email in (NEW, other.email)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, PAGE)] * 2


@pytest.mark.parametrize(
    "typed", ["", "claire", "claire@localhost", f"{NEW}\r\nBcc: x@y.example", "x" * 5000, "nul\x00@a.fr"]
)
def test_what_is_no_address_is_refused_and_kept_in_the_form(browser, merchant, typed):
    answer = browser.post(EMAIL_PAGE, {"email": typed})
    assert answer.status_code == 200
    assert "adresse e-mail" in answer.content.decode()
    assert 'class="invalid-feedback"' in answer.content.decode()
    assert not ContactChange.objects.exists()


# --- Telephone -----------------------------------------------------------------------------------------------------
def test_a_new_number_waits_two_days_and_the_email_on_file_is_told_twice(browser, merchant, letters):
    assert browser.post(PHONE_PAGE, {"phone": "01 99 00 77 77"})["Location"] == PAGE
    [told] = letters()
    assert _told([told]) == [([merchant.email], "Changement de votre téléphone")]
    assert "+33 1 99 00 77 77" in told.body
    assert "Si ce n’était pas vous" in told.body
    page = browser.get(PAGE).content.decode()
    assert "Nouveau numéro de téléphone" in page
    assert "+33 1 99 00 77 77" in page
    assert "+33 1 99 00 56 78" in page
    change = ContactChange.objects.get()
    assert change.takes_effect_at - change.asked_at == HOLD
    actions.settle_contact_changes(now=change.takes_effect_at - timedelta(seconds=1))
    merchant.refresh_from_db()
    assert str(merchant.phone) == "+33199005678"
    actions.settle_contact_changes(now=change.takes_effect_at)
    merchant.refresh_from_db()
    assert str(merchant.phone) == NUMBER
    assert _told(letters()) == [([merchant.email], "Votre téléphone est changé")]
    assert _events() == ["phone_change.asked", "phone.changed"]


def test_the_number_on_file_is_refused_kindly(browser):
    page = browser.post(PHONE_PAGE, {"phone": "01 99 00 56 78"}).content.decode()
    assert "Ce numéro est déjà celui de votre compte. Indiquez-en un autre." in page
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize("typed", ["", "12", "bonjour", "+33 1 99", "0" * 5000, "01 99 00 77 77\x00"])
def test_what_is_no_number_is_refused(browser, typed):
    answer = browser.post(PHONE_PAGE, {"phone": typed})
    assert answer.status_code == 200
    assert 'class="invalid-feedback"' in answer.content.decode()
    assert not ContactChange.objects.exists()


def test_both_kinds_can_be_pending_at_once(merchant, now):
    _ask(merchant, now)
    _ask_phone(merchant, now)
    kinds = ContactChange.objects.of(merchant).pending().values_list("kind", flat=True)
    assert list(kinds) == [ContactKind.EMAIL, ContactKind.PHONE]


# --- Second thoughts -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("trait", [{}, {"confirmed": True}, {"phone": True, "confirmed": True}])
def test_the_owner_cancels_what_is_pending(browser, merchant, now, letters, trait):
    change = ContactChangeFactory(user=merchant, **trait)
    answer = browser.post(f"{PAGE}{change.public_id}/annuler/", follow=True)
    assert "Le changement est annulé." in answer.content.decode()
    change.refresh_from_db()
    assert change.state == ContactChangeState.CANCELLED
    [told] = letters()
    assert _told([told]) == [([merchant.email], "Changement de coordonnées annulé")]
    assert "à votre demande" in told.body
    entry = _entries().get()
    assert (entry.event, entry.actor_id) == ("contact_change.cancelled", merchant.public_id)
    assert actions.settle_contact_changes(now=now + timedelta(days=30)) == 0


def test_a_cancelled_changes_link_is_dead(merchant, now, letters):
    change = _ask(merchant, now)
    token = _token(letters()[1])
    actions.cancel_contact_change(change=change, by=merchant, now=now, browser=BROWSER)
    with pytest.raises(links.LinkOver):
        actions.confirm_email_change(token=token, now=now, browser=BROWSER)


@pytest.mark.parametrize("trait", ["effective", "cancelled"])
def test_what_is_over_cannot_be_cancelled(browser, merchant, trait):
    change = ContactChangeFactory(user=merchant, **{trait: True})
    answer = browser.post(f"{PAGE}{change.public_id}/annuler/", follow=True)
    assert "Ce changement n’est plus en attente." in answer.content.decode()
    assert not _entries().exists()


def test_authz_02_somebody_elses_change_does_not_exist(browser):
    change = ContactChangeFactory()
    foreign = browser.post(f"{PAGE}{change.public_id}/annuler/")
    missing = browser.post(f"{PAGE}00000000-0000-4000-8000-000000000000/annuler/")
    assert foreign.status_code == missing.status_code == 404
    change.refresh_from_db()
    assert change.state == ContactChangeState.ASKED
    assert browser.get(f"{PAGE}{change.public_id}/annuler/").status_code == 405


# --- Time ----------------------------------------------------------------------------------------------------------
def test_the_page_puts_in_effect_what_is_due_even_when_no_worker_runs(browser, merchant, now):
    ContactChangeFactory(user=merchant, confirmed=True, value=NEW, asked_at=now - timedelta(hours=49))
    waiting = ContactChangeFactory(confirmed=True, asked_at=now - timedelta(hours=49))
    page = browser.get(PAGE, follow=True).content.decode()
    assert NEW in page
    assert "à confirmer" not in page
    merchant.refresh_from_db()
    assert merchant.email == NEW
    waiting.refresh_from_db()
    assert waiting.state == ContactChangeState.CONFIRMED


def test_the_periodic_job_settles_everybodys_changes(db, now):
    due = ContactChangeFactory(confirmed=True, asked_at=now - timedelta(hours=49))
    lapsed = ContactChangeFactory(asked_at=now - timedelta(hours=73))
    early = ContactChangeFactory(confirmed=True, asked_at=now - timedelta(hours=47))
    settle_contact_changes()
    for change, state in ((due, "effective"), (lapsed, "cancelled"), (early, "confirmed")):
        change.refresh_from_db()
        assert change.state == state
    assert actions.settle_contact_changes(now=now) == 0


def test_what_is_over_is_forgotten_after_a_year(db, now, settings):
    year_ago = settings.RETENTION.traces.before(now)
    for trait in ("effective", "cancelled"):
        ContactChangeFactory(**{trait: True}, asked_at=year_ago - timedelta(days=3))
    kept = [
        ContactChangeFactory(cancelled=True, asked_at=year_ago + timedelta(days=1)),
        ContactChangeFactory(asked_at=year_ago - timedelta(days=3)),
    ]
    assert actions.forget_contact_changes(now=now) == 2
    assert set(ContactChange.objects.all()) == set(kept)


def test_a_link_to_the_former_mailbox_no_longer_opens_the_account(merchant, now):
    token = links.issue(purpose=LinkPurpose.FORGOTTEN, user=merchant, now=now)
    kept = links.issue(purpose=LinkPurpose.NOT_ME, user=merchant, now=now)
    ContactChangeFactory(user=merchant, confirmed=True, asked_at=now - timedelta(hours=49))
    actions.settle_contact_changes(now=now)
    assert links.find(token, purpose=LinkPurpose.FORGOTTEN, now=now) is None
    assert links.find(kept, purpose=LinkPurpose.NOT_ME, now=now) is not None


def test_a_day_holds_five_changes_and_the_sixth_mails_nobody(browser, merchant, now, letters):
    for number in range(5):
        _ask(merchant, now, f"boite{number}@alpage.example")
    letters()
    answer = browser.post(EMAIL_PAGE, {"email": NEW})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "Vous avez demandé 5 changements en un jour." in page
    assert f'value="{NEW}"' in page
    assert letters() == []
    with pytest.raises(actions.TooManyChanges):
        _ask_phone(merchant, now)
    _ask_phone(merchant, now + timedelta(hours=25))


# --- A frozen account ----------------------------------------------------------------------------------------------
@pytest.fixture
def frozen(merchant, now):
    User.objects.filter(pk=merchant.pk).update(changes_frozen_at=now)
    return merchant


@pytest.mark.parametrize("page", [PAGE, EMAIL_PAGE, PHONE_PAGE])
def test_a_frozen_account_is_told_why_nothing_changes_and_the_way_out(browser, frozen, page):
    shown = browser.get(page).content.decode()
    assert "Les modifications de ce compte sont gelées." in shown
    assert "/contact/" in shown
    assert 'class="form"' not in shown


def test_a_frozen_account_asks_for_nothing(browser, frozen, now):
    assert browser.post(EMAIL_PAGE, {"email": NEW})["Location"] == PAGE
    assert browser.post(PHONE_PAGE, {"phone": NUMBER})["Location"] == PAGE
    with pytest.raises(actions.ChangesFrozen):
        _ask(frozen, now)
    with pytest.raises(actions.ChangesFrozen):
        _ask_phone(frozen, now)
    assert not ContactChange.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_frozen_account_confirms_nothing(client, merchant, now, letters):
    _ask(merchant, now)
    token = _token(letters()[1])
    User.objects.filter(pk=merchant.pk).update(changes_frozen_at=now)
    answer = client.post(_confirm_page(token))
    assert answer.status_code == 410
    assert "Les modifications de ce compte sont gelées." in answer.content.decode()
    assert ContactChange.objects.get().state == ContactChangeState.ASKED


@pytest.mark.parametrize("trait", [{}, {"confirmed": True}, {"phone": True, "confirmed": True}])
def test_what_is_pending_when_an_account_freezes_never_takes_effect(frozen, now, letters, trait):
    change = ContactChangeFactory(user=frozen, asked_at=now - timedelta(hours=60), **trait)
    actions.settle_contact_changes(now=now)
    User.objects.filter(pk=frozen.pk).update(changes_frozen_at=None)
    actions.settle_contact_changes(now=now + timedelta(days=30))
    change.refresh_from_db()
    assert change.state == ContactChangeState.CANCELLED
    frozen.refresh_from_db()
    assert (frozen.email, str(frozen.phone)) == ("claire@fromagerie.example", "+33199005678")
    [told] = letters()
    assert told.to == [frozen.email]
    assert CancelReason.FROZEN.label in told.body


def test_freezing_can_cancel_what_is_pending_at_once(merchant, now, letters):
    _ask(merchant, now)
    token = _token(letters()[1])
    _ask_phone(merchant, now)
    actions.cancel_contact_changes(user=merchant, now=now, browser=BROWSER)
    assert not ContactChange.objects.pending().exists()
    assert links.find(token, purpose=LinkPurpose.EMAIL_CHANGE, now=now) is None


def test_a_closed_accounts_pending_change_is_dropped(now, db):
    change = ContactChangeFactory(user=UserFactory(closed=True), confirmed=True, asked_at=now - timedelta(hours=49))
    actions.settle_contact_changes(now=now)
    change.refresh_from_db()
    assert change.state == ContactChangeState.CANCELLED


@pytest.mark.parametrize("page", [EMAIL_PAGE, PHONE_PAGE])
def test_the_forms_need_their_token(merchant, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(merchant)
    assert client.post(page, {"email": NEW, "phone": NUMBER}).status_code == 403
