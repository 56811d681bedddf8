"""Django's entry for the ground."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "backoffice.core"
    label = "core"
    verbose_name = "Socle"

    def ready(self) -> None:
        from backoffice.core import checks  # noqa: F401  registers the system checks
