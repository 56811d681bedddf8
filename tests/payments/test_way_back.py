"""The way back to the shop: where, how, and what it carries (compatibility 23)."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.urls import reverse

from payments.models import PaymentSession, Transaction
from payments.page.way_back import way_back
from shops.models import Shop
from tests.payments import wire
from tests.payments.conftest import ACCEPTED, LIMIT_EXCEEDED
from tests.payments.factories import PaymentSessionFactory, go_live

pytestmark = pytest.mark.django_db
BACK = "https://boutique.example/retour?panier=7"
WRONG = "https://boutique.example/pas-ici"


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


# How a visit ends, the shop's own address for it, and what a signed return then says (domain 7).
ENDS = {
    "success": ("url_success", "AUTHORISED", "00"),
    "refused": ("url_refused", "REFUSED", "05"),
    "cancel": ("url_cancel", "ABANDONED", "17"),
    "expired": ("url_cancel", "ABANDONED", "17"),
    "error": ("url_error", "ABANDONED", "96"),
}


@pytest.fixture
def leave(client, settings, pay, now):
    """End a visit in one of the ways of ENDS; return where the buyer's way back leads, and the fields it carries."""

    def end(session, how):
        path = reverse("payments:page", args=[session.token])
        if how == "cancel":
            answer = client.post(reverse("payments:cancel", args=[session.token]))
            if not answer.url.startswith("/"):
                return read_link(answer.url)
            page = client.get(answer.url)
        elif how == "expired":
            with time_machine.travel(now + timedelta(minutes=11)):
                page = client.get(path)
        elif how == "error":
            settings.ACQUIRER = ""
            page = pay(session)
            settings.ACQUIRER = "payments.acquirer.Simulator"
        else:
            pay(session, ACCEPTED if how == "success" else LIMIT_EXCEEDED)
            page = result_page(client, session)
        return form_in(page) if 'class="till-way-back" method="post"' in page.text else read_link(link_of(page))

    return end


def read_link(url):
    address, _, query = url.partition("?")
    return address, dict(parse_qsl(query, keep_blank_values=True))


@pytest.fixture
def live(shop, settings):
    """The same shop in PRODUCTION: only there can nobody be found to authorise a payment."""
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    return shop


def open_live(open_page, shop, **changes):
    return open_page(shop, wire.PRODUCTION_CERTIFICATE, ctx_mode="PRODUCTION", **changes)


@pytest.mark.parametrize("mode", ["", "NONE", "GET", "POST"])
@pytest.mark.parametrize("how", ENDS)
def test_compatibility_23_the_address_is_the_end_s_own_then_the_return_then_the_shops(
    live, open_page, leave, how, mode
):
    own, status, result = ENDS[how]
    Shop.objects.update(return_url_production="https://boutique.example/reglee", return_url_test=WRONG)
    forms = {
        "https://boutique.example/propre": {own: "https://boutique.example/propre", "url_return": WRONG},
        "https://boutique.example/retour": {own: "", "url_return": "https://boutique.example/retour"},
        "https://boutique.example/reglee": {"url_return": ""},
        "https://boutique.example": {},
    }
    others = {f"url_{name}": WRONG for name in ("success", "refused", "cancel", "error")} | {own: None}
    for number, (expected, addresses) in enumerate(forms.items()):
        if not addresses:
            Shop.objects.update(return_url_production="")
        session = open_live(open_page, live, trans_id=f"{number:06d}", return_mode=mode, **others | addresses)

        address, carried = leave(session, how)

        assert address == expected
        assert bool(carried) == (mode in {"GET", "POST"})
        if carried:
            assert wire.is_genuine(carried, wire.PRODUCTION_CERTIFICATE)
            assert (carried["vads_trans_status"], carried["vads_result"]) == (status, result)
            assert not {"vads_hash", "vads_url_check_src"} & set(carried)


def test_our_own_fault_signs_nothing_about_a_reference_that_another_visit_paid(client, live, pay, settings):
    previews = []
    for amount in ("1990", "2990"):
        changes = {"ctx_mode": "PRODUCTION", "amount": amount, "return_mode": "GET", "url_error": BACK}
        form = wire.signed(wire.fields(live, **changes), wire.PRODUCTION_CERTIFICATE)
        token = client.get(reverse("payments:entry"), form).url.split("/")[2]
        previews.append(PaymentSession.objects.of_token(token).get())
    pay(previews[0])
    settings.ACQUIRER = ""

    page = pay(previews[1])

    assert page.status_code == 503
    assert link_of(page) == BACK


def test_each_mode_has_its_configured_return_address(client, shop, open_page, pay):
    Shop.objects.update(return_url_test="https://essai.example/retour", return_url_production=WRONG)
    session = open_page(shop)
    pay(session)
    assert link_of(result_page(client, session)) == "https://essai.example/retour"


