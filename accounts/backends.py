"""Who a session belongs to: the one backend, which checks no password and so opens no second door (AUTH-11)."""

from functools import cache
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import BooleanField, ExpressionWrapper
from django.http import HttpRequest

from accounts.models import User
from accounts.models.factors import owes_factor

# What stands for the person in a statement that is written before anybody comes: no key is below zero.
ANYBODY = -1


class AccountBackend(BaseBackend):
    """Finds the person of a live session; `actions.sign_in` is the only place that compares passwords."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody: django.contrib.auth.authenticate() is not a way in."""
        return

    def get_user(self, user_id: int) -> User | None:
        """The account, unless it was closed or waits for its first connection: then its sessions end (SESS-05)."""
        statement, given = _whose_session()
        return next(iter(User.objects.raw(statement, [user_id if one == ANYBODY else one for one in given])), None)


@cache
def _whose_session() -> tuple[str, tuple[Any, ...]]:
    """The question of every request, written once: writing it took five times as long as its answer."""
    people = User.objects.holding_sessions().filter(pk=ANYBODY)
    owing = people.annotate(is_owing_factor=ExpressionWrapper(owes_factor(), BooleanField()))
    statement, given = owing.query.sql_with_params()
    return statement, given
