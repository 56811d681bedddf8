"""The form coming in: what is accepted, and that nothing else ever is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from backoffice.vads.signature import Algorithm
from certificates.actions import choose_algorithm
from payments.models import Notification, PaymentSession, Transaction
from shops.enums import Mode
from tests.payments import wire
from tests.payments.factories import go_live, shop_ready
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
ALL_VECTORS = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text())["vectors"]
VECTORS = [vector for vector in ALL_VECTORS if not vector.get("refused")]
FORGED_VECTORS = [vector for vector in ALL_VECTORS if vector.get("refused")]
INCIDENT = "Suite à un incident technique, nous ne sommes pas en mesure de traiter votre demande de paiement"
ALGORITHMS = ("SHA-1", "HMAC-SHA-256")
URL = "/vads-payment/"


def assert_refused(response, *, code=None, field=None, status=400):
    page = response.content.decode()
    assert response.status_code == status, page
    assert INCIDENT in page
    assert not PaymentSession.objects.exists()
    assert not Transaction.objects.exists()
    assert not Notification.objects.exists()
    if code:
        assert f'<span class="mono">{code}</span>' in page
    if field:
        assert f'<span class="mono">{field}</span>' in page


def with_algorithm(shop, algorithm, now):
    choose_algorithm(shop=shop, mode=Mode.TEST, algorithm=Algorithm(algorithm), by=member_of(shop), now=now)


# --- What is accepted ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_each_golden_form_is_accepted_once_its_date_is_now(post_form, now, vector, algorithm):
    shop = shop_ready(site_id="12345678")
    with_algorithm(shop, algorithm, now)
    form = vector["fields"] | {"vads_trans_date": wire.trans_date(now)}

    response = post_form(wire.signed(form, vector["key"], algorithm))

    assert response.status_code == 302, response.content.decode()
    session = PaymentSession.objects.get()
    assert response.url == f"/paiement/{session.token}/"
    assert session.fields == form
    assert session.holds_reference


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_each_golden_signature_is_accepted_byte_for_byte_on_its_own_day(post_form, vector, algorithm):
    moment = datetime.strptime(vector["fields"]["vads_trans_date"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    golden = vector["sha1"] if algorithm == "SHA-1" else vector["hmac_sha256"]
    with time_machine.travel(moment, tick=False):
        shop = shop_ready(site_id="12345678")
        with_algorithm(shop, algorithm, moment)

        response = post_form(vector["fields"] | {"signature": golden})

    assert response.status_code == 302, response.content.decode()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("vector", FORGED_VECTORS, ids=lambda vector: vector["name"])
def test_a_form_signed_without_its_empty_fields_is_refused_when_they_are_posted(post_form, vector, algorithm):
    moment = datetime.strptime(vector["fields"]["vads_trans_date"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    golden = vector["sha1"] if algorithm == "SHA-1" else vector["hmac_sha256"]
    with time_machine.travel(moment, tick=False):
        shop = shop_ready(site_id="12345678")
        with_algorithm(shop, algorithm, moment)
        kept = {name: value for name, value in vector["fields"].items() if value}

        assert_refused(post_form(vector["fields"] | {"signature": golden}), code="00")
        assert post_form(kept | {"signature": golden}).status_code == 302


@pytest.mark.parametrize("way", ["urlencoded", "multipart", "get"])
def test_the_form_is_read_in_its_three_encodings(client, shop, way):
    form = wire.form_of(shop, cust_city="Saint-Étienne + Ñandú", order_info="a=b&c", order_info2="")
    if way == "urlencoded":
        body = urlencode(form)
        response = client.post(URL, body, content_type="application/x-www-form-urlencoded")
    elif way == "multipart":
        response = client.post(URL, form)
    else:
        response = client.get(URL, form)

    assert response.status_code == 302, response.content.decode()
    kept = PaymentSession.objects.get().fields
    assert kept == {name: value for name, value in form.items() if name != "signature"}
    assert kept["vads_order_info2"] == ""


def test_names_outside_the_protocol_are_neither_signed_nor_kept(post_form, shop):
    response = post_form(wire.form_of(shop) | {"payer": "Payer", "csrf_token": "x"})

    assert response.status_code == 302
    assert not {"payer", "csrf_token"} & set(PaymentSession.objects.get().fields)


def test_a_form_with_39_empty_fields_is_accepted(post_form, shop):
    empty = {f"ext_info_{number}": "" for number in range(30)} | {
        "cust_city": "",
        "cust_zip": "",
        "capture_delay": "",
        "validation_mode": "",
        "payment_cards": "",
        "language": "",
        "url_return": "",
        "return_mode": "",
        "theme_config": "",
    }
    assert len(empty) == 39

    response = post_form(wire.form_of(shop, **empty))

    assert response.status_code == 302, response.content.decode()
    assert sum(1 for value in PaymentSession.objects.get().fields.values() if value == "") == 39


def test_unknown_fields_are_signed_and_kept_as_received(post_form, shop):
    strange = {"future_option": " a  b\r\n", "ext_info_panier": "3 × « crème » ", "zz": "1+1=2"}

    response = post_form(wire.form_of(shop, **strange))

    assert response.status_code == 302, response.content.decode()
    kept = PaymentSession.objects.get().fields
    assert {name: kept[f"vads_{name}"] for name in strange} == strange


# --- PAY-01: no cookie, no token -------------------------------------------------------------------------------
def test_pay_01_a_cross_site_post_needs_no_csrf_token_and_touches_no_session(shop, django_assert_num_queries):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    person = member_of(shop)
    browser.force_login(person)
    cookie = browser.cookies["session"].value

    response = browser.post(URL, wire.form_of(shop), headers={"Origin": "https://boutique.example"})
    page = browser.get(response.url)
    paid = browser.post(response.url, {"number": "4970100000000014", "expiry": "12/39", "security_code": "123"})

    assert (response.status_code, page.status_code, paid.status_code) == (302, 200, 302)
    assert not any(one.cookies for one in (response, page, paid))
    assert person.identifier not in page.content.decode()
    assert browser.cookies["session"].value == cookie
    with django_assert_num_queries(1):
        assert browser.get(f"/paiement/{'A' * 22}/").status_code == 404


def test_the_page_of_a_token_asks_the_database_once_and_never_for_a_session(
    client, shop, open_page, django_assert_num_queries
):
    session = open_page(shop)
    client.force_login(member_of(shop))

    with django_assert_num_queries(1) as captured:
        client.get(reverse("payments:page", args=[session.token]))

    assert not any("django_session" in query["sql"] for query in captured.captured_queries)


# --- Tampering: fields × one character ------------------------------------------------------------------------
FULL = {
    "capture_delay": "3",
    "cust_email": "zoe@example.org",
    "cust_last_name": "Lefèvre",
    "ext_info_panier": "crème",
    "language": "fr",
    "order_info": "a+b",
    "url_return": "https://boutique.example/retour",
}


def tampered_forms(shop):
    genuine = wire.form_of(shop, **FULL)
    for name, value in genuine.items():
        for place in {0, len(value) // 2, len(value) - 1}:
            other = "1" if value[place] != "1" else "2"
            yield f"{name}[{place}]", genuine | {name: value[:place] + other + value[place + 1 :]}
        yield f"{name} cut", genuine | {name: value[:-1]}
        yield f"{name} lengthened", genuine | {name: value + "0"}
        yield f"{name} with a space", genuine | {name: value + " "}
        yield f"{name} emptied", genuine | {name: ""}
        yield f"{name} removed", {key: kept for key, kept in genuine.items() if key != name}
    yield "field added", genuine | {"vads_order_info2": "x"}
    yield "empty field added", genuine | {"vads_order_info2": ""}
    yield "unknown field added", genuine | {"vads_zz": ""}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_one_character_changed_or_a_field_added_or_removed_is_refused_and_stores_nothing(client, shop, now, algorithm):
    with_algorithm(shop, algorithm, now)
    genuine = wire.signed(wire.fields(shop, **FULL), algorithm=algorithm)
    tried = 0
    for what, form in tampered_forms(shop):
        if form.get("signature") == wire.form_of(shop, **FULL)["signature"]:
            form = form | {"signature": genuine["signature"]}
        response = client.post(URL, form)
        assert response.status_code == 400, what
        assert_refused(response)
        tried += 1
    assert tried > 130

    assert client.post(URL, genuine).status_code == 302


def test_a_form_without_signature_is_error_70(post_form, shop):
    assert_refused(post_form(wire.fields(shop)), code="70", field="signature")


def test_an_empty_form_is_error_70(client, shop):
    response = client.post(URL, "", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert INCIDENT in response.content.decode()


def test_a_wrong_signature_is_error_00_and_no_expected_signature_is_shown(post_form, shop):
    form = wire.form_of(shop)
    response = post_form(form | {"vads_amount": "1"})

    assert_refused(response, code="00", field="signature")
    page = response.content.decode()
    assert wire.signature(form | {"vads_amount": "1"}, wire.TEST_CERTIFICATE) not in page
    assert wire.TEST_CERTIFICATE not in page


def test_the_other_algorithm_is_refused(post_form, shop):
    form = wire.fields(shop)
    assert_refused(post_form(wire.signed(form, algorithm="SHA-1")), code="00")


# --- KEY-05: one key per mode ----------------------------------------------------------------------------------
def test_key_05_the_key_of_the_other_mode_never_opens_a_page(post_form, shop, settings):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)

    assert_refused(post_form(wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.TEST_CERTIFICATE)))
    assert_refused(post_form(wire.signed(wire.fields(shop), wire.PRODUCTION_CERTIFICATE)), code="00")
    assert (
        post_form(wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.PRODUCTION_CERTIFICATE)).status_code == 302
    )


def test_production_without_a_certificate_is_refused(post_form, shop):
    assert_refused(post_form(wire.form_of(shop, ctx_mode="PRODUCTION")))


def test_production_without_an_acquirer_gets_the_incident_page(post_form, shop, settings):
    settings.ACQUIRER = ""
    go_live(shop)

    response = post_form(wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.PRODUCTION_CERTIFICATE))

    assert_refused(response, status=503)


# --- PAY-03: the incident page ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"version": "V1"}, "01", "vads_version"),
        ({"version": None}, "01", "vads_version"),
        ({"site_id": "87654321"}, "02", "vads_site_id"),
        ({"site_id": None}, "02", "vads_site_id"),
        ({"trans_id": "42"}, "03", "vads_trans_id"),
        ({"trans_id": None}, "03", "vads_trans_id"),
        ({"trans_id": "900000"}, "03", "vads_trans_id"),
        ({"trans_date": "2026"}, "04", "vads_trans_date"),
        ({"validation_mode": "2"}, "05", "vads_validation_mode"),
        ({"capture_delay": "x"}, "06", "vads_capture_delay"),
        ({"payment_config": "DOUBLE"}, "07", "vads_payment_config"),
        ({"payment_cards": "PAYBOX"}, "08", "vads_payment_cards"),
        ({"amount": None}, "09", "vads_amount"),
        ({"currency": "36"}, "10", "vads_currency"),
        ({"ctx_mode": "TESTS"}, None, None),
        ({"ctx_mode": None}, None, None),
        ({"language": "xx"}, "12", "vads_language"),
        ({"order_id": "<b>"}, "13", "vads_order_id"),
        ({"cust_email": "zoe"}, "15", "vads_cust_email"),
        ({"url_success": "javascript:alert(1)"}, "24", "vads_url_success"),
        ({"url_refused": "https://a.example\\@b.example/"}, "25", "vads_url_refused"),
        ({"url_cancel": "ftp://a.example/"}, "27", "vads_url_cancel"),
        ({"url_return": "//a.example/"}, "28", "vads_url_return"),
        ({"url_error": "data:text/html,x"}, "29", "vads_url_error"),
        ({"url_check": "https://ailleurs.example/ipn"}, "33", "vads_url_check"),
        ({"page_action": "REGISTER"}, "46", "vads_page_action"),
        ({"action_mode": "SILENT"}, "47", "vads_action_mode"),
        ({"return_mode": "PUT"}, "48", "vads_return_mode"),
        ({"order_id": "4970100000000014"}, "999", "vads_order_id"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_pay_03_a_wrong_or_missing_field_gets_the_incident_page_which_names_it_in_test(
    post_form, shop, changes, code, field
):
    response = post_form(wire.form_of(shop, **changes))

    assert_refused(response, code=code, field=field)
    page = response.content.decode()
    assert "01 99 00 12 34" in page
    if code:
        assert f'href="/faq/codes-erreur/#erreur-{code}"' in page


@pytest.mark.parametrize("changes", [{"amount": "0"}, {"url_check": "https://ailleurs.example/"}, {"order_id": "<b>"}])
def test_pay_03_production_says_nothing_more_than_the_sentence(post_form, shop, settings, changes):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    form = wire.fields(shop, ctx_mode="PRODUCTION", **changes)

    response = post_form(wire.signed(form, wire.PRODUCTION_CERTIFICATE))

    assert_refused(response)
    page = response.content.decode()
    assert not any(word in page for word in ("vads_", "Code", "codes-erreur", "webmestre"))


def test_a_closed_shop_takes_no_form(post_form):
    shop = shop_ready(closed=True)
    assert_refused(post_form(wire.form_of(shop)), code="02", field="vads_site_id")


def test_a_shop_without_certificate_takes_no_form(post_form):
    assert_refused(post_form(wire.form_of(ShopFactory())), code="11")


@pytest.mark.parametrize("url", ["https://boutique.example/autre?a=1", "https://BOUTIQUE.example:443/ipn"])
def test_ssrf_16_a_notification_address_on_the_shops_own_site_is_accepted(post_form, shop, url):
    assert post_form(wire.form_of(shop, url_check=url)).status_code == 302


# --- PAY-04, OUT-07: bytes -------------------------------------------------------------------------------------
def urlencoded(client, body):
    return client.post(URL, body, content_type="application/x-www-form-urlencoded")


def test_pay_04_a_field_given_twice_is_refused_even_with_the_same_value(client, shop):
    form = wire.form_of(shop)
    response = urlencoded(client, urlencode([*form.items(), ("vads_amount", form["vads_amount"])]))
    assert_refused(response)
    assert_refused(urlencoded(client, urlencode([*form.items(), ("signature", form["signature"])])))
    assert_refused(client.post(URL, form | {"vads_amount": [form["vads_amount"]] * 2}))
    assert_refused(client.get(URL + "?" + urlencode([*form.items(), ("vads_amount", "1")])))


@pytest.mark.parametrize(
    "body",
    [
        b"vads_amount=%FF%FE",
        b"vads_amount=\xff",
        b"vads_cust_name=%ED%A0%80&signature=x",
        b"vads_amount=1%00&signature=x",
        b"vads_amount%00=1&signature=x",
        b"vads_" + b"a" * 300 + b"=1&signature=x",
    ],
)
def test_out_07_bytes_that_are_no_text_are_refused_and_never_an_error_of_ours(client, shop, body):
    assert_refused(urlencoded(client, body))
    response = client.get(URL + "?" + body.decode("latin-1"))
    assert response.status_code == 400


def test_out_07_a_signed_nul_or_control_character_is_refused(post_form, shop):
    assert_refused(post_form(wire.form_of(shop, order_info="a\0b")))
    assert_refused(post_form(wire.form_of(shop, order_info="a\x1bb")))


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "multipart/form-data; boundary="])
def test_out_07_another_content_type_is_refused(client, shop, content_type):
    assert_refused(client.post(URL, urlencode(wire.form_of(shop)), content_type=content_type or "x/y"))


def test_out_07_a_broken_multipart_body_is_refused(client, shop):
    response = client.post(URL, b"--x\r\nnot a part", content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400


def test_a_file_cannot_pass_for_a_field(client, shop):
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert_refused(client.post(URL, wire.form_of(shop) | {"vads_order_info": SimpleUploadedFile("a.txt", b"x")}))


# --- PAY-07: dates ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hours", [-23.9, -1, 0, 1, 23.9])
def test_pay_07_a_form_less_than_a_day_off_is_taken_and_its_drift_kept(post_form, shop, now, hours):
    moment = now + timedelta(hours=hours)

    assert post_form(wire.form_of(shop, trans_date=wire.trans_date(moment))).status_code == 302

    assert PaymentSession.objects.get().drift_seconds == pytest.approx(hours * 3600, abs=3)


@pytest.mark.parametrize("hours", [-24.1, 24.1, -8760])
def test_pay_07_a_form_more_than_a_day_off_is_error_04(post_form, shop, now, hours):
    form = wire.form_of(shop, trans_date=wire.trans_date(now + timedelta(hours=hours)))
    assert_refused(post_form(form), code="04", field="vads_trans_date")


# --- PAY-08: amounts -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "amount", ["0", "-1", "+1", "1e3", "0x10", "١٠", "01", "1.00", "1,00", " 1", "1 ", "9" * 13, "9" * 400, "1\n"]
)
def test_pay_08_an_amount_that_is_no_plain_integer_is_error_09(post_form, shop, amount):
    assert_refused(post_form(wire.form_of(shop, amount=amount)), code="09", field="vads_amount")


@pytest.mark.parametrize("amount", ["1", "999999999999"])
def test_pay_08_the_smallest_and_the_largest_amount_are_taken(post_form, shop, amount):
    assert post_form(wire.form_of(shop, amount=amount)).status_code == 302
    assert PaymentSession.objects.get().amount_cents == int(amount)


# --- PAY-05: boundary shift ------------------------------------------------------------------------------------
def test_pay_05_no_shift_of_text_between_neighbouring_fields_changes_a_money_field(client, shop):
    # What a buyer may type into a shop (name, town, reference) stays signed by the shop's own words around it.
    genuine = wire.form_of(shop, cust_city="TEST", available_languages="fr;en", capture_delay="0")
    money = {"vads_action_mode", "vads_amount", "vads_ctx_mode", "vads_currency"}
    names = sorted(name for name in genuine if name != "signature")
    text = "+".join(genuine[name] for name in names)
    pieces = text.split("+")
    tried = []
    for cut in range(1, len(pieces)):
        # One separator is swallowed by a field, and one more is made inside another by an added field.
        for added in ("vads_a", "vads_amount_x", "vads_ba", "vads_cust_name", "vads_d", "vads_zz"):
            values = [*pieces[: cut - 1], "+".join(pieces[cut - 1 : cut + 1]), *pieces[cut + 1 :]]
            for kept in (names, sorted([*names, added])[: len(values)]):
                if len(kept) != len(values) or len(set(kept)) != len(kept):
                    continue
                form = dict(zip(kept, values, strict=True))
                form["signature"] = wire.signature(form, wire.TEST_CERTIFICATE)
                changed = {name for name in money if form.get(name) != genuine[name]}
                if changed and form["signature"] == genuine["signature"]:
                    tried.append((kept, client.post(URL, form).status_code))
    assert len(tried) > 5
    assert all(status == 400 for _, status in tried), tried


# --- PAY-11, PAY-13: methods and sizes -------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["put", "delete", "trace", "patch", "options"])
def test_pay_11_other_methods_are_not_allowed(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_pay_11_the_bare_address_says_what_it_is_for(client, db):
    page = client.get(URL)
    assert page.status_code == 200
    assert "Cette adresse reçoit les formulaires de paiement signés" in page.content.decode()
    assert client.head(URL).status_code == 200


def test_pay_11_a_get_opens_the_page_and_neither_pays_nor_burns(client, shop):
    form = wire.form_of(shop)

    first, again = client.get(URL, form), client.get(URL, form)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    session = PaymentSession.objects.get()
    assert not session.holds_reference
    assert not Transaction.objects.exists()
    # Another form may still take the reference.
    assert client.post(URL, wire.form_of(shop, amount="100")).status_code == 302


def test_pay_13_a_large_body_is_413_and_many_fields_are_400(client, shop):
    large = client.post(URL, "vads_a=" + "x" * 300_000, content_type="application/x-www-form-urlencoded")
    assert_refused(large, status=413)
    assert_refused(client.post(URL, {"vads_a": "x" * 300_000}), status=413)
    many = {f"x{number}": "1" for number in range(201)}
    assert_refused(urlencoded(client, urlencode(many)))
    assert_refused(client.post(URL, many))


def test_pay_13_a_multipart_form_that_would_grow_beyond_the_limit_is_413(client, shop):
    grown = wire.form_of(shop, **{f"ext_info_{number}": "é" * 4000 for number in range(12)})
    assert_refused(client.post(URL, grown), status=413)
