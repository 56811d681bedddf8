"""The people of a company: inviting, changing roles, removing, and the end of accesses whose day has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import emails, rules
from accounts.actions import tries
from accounts.actions.frozen import lock_unfrozen
from accounts.actions.opening import draw_temporary_password, open_merchant_account
from accounts.actions.records import record
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.enums import AccountState, Role
from accounts.models import Company, Membership, ToldCode, User
from accounts.models.memberships import last_day_of
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove


class NotAllowed(Exception):
    """This person may not do that to this company's people, or not any more."""


class TooManyInvitations(Exception):
    """The company has invited its share of today."""


class DrawnLately(Exception):
    """A temporary password left within the half-hour."""


class CodeGone(Exception):
    """The printable form of the code was destroyed: first connection done, or 30 days over."""


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Who is invited, as the owner wrote it; `phone` may be empty."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What is given: a role, and for an integrator the moment it ends and how many shops it covers."""

    role: Role
    ends_at: datetime | None = None
    shops: int = 0

    def detail(self) -> dict[str, str | int]:
        """What the journal keeps of it."""
        if self.ends_at is None:
            return {"role": self.role.value}
        return {"role": self.role.value, "until": last_day_of(self.ends_at).isoformat(), "shops": self.shops}


@transaction.atomic
def invite_person(
    *, company: Company, invitee: Invitee, grant: Grant, code: str, by: User, browser: Browser, now: datetime
) -> User:
    """Open an account of their own for somebody; every owner is told (AUTH-16, design 4.6).

    The code is chosen by the owner, who tells it; mails never hold it. Raises NotAllowed, TooManyInvitations,
    codes.CodeRefused, ChangesFrozen.
    """
    _require_owner(company, by)
    if grant.role not in rules.INVITED_ROLES:
        raise NotAllowed
    since = now - timedelta(days=1)
    if Membership.objects.of_company(company).begun_since(since).count() >= rules.INVITATIONS_A_DAY:
        raise TooManyInvitations
    person, _ = open_merchant_account(
        company=company,
        role=grant.role,
        first_name=invitee.first_name,
        last_name=invitee.last_name,
        email=invitee.email,
        phone=invitee.phone,
        code=code,
        now=now,
        invited_by=by,
        ends_at=grant.ends_at,
    )
    place = place_of(company, person)
    for owner in rules.owners_of(company):
        emails.person_invited(owner, place=place, by=by, now=now)
    record(Event.PERSON_INVITED, user=person, by=by, now=now, address=browser.address, **grant.detail())
    return person


@transaction.atomic
def change_role(*, place: Membership, grant: Grant, by: User, browser: Browser, now: datetime) -> None:
    """Give another role, effective on the person's next request (AUTHZ-05); the person is told.

    Raises NotAllowed, ChangesFrozen.
    """
    locked = _managed(place, by)
    was_owner = locked.role == Role.OWNER
    locked.role, locked.ends_at = grant.role, grant.ends_at
    locked.save(update_fields=["role", "ends_at"])
    emails.role_changed(locked, by=by, now=now)
    if locked.role == Role.OWNER and not was_owner:
        for owner in rules.owners_of(locked.company):
            if owner.pk != locked.user_id:
                emails.owner_made(owner, place=locked, by=by, now=now)
    record(Event.PERSON_ROLE_CHANGED, user=locked.user, by=by, now=now, address=browser.address, **grant.detail())


@transaction.atomic
def remove_person(*, place: Membership, by: User, browser: Browser, now: datetime) -> None:
    """End an access at once: sessions, code and account with it (SESS-05). Raises NotAllowed, ChangesFrozen."""
    locked = _managed(place, by)
    locked.ends_at = now
    locked.save(update_fields=["ends_at"])
    close_unless_elsewhere(locked, now=now)
    emails.person_removed(locked, now=now)
    record(Event.PERSON_REMOVED, user=locked.user, by=by, now=now, address=browser.address, role=locked.role)


