"""What the shop receives, checked by a real server on the loopback with verification code of its own."""

import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.exceptions import ConnectorException

from backoffice.vads.signature import Algorithm
from certificates.actions import choose_algorithm
from certificates.enums import EvidenceStep
from certificates.models import Certificate, Evidence
from payments.enums import AttemptOutcome, NotificationState, TransactionStatus
from payments.models import Notification, NotificationAttempt, PaymentSession, Transaction
from payments.notifications import delivery, payload
from shops.enums import Mode
from shops.models import ServerUrl
from tests.payments import wire
from tests.payments.conftest import LIMIT_EXCEEDED
from tests.payments.factories import NotificationFactory, go_live, shop_ready
from tests.payments.receiver import receiving
from tests.shops.factories import member_of

pytestmark = pytest.mark.django_db
FIRST_CALL_ONLY = {"vads_page_action", "vads_payment_config", "vads_action_mode"}


@pytest.fixture
def receiver(settings):
    with receiving() as one:
        settings.OUTBOUND_ALLOW_LIST = [one.authority]
        yield one


@pytest.fixture
def shop(receiver):
    return shop_ready(url=receiver.url)


@pytest.fixture
def drain():
    """Send what is due at `now`, as the worker does."""

    def drain_(now):
        async_to_sync(delivery.drain)(clock=lambda: now)

    return drain_


def only():
    return Notification.objects.get()


# --- What is said ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("algorithm", ["SHA-1", "HMAC-SHA-256"])
def test_a_paid_form_is_told_to_the_shop_with_every_field_signed(
    shop, receiver, open_page, pay, run_jobs, now, algorithm
):
    extras = {"cust_city": "Saint-Étienne", "order_info": "", "ext_info_note": "a+b=c & d", "zz_future": " x "}
    choose_algorithm(shop=shop, mode=Mode.TEST, algorithm=Algorithm(algorithm), by=member_of(shop), now=now)
    form = wire.fields(shop, **extras)
    url = Client().post("/vads-payment/", wire.signed(form, algorithm=algorithm)).url
    pay(PaymentSession.objects.of_token(url.split("/")[2]).get())

    assert run_jobs() == ["payments.deliver_notifications"]

    headers, pairs = receiver.calls[0]
    assert headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert headers["User-Agent"]
    assert "Cookie" not in headers
    received = dict(pairs)
    assert len(received) == len(pairs)
    assert pairs[-1][0] == "signature"
    assert all(name.startswith("vads_") for name, _ in pairs[:-1])
    assert wire.is_genuine(received, algorithm=algorithm)
    assert {name: received[name] for name in form} == form
    assert re.fullmatch(r"[0-9a-f]{64}", received["vads_hash"])
    paid = Transaction.objects.get()
    expected = {
        "vads_auth_mode": "FULL",
        "vads_auth_number": paid.auth_number,
        "vads_auth_result": "00",
        "vads_authorized_amount": "6490",
        "vads_card_brand": "CB",
        "vads_card_number": "497010XXXXXX0014",
        "vads_effective_amount": "6490",
        "vads_expiry_month": "12",
        "vads_expiry_year": "2039",
        "vads_operation_type": "DEBIT",
        "vads_payment_src": "EC",
        "vads_result": "00",
        "vads_sequence_number": "1",
        "vads_threeds_status": "Y",
        "vads_trans_status": "AUTHORISED",
        "vads_trans_uuid": paid.public_id.hex,
        "vads_url_check_src": "PAY",
        "vads_validation_mode": "0",
        "vads_warranty_result": "YES",
    }
    assert {name: received[name] for name in expected} == expected
    assert re.fullmatch(r"[0-9]{14}", received["vads_effective_creation_date"])
    assert 50 <= len(received) <= 60
    notification = only()
    assert notification.state == NotificationState.DELIVERED
    attempt = notification.attempts.get()
    assert (attempt.number, attempt.outcome, attempt.http_status) == (1, AttemptOutcome.ACKNOWLEDGED, 200)
    assert (attempt.excerpt, attempt.url) == ("OK", receiver.url)


def test_ipn_09_a_result_that_the_offer_does_not_have_is_not_forged_by_a_form(shop, receiver, open_page, pay, run_jobs):
    forged = {"pays_ip": "FR", "risk_control": "CARD_FRAUD=OK", "payment_seq": "{}", "identifier_status": "CREATED"}
    session = open_page(shop, card_brand="CB", auth_result="00", **forged)
    pay(session, LIMIT_EXCEEDED)
    run_jobs()

    (received,) = receiver.forms
    assert wire.is_genuine(received)
    assert received["vads_auth_result"] == "51"
    assert not {f"vads_{name}" for name in forged} & set(received)
    assert not {"vads_card_brand", "vads_pays_ip"} & set(payload.abandoned_fields(session))


