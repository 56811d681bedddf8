"""The signed text has no names: what is shared out otherwise must be refused by the formats (compatibility 13)."""

import itertools

import pytest

from tests.payments import wire
from tests.payments.form.answers import VECTORS, assert_refused, assert_taken, urlencoded
from tests.payments.full_form import full_form

pytestmark = pytest.mark.django_db


MONEY = ("vads_action_mode", "vads_amount", "vads_ctx_mode", "vads_currency", "vads_payment_config")
INVENTED = ("vads_a", "vads_ada", "vads_amz", "vads_capz", "vads_csz", "vads_ctx_z", "vads_page_z", "vads_payment_d")
SLIDES = 12


def shifted(genuine):
    """Forms whose signed text is the genuine one's, letter for letter, shared out otherwise between names."""
    names = sorted(genuine)
    for left, right in itertools.pairwise(names):
        joined = f"{genuine[left]}+{genuine[right]}"
        for cut in (place for place, letter in enumerate(joined) if letter == "+"):
            yield genuine | {left: joined[:cut], right: joined[cut + 1 :]}
        for kept, lost in ((left, right), (right, left)):
            merged = {name: value for name, value in genuine.items() if name != lost} | {kept: joined}
            yield merged
    values = [genuine[name] for name in names]
    # One name invented for one lost, a few of each; tests.long.form draws the others.
    for place, invented in enumerate(INVENTED):
        for lost in names[place % SLIDES :: SLIDES]:
            others = sorted({*names, invented} - {lost})
            yield dict(zip(others, values, strict=True))


def forged(genuine):
    return [form for form in shifted(genuine) if any(form.get(name) != genuine[name] for name in MONEY)]


# What a buyer can type into a shop to be signed by it.
TYPED = {"cust_address": "INTERACTIVE+1+TEST+978", "cust_city": "PAYMENT+SINGLE", "cust_id": "1", "cust_name": "978"}


def genuine_forms(shop):
    yield full_form(shop, 1)
    yield full_form(shop, 2, **TYPED)
    yield full_form(shop, 3, payment_config="MULTI:first=90;count=3;period=30")
    for number, vector in enumerate(VECTORS, 10):
        fresh = {"vads_site_id": shop.site_id, "vads_trans_date": wire.trans_date(), "vads_trans_id": f"{number:06d}"}
        yield vector["fields"] | fresh


def test_compatibility_13_pay_05_no_shift_between_neighbours_changes_what_is_paid(client, shop):
    tried = 0
    for genuine in genuine_forms(shop):
        sign = wire.signature(genuine, wire.TEST_CERTIFICATE)
        for forgery in forged(genuine):
            assert wire.signature(forgery, wire.TEST_CERTIFICATE) == sign
            response = urlencoded(client, forgery | {"signature": sign})
            assert response.status_code == 400, forgery
            # The signature is right: what refuses the form is what its fields may hold.
            assert "#erreur-00" not in response.content.decode()
            tried += 1
        as_signed = urlencoded(client, genuine | {"signature": sign})
        if TYPED["cust_address"] in genuine.values():
            # Nobody lives at such an address: what could be shifted from there is refused where it stands too.
            assert "vads_cust_address</span>" in as_signed.content.decode()
        else:
            assert_taken(as_signed, genuine)
    assert tried > 200


def test_compatibility_13_a_schedule_typed_by_a_buyer_never_becomes_the_forms_own(client, shop):
    schedule = "MULTI:first=1;count=9;period=30"
    genuine = wire.fields(shop, cust_address=f"PAYMENT+{schedule}", order_id=None)
    sign = wire.signature(genuine, wire.TEST_CERTIFICATE)
    kept = {name: value for name, value in genuine.items() if name != "vads_cust_address"}
    for swallowing in ("vads_payment_src", "vads_payment_z", "vads_product_label0", "vads_shop_name"):
        forgery = kept | {"vads_payment_config": schedule, swallowing: "PAYMENT+SINGLE"}
        assert wire.signature(forgery, wire.TEST_CERTIFICATE) == sign
        response = urlencoded(client, forgery | {"signature": sign})
        assert_refused(response)
        assert "#erreur-00" not in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "forgery"),
    [
        ("INTERACTIVE+1+TEST+978", {"vads_aaa": "INTERACTIVE+6490+TEST+978", "vads_amount": "1"}),
        ("TEST+392", {"vads_contrib": "TEST+978", "vads_currency": "392"}),
        ("392", {"vads_ctx_z": "978", "vads_currency": "392"}),
        ("1+TEST+978", {"vads_ada": "6490+TEST+978", "vads_amount": "1"}),
    ],
)
def test_compatibility_13_pay_05_the_money_fields_cannot_be_swallowed_and_typed_again(client, shop, typed, forgery):
    genuine = wire.fields(shop, cust_address=typed)
    sign = wire.signature(genuine, wire.TEST_CERTIFICATE)
    kept = {name: value for name, value in genuine.items() if name != "vads_cust_address"}

    assert wire.signature(kept | forgery, wire.TEST_CERTIFICATE) == sign
    response = urlencoded(client, kept | forgery | {"signature": sign})

    assert_refused(response)
    assert "#erreur-00" not in response.content.decode()
