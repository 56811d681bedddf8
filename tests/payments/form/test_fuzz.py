"""Whatever is posted: an answer of ours, no accepted forgery, every accepted field byte for byte.

The suite draws a few hundred forms; `python -m tests.long.form` draws for ten minutes, by setting `FUZZ_SECONDS`.
"""

import os
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backoffice.vads.dictionary import THEMES
from payments.models import PaymentSession
from tests.payments import wire
from tests.payments.form import fuzz
from tests.payments.form.answers import first_code, urlencoded

pytestmark = pytest.mark.django_db
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
EXAMPLES = 250
# A file of failing examples would be written beside the code; each failure prints what was sent anyway.
settings.register_profile(
    "form",
    database=None,
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
ENDINGS = {"N": "0", "XXX": "x"}
EVERY = [(known, known.name + ENDINGS.get(known.ending, "")) for theme in THEMES for known in theme.fields]


def draw_until_over(check):
    """Run a property once, or again and again while the long setting has time."""
    over = time.monotonic() + SECONDS
    check()
    while time.monotonic() < over:
        check()


def test_whole_forms_gone_wrong_are_answered_and_never_forged(client, shop, undone):
    taken = []

    @settings(settings.get_profile("form"))
    @given(request=fuzz.requests(fuzz.genuine_forms(shop)))
    def check(request):
        with undone():
            taken.append(fuzz.judge(request, fuzz.send(client, request)))

    draw_until_over(check)

    # Both ways are tried, or the property says nothing; some seventh of them is taken.
    assert sum(taken) > len(taken) / 50
    assert sum(taken) < len(taken)


def test_each_field_alone_takes_anything_or_refuses_by_its_own_code(client, shop, undone):
    taken, seen = [], set()

    @settings(settings.get_profile("form"))
    @given(drawn=st.sampled_from(EVERY), value=fuzz.NASTY)
    def check(drawn, value):
        known, name = drawn
        form = wire.fields(shop, **{name.removeprefix("vads_"): value})
        try:
            form = wire.signed(form)
        except UnicodeEncodeError:
            form["signature"] = "x"
            value.encode("utf-16", "surrogatepass")
            return
        with undone():
            response = urlencoded(client, form)
            if response.status_code == 302:
                assert PaymentSession.objects.get().fields[name] == value
                taken.append(name)
                return
            code = first_code(response.content.decode())
            # The mode decides whether the page says more than its sentence.
            is_told = form["vads_ctx_mode"] == "TEST" and "\0" not in value and len(value) < 100_000
            assert response.status_code in {400, 413}
            assert not is_told or code in {known.code, "999"} or name == "vads_ctx_mode", (name, code)
            seen.add(code)

    draw_until_over(check)

    assert len(taken) > EXAMPLES / 10
    assert len(seen) > 10
