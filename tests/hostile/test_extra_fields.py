"""What nobody asked for changes nothing: every form with the columns of every guarded table beside its fields."""

import json

import pytest
from django.apps import apps
from django.db import connection

from tests.hostile import texts
from tests.hostile.people import EVERYBODY
from tests.hostile.setting import share

# Who people are, what they may, whose the shop is, what was agreed and what signs; not what every request writes.
ROOMS, BESIDE = ("accounts", "shops", "certificates", "support"), {"Session", "TryWindow"}
TEMPTING = ("1", "true", "advisor", "owner", "active", "signed", "production", "2030-01-01T00:00")


def guarded():
    return [one for room in ROOMS for one in apps.get_app_config(room).get_models() if one.__name__ not in BESIDE]


def columns():
    """Every column of a guarded table, by the names a careless form might take it under."""
    fields = [field for model in guarded() for field in model._meta.concrete_fields]
    return sorted({name for field in fields for name in (field.name, field.attname)} | {"is_staff", "is_superuser"})


def rows():
    """(table, key): its columns, for every guarded row."""
    kept = {}
    with connection.cursor() as cursor:
        for options in (model._meta for model in guarded()):
            cursor.execute(f"SELECT {options.pk.column}, to_jsonb(t)::text FROM {options.db_table} t")
            kept |= {(options.db_table, key): json.loads(row) for key, row in cursor.fetchall()}
    return kept


def differences(before, after):
    """(table, row, column) of whatever is not as it was; a new row by its table and the columns that hold something.

    Values are not compared: nonces, seals and dates differ each time.
    """
    changed = {(*one, "gone") for one in before.keys() - after.keys()}
    for (table, key), row in after.items():
        old = before.get((table, key))
        if old is None:
            changed |= {(table, "new", name) for name, value in row.items() if value}
        else:
            changed |= {(table, key, name) for name, value in row.items() if value != old[name]}
    return changed


@pytest.mark.parametrize("who", EVERYBODY)
def test_authz_04_fields_beside_those_of_a_form_change_nothing_more(visit, undone, who):
    visitor, forms = visit(who)
    before, tried, written = rows(), 0, set()
    for number, form in enumerate([one for one in forms if one.method == "post"]):
        own = {field.name for field in form.fields}
        outcomes = []
        for value in (None, *share(TEMPTING, 4, number)):
            beside = [(name, texts.encoded(value)) for name in columns() if name not in own] if value else []
            with undone():
                answer = visitor.post_as_is(form, texts.body([*form.pairs(), *beside]))
                outcomes.append((answer.status_code, differences(before, rows())))
        assert all(one == outcomes[0] for one in outcomes), (form.key, outcomes)
        tried += 1
        written |= outcomes[0][1]
    assert tried
    if who in {"owner", "stranger"}:
        assert written, "no form did anything: nothing was compared"
