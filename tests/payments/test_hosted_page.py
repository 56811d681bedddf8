"""The buyer's page: what it shows, what paying does, and that a card number leaves no trace."""

import io
import logging
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from backoffice.core.logs import JsonLines
from backoffice.vads import cards
from certificates.enums import EvidenceStep
from certificates.models import Evidence
from payments.enums import NotificationState, SessionState
from payments.models import Notification, PaymentSession, Transaction
from tests.payments import wire
from tests.payments.conftest import ACCEPTED, LIMIT_EXCEEDED
from tests.payments.factories import go_live, shop_ready
from tests.payments.reading import source_of

pytestmark = pytest.mark.django_db
# Right check digit, real network, and on no list.
REAL_CARD = "4532015112830366"


def show(client, session, **more):
    return client.get(reverse("payments:page", args=[session.token]), **more)


def test_pay_02_the_token_of_a_page_is_in_no_line_of_the_log(client, open_page, shop, pay, caplog):
    session = open_page(shop)
    client.get(reverse("payments:cancel", args=[session.token]))
    client.put(reverse("payments:page", args=[session.token]))
    pay(session)
    with time_machine.travel(session.expires_at + timedelta(hours=1)):
        client.get(reverse("payments:result", args=[session.token]))

    lines = [JsonLines().format(record) for record in caplog.records]
    assert len(lines) >= 3
    assert session.token not in "".join(lines)


# --- What the buyer sees ---------------------------------------------------------------------------------------
def test_the_page_shows_the_shop_the_order_and_the_amount(client, shop, open_page):
    page = show(client, open_page(shop))

    assert page.status_code == 200
    text = source_of(page)
    assert shop.label in text
    assert "Commande CMD-2026-1187" in text
    assert "Payer 64,90 €" in text
    assert "Annuler et retourner à la boutique" in text
    assert "aucune carte ne sera débitée" in text
    for autocomplete in ("cc-number", "cc-exp", "cc-csc"):
        assert f'autocomplete="{autocomplete}"' in text
    assert text.count('inputmode="numeric"') == 3


def test_every_test_card_is_a_button_with_its_scenario(client, shop, open_page):
    text = source_of(show(client, open_page(shop)))

    for card in cards.TEST_CARDS:
        assert f'data-fill-card="{card.number}"' in text
        assert card.scenario in text


def test_the_page_speaks_english_when_the_form_asks_for_it(client, shop, open_page):
    text = source_of(show(client, open_page(shop, language="en")))

    assert '<html lang="en">' in text
    assert "Pay €64.90" in text
    assert "Cancel and return to the shop" in text
    assert "Accepted, nothing asked of the buyer" in text
    assert not any(word in text for word in ("Votre", "carte", "Annuler", "Accepté", "Refusé"))


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [("978", "6490", "64,90 €"), ("392", "6490", "6 490 ¥"), ("953", "1", "1 F CFP"), ("788", "12345", "12,345 TND")],
)
def test_the_amount_has_the_decimals_of_its_currency(client, shop, open_page, currency, amount, shown):
    text = source_of(show(client, open_page(shop, currency=currency, amount=amount)))
    assert f"Payer {shown}" in text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_hostile_texts_of_the_form_are_shown_as_text(client, shop, open_page):
    page = show(client, open_page(shop, order_id="a&\"'{{7*7}}")).content.decode()
    assert "a&amp;&quot;&#x27;{{7*7}}" in page


def test_pay_10_the_page_is_not_frameable_and_may_lead_to_the_shop_only(client, shop, open_page):
    page = show(client, open_page(shop, url_cancel="https://panier.example:8443/annule"))

    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "form-action 'self' https://panier.example:8443" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"


# --- PAY-02: the token -----------------------------------------------------------------------------------------
def test_pay_02_the_page_has_a_128_bit_token_kept_as_a_digest_only(shop, open_page):
    session = open_page(shop)

    assert len(session.token) == 22
    dump = io.StringIO()
    call_command("dumpdata", "payments", stdout=dump)
    assert session.token not in dump.getvalue()
    assert len(session.token_digest) == 64


@pytest.mark.parametrize("token", ["A" * 22, "x", "A" * 64])
def test_pay_02_another_token_opens_nothing(client, db, token):
    assert client.get(f"/paiement/{token}/").status_code == 404
    assert client.post(f"/paiement/{token}/", {"number": ACCEPTED}).status_code == 404


