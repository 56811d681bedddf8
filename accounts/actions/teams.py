"""What an owner decides for all the people of a company."""

from datetime import datetime

from django.db import transaction

from accounts import rules
from accounts.actions.enrolment import NoFactor
from accounts.actions.frozen import lock_unfrozen
from accounts.browsers import Browser
from accounts.models import Company, User
from backoffice.core import journal
from backoffice.core.journal import Event


@transaction.atomic
def require_factor(*, company: Company, by: User, browser: Browser, now: datetime) -> None:
    """Ask a second factor of everybody in the company, from their very next page on (AUTH-18).

    Raises ChangesFrozen, or NoFactor when the owner has none: nobody asks of others what they do not do.
    """
    if not rules.has_factor(by):
        raise NoFactor
    _decide(company, is_required=True, event=Event.FACTOR_REQUIRED, by=by, browser=browser, now=now)


@transaction.atomic
def leave_factor_free(*, company: Company, by: User, browser: Browser, now: datetime) -> None:
    """Let everybody in the company decide for themselves; the factors there are stay. Raises ChangesFrozen."""
    _decide(company, is_required=False, event=Event.FACTOR_NOT_REQUIRED, by=by, browser=browser, now=now)


def _decide(company: Company, *, is_required: bool, event: Event, by: User, browser: Browser, now: datetime) -> None:
    locked = Company.objects.select_for_update().get(pk=company.pk)
    lock_unfrozen(by)
    if locked.requires_second_factor == is_required:
        return
    locked.requires_second_factor = is_required
    locked.save(update_fields=["requires_second_factor"])
    journal.record(event, now=now, company=locked.public_id, by=by, about=locked, address=browser.address)
