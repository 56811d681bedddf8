"""Putting companies into advisors' portfolios, and taking them out."""

from datetime import datetime

from django.db import transaction

from accounts.enums import AccountState
from accounts.models import Assignment, Company, User
from backoffice.core import journal
from backoffice.core.journal import Event


class NotAnAdvisor(Exception):
    """Only an advisor's account that is not closed has a portfolio."""


class AlreadyAssigned(Exception):
    """The company is in this portfolio already."""


class NotAssigned(Exception):
    """The company is not in this portfolio."""


@transaction.atomic
def assign_company(*, advisor: User, company: Company, by: User | None, now: datetime) -> None:
    """Put the company into the advisor's portfolio: others lose sight of it. Raises NotAnAdvisor, AlreadyAssigned."""
    locked = User.objects.select_for_update().get(pk=advisor.pk)
    if not locked.is_advisor or locked.state == AccountState.CLOSED:
        raise NotAnAdvisor
    _, is_new = Assignment.objects.get_or_create(advisor=locked, company=company, defaults={"since": now})
    if not is_new:
        raise AlreadyAssigned
    _record(advisor=locked, company=company, by=by, now=now, change="assigned")


@transaction.atomic
def unassign_company(*, advisor: User, company: Company, by: User | None, now: datetime) -> None:
    """Take the company out of the portfolio; in nobody's, every advisor sees it again. Raises NotAssigned."""
    locked = User.objects.select_for_update().get(pk=advisor.pk)
    if not Assignment.objects.of(locked).to(company).delete()[0]:
        raise NotAssigned
    _record(advisor=locked, company=company, by=by, now=now, change="unassigned")


def _record(*, advisor: User, company: Company, by: User | None, now: datetime, change: str) -> None:
    journal.record(Event.PORTFOLIO_CHANGED, now=now, company=company.public_id, by=by, about=advisor, change=change)
