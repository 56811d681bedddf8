"""« Voir comme »: what an advisor's session remembers of a view, and through whose eyes a request is served.

The session stays the advisor's own, with its limits and its end. It remembers whose pages are seen, why and until when;
whether they still may be is asked again at every request (AUTHZ-05, AUTHZ-08).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts import rules
from accounts.enums import Role, ViewEnd, ViewReason
from accounts.models import Company, Membership, User

_KEY = "viewing"


class ReadOnly(Exception):
    """A page that is not for the eyes of whoever only looks on."""


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A view as the session keeps it: the person, the companies shown (the desk's own first), why, until when.

    `way_back` is the path of the desk's page that it started from.
    """

    person: UUID
    companies: list[UUID]
    reason: ViewReason
    until: datetime
    way_back: str


@dataclass(frozen=True, kw_only=True)
class Viewing:
    """A view that goes on in this request: who looks on, as whom and in which place, and what is left of it."""

    viewer: User
    place: Membership
    seconds_left: int
    kept: Remembered

    @property
    def person(self) -> User:
        """Without what they may owe: an enrolment would hide the pages, and is not for these eyes (AUTH-18)."""
        return self.place.user

    @property
    def company(self) -> Company:
        return self.place.company

    @property
    def role_label(self) -> str:
        return Role(self.place.role).label

    @property
    def reason_label(self) -> str:
        return self.kept.reason.label

    @property
    def way_back(self) -> str:
        return self.kept.way_back

    @property
    def minutes_left(self) -> int:
        """Begun minutes count: the last one is told as one."""
        return -(-self.seconds_left // 60)


def begin(
    session: SessionBase, *, person: User, companies: list[UUID], reason: ViewReason, way_back: str, now: datetime
) -> None:
    """Remember a view from now on, under a new id (SESS-01); using it makes it no longer."""
    session.cycle_key()
    session[_KEY] = {
        "person": str(person.public_id),
        "companies": [str(one) for one in companies],
        "reason": reason.value,
        "until": (now + rules.VIEWING_LIFE).timestamp(),
        "way_back": way_back,
    }


def forget(session: SessionBase) -> None:
    """The session is its owner's alone again."""
    session.pop(_KEY, None)


def remembered(session: SessionBase) -> Remembered | None:
    """The view that the session remembers, its time over or not.

    Looking is no use of the session: a page that asks nobody who they are renews none (SESS-03, PAY-01).
    """
    was_accessed = session.accessed
    kept = session.get(_KEY)
    session.accessed = was_accessed
    if kept is None:
        return None
    return Remembered(
        person=UUID(kept["person"]),
        companies=[UUID(one) for one in kept["companies"]],
        reason=ViewReason(kept["reason"]),
        until=datetime.fromtimestamp(kept["until"], UTC),
        way_back=kept["way_back"],
    )


def looked_at(kept: Remembered, *, by: User, now: datetime) -> Viewing | ViewEnd:
    """The view as it stands now, or what ended it: a permission that is no more, or its time.

    The permission comes first: whoever is told that the time is over may go back to the company's page.
    """
    place = rules.place_in_view(kept.person, company=kept.companies[0], by=by)
    if place is None:
        return ViewEnd.WITHDRAWN
    if now >= kept.until:
        return ViewEnd.OVER
    return Viewing(viewer=by, place=place, seconds_left=int((kept.until - now).total_seconds()), kept=kept)


def of(request: HttpRequest) -> Viewing | None:
    """The view that goes on in this request; None for everybody at their own pages."""
    return getattr(request, "viewing", None)


def owner_of_session(request: HttpRequest) -> object:
    """Who signed in, whoever's pages they see."""
    going_on = of(request)
    return going_on.viewer if going_on else request.user


def require_own_eyes(request: HttpRequest) -> None:
    """Raise ReadOnly while an advisor looks on: what asks who is there, and what was typed, is not theirs (KEY-03)."""
    if of(request):
        raise ReadOnly
