"""The demo's data folder: its mark, its lock, its keys, and what it refuses to touch."""

import fcntl
import json
import os
import secrets
import shutil
from base64 import b64encode
from pathlib import Path
from typing import IO

from backoffice.demo.refusal import DemoRefused

MARK = "demo.json"


class DataFolder:
    """A folder that holds one demo and nothing else; open in one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "journaux"
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Make the folder at its first use and take it. Raises DemoRefused when it is another's or in use."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            strangers = [path.name for path in self.path.iterdir()]
            if strangers and not (self.path / MARK).exists():
                raise DemoRefused(
                    f"Le dossier {self.path} contient autre chose qu’une démonstration ({strangers[0]}…) : "
                    "indiquez un dossier vide avec --data."
                )
            for name in ("courriels", "journaux", "boutique"):
                (self.path / name).mkdir(exist_ok=True)
            self._lock = (self.path / MARK).open("a+")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRefused(
                f"Une démonstration tourne déjà sur le dossier {self.path} : arrêtez-la, ou choisissez-en un autre "
                "avec --data."
            ) from None
        except OSError as error:
            raise DemoRefused(
                f"Le dossier {self.path} n’est pas utilisable ({error.strerror}) : indiquez-en un autre avec --data."
            ) from None

    def close(self) -> None:
        """Give the folder back."""
        if self._lock is not None:
            self._lock.close()

    def keys(self) -> dict[str, str]:
        """The demo's own keys, drawn at its first start and kept for its owner's eyes only."""
        path = self.path / "cles.json"
        if not path.exists():
            if (self.path / "postgres").exists():
                raise self._keyless()
            self._draw_keys(path)
        try:
            read: dict[str, str] = json.loads(path.read_text())
        except ValueError:
            raise self._keyless() from None
        return read

    def _draw_keys(self, path: Path) -> None:
        vault_key = b64encode(secrets.token_bytes(32)).decode()
        drawn = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "CODE_PEPPER": secrets.token_urlsafe(32),
            "DEVICE_COOKIE_KEY": secrets.token_urlsafe(32),
            "VAULT_KEYS": f"demo:{vault_key}",
        }
        # Written aside, then put in place: a start cut short leaves no half of it.
        aside = path.with_suffix(".new")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(drawn, file)
        aside.replace(path)

    def _keyless(self) -> DemoRefused:
        return DemoRefused(
            f"Les clés du dossier {self.path} manquent ou sont illisibles, et rien ne s’ouvre sans elles : "
            "relancez avec --reset pour repartir de données neuves."
        )


def erase(folder: Path) -> None:
    """Remove a demo's data folder. Raises DemoRefused when it is not a demo's, or when a demo runs on it."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise DemoRefused(f"{folder} n’est pas un dossier : indiquez-en un autre avec --data.")
    if any(folder.iterdir()) and not (folder / MARK).exists():
        raise DemoRefused(f"Le dossier {folder} n’est pas celui d’une démonstration : il n’est pas effacé.")
    with (folder / MARK).open("a+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRefused(f"Une démonstration tourne sur le dossier {folder} : arrêtez-la d’abord.") from None
        shutil.rmtree(folder)
