"""Django's entry for this room."""

from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "shops"
    verbose_name = "Boutiques"
