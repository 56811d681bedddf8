"""Who may try, how many times, for how long: constants with their units, and questions that only answer."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.enums import AccountState, ContactKind, LinkPurpose, Role, UserKind
from accounts.models import Company, ContactChange, Device, Membership, ToldCode, TotpDevice, User
from accounts.models.factors import must_have_factor as is_among_those_who_must

# Wrong tries in a row, passwords and codes together, that block an account (AUTH-01, RST-07).
MAX_TRIES = 3
# Wrong tries of one known browser are counted within this time, and make it unknown for as long (AUTH-05).
DEVICE_WINDOW = timedelta(minutes=30)
# How long a nonce still serves once another replaced it: a form sent twice carries it twice.
FORMER_NONCE_LIFE = timedelta(minutes=5)
# Wrong tries in a nonce's life that kill it (`security.md` 1.5).
DEVICE_LIFE_FAILURES = 10 * MAX_TRIES
# Failures of unknown browsers in five minutes: from one address, and from all (AUTH-08).
TRIES_PER_ADDRESS, TRIES_OVERALL, TRY_WINDOW = 10, 1000, timedelta(minutes=5)
# Wrong tries before a new browser's sign-in that are worth a mail (AUTH-16).
FAILURES_TOLD = 3
# How long a temporary password opens the first connection (RST-04).
TEMPORARY_PASSWORD_LIFE = timedelta(hours=72)
# Requests for a link from one address in an hour; while a link has this long to live no other is mailed (RST-12).
LINK_REQUESTS_PER_ADDRESS, LINK_REQUEST_WINDOW = 5, timedelta(hours=1)
LINK_LEFT = timedelta(minutes=30)
# Companies named in enrolments from one address in this time.
SIRETS_PER_ADDRESS, SIRET_WINDOW = 10, timedelta(hours=1)
# How long each mailed link works (design 4.5, 4.7, AUTH-16).
LINK_LIVES = {
    LinkPurpose.RECOVERY: timedelta(hours=72),
    LinkPurpose.FORGOTTEN: timedelta(hours=1),
    LinkPurpose.NOT_ME: timedelta(days=7),
    LinkPurpose.EMAIL_CHANGE: timedelta(hours=72),
    LinkPurpose.ADVISOR_INVITATION: timedelta(hours=72),
}
# Between the confirmation of a new e-mail or telephone and its use: the time to read the warning sent to the old one.
CONTACT_HOLD = timedelta(hours=48)
# How long a new number waits, once on file, before somebody is called there about a lost code (design 4.6).
PHONE_SETTLES = timedelta(hours=48)
# How many changes of e-mail and telephone a person may ask within a day: each mails an address nobody vouches for.
CONTACT_CHANGES_A_DAY, CONTACT_CHANGES_WINDOW = 5, timedelta(hours=24)
# Wrong one-time codes in any five minutes, at most (AUTH-18).
FACTOR_TRIES, FACTOR_WINDOW = 5, timedelta(minutes=5)
# Between the right password and the one-time code; between the picture of a new key and its first right code.
FACTOR_STEP_LIFE, ENROLMENT_LIFE = timedelta(minutes=10), timedelta(minutes=30)
# Recovery codes drawn at once, and how few left are worth a word.
RECOVERY_CODES, RECOVERY_CODES_LOW = 10, 3
# How many of a person's last passwords cannot be chosen again (PWD-06).
PASSWORDS_REMEMBERED = 4
# Characters, at least; advisors see many merchants (design 4.8).
MERCHANT_MINIMUM_LENGTH, ADVISOR_MINIMUM_LENGTH = 8, 12

# Lines of one export of the journal, at most; more asks for a shorter period.
JOURNAL_EXPORT_LINES = 50_000

# Without a request, at most; pages that show or make secrets ask again sooner (SESS-03).
IDLE_LIMITS = {UserKind.MERCHANT: timedelta(minutes=30), UserKind.ADVISOR: timedelta(minutes=15)}
SECRET_IDLE_LIMIT = timedelta(minutes=15)
# From the sign-in, however busy the session (SESS-03).
ABSOLUTE_LIMITS = {UserKind.MERCHANT: timedelta(hours=12), UserKind.ADVISOR: timedelta(hours=8)}
# The last use is written at most this often.
SEEN_EVERY = timedelta(minutes=1)
# How long before the end the page warns.
EXPIRY_WARNING = timedelta(minutes=2)
# How long a confirmed identity opens the pages that ask for it (KEY-03).
CONFIRMATION_LIFE = timedelta(minutes=5)
# A form sent too late is kept for its author that long, and no larger.
KEPT_FORM_LIFE = timedelta(minutes=30)
KEPT_FORM_BYTES = 64 * 1024
# How long after its end a session still tells whose form came too late.
LATE_FORM_WITHIN = timedelta(hours=24)

# How long an advisor sees somebody's pages as they do; using the view does not make it longer.
VIEWING_LIFE = timedelta(minutes=15)

# Whom an owner invites. Another owner is made out of somebody who already works for the company.
INVITED_ROLES = (Role.MANAGER, Role.READER, Role.INTEGRATOR)
# How many people one company may invite in a day: the invitation is a mail to whatever address was typed.
INVITATIONS_A_DAY = 20
# Between two temporary passwords that an owner has mailed to one person, for the same reason.
REDRAW_EVERY = timedelta(minutes=30)
# How long the printable form of an invited person's code lives without a first connection (design 4.6).
TOLD_CODE_LIFE = timedelta(days=30)

TRYING_STATES = frozenset({AccountState.FIRST_CONNECTION, AccountState.ACTIVE})


def may_try(user: User, device: Device | None) -> bool:
    """Whether a password or a code is compared at all: from unknown browsers never once blocked (AUTH-01, AUTH-05)."""
    if device is not None:
        return user.state != AccountState.CLOSED
    return user.state in TRYING_STATES and user.failed_tries < MAX_TRIES


def has_spent_tries(user: User) -> bool:
    """Whether the account must be closed to unknown browsers now."""
    return user.failed_tries >= MAX_TRIES


def is_known(device: Device, *, now: datetime) -> bool:
    """Whether the nonce still makes its browser known: neither locked for a while nor dead for good (AUTH-05)."""
    is_locked = device.locked_until is not None and now < device.locked_until
    return not is_locked and device.life_failures < DEVICE_LIFE_FAILURES


def has_own_password(user: User) -> bool:
    """Whether the password is the person's own: right, it opens a session (blocked: from a known browser only)."""
    return user.state in {AccountState.ACTIVE, AccountState.BLOCKED} and user.temporary_password_expires_at is None


