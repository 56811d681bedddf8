"""`manage.py worker`: runs the jobs of every queue until SIGTERM, then stops within 8 seconds (REL-04)."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from backoffice.core import jobs, printers

# The rest of the eight seconds is for writing down what was cut.
SHUTDOWN_SECONDS = 6.5


class Command(BaseCommand):
    help = "Run the jobs (mail, notifications, prints, sweeps) until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--concurrency", type=int, default=8, help="jobs run side by side in this process, besides two prints"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        connector = app.connector
        if not isinstance(connector, DjangoConnector):
            raise TypeError("the worker starts from Django's own connector")
        with app.replace_connector(connector.get_worker_connector()):
            try:
                asyncio.run(self._work(concurrency=options["concurrency"]))
            finally:
                printers.close()

    async def _work(self, *, concurrency: int) -> None:
        async with app.open_async():
            await jobs.take_back_stalled_jobs()
            await app.run_worker_async(
                # Prints have places of their own: those who make them take nobody else's.
                concurrency=concurrency + printers.PLACES,
                shutdown_graceful_timeout=SHUTDOWN_SECONDS,
                update_heartbeat_interval=jobs.HEARTBEAT_SECONDS,
                stalled_worker_timeout=jobs.DEAD_AFTER_SECONDS,
                delete_jobs="successful",
            )