def test_pay_02_after_ten_minutes_the_page_says_so_and_leads_back(client, shop, open_page, pay, now):
    session = open_page(shop, url_cancel="https://boutique.example/panier")

    with time_machine.travel(now + timedelta(minutes=10, seconds=1)):
        shown, tried = show(client, session), pay(session)

    for page in (shown, tried):
        assert page.status_code == 410
        assert "Le temps de paiement est écoulé" in source_of(page)
        assert 'href="https://boutique.example/panier"' in page.content.decode()
    assert not Transaction.objects.exists()


def test_pay_02_within_ten_minutes_the_page_is_there(client, shop, open_page, now):
    session = open_page(shop)
    with time_machine.travel(now + timedelta(minutes=9, seconds=50)):
        assert show(client, session).status_code == 200


# --- Paying ----------------------------------------------------------------------------------------------------
def test_an_accepting_card_pays_and_queues_the_notification(client, shop, open_page, pay):
    session = open_page(shop)

    response = pay(session)

    assert (response.status_code, response.url) == (302, reverse("payments:result", args=[session.token]))
    paid = Transaction.objects.get()
    assert (paid.status, paid.result, paid.auth_result) == ("AUTHORISED", "00", "00")
    assert (paid.amount_cents, paid.currency, paid.order_id) == (6490, "978", "CMD-2026-1187")
    assert (paid.card_brand, paid.masked_number) == ("CB", "497010XXXXXX0014")
    assert (paid.expiry_month, paid.expiry_year) == (12, 2039)
    notification = Notification.objects.get()
    assert notification.state == NotificationState.WAITING
    assert notification.transaction == paid
    receipt = source_of(client.get(response.url))
    for word in ("Paiement accepté", shop.site_id, "000042", "64,90 €", "497010XXXXXX0014", paid.auth_number):
        assert word in receipt


def test_a_refusing_card_says_refused_and_nothing_is_taken(client, shop, open_page, pay):
    response = pay(open_page(shop), LIMIT_EXCEEDED)

    paid = Transaction.objects.get()
    assert (paid.status, paid.result, paid.auth_result, paid.auth_number) == ("REFUSED", "05", "51", "")
    page = source_of(client.get(response.url))
    assert "Paiement refusé" in page
    assert "Détail du paiement" in page
    assert "Reçu" not in page
    assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    "card", [card for card in cards.TEST_CARDS if not card.needs_challenge], ids=lambda card: card.number
)
def test_each_card_of_the_catalogue_that_asks_nothing_plays_its_scenario(shop, open_page, pay, card):
    code = "1234" if card.brand == "AMEX" else "123"

    assert pay(open_page(shop), card.number, security_code=code).status_code == 302

    paid = Transaction.objects.get()
    assert paid.is_accepted == card.is_accepted
    assert (paid.result, paid.auth_result, paid.card_brand) == (card.result, card.auth_result, card.brand)
    assert paid.masked_number == card.masked
    assert paid.answer["vads_threeds_status"] == card.threeds_status
    assert paid.answer["vads_warranty_result"] == card.warranty


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "AUTHORISED"),
        ({"validation_mode": "1"}, "AUTHORISED_TO_VALIDATE"),
        ({"capture_delay": "7"}, "AUTHORISED"),
        ({"capture_delay": "8"}, "WAITING_AUTHORISATION"),
        ({"capture_delay": "8", "validation_mode": "1"}, "WAITING_AUTHORISATION_TO_VALIDATE"),
    ],
)
def test_delay_and_validation_mode_decide_the_status(shop, open_page, pay, changes, status):
    pay(open_page(shop, **changes))
    assert Transaction.objects.get().status == status


@pytest.mark.parametrize(
    ("changes", "delay", "status"),
    [
        ({}, 3, "AUTHORISED_TO_VALIDATE"),
        ({"capture_delay": "", "validation_mode": ""}, 3, "AUTHORISED_TO_VALIDATE"),
        ({"capture_delay": "0"}, 0, "AUTHORISED_TO_VALIDATE"),
        ({"validation_mode": "0"}, 3, "AUTHORISED"),
    ],
)
def test_what_a_form_leaves_out_is_the_shop_s_setting(open_page, pay, changes, delay, status):
    pay(open_page(shop_ready(capture_delay=3, is_validated_by_hand=True), **changes))

    paid = Transaction.objects.get()
    assert (paid.capture_delay, paid.status) == (delay, status)


