"""What became of one outgoing call."""

from dataclasses import dataclass

from django.db import models

EXCERPT_LENGTH = 512


class OutcomeKind(models.TextChoices):
    """How a call ended; only ACKNOWLEDGED is a success (IPN-05).

    REFUSED_ADDRESS and UNREACHABLE read the same to people: the call is no port scanner (SSRF-13).
    """

    ACKNOWLEDGED = "acknowledged", "Acquitté"
    REDIRECTED = "redirected", "Redirigé"
    HTTP_ERROR = "http_error", "Refusé par la boutique"
    TIMED_OUT = "timed_out", "Sans réponse à temps"
    TLS_FAILURE = "tls_failure", "Certificat du site refusé"
    REFUSED_ADDRESS = "refused_address", "Injoignable"
    UNREACHABLE = "unreachable", "Injoignable"
    INTERRUPTED = "interrupted", "Interrompu"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One call's end: `status` when a status line was read, the first 512 characters of the answer, for people."""

    kind: OutcomeKind
    status: int | None = None
    duration_ms: int = 0
    excerpt: str = ""
    location: str = ""  # where a redirection pointed, never followed
    retry_after: int | None = None  # seconds the shop asked to wait (429, 503), as it said them

    @property
    def is_success(self) -> bool:
        """Tell whether the shop acknowledged: 2xx with complete headers in time (design 4.11)."""
        return self.kind is OutcomeKind.ACKNOWLEDGED


def readable(raw: bytes | str, *, length: int = EXCERPT_LENGTH) -> str:
    """The first `length` characters as text that any database and page can hold: UTF-8, no control but line ends."""
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in text.replace("\r\n", "\n")[:length])
