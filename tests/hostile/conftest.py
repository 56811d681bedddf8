"""One house a test, and a visitor whose every request is undone."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction

STATE = {"failed_tries", "failures", "is_last_code_wrong", "state", "wrong_codes"}
# What a request may write though it is refused: who came, what was tried, and what waits to be mailed about it.
BESIDE = ("core_", "procrastinate_", "django_", "auth_")
BESIDE_TABLES = {"accounts_session", "accounts_device", "accounts_trywindow", "accounts_mailedlink"}


@pytest.fixture
def house(db):
    # Models are imported here: this file is read before Django is set up.
    from tests.hostile.people import House

    return House()


@pytest.fixture
def visitor_as(house, undone, kept_rows):
    from tests.hostile.visitor import Visitor

    return lambda who: Visitor(house, who, undone=undone, kept_rows=kept_rows)


_keys = {}


@pytest.fixture
def visit(visitor_as, house):
    """(visitor, forms) of a person: those that no earlier kind of person finds."""
    from tests.hostile import found
    from tests.hostile.people import EARLIER

    def keys_found_by(who):
        # The same in every house, so walked once a run.
        if who not in _keys:
            _keys[who] = {form.key for form in found.walk(visitor_as(who).get, house)[0]}
        return _keys[who]

    def as_(who):
        known = set().union(*map(keys_found_by, EARLIER[who]))
        visitor = visitor_as(who)
        forms, _ = found.walk(visitor.get, house)
        return visitor, [form for form in forms if form.key not in known]

    return as_


@pytest.fixture
def undone():
    """A block whose writes are undone."""

    @contextmanager
    def block():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)

    return block


@pytest.fixture
def kept_rows(db):
    """A question: a digest of every row that a refused request must leave alone."""
    tables = [
        name
        for name in connection.introspection.table_names()
        if not name.startswith(BESIDE) and name not in BESIDE_TABLES
    ]
    each = " UNION ALL ".join(
        f"SELECT '{name}', md5(string_agg((to_jsonb(t) - '{{{','.join(sorted(STATE))}}}'::text[])::text, '' "
        f"ORDER BY t::text)) FROM {name} t"
        for name in sorted(tables)
    )

    def ask():
        with connection.cursor() as cursor:
            cursor.execute(each)
            return dict(cursor.fetchall())

    return ask
