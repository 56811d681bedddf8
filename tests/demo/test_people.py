"""The demo's people are made by the house's own acts, once, and refreshed when a restart finds them expired."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts import actions as accounts
from accounts.enums import AccountState, CodeStep, SignInStep
from accounts.models import Company, User
from backoffice.core import journal
from backoffice.core.models import OutgoingMail
from backoffice.demo import codes, history, people
from certificates.keys import signing_key
from payments.models import LoggedForm, Transaction
from shops.enums import Mode
from shops.models import Shop
from tests.accounts.factories import BROWSER

SHOP_URL = "http://127.0.0.1:8001"


@pytest.fixture
def demo(db, tmp_path, settings, now, monkeypatch):
    monkeypatch.setattr(history, "PAYMENTS", {Mode.TEST: 12, Mode.PRODUCTION: 60})
    settings.OUTBOUND_RESOLVER = {"librairie.example": "127.0.0.1"}
    settings.OUTBOUND_ALLOW_LIST = ["librairie.example:443"]

    def ensure(at=now):
        return "\n".join(people.ensure(tmp_path, shop_url=SHOP_URL, now=at))

    return ensure


def temporary_password(folder):
    return json.loads((folder / "personnes.json").read_text())["temporary_password"]


def test_the_newcomer_can_live_her_first_connection_with_what_the_console_shows(demo, tmp_path, now):
    shown = demo()
    assert "beaufils" in shown
    assert people.NEWCOMER_CODE in shown
    assert temporary_password(tmp_path) in shown

    entered = accounts.sign_in(identifier="beaufils", password=temporary_password(tmp_path), browser=BROWSER, now=now)

    assert entered.step == SignInStep.CODE_DUE
    code = accounts.check_first_connection_code(user=entered.user, code=people.NEWCOMER_CODE, now=now, browser=BROWSER)
    assert code == CodeStep.RIGHT


def test_the_newcomer_s_shop_has_the_fixed_identifier_and_test_certificate(demo):
    demo()
    shop = Shop.objects.get(site_id="12345678")
    assert shop.url == SHOP_URL
    assert signing_key(shop, Mode.TEST).value == "1122334455667788"
    assert signing_key(shop, Mode.PRODUCTION) is None


def test_the_code_is_on_the_paper_copy_and_in_no_mail(demo, tmp_path, mailbox, run_jobs):
    demo()
    pages = PdfReader(BytesIO((tmp_path / "contrat-papier.pdf").read_bytes())).pages
    assert people.NEWCOMER_CODE in "".join(page.extract_text() for page in pages).replace(" ", "").replace(" ", "")
    run_jobs()
    assert mailbox
    assert all(people.NEWCOMER_CODE not in mail.body + mail.subject for mail in mailbox)


def test_a_restart_goes_on_where_it_was(demo):
    first = demo()
    counts = User.objects.count(), Transaction.objects.count(), OutgoingMail.objects.count()
    assert demo() == first
    assert counts == (User.objects.count(), Transaction.objects.count(), OutgoingMail.objects.count())


def test_a_temporary_password_that_expired_is_drawn_again_at_the_next_start(demo, tmp_path, now):
    demo()
    first = temporary_password(tmp_path)
    shown = demo(now + timedelta(days=4))
    assert temporary_password(tmp_path) != first
    assert temporary_password(tmp_path) in shown


def test_a_start_cut_before_the_password_was_kept_draws_another_one(demo, tmp_path):
    demo()
    (tmp_path / "personnes.json").unlink()
    shown = demo()
    assert temporary_password(tmp_path) in shown


def test_the_regular_has_a_past_and_a_blocked_colleague(demo, now):
    demo()
    shop = Shop.objects.get(site_id="23456789")
    assert Transaction.objects.of_shop(shop, mode=Mode.PRODUCTION).count() == 60
    assert {one.code for one in LoggedForm.objects.of_shop(shop)} == {"00", "03", "04", "09", "14"}
    assert not LoggedForm.objects.untold().exists()
    assert User.objects.known_as("marchal").get().state == AccountState.BLOCKED
    assert signing_key(shop, Mode.PRODUCTION)
    entered = accounts.sign_in(identifier="vernet", password=people.REGULAR_PASSWORD, browser=BROWSER, now=now)
    assert entered.step == SignInStep.SIGNED_IN
    assert journal.verify(shop.company.public_id) > 10


def test_the_bookshop_is_in_one_advisor_s_portfolio_and_the_dairy_is_for_both(demo):
    shown = demo()
    ferrand, castaing = (User.objects.known_as(one[0]).get() for one in people.ADVISORS)
    bookshop, dairy = (User.objects.known_as(one).get().company for one in (people.REGULAR, people.NEWCOMER))
    assert set(Company.objects.visible_to(ferrand)) == {bookshop, dairy}
    assert set(Company.objects.visible_to(castaing)) == {dairy}
    assert "la Librairie Vernet est dans le portefeuille de ferrand" in shown


def test_the_advisors_came_by_invitation_and_a_third_one_has_yet_to_accept(demo, run_jobs, mailbox, client, now):
    demo()
    for identifier, _, _ in people.ADVISORS:
        entered = accounts.sign_in(identifier=identifier, password=people.ADVISOR_PASSWORD, browser=BROWSER, now=now)
        assert entered.step == SignInStep.FACTOR_DUE
    run_jobs()
    [waiting] = [message for message in mailbox if message.to == ["roussel@banque.example"]]
    [path] = re.findall(r"/invitation/[\w-]+/", waiting.body)
    assert "Inès Roussel" in client.get(path).text


@pytest.mark.parametrize("identifier", [one[0] for one in people.ADVISORS])
def test_an_advisor_signs_in_with_what_the_console_and_the_page_of_codes_show(demo, now, identifier):
    assert people.ADVISOR_PASSWORD in demo()
    entered = accounts.sign_in(identifier=identifier, password=people.ADVISOR_PASSWORD, browser=BROWSER, now=now)
    assert entered.step == SignInStep.FACTOR_DUE
    # Used at the enrolment a moment ago: the page shows the next one, and then says to wait.
    for step in (SignInStep.SIGNED_IN, None):
        (code,) = [row.code for row in codes.shown(now=now) if row.owner.identifier == identifier]
        assert bool(code) is bool(step)
        if code:
            given = accounts.give_second_factor(user=entered.user, code=code, browser=BROWSER, now=now)
            assert given.step == step


def test_what_the_console_shows_is_readable_by_its_owner_only(demo, tmp_path):
    demo()
    for name in ("personnes.json", "contrat-papier.pdf"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