def may_unblock(user: User) -> bool:
    """Whether the owner may lift the block alone, with the code of the contract (design 4.5); advisors have none."""
    return user.is_blocked and has_own_password(user) and bool(user.code_hash)


def may_be_unblocked(user: User) -> bool:
    """Whether an advisor's treatment may lift a merchant's block and leave the password: it is the person's own.

    An advisor's reset leaves the password anyway. A frozen account waits until its owner was called back.
    """
    return user.is_merchant and user.is_blocked and has_own_password(user) and may_change(user)


def may_recover(user: User) -> bool:
    """Whether a mailed link may lead to another password: neither blocked nor closed, and with a code (design 4.7)."""
    return user.state in TRYING_STATES and bool(user.code_hash) and may_change(user)


def may_be_reset(user: User) -> bool:
    """Whether an advisor's treatment opens the account again (RST-01); an advisor's only when it is blocked.

    A frozen one waits until its owner was called back: whoever asks for the reset may be who was reported.
    """
    if not may_change(user):
        return False
    if user.is_advisor:
        return user.is_blocked
    return bool(user.code_hash) and user.state in {AccountState.BLOCKED, AccountState.FIRST_CONNECTION}


def has_living_temporary_password(user: User, *, now: datetime) -> bool:
    """Whether a temporary password waits for its first connection, within its 72 hours (RST-04)."""
    deadline = user.temporary_password_expires_at
    return deadline is not None and now < deadline


def needs_temporary_password(user: User, *, now: datetime) -> bool:
    """Whether the code alone, found or replaced, would not let its owner in: blocked, or out of temporary password."""
    return may_be_reset(user) and (user.is_blocked or not has_living_temporary_password(user, now=now))


def with_recent_phones(people: Collection[User], *, now: datetime) -> set[int]:
    """Those (primary keys) whose telephone on file changed too lately to call them back there (design 4.6)."""
    changes = ContactChange.objects.of_people(people).of_kind(ContactKind.PHONE)
    return changes.effective_since(now - PHONE_SETTLES).people()


def has_recent_phone(user: User, *, now: datetime) -> bool:
    """Whether nobody is called back at this person's telephone yet."""
    return user.pk in with_recent_phones([user], now=now)


def may_change(user: User) -> bool:
    """Whether the person may change what the account is worth stealing for (AUTH-16).

    That is the password, the e-mail, the telephone, the second factor, who else may come in, the certificates and
    where real payments are announced. Reading goes on, and so does signing in.
    """
    return not user.is_frozen


def is_stopped(user: User) -> bool:
    """Whether nothing of the account may change: frozen by « Ce n’était pas moi », or closed (AUTH-16)."""
    return not may_change(user) or user.state == AccountState.CLOSED


def minimum_length(user: User) -> int:
    """Fewest characters of this person's password."""
    return ADVISOR_MINIMUM_LENGTH if user.is_advisor else MERCHANT_MINIMUM_LENGTH


