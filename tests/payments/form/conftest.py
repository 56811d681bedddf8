"""What the trials by the hundred share: requests whose writes are undone."""

from contextlib import contextmanager

import pytest
from django.db import transaction


@pytest.fixture
def undone(db):
    """A block whose writes are undone."""

    @contextmanager
    def block():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)
            # And released: thousands of open ones, each in the last, would fill the server's table of locks.
            transaction.savepoint_commit(point)

    return block
