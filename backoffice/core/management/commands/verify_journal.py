"""`manage.py verify_journal`: prove that the journal is what was written, or name what is not."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError
from django.utils import timezone

from backoffice.core import audit


class Command(BaseCommand):
    help = "Walk every chain of the journal against its hashes, its head and its anchors; exit 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", type=Path, default=settings.JOURNAL_ANCHOR, help="the file of anchors, or a copy kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["anchor"]
        try:
            report = audit.prove(path, now=timezone.now())
        except OSError as error:
            raise CommandError(f"The anchors cannot be read: {path}: {error.strerror}.") from None
        except DataError as error:  # a date set to infinity, for one
            raise CommandError(f"An entry holds what no entry can hold, the journal was altered: {error}") from None
        for warning in report.warnings:
            self.stdout.write(f"WARNING {warning}")
        for fault in report.faults:
            self.stdout.write(f"BROKEN {fault}")
        walked = f"{report.chains} chains, {report.entries} entries, {report.anchors.count} anchors"
        if report.faults:
            raise CommandError(
                f"{walked}: the journal is not what was written, see the {len(report.faults)} lines above."
            )
        last = report.anchors.last
        # On paper, or sent to somebody else, this hash proves all that was written before it.
        self.stdout.write(f"{walked}: whole." + (f" Anchor of {last.day}: {last.line_hash}" if last else ""))
