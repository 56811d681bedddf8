"""Every form takes everything: a clear error or a clean refusal, never a 500, nothing lost (OUT-06, OUT-07).

Forms are found, not listed: the walk starts from every address of the resolver, as each kind of person; what strangers
find too is tried as a stranger. A run of the suite tries, on every such form:

- in each field alone, a twelfth of the worst bytes (`texts.WORST`) and a share of the 515 naughty strings: the fields
  of a stranger take all 515 together, those of an owner too, a quarter goes to the others'; none takes all alone;
- in all fields at once, a few of the worst bytes and of the naughty strings, in rotation;
- in each field a megabyte, and every body of `texts.wrong_bodies`.

`python -m tests.long.hostile` tries all of them in each field. The token against forged requests is not asked for here
(Django's test client), so that each attack reaches the form behind it.
"""

import itertools

import pytest

from tests.hostile import texts
from tests.hostile.people import EVERYBODY
from tests.hostile.setting import IS_FULL, share

WORST_STEP, TOGETHER_STEP, NAUGHTY_TOGETHER_STEP = 12, 16, 100
THROWN_ALL = {"stranger", "owner"}


def with_fields(visitor, forms):
    return visitor, [form for form in forms if form.fields]


def fields_of(forms):
    return [(form, field) for form in forms for field in form.fields]


@pytest.mark.parametrize("who", EVERYBODY)
def test_out_07_each_field_of_each_form_takes_the_worst(visit, who):
    visitor, forms = with_fields(*visit(who))
    for number, (form, field) in enumerate(fields_of(forms)):
        for attack in share(texts.WORST, WORST_STEP, number):
            visitor.send(form, {field.name: attack})
    for number, form in enumerate(forms):
        for attack in share(texts.WORST, TOGETHER_STEP, number):
            visitor.send(form, dict.fromkeys([field.name for field in form.fields], attack))


@pytest.mark.parametrize("who", EVERYBODY)
def test_out_06_the_text_fields_take_five_hundred_naughty_strings(visit, who):
    visitor, forms = with_fields(*visit(who))
    fields = [(form, field) for form, field in fields_of(forms) if field.is_text]
    assert fields
    if IS_FULL:
        pairs = itertools.product(texts.NAUGHTY, fields)
    else:
        step = 1 if who in THROWN_ALL else 4
        pairs = zip(share(texts.NAUGHTY, step), itertools.cycle(fields), strict=False)
    for naughty, (form, field) in pairs:
        visitor.send(form, {field.name: texts.encoded(naughty)})
    strings = itertools.cycle(texts.NAUGHTY)
    for form in forms:
        names = [field.name for field in form.fields if field.is_text]
        for _ in share(texts.NAUGHTY, NAUGHTY_TOGETHER_STEP):
            visitor.send(form, {name: texts.encoded(next(strings)) for name in names})


@pytest.mark.parametrize("who", EVERYBODY)
def test_out_07_a_megabyte_in_any_field_and_what_is_no_form_are_refused(visit, who):
    visitor, forms = with_fields(*visit(who))
    for form in [one for one in forms if one.method == "post"]:
        # The sign-in answers every refusal with one page (AUTH-02).
        allowed = {200, 400} if form.key[0] == "accounts:sign_in" else {400, 413}
        for field in form.fields:
            answer = visitor.send(form, {field.name: texts.MEGABYTE})
            assert answer.status_code in allowed, (form.key, field.name, answer.status_code)
        for what, body, content_type in texts.wrong_bodies(form.pairs()):
            answer = visitor.send_body(form, body, content_type)
            if what in texts.REFUSED_OUTRIGHT and not form.is_for_buyers:
                assert 400 <= answer.status_code < 500, (form.key, what, answer.status_code)


def test_forms_are_found_for_everybody(visit):
    """Were the walk to find nothing, everything above would pass."""
    names = {who: {form.key[0] for form in with_fields(*visit(who))[1]} for who in EVERYBODY}
    assert {"accounts:sign_in", "accounts:forgotten", "support:contact", "payments:page"} <= names["stranger"]
    assert "accounts:invitation" in names["stranger"]
    assert "accounts:first_connection" in names["code"]
    assert "accounts:new_password" in names["new password"]
    assert {"shops:server_url", "shops:payment_page", "certificates:algorithm", "accounts:password"} <= names["owner"]
    assert "payments:refused_forms" in names["owner"]
    assert {"accounts:confirm", "accounts:change_email", "accounts:change_phone"} <= names["owner"]
    assert names["blocked owner"] == {"accounts:unblock"}
    assert "accounts:journal" in names["advisor"]
