"""Work that PostgreSQL itself lets change nothing, and that is undone whatever comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from psycopg.errors import ReadOnlySqlTransaction


@contextmanager
def held_read_only() -> Iterator[None]:
    """Run a block inside a transaction, or a savepoint of one, that refuses every write and is always rolled back.

    A refused write raises DatabaseError, for which `is_refused_write` answers True. Nothing deferred for the commit
    happens: there is none.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        transaction.set_rollback(True)


def is_refused_write(exception: BaseException) -> bool:
    """Whether this is PostgreSQL refusing to write in such a block."""
    return isinstance(exception, DatabaseError) and isinstance(exception.__cause__, ReadOnlySqlTransaction)
