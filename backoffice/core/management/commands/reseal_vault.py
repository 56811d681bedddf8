"""`manage.py reseal_vault`: seal every secret again under the first key of VAULT_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice.core import rotation, vault


class Command(BaseCommand):
    help = "Seal every secret again under the first key of VAULT_KEYS; the others can be taken out afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = rotation.reseal_everything()
        except vault.SealBroken as broken:
            raise CommandError(
                f"A seal does not open ({broken}): keep every key that ever sealed in VAULT_KEYS, then run this again."
            ) from None
        for column, count in counts.items():
            self.stdout.write(f"{column}: {count}")
        self.stdout.write(f"Nothing is left under another key than {vault.current_key_id()}.")
