"""One house a test, and a visitor whose every request is undone."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction

STATE = {"failed_tries", "state"}
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
