"""The e-mails the demo wrote to files instead of sending them, read back for the mailbox page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

# Django's file backend writes a dashed line after each message, several messages to a file when one connection sent
# them, and names the file after its first second.
_BETWEEN = b"\n" + b"-" * 79 + b"\n"
_FILE_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+\.log")
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: `key` names it in addresses, `text` is its plain part, `sent_at` is aware."""

    key: str
    sent_at: datetime
    recipients: str
    sender: str
    subject: str
    text: str


def newest(folder: Path) -> list[Mail]:
    """The last messages, newest first; an absent folder is an empty mailbox."""
    mails = [mail for path in _files(folder)[:SHOWN] for mail in reversed(list(_read(path)))]
    # Dates hold no fraction of a second: those of one second keep the order in which they were written.
    return sorted(mails, key=lambda mail: mail.sent_at, reverse=True)[:SHOWN]


def find(folder: Path, key: str) -> Mail | None:
    """The message of that key, or None. The key is compared, never used as a path."""
    return next((mail for path in _files(folder) for mail in _read(path) if mail.key == key), None)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    files = (path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name))
    return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _read(path: Path) -> Iterator[Mail]:
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    pieces = path.read_bytes().replace(b"\r\n", b"\n").split(_BETWEEN)
    for index, piece in enumerate(pieces):
        if not piece.strip():
            continue
        # The default policy decodes headers and bodies; its messages are EmailMessage, which the stubs do not know.
        message = message_from_bytes(piece.lstrip(b"\n"), _class=EmailMessage, policy=policy.default)
        yield Mail(
            key=f"{path.stem}-{index}",
            sent_at=_date(message) or written_at,
            recipients=str(message["To"] or ""),
            sender=str(message["From"] or ""),
            subject=str(message["Subject"] or ""),
            text=_plain(message),
        )


def _date(message: EmailMessage) -> datetime | None:
    found: datetime | None = getattr(message["Date"], "datetime", None)
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    return "" if body is None else str(body.get_content())
