"""Django's entry for the demo, installed in demo mode only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "backoffice.demo"
    label = "demo"
    verbose_name = "Démonstration"
