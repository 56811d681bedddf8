"""3-D Secure: the simulated bank's page of the interactive cards, and what its answer comes to."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from backoffice.vads import cards
from payments import actions
from payments.actions import CardEntry
from payments.enums import SessionState
from payments.models import CardChallenge, Notification, PaymentSession, Transaction
from tests.payments import wire
from tests.payments.reading import source_of

pytestmark = pytest.mark.django_db
CHALLENGED, BOUND_TO_FAIL = "4970 1000 0000 0022", "4970 1100 0000 0039"
INTERACTIVE = [card for card in cards.TEST_CARDS if card.needs_challenge]


def url_of(session, page="bank"):
    return reverse(f"payments:{page}", args=[session.token])


@pytest.fixture
def at_the_bank(shop, open_page, pay):
    """A visit whose buyer was sent to the bank's page."""

    def send(number=CHALLENGED, **changes):
        session = open_page(shop, **changes)
        assert pay(session, number).url == url_of(session)
        return PaymentSession.objects.get(pk=session.pk)

    return send


def test_an_interactive_card_leads_to_the_bank_and_pays_nothing_yet(client, at_the_bank):
    session = at_the_bank()

    page = source_of(client.get(url_of(session)))

    assert "Banque simulée" in page
    assert "64,90 €" in page
    assert "497010XXXXXX0022" in page
    assert session.state == SessionState.CHALLENGED
    assert not Transaction.objects.exists()
    assert not Notification.objects.exists()


def test_pay_09_what_waits_for_the_bank_holds_no_card_number(at_the_bank):
    at_the_bank()

    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    assert "4970100000000022" not in dump.getvalue()
    assert "497010XXXXXX0022" in dump.getvalue()


def test_a_buyer_who_confirms_has_paid_with_that_card(client, at_the_bank, answer_bank):
    session = at_the_bank()

    response = answer_bank(session, "confirm")

    assert response.url == url_of(session, "result")
    paid = Transaction.objects.get()
    assert (paid.status, paid.result, paid.auth_result) == ("AUTHORISED", "00", "00")
    assert (paid.masked_number, paid.expiry_month, paid.expiry_year) == ("497010XXXXXX0022", 12, 2039)
    assert (paid.answer["vads_threeds_status"], paid.answer["vads_threeds_enrolled"]) == ("Y", "Y")
    assert Notification.objects.get().transaction == paid
    assert not CardChallenge.objects.exists()
    assert "Paiement accepté" in source_of(client.get(response.url))


@pytest.mark.parametrize(
    ("number", "answer"), [(CHALLENGED, "refuse"), (BOUND_TO_FAIL, "confirm"), (BOUND_TO_FAIL, "refuse")]
)
def test_a_buyer_who_is_not_authenticated_is_refused_and_the_bank_is_not_asked(
    client, at_the_bank, answer_bank, number, answer
):
    session = at_the_bank(number)

    response = answer_bank(session, answer)

    paid = Transaction.objects.get()
    assert (paid.status, paid.result, paid.auth_result, paid.auth_number) == ("REFUSED", "05", "", "")
    assert (paid.answer["vads_threeds_status"], paid.answer["vads_payment_error"]) == ("N", "39")
    assert "Vous n’avez pas été authentifié" in source_of(client.get(response.url))


@pytest.mark.parametrize("card", INTERACTIVE, ids=lambda card: card.number)
def test_each_interactive_card_of_the_catalogue_plays_its_scenario(at_the_bank, answer_bank, card):
    answer_bank(at_the_bank(card.number), "confirm")

    paid = Transaction.objects.get()
    assert (paid.is_accepted, paid.result, paid.auth_result) == (card.is_accepted, card.result, card.auth_result)


def test_the_page_says_when_the_scenario_refuses_whatever_is_answered(client, at_the_bank):
    words = "l’authentification échoue"
    assert words in source_of(client.get(url_of(at_the_bank(BOUND_TO_FAIL))))
    assert words not in source_of(client.get(url_of(at_the_bank(trans_id="000043"))))


def test_pay_06_a_second_answer_and_a_second_tab_change_nothing(client, at_the_bank, answer_bank, pay):
    session = at_the_bank()

    assert pay(session, "4970 1000 0000 0014").url == url_of(session)
    first, second = answer_bank(session, "confirm"), answer_bank(session, "refuse")

    assert first.url == second.url == url_of(session, "result")
    assert Transaction.objects.get().masked_number == "497010XXXXXX0022"
    assert Transaction.objects.get().is_accepted


def test_pay_06_a_tab_that_was_read_before_the_other_one_left_for_the_bank_pays_nothing(shop, open_page, now):
    session = open_page(shop)
    first, second = (
        CardEntry(number=number, expiry_month=12, expiry_year=2039)
        for number in ("4970100000000022", "4970100000000014")
    )
    actions.pay(session=session, card=first, now=now)

    found = actions.pay(session=session, card=second, now=now)

    assert found.state == SessionState.CHALLENGED
    assert CardChallenge.objects.get().masked_number == "497010XXXXXX0022"
    assert not Transaction.objects.exists()


def test_the_back_button_leads_to_where_the_visit_is(client, shop, open_page, at_the_bank, answer_bank):
    waiting = open_page(shop, trans_id="000001")
    assert client.get(url_of(waiting)).url == url_of(waiting, "page")
    session = at_the_bank()
    assert client.get(url_of(session, "page")).url == url_of(session)
    assert client.get(url_of(session, "result")).url == url_of(session)
    answer_bank(session, "confirm")
    assert client.get(url_of(session)).url == url_of(session, "result")


def test_pay_06_the_same_bytes_posted_again_find_the_bank_s_page(client, post_form, shop, pay):
    form = wire.form_of(shop)
    page = post_form(form).url
    client.post(page, {"number": CHALLENGED, "expiry": "12/39", "security_code": "123"})

    assert client.get(post_form(form).url).url == f"{page}banque/"


def test_a_get_answers_nothing_and_an_unknown_answer_asks_again(client, at_the_bank, answer_bank):
    session = at_the_bank()

    assert client.get(url_of(session), {"answer": "confirm"}).status_code == 200
    assert answer_bank(session, "peut-être").url == url_of(session)
    assert not Transaction.objects.exists()


def test_cancelling_at_the_bank_pays_nothing_and_forgets_the_card(client, at_the_bank):
    session = at_the_bank(url_cancel="https://boutique.example/panier")

    response = client.post(url_of(session, "cancel"))

    assert response.url == "https://boutique.example/panier"
    assert PaymentSession.objects.get().state == SessionState.CANCELLED
    assert not CardChallenge.objects.exists()
    assert not Transaction.objects.exists()


def test_pay_02_an_answer_after_ten_minutes_pays_nothing(client, at_the_bank, answer_bank, now):
    session = at_the_bank()

    with time_machine.travel(now + timedelta(minutes=10, seconds=1)):
        shown, answered = client.get(url_of(session)), answer_bank(session, "confirm")

    for page in (shown, answered):
        assert page.status_code == 410
        assert "Le temps de paiement est écoulé" in source_of(page)
    assert not Transaction.objects.exists()


def test_pay_10_the_bank_s_page_is_not_frameable_and_cancels_to_the_shop_only(client, at_the_bank):
    page = client.get(url_of(at_the_bank(url_cancel="https://panier.example/annule")))

    assert page["X-Frame-Options"] == "DENY"
    assert "form-action 'self' https://panier.example" in page["Content-Security-Policy"]
