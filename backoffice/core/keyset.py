"""Lists read newest first, a page at a time: fast at any depth, since a page starts from a row and not from a count."""

from dataclasses import dataclass
from typing import Generic, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


class ChronologicalQuerySet(models.QuerySet[M]):
    """Rows that have a public id and a moment, in their total order: by `moment`, then by key."""

    moment = "created_at"

    def newest_first(self) -> Self:
        return self.order_by(f"-{self.moment}", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by(self.moment, "pk")

    def older_than(self, other: M) -> Self:
        """Those that come after `other` in a list read newest first; reads the index at any depth."""
        at = getattr(other, self.moment)
        return self.filter(**{f"{self.moment}__lte": at}).filter(Q(**{f"{self.moment}__lt": at}) | Q(pk__lt=other.pk))

    def newer_than(self, other: M) -> Self:
        """Those that come before `other` in a list read newest first."""
        at = getattr(other, self.moment)
        return self.filter(**{f"{self.moment}__gte": at}).filter(Q(**{f"{self.moment}__gt": at}) | Q(pk__gt=other.pk))

    def with_public_id(self, public_id: str) -> Self:
        """The row of this id; nothing when the text is no id at all."""
        try:
            return self.filter(public_id=UUID(public_id))
        except ValueError:
            return self.none()


@dataclass(frozen=True, kw_only=True)
class Slice(Generic[M]):
    """The rows of one page, and the public ids from which the neighbouring pages start, where there are any."""

    rows: list[M]
    newer_than: UUID | None
    older_than: UUID | None


def slice_of(rows: ChronologicalQuerySet[M], *, older_than: str, newer_than: str, size: int) -> Slice[M]:
    """The page after the row `older_than`, or before the row `newer_than` (public ids); the newest page otherwise.

    An id that is no row of the list is ignored. Three queries at most beside those of prefetched relations.
    """
    bare = rows.prefetch_related(None)
    after = bare.with_public_id(older_than).first()
    before = None if after else bare.with_public_id(newer_than).first()
    if before:
        # One more than a page tells whether there is another.
        nearest = list(rows.newer_than(before).oldest_first()[: size + 1])
        shown, has_newer, has_older = nearest[:size][::-1], len(nearest) > size, True
    else:
        start = rows.older_than(after) if after else rows
        found = list(start.newest_first()[: size + 1])
        shown, has_newer, has_older = found[:size], after is not None, len(found) > size
    return Slice(
        rows=shown,
        newer_than=_public_id(shown[0]) if shown and has_newer else None,
        older_than=_public_id(shown[-1]) if shown and has_older else None,
    )


def _public_id(row: models.Model) -> UUID:
    public_id: UUID = row.public_id  # type: ignore[attr-defined]  # every such row has one
    return public_id