def test_our_own_fault_is_told_in_the_buyer_s_language_and_the_visit_can_still_be_paid(
    client, live, open_page, pay, settings
):
    session = open_live(open_page, live, language="de", return_mode="POST", url_error=BACK)
    settings.ACQUIRER = ""

    page = pay(session)

    assert page.status_code == 503
    assert "Technische Störung" in page.text
    assert form_in(page)[0] == BACK
    assert "form-action 'self' https://boutique.example;" in page["Content-Security-Policy"] + ";"
    assert not Transaction.objects.exists()
    settings.ACQUIRER = "payments.acquirer.Simulator"
    pay(session)
    assert Transaction.objects.get().is_accepted


# --- What the shop asked to be added ---------------------------------------------------------------------------
def test_the_parameters_asked_for_come_before_the_signed_fields_of_a_get_return(client, shop, open_page, pay):
    session = open_page(
        shop,
        url_return=BACK,
        return_mode="GET",
        return_get_params="panier_id=8&note=caf%C3%A9+noir&vide=",
        return_post_params="jamais=1",
    )
    pay(session)

    pairs = parse_qsl(urlsplit(link_of(result_page(client, session))).query, keep_blank_values=True)

    assert pairs[:4] == [("panier", "7"), ("panier_id", "8"), ("note", "café noir"), ("vide", "")]
    assert pairs[4][0].startswith("vads_")
    assert wire.is_genuine(dict(pairs))
    assert "jamais" not in dict(pairs)


def test_the_parameters_asked_for_are_hidden_fields_of_a_post_return(client, shop, open_page, pay):
    session = open_page(
        shop, url_return=BACK, return_mode="POST", return_post_params="panier_id=8", return_get_params="jamais=1"
    )
    pay(session)

    action, received = form_in(result_page(client, session))

    assert action == BACK
    assert next(iter(received.items())) == ("panier_id", "8")
    assert "jamais" not in received
    assert wire.is_genuine(received)


def test_a_get_return_that_goes_by_post_keeps_its_parameters_in_the_address(client, shop, open_page, pay):
    long = {f"ext_info_{n}": "é" * 250 for n in range(8)}
    session = open_page(shop, url_return=BACK, return_mode="GET", return_get_params="panier_id=8", **long)
    pay(session)
    assert form_in(result_page(client, session))[0] == f"{BACK}&panier_id=8"


def test_parameters_are_not_sent_when_nothing_else_is(client, shop, open_page, pay):
    session = open_page(shop, url_return=BACK, return_get_params="panier_id=8")
    pay(session)
    assert link_of(result_page(client, session)) == BACK


@pytest.mark.parametrize("mode", ["GET", "POST"])
@pytest.mark.parametrize(
    "name", ["vads_trans_status", "VADS_result", "vads_", "signature", "Signature", "%76ads_amount", "vads%5Famount"]
)
def test_pay_12_no_parameter_passes_for_a_field_that_is_signed(name, mode):
    """The form is refused for it; a visit that holds one all the same sends nothing of it."""
    session = PaymentSessionFactory()
    session.fields |= {
        "vads_return_mode": mode,
        f"vads_return_{mode.lower()}_params": f"avant=1&{name}=CAPTURED&apres=2",
    }

    back = way_back(session)

    pairs = back.fields if back.is_post else parse_qsl(urlsplit(back.url).query, keep_blank_values=True)
    assert [one for one, _ in pairs].count("signature") == 1
    assert not any(value == "CAPTURED" for _, value in pairs)


@pytest.mark.parametrize(
    "params",
    [
        "a=%0d%0aSet-Cookie:%20x",
        'a="><script>alert(1)</script>',
        "a=b#&vads_x=1",
        "&&&=;=",
        "%ff=%fe",
        "a",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("mode", ["GET", "POST"])
def test_hostile_parameters_stay_parameters(client, shop, params, mode):
    session = PaymentSessionFactory(shop=shop, holds_reference=True)
    session.fields |= {
        "vads_url_cancel": "https://boutique.example/retour#bas",
        "vads_return_mode": mode,
        f"vads_return_{mode.lower()}_params": params,
    }
    session.save()
    answer = client.post(reverse("payments:cancel", args=[session.token]))
    if mode == "GET":
        url = urlsplit(answer.url)
        assert (url.scheme, url.netloc, url.path, url.fragment) == ("https", "boutique.example", "/retour", "bas")
        assert wire.is_genuine(dict(parse_qsl(url.query, keep_blank_values=True)))
        assert re.fullmatch(r"[!-~]+", answer.url)
    else:
        action, received = form_in(client.get(answer.url))
        assert action == "https://boutique.example/retour#bas"
        assert wire.is_genuine(received)


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