def test_the_test_phase_gets_its_proofs_once(shop, open_page, pay):
    pay(open_page(shop, trans_id="000001"))
    pay(open_page(shop, trans_id="000002"), LIMIT_EXCEEDED)
    pay(open_page(shop, trans_id="000003"))

    proofs = Evidence.objects.by_step(shop)
    first, second = Transaction.objects.order_by("pk")[:2]
    assert proofs[EvidenceStep.ACCEPTED_PAYMENT].reference == str(first.public_id)
    assert proofs[EvidenceStep.REFUSED_PAYMENT].reference == str(second.public_id)


def test_production_is_played_by_the_configured_acquirer_and_proves_nothing(client, shop, open_page, pay, settings):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    session = open_page(shop, ctx_mode="PRODUCTION", certificate=wire.PRODUCTION_CERTIFICATE)

    page = source_of(show(client, session))
    assert "n’accepte que les cartes affichées" in page
    assert "aucune carte ne sera débitée" not in page
    assert pay(session, REAL_CARD).status_code == 200
    assert pay(session).status_code == 302
    assert Transaction.objects.get().mode == "PRODUCTION"
    assert not Evidence.objects.exists()


def test_without_url_the_notification_says_so_and_stays_visible(open_page, pay, run_jobs):
    pay(open_page(shop_ready(url="")))

    notification = Notification.objects.get()
    assert notification.state == NotificationState.NO_URL
    assert run_jobs() == []


# --- PAY-09: card numbers --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "number", [REAL_CARD, "4532 0151 1283 0366", "5555-5555-5555-4444", "4970100000000015", "x" * 23, "9" * 63]
)
def test_pay_09_a_number_that_is_no_test_card_is_refused_and_kept_nowhere(shop, open_page, pay, caplog, number):
    caplog.set_level(logging.DEBUG)
    session = open_page(shop)

    response = pay(session, number, security_code="987")

    page = source_of(response)
    assert response.status_code == 200
    assert "Ce numéro n’est pas une carte de test" in page
    assert number not in page
    assert 'value="987"' not in page
    assert 'value="12 / 39"' in page
    assert not Transaction.objects.exists()
    assert PaymentSession.objects.get().state == SessionState.OPEN
    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    assert number not in dump.getvalue()
    assert '"987"' not in dump.getvalue()
    assert number not in caplog.text


def test_pay_09_neither_the_number_nor_the_security_code_is_stored_when_paid(shop, open_page, pay, caplog):
    caplog.set_level(logging.DEBUG)
    pay(open_page(shop), security_code="914")

    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    assert "4970100000000014" not in dump.getvalue()
    assert '"914"' not in dump.getvalue()
    assert "4970100000000014" not in caplog.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"number": ""}, "Saisissez le numéro de la carte"),
        ({"expiry": ""}, "Saisissez le mois et l’année"),
        ({"expiry": "13 / 39"}, "Saisissez le mois et l’année"),
        ({"expiry": "01 / 20"}, "Cette date est passée"),
        ({"security_code": "12"}, "Saisissez les 3 ou 4 chiffres"),
        ({"security_code": "١٢٣"}, "Saisissez les 3 ou 4 chiffres"),
    ],
)
def test_a_mistyped_card_is_explained_and_a_listed_number_is_kept(shop, open_page, pay, typed, message):
    response = pay(open_page(shop), **typed)

    page = source_of(response)
    assert response.status_code == 200
    assert page.count(message) == 2  # in the summary and under the field
    if "number" not in typed:
        assert 'value="4970 1000 0000 0014"' in page
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("typed", ["12/39", "12 / 39", "1239", "12/2039", "12-39", " 12 39 "])
def test_an_expiry_is_read_in_the_ways_people_type_it(shop, open_page, pay, typed):
    assert pay(open_page(shop), expiry=typed).status_code == 302
    assert (Transaction.objects.get().expiry_month, Transaction.objects.get().expiry_year) == (12, 2039)


def test_a_card_is_good_until_the_end_of_its_month(shop, open_page, pay, now):
    assert pay(open_page(shop), expiry=now.strftime("%m / %y")).status_code == 302


# --- PAY-06: once ----------------------------------------------------------------------------------------------
def test_pay_06_the_same_bytes_posted_again_find_the_same_page(post_form, shop):
    form = wire.form_of(shop)
    assert post_form(form).url == post_form(form).url
    assert PaymentSession.objects.count() == 1


@pytest.mark.parametrize("changes", [{"amount": "100"}, {"trans_id": "ABCDEF"}])
def test_pay_06_another_form_with_a_used_reference_is_error_03_whatever_its_case(post_form, shop, changes):
    post_form(wire.form_of(shop, trans_id="abcdef"))

    response = post_form(wire.form_of(shop, **{"trans_id": "abcdef"} | changes))

    assert response.status_code == 400
    assert '<span class="mono">03</span>' in response.content.decode()
    assert PaymentSession.objects.count() == 1


