"""`manage.py demo`: everything in one command, until Ctrl-C."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.demo.folder import erase
from backoffice.demo.launcher import Demo
from backoffice.demo.refusal import DemoRefused


class Command(BaseCommand):
    help = "Démarre la base, le web, les tâches de fond et une boutique d’exemple, jusqu’à Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port de l’outil (8000)")
        parser.add_argument(
            "--shop-port", type=int, default=8001, help="port de la boutique ; le suivant sert en https"
        )
        parser.add_argument("--data", type=Path, default=settings.BASE_DIR / ".demo", help="dossier des données")
        parser.add_argument("--reset", action="store_true", help="efface les données de la démonstration d’abord")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["data"].expanduser().resolve()
        demo = Demo(folder=folder, port=options["port"], shop_port=options["shop_port"], say=self._say)
        try:
            if options["reset"]:
                erase(folder)
            code = demo.run()
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from None
        if code:
            raise SystemExit(code)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