@transaction.atomic
def redraw_for_person(*, place: Membership, by: User, browser: Browser, now: datetime) -> None:
    """Mail another temporary password to an invited person who has not connected yet (RST-04).

    Raises NotAllowed, ChangesFrozen, DrawnLately, or IllegalMove once the first connection is done: the rest is an
    advisor's.
    """
    locked = _managed(place, by)
    person = User.objects.select_for_update().get(pk=locked.user_id)
    if person.state != AccountState.FIRST_CONNECTION or not ToldCode.objects.of(person).exists():
        raise IllegalMove(person.state, AccountState.FIRST_CONNECTION)
    if rules.is_drawn_lately(person, now=now):
        raise DrawnLately
    draw_temporary_password(person, now=now)
    end_sessions(user=person)
    tries.forget_browsers(person)
    record(Event.TEMPORARY_PASSWORD_DRAWN, user=person, by=by, now=now, address=browser.address)


@transaction.atomic
def show_told_code(*, place: Membership, by: User, browser: Browser, now: datetime) -> str:
    """The code an owner chose for somebody, to tell it in person or by telephone (design 4.6).

    Raises NotAllowed, ChangesFrozen, CodeGone.
    """
    locked = _managed(place, by)
    told = ToldCode.objects.of(locked.user).select_for_update().first()
    if told is None or not rules.has_readable_code(told, now=now):
        raise CodeGone
    record(Event.PERSON_CODE_SHOWN, user=locked.user, by=by, now=now, address=browser.address)
    return told.unsealed()


def end_accesses(*, now: datetime) -> int:
    """Close the accounts whose access ended by itself, and tell their owners; return how many."""
    over = list(User.objects.with_access_over())
    return sum(_end_access(person, now=now) for person in over)


def destroy_old_codes(*, now: datetime) -> int:
    """Destroy the codes nobody used in 30 days (design 4.6); return how many."""
    return ToldCode.objects.older_than(now - rules.TOLD_CODE_LIFE).destroy(at=now)


@transaction.atomic
def _end_access(person: User, *, now: datetime) -> bool:
    place = _place_over(person)
    # Read before the lock: an owner may have given more time, or removed the person, meanwhile.
    if place is None or not close_unless_elsewhere(place, now=now):
        return False
    emails.access_ended(place, now=now)
    for owner in rules.owners_of(place.company):
        emails.access_ended_for(owner, place=place, now=now)
    record(Event.PERSON_REMOVED, user=person, by=None, now=now, role=place.role, reason="ended")
    return True


def _place_over(person: User) -> Membership | None:
    """The company the person last belonged to, everything about it held under lock; None when access goes on."""
    last = person.memberships.order_by("-ends_at").first()
    if last is None:
        return None
    company = Company.objects.select_for_update().get(pk=last.company_id)
    place = Membership.objects.of_company(company).of_person(person.public_id).get()
    return None if place.is_current else place


def close_unless_elsewhere(place: Membership, *, now: datetime) -> bool:
    """Close the account of a place that is over, its sessions and its code; False when it has another or is closed."""
    person = User.objects.select_for_update().get(pk=place.user_id)
    if rules.serves_elsewhere(place) or person.state == AccountState.CLOSED:
        return False
    person.close()
    person.save(update_fields=["state"])
    end_sessions(user=person)
    ToldCode.objects.of(person).destroy(at=now)
    return True


def _require_owner(company: Company, by: User) -> None:
    """Hold the company under lock, so that two owners cannot remove each other at once; then ask who `by` is now."""
    Company.objects.select_for_update().get(pk=company.pk)
    if not rules.may_manage_people(lock_unfrozen(by), company):
        raise NotAllowed


def _managed(place: Membership, by: User) -> Membership:
    """The place as it is now, its company under lock. Raises NotAllowed, ChangesFrozen."""
    _require_owner(place.company, by)
    locked = place_of(place.company, place.user)
    if not rules.may_be_managed(locked, by=by):
        raise NotAllowed
    return locked


def place_of(company: Company, person: User) -> Membership:
    """Somebody's place in a company as it is now, over or not."""
    return Membership.objects.of_company(company).of_person(person.public_id).select_related("company").get()
