"""Bytes that are no form: twice the same field, no UTF-8, broken bodies, sizes (PAY-04, PAY-13, OUT-07)."""

from urllib.parse import urlencode

import pytest

from tests.payments import wire
from tests.payments.form.answers import URL, assert_refused, urlencoded

pytestmark = pytest.mark.django_db


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


def test_out_07_latin_1_is_said_to_be_no_utf_8_in_each_encoding(client, shop, caplog):
    latin = "Saint-Étienne".encode("latin-1")
    part = b'--x\r\nContent-Disposition: form-data; name="vads_cust_city"\r\n\r\n' + latin + b"\r\n--x--\r\n"
    assert_refused(client.generic("POST", URL, part, content_type="multipart/form-data; boundary=x"))
    assert_refused(urlencoded(client, b"vads_cust_city=" + latin))
    assert_refused(urlencoded(client, b"vads_cust_city=Saint-%C9tienne"))
    assert caplog.text.count("payment form refused: 99") == 3


def test_a_file_cannot_pass_for_a_field(client, shop):
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert_refused(client.post(URL, wire.form_of(shop) | {"vads_order_info": SimpleUploadedFile("a.txt", b"x")}))


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
