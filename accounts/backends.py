"""Who a session belongs to: the one backend, which checks no password and so opens no second door (AUTH-11)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import BooleanField, ExpressionWrapper
from django.http import HttpRequest

from accounts.models import User
from accounts.models.factors import owes_factor


class AccountBackend(BaseBackend):
    """Finds the person of a live session; `actions.sign_in` is the only place that compares passwords."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody: django.contrib.auth.authenticate() is not a way in."""
        return

    def get_user(self, user_id: int) -> User | None:
        """The account, unless it was closed or waits for its first connection: then its sessions end (SESS-05)."""
        person = User.objects.holding_sessions().filter(pk=user_id)
        return person.annotate(is_owing_factor=ExpressionWrapper(owes_factor(), BooleanField())).first()
