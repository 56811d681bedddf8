"""`manage.py prepare_demo`: tables, static files and fixed data of the demo; prints its people, one line each."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from backoffice.core import anchors
from backoffice.demo import people, statics


class Command(BaseCommand):
    help = "Prépare les tables, les fichiers statiques et les données de la démonstration."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop-url", required=True, help="adresse de la boutique d’exemple")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO_DATA is None:
            raise RuntimeError("prepare_demo runs inside `manage.py demo`, which names the data folder")
        call_command("migrate", verbosity=0, interactive=False)
        statics.collect_if_changed()
        folder = Path(settings.DEMO_DATA)
        for line in people.ensure(folder, shop_url=options["shop_url"], now=timezone.now()):
            self.stdout.write(line)
        anchors.write_if_due(settings.JOURNAL_ANCHOR, now=timezone.now())
