"""What a merchant does with an enrolment: going through its steps, submitting it, completing it."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import codes
from accounts.actions import lock_unfrozen
from accounts.models import Company, User
from backoffice.core import batches, journal
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove
from backoffice.core.requests import origin as sender_of
from support import consent, emails, links, registration_links, rules
from support.actions.records import wait_for_turn
from support.enums import RegistrationKind, RegistrationState, Step
from support.models import Registration


class TooManyRegistrations(Exception):
    """This sender has begun its share; carries `until`, when another may begin."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"next enrolment from {until}")
        self.until = until


class CompanyKnown(Exception):
    """A company of this SIRET has its contract already: another shop is asked for from inside."""


class AlreadyRegistering(Exception):
    """An enrolment of this SIRET is before an advisor already."""


class StepsMissing(Exception):
    """The enrolment cannot be submitted yet; carries the `steps` that lack something."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__(", ".join(steps))
        self.steps = steps


@transaction.atomic
def begin_registration(*, fields: Mapping[str, str], address: str, now: datetime) -> tuple[Registration, str]:
    """Keep the first step of a new company's enrolment; return it and the token for this browser alone.

    Raises TooManyRegistrations beyond 5 an hour for one sender, CompanyKnown, AlreadyRegistering.
    """
    origin = sender_of(address)
    wait_for_turn(f"registration {origin}")
    _require_share(origin, now=now)
    _require_free(fields["siret"])
    token = links.draw_token()
    begun = Registration(
        **fields,
        browser_digest=links.digest_of(token),
        address=address or None,
        origin=origin,
        started_at=now,
        saved_at=now,
    )
    begun.save(force_insert=True)
    return begun, token


@transaction.atomic
def ask_for_shop(
    *, company: Company, fields: Mapping[str, str], iban: str, by: User, address: str, now: datetime
) -> Registration:
    """Ask for another shop of a company that is known, in one go: its file says the rest; `iban` may be "".

    The company's row is held meanwhile. Raises ChangesFrozen, or AlreadyRegistering beyond three that wait.
    """
    # The company before its people, as where they are managed.
    locked = Company.objects.select_for_update().get(pk=company.pk)
    lock_unfrozen(by)
    if Registration.objects.of_company(locked).undecided().count() >= rules.SHOPS_ASKED_AT_ONCE:
        raise AlreadyRegistering
    asked = Registration(
        kind=RegistrationKind.SECOND_SHOP,
        company=locked,
        asked_by=by,
        siret=locked.siret,
        legal_name=locked.legal_name,
        last_name=by.last_name,
        first_name=by.first_name,
        email=by.email,
        phone=by.phone,
        started_at=now,
        saved_at=now,
        **fields,
    )
    if iban:
        asked.seal_iban(iban)
    asked.submit(at=now, consent_digest=consent.digest())
    asked.save(force_insert=True)
    emails.registration_submitted(asked, now=now)
    record_registration(Event.REGISTRATION_SUBMITTED, asked, by=by, address=address, now=now)
    return asked


@transaction.atomic
def save_step(*, registration: Registration, fields: Mapping[str, str], now: datetime) -> Registration:
    """Keep what one step says. Raises CompanyKnown, AlreadyRegistering, or IllegalMove once it was submitted."""
    locked = _edited(registration)
    if "siret" in fields:
        _require_free(fields["siret"], besides=locked)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.saved_at = now
    locked.save(update_fields=[*fields, "saved_at"])
    return locked


@transaction.atomic
def save_account(*, registration: Registration, iban: str, now: datetime) -> Registration:
    """Keep the settlement account, sealed; `iban` in its compact form. Raises IllegalMove."""
    locked = _edited(registration)
    locked.seal_iban(iban)
    locked.saved_at = now
    locked.save(update_fields=["sealed_iban", "iban_last_four", "saved_at"])
    return locked


@transaction.atomic
def save_code(*, registration: Registration, code: str, now: datetime) -> Registration:
    """Keep the code of first connection, sealed until the acceptance (design 4.6).

    Raises codes.CodeRefused (RST-10), or IllegalMove once it was submitted.
    """
    locked = _edited(registration)
    digits = codes.normalise(code)
    codes.require_acceptable(digits, facts=[fact for fact in (locked.siret, str(locked.phone)) if fact])
    locked.seal_code(digits)
    locked.saved_at = now
    locked.save(update_fields=["sealed_code", "saved_at"])
    return locked


@transaction.atomic
def submit_registration(*, registration: Registration, address: str, now: datetime) -> tuple[Registration, str]:
    """Put the enrolment before an advisor; return it and the token of its follow-up link, for this browser.

    The address that was typed is mailed a link of its own. The code is judged again: what it may not resemble may have
    been typed after it. Raises StepsMissing, CompanyKnown, AlreadyRegistering, codes.CodeRefused, or IllegalMove.
    """
    locked = _edited(registration)
    if steps := rules.missing_steps(locked):
        raise StepsMissing(steps)
    _require_free(locked.siret, besides=locked)
    codes.require_acceptable(locked.code(), facts=[locked.siret, str(locked.phone)])
    locked.submit(at=now, consent_digest=consent.digest())
    locked.save(update_fields=["state", "submitted_at", "consented_at", "consent_digest", "missing"])
    token = registration_links.issue(registration=locked, now=now)
    emails.registration_submitted(locked, now=now)
    record_registration(Event.REGISTRATION_SUBMITTED, locked, by=locked.asked_by, address=address, now=now)
    return locked, token


def forget_registrations(*, now: datetime) -> int:
    """Delete drafts nobody went on with, and what was decided a term of traces ago; return how many (design 4.21)."""
    drafts = batches.delete(Registration.objects.idle_since(now - rules.DRAFT_LIFE))
    return drafts + batches.delete(Registration.objects.over_before(settings.RETENTION.traces.before(now)))


def lock_registration(registration: Registration) -> Registration:
    """The enrolment, read again under lock."""
    return Registration.objects.select_for_update().get(pk=registration.pk)


def record_registration(
    event: Event, registration: Registration, *, by: User | None, address: str, now: datetime, **detail: str
) -> None:
    """In the company's journal once there is one, else in the platform's."""
    company = registration.company
    journal.record(
        event,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=registration,
        address=address,
        kind=registration.kind,
        **detail,
    )


def _edited(registration: Registration) -> Registration:
    locked = lock_registration(registration)
    if not locked.is_edited:
        raise IllegalMove(locked.state, RegistrationState.DRAFT)
    return locked


def _require_free(siret: str, *, besides: Registration | None = None) -> None:
    # Two of the same SIRET at once: the second waits here, and finds the first.
    wait_for_turn(f"registration of {siret}")
    if Company.objects.with_siret(siret).exists():
        raise CompanyKnown
    others = Registration.objects.open_for(siret)
    if (others.exclude(pk=besides.pk) if besides else others).exists():
        raise AlreadyRegistering


def _require_share(origin: str, *, now: datetime) -> None:
    begun = Registration.objects.begun_from(origin, since=now - rules.REGISTRATION_WINDOW)
    moments = list(begun.values_list("started_at", flat=True))
    if len(moments) >= rules.REGISTRATIONS_PER_ADDRESS:
        raise TooManyRegistrations(until=moments[-rules.REGISTRATIONS_PER_ADDRESS] + rules.REGISTRATION_WINDOW)
