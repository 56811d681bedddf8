"""Nothing is believed before its signature: golden forms, one character changed, the keys of each mode."""

from datetime import UTC, datetime

import pytest
import time_machine

from payments.models import PaymentSession
from tests.payments import wire
from tests.payments.factories import go_live, shop_ready
from tests.payments.form.answers import ALGORITHMS, FORGED_VECTORS, URL, VECTORS, assert_refused, with_algorithm

pytestmark = pytest.mark.django_db


# --- Golden vectors --------------------------------------------------------------------------------------------
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


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain"])
def test_an_empty_form_is_error_70_whatever_its_type(client, db, caplog, content_type):
    response = client.generic("POST", URL, b"", content_type=content_type)

    assert_refused(response)
    assert "payment form refused: 70 signature" in caplog.text


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
