"""Django's entry for this room."""

from django.apps import AppConfig
from django.contrib.postgres.indexes import OpClass
from django.db.models import OrderBy
from django.db.models.functions import Collate
from django.db.models.indexes import IndexExpression


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Let an index of an expression name its operator class; the rest of django.contrib.postgres is not needed."""
        IndexExpression.register_wrappers(OrderBy, OpClass, Collate)  # type: ignore[arg-type]  # the stubs want instances