def session_end(*, kind: UserKind, started_at: datetime, seen_at: datetime) -> datetime:
    """When a session ends: the idle limit or the absolute one, whichever comes first (SESS-03)."""
    return min(seen_at + IDLE_LIMITS[kind], started_at + ABSOLUTE_LIMITS[kind])


def is_too_idle_for_secrets(*, seen_at: datetime, now: datetime) -> bool:
    """Whether a page behind the confirmation asks for a sign-in again (SESS-03)."""
    return now - seen_at >= SECRET_IDLE_LIMIT


def is_confirmed(confirmed_at: datetime | None, *, now: datetime) -> bool:
    """Whether the person confirmed who they are lately enough (KEY-03)."""
    return confirmed_at is not None and now - confirmed_at < CONFIRMATION_LIFE


def has_factor(user: User) -> bool:
    """Whether a one-time code is asked of this person after the password."""
    return TotpDevice.objects.of(user).confirmed().exists()


def must_have_factor(user: User) -> bool:
    """Whether this person must have a second factor: advisors, and the people of a company that wants it (AUTH-18)."""
    return User.objects.filter(is_among_those_who_must(), pk=user.pk).exists()


def may_lose_factor(user: User) -> bool:
    """Whether two advisors may take the second factor away: there is one, and the account is not stopped."""
    return not is_stopped(user) and has_factor(user)


def factor_closed_until(factor: TotpDevice, *, now: datetime) -> datetime | None:
    """When the next one-time code is compared, None when one is now: five wrong ones in five minutes close it."""
    recent = [moment for moment in factor.failed_at if now - moment < FACTOR_WINDOW]
    return recent[-FACTOR_TRIES] + FACTOR_WINDOW if len(recent) >= FACTOR_TRIES else None


def recovery_codes_are_low(left: int) -> bool:
    """Whether others should be drawn soon."""
    return left <= RECOVERY_CODES_LOW


def may_require_factor(user: User) -> bool:
    """Whether this person decides for a company's people that they need a second factor: its owner."""
    return user.membership is not None and user.membership.role == Role.OWNER


def may_manage_people(user: User, company: Company) -> bool:
    """Whether this person invites, removes and changes roles in a company: its owners.

    Nobody grants more than they have, and only an owner has everything. A frozen account is refused by the actions.
    """
    return user.role_in(company.pk) == Role.OWNER


def may_be_managed(place: Membership, *, by: User) -> bool:
    """Whether a place in a company can be changed by this owner: a living one, and never one's own.

    So the last owner is never removed nor demoted: whoever does it is another.
    """
    return place.is_current and place.user_id != by.pk


def owners_of(company: Company) -> list[User]:
    """Those who answer for a company now, the oldest place first."""
    return [place.user for place in Membership.objects.of_company(company).owners()]


def is_last_owner(place: Membership) -> bool:
    """Whether nobody would manage the company any more without this place."""
    others = Membership.objects.of_company(place.company).owners().exclude(pk=place.pk)
    return place.is_current and place.role == Role.OWNER and not others.exists()


def serves_elsewhere(place: Membership) -> bool:
    """Whether the person works for another company too, so that the account outlives this place."""
    return place.user.memberships.current().exclude(pk=place.pk).exists()


def has_readable_code(told: ToldCode, *, now: datetime) -> bool:
    """Whether the code an owner chose can still be shown: until the first connection, 30 days at most."""
    return bool(told.sealed_code) and now < told.at + TOLD_CODE_LIFE


def is_drawn_lately(user: User, *, now: datetime) -> bool:
    """Whether the temporary password left so short a while ago that it may still be on its way."""
    deadline = user.temporary_password_expires_at
    return deadline is not None and now < deadline - TEMPORARY_PASSWORD_LIFE + REDRAW_EVERY


def latest_last_day(today: date) -> date:
    """The last day an integrator's access may have: the same day next year."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 1, day=28 if is_leap_day else today.day)


def end_of_day(day: date) -> datetime:
    """The moment a day ends in Paris: an access is open on its last day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def place_in_view(person: UUID, *, company: UUID, by: User) -> Membership | None:
    """The person's current place in the company, when this advisor may see the pages as they do; None otherwise.

    A merchant's person, not closed, none of whose companies is kept from this advisor (AUTHZ-08); both are named by
    their public ids. Two questions, whatever the answer.
    """
    if not by.is_advisor or by.owes_factor:
        return None
    viewable = User.objects.viewable_by(by).with_public_ids([person]).first()
    places = viewable.current_places if viewable else []
    return next((one for one in places if one.company.public_id == company), None)


def access_is_over(user: User) -> bool:
    """Whether this person belonged to a company and does no more."""
    return user.company is not None and user.membership is None
