"""The way back to the shop: where, how, and what it carries (compatibility 23)."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from payments.models import Transaction
from tests.payments import wire
from tests.payments.conftest import ACCEPTED, LIMIT_EXCEEDED

pytestmark = pytest.mark.django_db
BACK = "https://boutique.example/retour?panier=7"


def result_page(client, session):
    return client.get(reverse("payments:result", args=[session.token]))


def link_of(page):
    return html.unescape(re.search(r'<a class="btn btn-primary" href="([^"]+)"', page.content.decode())[1])


def form_in(page):
    text = page.content.decode()
    action = html.unescape(re.search(r'<form class="till-way-back" method="post" action="([^"]+)"', text)[1])
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return action, {html.unescape(name): html.unescape(value) for name, value in pairs}


@pytest.mark.parametrize("mode", [{}, {"return_mode": ""}, {"return_mode": "NONE"}])
def test_nothing_is_sent_along_unless_asked(client, shop, open_page, pay, mode):
    session = open_page(shop, url_return=BACK, **mode)
    pay(session)
    assert link_of(result_page(client, session)) == BACK


@pytest.mark.parametrize(("number", "status"), [(ACCEPTED, "AUTHORISED"), (LIMIT_EXCEEDED, "REFUSED")])
def test_a_get_return_carries_the_signed_result_after_the_existing_query(client, shop, open_page, pay, number, status):
    session = open_page(shop, url_return=BACK, return_mode="GET", cust_city="Saint-Étienne", order_info="")
    pay(session, number)

    url = urlsplit(link_of(result_page(client, session)))

    pairs = parse_qsl(url.query, keep_blank_values=True)
    assert pairs[0] == ("panier", "7")
    received = dict(pairs[1:])
    assert all(name.startswith("vads_") or name == "signature" for name in received)
    assert wire.is_genuine(received)
    assert received["vads_trans_status"] == status
    assert received["vads_cust_city"] == "Saint-Étienne"
    assert received["vads_order_info"] == ""
    assert not {"vads_hash", "vads_url_check_src"} & set(received)


def test_pay_12_a_post_return_is_a_form_of_signed_fields_only_escaped(client, shop, open_page, pay):
    hostile = "\"'&amp; {{ x }} é"
    session = open_page(shop, url_return=BACK, return_mode="POST", ext_info_note=hostile)
    pay(session)
    page = result_page(client, session)

    action, received = form_in(page)

    assert action == BACK
    assert set(received) - {"signature"} == {name for name in received if name.startswith("vads_")}
    assert wire.is_genuine(received)
    assert received["vads_ext_info_note"] == hostile
    assert "form-action 'self' https://boutique.example;" in page["Content-Security-Policy"] + ";"


def test_a_get_return_too_long_for_a_request_line_goes_by_post(client, shop, open_page, pay):
    session = open_page(shop, url_return=BACK, return_mode="GET", **{f"ext_info_{n}": "é" * 250 for n in range(8)})
    pay(session)
    assert wire.is_genuine(form_in(result_page(client, session))[1])


@pytest.mark.parametrize(
    ("number", "own"), [(ACCEPTED, "url_success"), (LIMIT_EXCEEDED, "url_refused"), (None, "url_cancel")]
)
def test_the_address_is_the_results_own_then_the_return_then_the_shops(client, shop, open_page, pay, number, own):
    def leave(session):
        if number is None:
            return client.post(reverse("payments:cancel", args=[session.token])).url
        pay(session, number)
        return link_of(result_page(client, session))

    special = "https://boutique.example/special"
    assert leave(open_page(shop, trans_id="000001", url_return=BACK, **{own: special})) == special
    assert leave(open_page(shop, trans_id="000002", url_return=BACK, **{own: ""})) == BACK
    assert leave(open_page(shop, trans_id="000003", url_return="")) == shop.url


def test_a_fragment_stays_after_the_query(client, shop, open_page, pay):
    session = open_page(shop, url_return="https://boutique.example/#retour", return_mode="GET")
    pay(session)
    assert link_of(result_page(client, session)).endswith("#retour")
    assert "/?vads_" in link_of(result_page(client, session))


def test_compatibility_19_a_cancelled_return_invents_nothing(client, shop, open_page):
    session = open_page(shop, url_cancel=BACK, return_mode="GET")

    url = client.post(reverse("payments:cancel", args=[session.token])).url

    received = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    received.pop("panier")
    assert wire.is_genuine(received)
    echoed = {f"vads_{name}" for name in ("url_cancel", "return_mode")} | set(wire.fields(shop))
    assert set(received) == echoed | {"vads_result", "vads_trans_status", "signature"}
    assert (received["vads_result"], received["vads_trans_status"]) == ("17", "ABANDONED")


def test_a_cancelled_post_return_is_offered_as_a_form(client, shop, open_page):
    session = open_page(shop, url_cancel=BACK, return_mode="POST")

    response = client.post(reverse("payments:cancel", args=[session.token]))

    action, received = form_in(client.get(response.url))
    assert action == BACK
    assert wire.is_genuine(received)
    assert received["vads_trans_status"] == "ABANDONED"


def test_the_shop_cannot_have_its_own_words_echoed_as_ours(client, shop, open_page, pay):
    forged = {"trans_status": "CAPTURED", "hash": "0" * 64, "url_check_src": "PAY", "trans_uuid": "0" * 32}
    session = open_page(shop, url_return=BACK, return_mode="GET", **forged)
    pay(session, LIMIT_EXCEEDED)

    received = dict(parse_qsl(urlsplit(link_of(result_page(client, session))).query, keep_blank_values=True))

    assert received["vads_trans_status"] == "REFUSED"
    assert received["vads_trans_uuid"] == Transaction.objects.get().trans_uuid
    assert not {"vads_hash", "vads_url_check_src"} & set(received)