def test_pay_06_the_same_bytes_are_refused_once_paid_cancelled_or_expired(client, post_form, shop, pay, now):
    forms = [wire.form_of(shop, trans_id=f"00000{number}") for number in range(3)]
    paid, cancelled, expired = (post_form(form).url for form in forms)
    client.post(paid, {"number": ACCEPTED, "expiry": "12/39", "security_code": "123"})
    client.post(f"{cancelled}annuler/")

    assert post_form(forms[0]).status_code == post_form(forms[1]).status_code == 400
    assert client.get("/vads-payment/", forms[0]).status_code == 400
    with time_machine.travel(now + timedelta(minutes=11)):
        assert post_form(forms[2]).status_code == 400
    assert expired


def test_the_same_reference_serves_another_shop_another_mode_and_another_day(post_form, shop, settings, now):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    tomorrow = wire.trans_date(now + timedelta(hours=23, minutes=59))
    forms = [
        wire.form_of(shop),
        wire.form_of(shop_ready()),
        wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.PRODUCTION_CERTIFICATE),
        wire.form_of(shop, trans_date=tomorrow),
    ]
    assert [post_form(form).status_code for form in forms] == [302] * 4


def test_pay_06_paying_twice_makes_one_transaction(client, shop, open_page, pay):
    session = open_page(shop)
    first, second = pay(session), pay(session, LIMIT_EXCEEDED)

    assert first.url == second.url
    assert Transaction.objects.count() == Notification.objects.count() == 1
    assert Transaction.objects.get().is_accepted
    assert client.get(reverse("payments:page", args=[session.token])).url == first.url


def test_two_pages_opened_by_get_and_post_for_one_form_make_one_payment(client, shop):
    form = wire.form_of(shop)
    card = {"number": ACCEPTED, "expiry": "12/39", "security_code": "123"}
    by_get = client.get("/vads-payment/", form).url
    by_post = client.post("/vads-payment/", form).url

    assert by_get != by_post
    assert client.post(by_post, card).status_code == 302
    late = client.post(by_get, card)

    assert late.status_code == 410
    assert "Cette page n’est plus disponible" in source_of(late)
    assert Transaction.objects.count() == 1


# --- Cancelling ------------------------------------------------------------------------------------------------
def test_cancelling_leads_back_to_the_shop_and_pays_nothing(client, shop, open_page, pay):
    session = open_page(shop, url_cancel="https://boutique.example/panier?x=1")
    url = reverse("payments:cancel", args=[session.token])

    response = client.post(url)

    assert (response.status_code, response.url) == (302, "https://boutique.example/panier?x=1")
    assert client.post(url).url == response.url
    assert PaymentSession.objects.get().state == SessionState.CANCELLED
    assert pay(session).status_code == 302
    assert "Paiement annulé" in source_of(client.get(reverse("payments:result", args=[session.token])))
    assert not Transaction.objects.exists()
    assert not Notification.objects.exists()


def test_cancelling_a_paid_visit_changes_nothing(client, shop, open_page, pay):
    session = open_page(shop)
    pay(session)

    response = client.post(reverse("payments:cancel", args=[session.token]))

    assert response.url == reverse("payments:page", args=[session.token])
    assert PaymentSession.objects.get().state == SessionState.COMPLETED


def test_a_get_cancels_nothing(client, shop, open_page):
    assert client.get(reverse("payments:cancel", args=[open_page(shop).token])).status_code == 405


def test_the_receipt_stays_readable_for_ten_minutes_after_the_payment(client, shop, open_page, pay, now):
    session = open_page(shop)
    pay(session)
    url = reverse("payments:result", args=[session.token])

    with time_machine.travel(now + timedelta(minutes=9)):
        assert client.get(url).status_code == 200
    with time_machine.travel(now + timedelta(minutes=11)):
        over = client.get(url)
    assert over.status_code == 410
    assert "Cette page n’est plus disponible" in source_of(over)
    assert "497010" not in source_of(over)


def test_the_result_of_an_open_visit_is_its_page(client, shop, open_page):
    session = open_page(shop)
    assert client.get(reverse("payments:result", args=[session.token])).url == reverse(
        "payments:page", args=[session.token]
    )


def test_the_page_is_light(client, shop, open_page):
    import gzip

    assert len(gzip.compress(show(client, open_page(shop)).content)) < 12_000