def test_a_refused_payment_is_told_with_the_same_fields_and_empty_ones(shop, receiver, open_page, pay, run_jobs):
    pay(open_page(shop), LIMIT_EXCEEDED)
    run_jobs()

    received = receiver.forms[0]
    assert wire.is_genuine(received)
    for name, value in {
        "vads_trans_status": "REFUSED",
        "vads_result": "05",
        "vads_auth_result": "51",
        "vads_auth_number": "",
        "vads_authorized_amount": "",
        "vads_warranty_result": "",
    }.items():
        assert received[name] == value, name


def test_an_expiry_month_has_no_leading_zero(shop, receiver, open_page, pay, run_jobs):
    pay(open_page(shop), expiry="03 / 39")
    run_jobs()
    assert receiver.forms[0]["vads_expiry_month"] == "3"


def test_ipn_09_one_flipped_character_is_no_longer_genuine(shop, receiver, open_page, pay, run_jobs):
    pay(open_page(shop))
    run_jobs()

    received = receiver.forms[0]
    for name in received:
        flipped = received | {name: received[name] + "0"}
        assert not wire.is_genuine(flipped), name
    assert not wire.is_genuine(received, certificate=wire.PRODUCTION_CERTIFICATE)


def test_ipn_13_the_body_holds_no_card_number_no_security_code_and_no_certificate(
    shop, receiver, open_page, pay, run_jobs
):
    pay(open_page(shop), security_code="914")
    run_jobs()

    sent = repr(receiver.calls)
    assert "4970100000000014" not in sent
    assert "'914'" not in sent
    assert wire.TEST_CERTIFICATE not in sent


def test_ipn_14_the_shop_is_told_without_the_buyer_coming_back(shop, receiver, open_page, pay, run_jobs):
    pay(open_page(shop))  # The tab is closed here: the result page is never opened.
    run_jobs()
    assert len(receiver.calls) == 1


def test_an_acknowledged_test_notification_proves_its_step_and_a_failed_one_does_not(
    shop, receiver, open_page, pay, run_jobs
):
    receiver.status = 500
    pay(open_page(shop, trans_id="000001"))
    run_jobs()
    assert EvidenceStep.ACKNOWLEDGED_NOTIFICATION not in Evidence.objects.by_step(shop)

    receiver.status = 200
    pay(open_page(shop, trans_id="000002", order_id="AUTRE"))
    run_jobs()
    proof = Evidence.objects.by_step(shop)[EvidenceStep.ACKNOWLEDGED_NOTIFICATION]
    assert proof.reference == str(Transaction.objects.latest("pk").public_id)


def test_ipn_15_each_mode_has_its_address_and_its_key(shop, receiver, open_page, pay, run_jobs, settings):
    with receiving() as live:
        settings.ACQUIRER = "payments.acquirer.Simulator"
        go_live(shop, url="https://boutique.example/production")
        pay(open_page(shop))
        run_jobs()
        assert len(receiver.calls) == 1
        assert live.calls == []
    pay(open_page(shop, ctx_mode="PRODUCTION", certificate=wire.PRODUCTION_CERTIFICATE))
    assert Notification.objects.get(mode="PRODUCTION").url == "https://boutique.example/production"


def test_the_address_given_by_the_form_wins(receiver, open_page, pay, run_jobs):
    shop = shop_ready(url="https://boutique.example/ipn", site_id="12345678")
    ServerUrl.objects.filter(shop=shop).update(url=receiver.url.replace("/ipn", "/habituelle"))
    pay(open_page(shop, url_check=receiver.url + "?exception=1"))
    run_jobs()
    assert NotificationAttempt.objects.get().url == receiver.url + "?exception=1"
    assert len(receiver.calls) == 1


# --- Failures and retries --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("behaviour", "outcome", "status"),
    [
        ({"status": 500, "answer": "Erreur <b>interne</b>"}, AttemptOutcome.HTTP_ERROR, 500),
        ({"status": 404}, AttemptOutcome.HTTP_ERROR, 404),
        ({"status": 302, "headers": {"Location": "https://www.boutique.example/ipn"}}, AttemptOutcome.REDIRECTED, 302),
    ],
)
def test_ipn_05_only_2xx_is_a_success_and_the_next_call_is_at_a_quarter_hour(
    shop, receiver, open_page, pay, run_jobs, now, behaviour, outcome, status
):
    for name, value in behaviour.items():
        setattr(receiver, name, value)
    pay(open_page(shop))

    run_jobs()

    notification = only()
    assert notification.state == NotificationState.WAITING
    assert notification.due_at.minute % 15 == 0
    assert timedelta(0) < notification.due_at - now <= timedelta(minutes=16)
    attempt = notification.attempts.get()
    assert (attempt.outcome, attempt.http_status) == (outcome, status)
    assert attempt.excerpt == behaviour.get("answer", "OK")
    assert attempt.location == behaviour.get("headers", {}).get("Location", "")
    assert len(receiver.calls) == 1


