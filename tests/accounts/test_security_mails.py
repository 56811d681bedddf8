"""Each security mail carries « Ce n’était pas moi », which reports what the mail tells, and is forgotten once sent."""

import re

import pytest
from django.test import Client

from accounts import actions, codes, links
from accounts.enums import LinkPurpose
from accounts.models import MailedLink, User
from accounts.rules import LINK_LIVES
from backoffice.core.models import JournalEntry, OutgoingMail
from tests.accounts.factories import (
    BROWSER,
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    ContactChangeFactory,
    MembershipFactory,
    TotpDeviceFactory,
    UserFactory,
    stranger,
)

pytestmark = pytest.mark.django_db
NEW = "Tangerine-Velvet-7-Orbit"
AT = "2026-01-01T00:00:00Z"


def _block(user, now):
    for number in range(3):
        actions.sign_in(identifier=user.identifier, password="Wrong-Password-9", browser=stranger(number), now=now)


def _unblock(user, now):
    cookie = actions.make_browser_known(user=user, browser=BROWSER, now=now)
    _block(user, now)
    browser = type(BROWSER)(address=BROWSER.address, device_cookie=cookie)
    actions.unblock_with_code(user=user, code=CODE, browser=browser, now=now)


def _reset(user, now):
    _block(user, now)
    actions.reset_account(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")


def _unblock_as_advisor(user, now):
    _block(user, now)
    actions.unblock_account(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")


def _sign_in_after_failures(user, now):
    cookie = actions.make_browser_known(user=user, browser=stranger(9), now=now)
    known = type(BROWSER)(address="198.51.100.9", device_cookie=cookie)
    for browser in (stranger(1), stranger(2), known):
        actions.sign_in(identifier=user.identifier, password="Wrong-Password-9", browser=browser, now=now)
    actions.sign_in(identifier=user.identifier, password=PASSWORD, browser=stranger(3), now=now)


def _choose(user, now):
    User.objects.filter(pk=user.pk).update(
        state="first_connection",
        password=UserFactory.build(first_connection=True).password,
        temporary_password_expires_at=now + LINK_LIVES[LinkPurpose.RECOVERY],
    )
    entered = actions.sign_in(identifier=user.identifier, password=TEMPORARY_PASSWORD, browser=BROWSER, now=now)
    actions.choose_password(user=entered.user, password=NEW, now=now, browser=BROWSER)


def _change_password(user, now):
    actions.change_password(user=user, current=PASSWORD, password=NEW, session="", now=now, browser=BROWSER)


def _ask_email(user, now):
    actions.ask_email_change(user=user, email="claire@alpage.example", now=now, browser=BROWSER)


def _confirm_email(user, now):
    change = ContactChangeFactory(user=user)
    token = links.issue(purpose=LinkPurpose.EMAIL_CHANGE, user=user, now=now, change=str(change.public_id))
    actions.confirm_email_change(token=token, now=now, browser=BROWSER)


def _settle(user, now, **trait):
    ContactChangeFactory(user=user, asked_at=now - LINK_LIVES[LinkPurpose.EMAIL_CHANGE], confirmed=True, **trait)
    actions.settle_contact_changes(now=now)


def _ask_phone(user, now):
    actions.ask_phone_change(user=user, phone="+33199007777", now=now, browser=BROWSER)


def _give_up(user, now):
    actions.cancel_contact_change(change=ContactChangeFactory(user=user), by=user, now=now, browser=BROWSER)


def _lose_factor(user, now):
    TotpDeviceFactory(user=user)
    actions.reset_factor(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")


def _lift(user, now):
    User.objects.filter(pk=user.pk).update(changes_frozen_at=now)
    actions.lift_freeze(user=user, by=UserFactory(advisor=True), browser=BROWSER, now=now, request="r")


EACH = {
    "account_blocked": (_block, "account.blocked"),
    "account_unblocked": (_unblock, "account.unblocked"),
    "account_unblocked by an advisor": (_reset, "account.unblocked"),
    "account_unblocked with the same password": (_unblock_as_advisor, "account.unblocked"),
    "new_browser": (_sign_in_after_failures, "account.signed_in"),
    "password_chosen": (_choose, "password.chosen"),
    "password_changed": (_change_password, "password.changed"),
    "email_change_asked": (_ask_email, "email_change.asked"),
    "email_change_confirmed": (_confirm_email, "email_change.confirmed"),
    "email_changed_former": (_settle, "email.changed"),
    "phone_change_asked": (_ask_phone, "phone_change.asked"),
    "phone_changed": (lambda user, now: _settle(user, now, phone=True), "phone.changed"),
    "contact_change_cancelled": (_give_up, "contact_change.cancelled"),
    "factor_reset": (_lose_factor, "factor.removed"),
    "account_unfrozen": (_lift, "account.unfrozen"),
}


@pytest.fixture
def owner():
    user = MembershipFactory(user__email="claire@fromagerie.example").user
    user.code_hash = codes.hash_code(CODE, owner=user.public_id)
    user.save()
    return user


@pytest.mark.parametrize("case", EACH)
def test_auth_16_the_mail_s_link_reports_what_the_mail_tells(owner, now, run_jobs, mailbox, case):
    act, event = EACH[case]
    template = f"accounts/emails/{case.split()[0]}.txt"
    act(owner, now)
    row = OutgoingMail.objects.get(template=template)
    assert row.is_secret
    before = len(mailbox)
    OutgoingMail.objects.exclude(pk=row.pk).delete()
    run_jobs()
    [message] = mailbox[before:]
    assert message.to == ["claire@fromagerie.example"]
    [token] = re.findall(r"http://127\.0\.0\.1:8000/pas-moi/([\w-]{32})/", message.body)
    assert "Si ce n’était pas vous" in message.body
    row.refresh_from_db()
    assert row.sealed_message == ""

    assert Client().post(f"/pas-moi/{token}/").status_code == 200

    owner.refresh_from_db()
    assert owner.is_frozen
    assert JournalEntry.objects.get(event="account.frozen").detail == {"reported": event}


def test_an_accepted_invitation_can_be_reported_too(now, run_jobs, mailbox):
    _, token = actions.invite_advisor(first_name="Karim", last_name="Haddad", email="karim@banque.example", now=now)
    actions.accept_invitation(token=token, password=NEW, browser=BROWSER, now=now)
    run_jobs()
    [path] = re.findall(r"(/pas-moi/[\w-]{32}/)", mailbox[-1].body)
    assert "Mot de passe choisi" in Client().get(path).text


def test_the_mails_of_one_account_carry_links_of_their_own(owner, now):
    _ask_phone(owner, now)
    _give_up(owner, now)
    digests = MailedLink.objects.filter(purpose=LinkPurpose.NOT_ME).values_list("digest", flat=True)
    assert len(set(digests)) == 2
    assert {link.expires_at - link.issued_at for link in MailedLink.objects.filter(purpose=LinkPurpose.NOT_ME)} == {
        LINK_LIVES[LinkPurpose.NOT_ME]
    }


def test_the_confirmation_of_a_report_carries_no_link(owner, now, run_jobs, mailbox):
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=owner, now=now, event="password.changed")
    actions.freeze_account(token=token, browser=BROWSER, now=now)
    run_jobs()
    assert "/pas-moi/" not in mailbox[0].body
    assert not OutgoingMail.objects.get().is_secret
