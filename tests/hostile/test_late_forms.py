"""A form that came after its session's end is kept and given back, whatever was typed in it (OUT-06, OUT-07)."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Session
from accounts.sessions import digest_of
from tests.hostile import found, texts
from tests.hostile.setting import share
from tests.hostile.visitor import assert_escaped

GIVEN_BACK = "/connexion/reprise/"


def test_out_06_what_was_typed_too_late_is_given_back_intact_or_refused(visitor_as, house, undone):
    owner, late = visitor_as("owner"), visitor_as("owner")
    forms, _ = found.walk(owner.get, house)
    ended = Session.objects.filter(session_key=digest_of(late.cookies["session"].value))
    assert ended.update(expire_date=timezone.now() - timedelta(seconds=30)) == 1
    own = [form for form in forms if form.method == "post" and not form.is_public]
    fields = [(form, field) for form in own for field in form.fields if field.is_text and field.kind != "password"]
    given_back = 0
    for number, (form, field) in enumerate(fields):
        attacks = [*share(texts.WORST, 8, number), *map(texts.encoded, share(texts.NAUGHTY, 40, number))]
        for attack in attacks:
            with undone():
                answer = late.post_as_is(form, texts.body(form.pairs(**{field.name: attack})))
                told = (form.key, field.name, attack, answer.status_code)
                assert answer.status_code in {302, 400}, told
                if answer.status_code == 302 and GIVEN_BACK in answer["Location"].replace("%2F", "/"):
                    page, _ = owner.get(GIVEN_BACK, follow=False)
                    assert page.status_code == 200, told
                    assert_escaped(page, attack)
                    shown = {
                        one.name: one.value for one in sum((one.fields for one in found.read("/", page.text).forms), ())
                    }
                    assert shown[field.name].replace("\r\n", "\n") == texts.decoded(attack).replace("\r\n", "\n"), told
                    given_back += 1
    assert given_back > len(fields)
