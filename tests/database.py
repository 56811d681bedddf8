"""The PostgreSQL of a test run: started before Django reads its settings, shared by the parallel workers."""

import os
import shutil
import tempfile
from pathlib import Path

_running = {}


def start() -> None:
    """Start a server in a new folder and put its address in the environment; a given DATABASE_URL is used instead."""
    os.environ["BACKOFFICE_MODE"] = "test"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
    if "DATABASE_URL" in os.environ:
        return
    from backoffice.core import embedded

    folder = Path(tempfile.mkdtemp(prefix="backoffice-tests-"))
    folder.chmod(0o755)
    server = embedded.start(folder / "postgres")
    _running.update(server=server, folder=folder)
    os.environ["DATABASE_URL"] = server.address
    _forgo_durability(os.environ["DATABASE_URL"])


def _forgo_durability(address: str) -> None:
    # Nothing of a test run outlives it: no flush to disk makes the suite several times quicker.
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def stop() -> None:
    if _running:
        _running["server"].stop()
        shutil.rmtree(_running["folder"], ignore_errors=True)
        _running.clear()