def test_an_unreachable_server_is_a_failed_attempt(receiver, open_page, pay, run_jobs, settings):
    settings.OUTBOUND_ALLOW_LIST = ["127.0.0.1:9"]
    shop = shop_ready(url="http://127.0.0.1:9/ipn")
    pay(open_page(shop))
    run_jobs()
    assert only().attempts.get().outcome == AttemptOutcome.UNREACHABLE
    assert only().state == NotificationState.WAITING


def test_ipn_03_a_retry_drops_three_fields_has_a_new_hash_and_the_current_status(shop, receiver, open_page, pay, drain):
    receiver.status = 503
    pay(open_page(shop, validation_mode="1"))
    drain(timezone.now())
    Transaction.objects.update(status=TransactionStatus.AUTHORISED)
    receiver.status = 200

    drain(only().due_at)

    first, retry = receiver.forms
    assert wire.is_genuine(first)
    assert wire.is_genuine(retry)
    assert (first["vads_url_check_src"], retry["vads_url_check_src"]) == ("PAY", "RETRY")
    assert set(first) - set(retry) == FIRST_CALL_ONLY
    changing = {"vads_url_check_src", "vads_hash", "signature", "vads_trans_status"}
    assert {name for name in retry if retry[name] != first[name]} == changing
    assert (first["vads_trans_status"], retry["vads_trans_status"]) == ("AUTHORISED_TO_VALIDATE", "AUTHORISED")
    assert only().state == NotificationState.DELIVERED
    assert [one.number for one in only().attempts.all()] == [1, 2]


def test_ipn_04_the_tenth_failure_is_the_last(shop, receiver, open_page, pay, drain, now):
    receiver.status = 500
    pay(open_page(shop))
    moment = now
    for _ in range(15):
        drain(moment)
        moment = only().due_at or moment

    assert len(receiver.calls) == 10
    assert only().state == NotificationState.EXHAUSTED
    assert timedelta(hours=60) < moment - now < timedelta(hours=75)


def test_nothing_is_sent_before_it_is_due(shop, receiver, open_page, pay, drain):
    receiver.status = 500
    pay(open_page(shop))
    drain(timezone.now())
    drain(only().due_at - timedelta(seconds=1))
    assert len(receiver.calls) == 1


def test_ipn_05_a_410_stops_for_good(shop, receiver, open_page, pay, run_jobs):
    receiver.status = 410
    pay(open_page(shop))
    run_jobs()
    assert only().state == NotificationState.STOPPED


def test_ipn_05_a_busy_server_says_when_to_come_back(shop, receiver, open_page, pay, drain):
    receiver.status, receiver.headers = 429, {"Retry-After": "2700"}
    pay(open_page(shop))
    paid_at = timezone.now()
    drain(paid_at)
    assert only().due_at == paid_at + timedelta(minutes=45)


def test_ipn_15_the_next_attempt_uses_the_address_set_meanwhile(shop, receiver, open_page, pay, drain, settings):
    receiver.status = 500
    pay(open_page(shop))
    drain(timezone.now())
    with receiving() as moved:
        settings.OUTBOUND_ALLOW_LIST = [moved.authority]
        ServerUrl.objects.update(url=moved.url)
        drain(only().due_at)
        assert len(moved.calls) == 1
    assert only().state == NotificationState.DELIVERED


def test_a_shop_whose_key_does_not_open_holds_back_itself_only(shop, receiver, drain, now):
    broken = NotificationFactory(transaction__shop=shop, due_at=now)
    other = NotificationFactory(transaction__shop=shop_ready(url=receiver.url), due_at=now)
    Certificate.objects.filter(shop=shop).update(sealed_value=Certificate.objects.get(shop=other.shop).sealed_value)

    drain(now)

    broken.refresh_from_db()
    other.refresh_from_db()
    assert other.state == NotificationState.DELIVERED
    assert (broken.state, broken.attempts_made) == (NotificationState.WAITING, 0)
    assert broken.due_at > now
    assert not broken.attempts.exists()


# --- IPN-01: one transaction -----------------------------------------------------------------------------------
def refuse_inserts_into(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()")


@pytest.mark.parametrize(
    "table", ["payments_transaction", "payments_notification", "certificates_evidence", "procrastinate_jobs"]
)
def test_ipn_01_result_notification_proof_and_job_come_together_or_not_at_all(shop, open_page, pay, table):
    session = open_page(shop)
    refuse_inserts_into(table)

    with pytest.raises((DatabaseError, ConnectorException)), transaction.atomic():
        pay(session)

    assert not Transaction.objects.exists()
    assert not Notification.objects.exists()
    assert not Evidence.objects.exists()
    session.refresh_from_db()
    assert session.state == "open"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_a_written_attempt_is_never_changed(shop, receiver, open_page, pay, run_jobs):
    pay(open_page(shop))
    run_jobs()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        NotificationAttempt.objects.update(excerpt="autre")


def test_jobs_hold_no_secret(shop, open_page, pay):
    session = open_page(shop)
    pay(session)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        assert cursor.fetchall() == [("{}",)]
