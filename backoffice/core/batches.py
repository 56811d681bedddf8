"""Deleting and erasing much, a little at a time: no statement long enough to be cut, no lock long enough to be felt."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

SIZE = 500


def delete(rows: QuerySet[Any]) -> int:
    """Delete the rows, those that nobody is working on; return how many of them."""
    return each(lambda: _delete_some(rows))


def update(rows: QuerySet[Any], **values: Any) -> int:
    """Set these values on the rows, which must thereby stop being among them; return how many."""
    return each(lambda: _of(rows, _some(rows)).update(**values))


def each(step: Callable[[], int]) -> int:
    """Run `step` in a transaction of its own until it finds less than SIZE to do; return how much it did in all.

    `step` does SIZE at most, and does not find again what it did.
    """
    total = 0
    while True:
        with transaction.atomic():
            done = step()
        total += done
        if done < SIZE:
            return total


def _delete_some(rows: QuerySet[Any]) -> int:
    taken = _some(rows)
    _of(rows, taken).delete()
    return len(taken)


def _some(rows: QuerySet[Any]) -> list[Any]:
    free = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    return list(free.values_list("pk", flat=True)[:SIZE])


def _of(rows: QuerySet[Any], keys: list[Any]) -> QuerySet[Any]:
    chosen: QuerySet[Any] = rows.model._default_manager.filter(pk__in=keys)
    return chosen
