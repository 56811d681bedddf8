"""What the log keeps of a form: which forms, of whom, how many, and that nothing of it ever stops the buyer's page."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from backoffice.vads.signature import Algorithm
from certificates.actions import choose_algorithm
from payments import rules
from payments.enums import FormVerdict
from payments.form.errors import Trouble, Unreadable
from payments.form.examination import Examination
from payments.form.slips import Slip
from payments.form_log import actions
from payments.models import LoggedForm, PaymentSession
from payments.models.logged_form import hour_of
from shops.enums import Mode
from tests.payments import wire
from tests.payments.factories import LoggedFormFactory, go_live, shop_ready
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
URL = "/vads-payment/"


def urlencoded(client, body):
    return client.post(URL, body, content_type="application/x-www-form-urlencoded")


def only():
    return LoggedForm.objects.get()


# --- What is kept ----------------------------------------------------------------------------------------------
def test_a_refused_form_is_kept_with_its_faults_its_fields_and_its_references(post_form, shop, now):
    form = wire.form_of(shop, amount="0", currency="36", contrib="Boutique 3.1", cust_city="Évreux", zz=" a\r\nb ")

    assert post_form(form).status_code == 400

    logged = only()
    assert (logged.shop, logged.mode, logged.verdict, logged.method) == (shop, "TEST", FormVerdict.REFUSED, "POST")
    assert (logged.code, logged.field) == ("09", "vads_amount")
    assert [(one["code"], one["field"]) for one in logged.faults] == [("09", "vads_amount"), ("10", "vads_currency")]
    assert all(one["reason"] for one in logged.faults)
    assert logged.fields == {name: value for name, value in form.items() if name != "signature"}
    assert (logged.signature, logged.is_proven, logged.diagnosis) == (form["signature"], True, "")
    assert (logged.order_id, logged.trans_id, logged.contrib) == ("CMD-2026-1187", "000042", "Boutique 3.1")
    assert abs(logged.drift_seconds) < 5
    assert (logged.is_cut, logged.others, logged.told_at) == (False, 0, None)
    assert abs(logged.received_at - now) < timedelta(seconds=30)


def test_a_form_that_is_accepted_on_time_leaves_no_trace(post_form, shop):
    assert post_form(wire.form_of(shop)).status_code == 302
    assert not LoggedForm.objects.exists()


def test_pay_07_a_form_accepted_by_a_clock_that_is_off_is_kept_as_a_warning(post_form, shop, now):
    form = wire.form_of(shop, trans_date=wire.trans_date(now + timedelta(hours=1, minutes=2)))

    assert post_form(form).status_code == 302

    logged = only()
    assert (logged.verdict, logged.code, logged.field) == (FormVerdict.WARNED, "04", "vads_trans_date")
    assert logged.drift_seconds == pytest.approx(3720, abs=5)
    assert logged.fields["vads_order_id"] == "CMD-2026-1187"
    assert PaymentSession.objects.get().drift_seconds == logged.drift_seconds


def test_a_form_posted_again_is_warned_of_once(post_form, shop, now):
    form = wire.form_of(shop, trans_date=wire.trans_date(now - timedelta(hours=3)))
    assert post_form(form).url == post_form(form).url
    assert LoggedForm.objects.count() == 1


@pytest.mark.parametrize("minutes", [-9, 9])
def test_pay_07_a_clock_less_than_ten_minutes_off_is_nobody_s_news(post_form, shop, now, minutes):
    post_form(wire.form_of(shop, trans_date=wire.trans_date(now + timedelta(minutes=minutes))))
    assert not LoggedForm.objects.exists()


def test_a_production_form_that_no_bank_can_authorise_is_a_clear_entry(post_form, shop, settings):
    settings.ACQUIRER = ""
    go_live(shop)

    assert (
        post_form(wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.PRODUCTION_CERTIFICATE)).status_code == 503
    )

    logged = only()
    assert (logged.mode, logged.code, logged.is_proven) == ("PRODUCTION", "", True)
    assert logged.faults[0]["reason"] == Trouble.NO_ACQUIRER.label


def test_a_used_transaction_number_is_kept_with_its_code(post_form, shop):
    post_form(wire.form_of(shop))
    post_form(wire.form_of(shop, amount="100"))
    assert (only().code, only().is_proven) == ("03", True)


def test_a_form_in_a_query_string_says_by_which_method_it_came(client, shop):
    client.get(URL, wire.form_of(shop, amount="0"))
    assert only().method == "GET"


@pytest.mark.parametrize(("sent", "mode"), [("TESTS", ""), (None, ""), ("PRODUCTION", "PRODUCTION")])
def test_a_form_whose_mode_cannot_be_read_or_has_no_certificate_is_kept_all_the_same(post_form, shop, sent, mode):
    post_form(wire.form_of(shop, ctx_mode=sent))
    assert (only().code, only().mode, only().is_proven) == ("11", mode, False)


@pytest.mark.parametrize("site_id", ["99999999", "", "1234567", "١٢٣٤٥٦٧٨", "12345678 ", None])
def test_a_form_of_no_known_shop_belongs_to_nobody(post_form, shop, site_id):
    assert post_form(wire.form_of(shop, site_id=site_id)).status_code == 400
    assert not LoggedForm.objects.exists()


def test_a_form_of_a_closed_shop_is_kept(post_form):
    post_form(wire.form_of(shop_ready(closed=True)))
    assert only().code == "02"


def test_a_form_of_a_shop_without_certificate_is_kept(post_form):
    post_form(wire.form_of(ShopFactory()))
    assert (only().code, only().diagnosis) == ("11", "")


# --- The signature ---------------------------------------------------------------------------------------------
def test_a_wrong_signature_that_nothing_explains_is_a_stranger_s(post_form, shop):
    post_form(wire.form_of(shop) | {"vads_amount": "1"})
    assert (only().code, only().is_proven, only().diagnosis) == ("00", False, Slip.LOOKS_RIGHT)


def test_key_05_a_form_signed_with_the_other_mode_s_certificate_says_exactly_that(post_form, shop, settings):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    post_form(wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.TEST_CERTIFICATE))
    assert (only().mode, only().diagnosis, only().is_proven) == ("PRODUCTION", Slip.OTHER_MODE, True)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_form_signed_with_the_other_algorithm_says_exactly_that(post_form, shop, now, algorithm):
    choose_algorithm(shop=shop, mode=Mode.TEST, algorithm=algorithm, by=member_of(shop), now=now)
    another = next(one for one in Algorithm if one is not algorithm)
    post_form(wire.signed(wire.fields(shop), algorithm=another.value))
    assert only().diagnosis == Slip.OTHER_ALGORITHM


def test_a_field_added_after_the_calculation_is_named(post_form, shop):
    post_form(wire.form_of(shop) | {"vads_contrib": "Module"})
    assert (only().diagnosis, only().diagnosis_field) == (Slip.FIELD_ADDED, "vads_contrib")


def table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM payments_loggedform t")
        return cursor.fetchone()[0]


def test_key_04_the_log_holds_no_certificate_and_no_expected_signature(post_form, shop, settings, caplog):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    secrets = [wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE]
    for mode in ("TEST", "PRODUCTION"):
        form = wire.fields(shop, ctx_mode=mode)
        keys = (wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE)
        secrets += [wire.signature(form, key, algorithm) for key in keys for algorithm in ("SHA-1", "HMAC-SHA-256")]
        post_form(form | {"signature": "a" * 40})
    kept = table() + caplog.text
    assert "CMD-2026-1187" in kept
    assert not [secret for secret in secrets if secret in kept]


# --- Unreadable forms ------------------------------------------------------------------------------------------
def test_a_form_with_a_field_given_twice_reaches_its_shop(client, shop):
    form = wire.form_of(shop)
    urlencoded(client, urlencode([*form.items(), ("vads_amount", "1")]))

    logged = only()
    assert (logged.code, logged.field, logged.mode) == ("99", "vads_amount", "TEST")
    assert logged.faults[0]["reason"] == Unreadable.DUPLICATE.label
    assert logged.fields["vads_order_id"] == "CMD-2026-1187"


@pytest.mark.parametrize("name", ["vads_site_id", "vads_ctx_mode"])
def test_a_form_that_names_two_shops_or_two_modes_names_none(client, shop, name):
    other = ShopFactory().site_id if name == "vads_site_id" else "PRODUCTION"
    for first_last in (1, -1):
        pairs = [*wire.form_of(shop).items(), (name, other)][::first_last]
        urlencoded(client, urlencode(pairs))
    modes = {one.mode for one in LoggedForm.objects.all()}
    assert modes == (set() if name == "vads_site_id" else {""})


@pytest.mark.parametrize("way", ["urlencoded", "multipart", "get"])
def test_a_form_with_an_unreadable_value_reaches_its_shop_in_each_encoding(client, shop, way):
    form = wire.form_of(shop) | {"vads_order_info": "a\0b"}
    if way == "urlencoded":
        urlencoded(client, urlencode(form))
    elif way == "multipart":
        client.post(URL, form)
    else:
        client.get(URL, form)
    assert (only().code, only().field) == ("99", "vads_order_info")
    assert only().fields["vads_order_info"] == "a\N{REPLACEMENT CHARACTER}b"


def test_a_form_that_is_not_utf_8_reaches_its_shop(client, shop):
    urlencoded(client, urlencode(wire.form_of(shop)) + "&vads_cust_city=%C9vreux")
    assert only().faults[0]["reason"] == Unreadable.NOT_UTF8.label
    assert only().fields["vads_cust_city"] == "\N{REPLACEMENT CHARACTER}vreux"


@pytest.mark.parametrize("is_multipart", [False, True])
def test_pay_13_a_form_that_is_too_large_reaches_its_shop_by_its_beginning(client, shop, is_multipart):
    form = wire.form_of(shop) | {"vads_order_info": "x" * 300_000}
    answer = client.post(URL, form) if is_multipart else urlencoded(client, urlencode(form))
    assert answer.status_code == 413
    assert (only().code, only().mode, only().order_id) == ("99", "TEST", "CMD-2026-1187")


def test_pay_13_a_form_with_too_many_fields_reaches_its_shop(client, shop):
    many = {f"x{number}": "1" for number in range(201)}
    urlencoded(client, urlencode(wire.form_of(shop) | many))
    assert only().faults[0]["reason"] == Unreadable.TOO_MANY_FIELDS.label


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nnot a part", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary="),
        (b"\xff\xfe&&&=&%&%zz", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
def test_what_holds_no_form_at_all_leaves_no_trace(client, shop, body, content_type):
    assert client.post(URL, body, content_type=content_type).status_code == 400
    assert not LoggedForm.objects.exists()


# --- Garbage ---------------------------------------------------------------------------------------------------
def garbage(post_form, shop, count):
    for _ in range(count):
        assert post_form(wire.fields(shop) | {"signature": "x"}).status_code == 400


def test_strangers_fill_half_of_an_hour_at_most_and_the_rest_is_counted(post_form, shop):
    with time_machine.travel("2026-11-25T10:30:00Z", tick=False):
        garbage(post_form, shop, rules.FORMS_BY_ANYBODY + 5)
        assert LoggedForm.objects.count() == rules.FORMS_BY_ANYBODY
        newest = LoggedForm.objects.newest_first().first()
        assert (newest.place, newest.others) == (rules.FORMS_BY_ANYBODY, 5)
        # What the shop itself signed still finds its place.
        post_form(wire.form_of(shop, amount="0"))
        assert LoggedForm.objects.newest_first().first().code == "09"
    with time_machine.travel("2026-11-25T11:00:00Z", tick=False):
        garbage(post_form, shop, 1)
    assert LoggedForm.objects.count() == rules.FORMS_BY_ANYBODY + 2


def test_no_more_than_sixty_forms_of_a_shop_are_kept_in_an_hour(post_form, shop, settings):
    with time_machine.travel("2026-11-25T10:30:00Z", tick=False):
        late = wire.trans_date(hour_of(wire.datetime.now(wire.UTC)))
        for number in range(40):
            garbage(post_form, shop, 1)
            post_form(wire.form_of(shop, amount="0"))
            assert post_form(wire.form_of(shop, trans_id=f"{number:06d}", trans_date=late)).status_code == 302
        assert LoggedForm.objects.count() == 60
        assert sum(1 + one.others for one in LoggedForm.objects.all()) == 120


def test_each_shop_has_its_own_places(post_form, shop):
    with time_machine.travel("2026-11-25T10:30:00Z", tick=False):
        garbage(post_form, shop, rules.FORMS_BY_ANYBODY + 1)
        other = shop_ready()
        garbage(post_form, other, 1)
    assert LoggedForm.objects.of_shop(other).count() == 1


def log(shop, now):
    return actions.log_refused_form(
        received=wire.fields(shop),
        faults=[actions.FormFault(code="70", field="signature", reason="Absente.")],
        examined=Examination(shop=shop, mode="TEST"),
        method="POST",
        now=now,
    )


def test_keeping_a_form_asks_the_database_twice(shop, now, django_assert_num_queries):
    # Besides, the test's own transaction makes a savepoint of what is a transaction of its own.
    with django_assert_num_queries(2 + 2):
        log(shop, now)


def test_counting_a_form_asks_the_database_twice(shop, now, django_assert_num_queries):
    for number in range(rules.FORMS_BY_ANYBODY):
        LoggedFormFactory(shop=shop, is_proven=False, place=number + 1, received_at=now)
    with django_assert_num_queries(2):
        assert log(shop, now) is None


@pytest.mark.django_db(transaction=True)
def test_forms_that_come_at_once_take_different_places_and_none_is_lost(now):
    shop = shop_ready()
    start = threading.Barrier(6)
    failures = []

    def send():
        try:
            start.wait()
            for _ in range(10):
                log(shop, now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    kept = list(LoggedForm.objects.all())
    assert len(kept) <= rules.FORMS_BY_ANYBODY
    assert sorted(one.place for one in kept) == list(range(1, len(kept) + 1))
    assert sum(1 + one.others for one in kept) == 60


# --- The page comes whatever happens ---------------------------------------------------------------------------
def test_the_incident_page_comes_even_when_the_log_cannot_be_written(post_form, shop, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_loggedform ADD CONSTRAINT full_disk CHECK (code = 'none')")

    refused = post_form(wire.form_of(shop, amount="0"))
    warned = post_form(wire.form_of(shop, trans_date=wire.trans_date(wire.datetime.now(wire.UTC) - timedelta(hours=2))))

    assert (refused.status_code, warned.status_code) == (400, 302)
    assert "Suite à un incident technique" in refused.content.decode()
    assert "a refused form is not logged" in caplog.text
    assert "a form accepted with a drift is not logged" in caplog.text
    assert not LoggedForm.objects.exists()


def test_what_makes_no_sense_is_refused_by_the_database(shop, now):
    for wrong in (
        {"verdict": "maybe"},
        {"mode": "DEMO"},
        {"verdict": FormVerdict.WARNED, "is_proven": False, "drift_seconds": 4000},
        {"verdict": FormVerdict.WARNED, "drift_seconds": None},
        {"place": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LoggedFormFactory(shop=shop, **wrong)
    LoggedFormFactory(shop=shop, place=1, received_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        LoggedFormFactory(shop=shop, place=1, received_at=now)
