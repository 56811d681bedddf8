"""How an identifier is spelled and drawn: ASCII, lower case, one spelling for one account (AUTH-12)."""

import re
import secrets
import unicodedata

# Also a database constraint: look-alike twins (Cyrillic а, full-width letters, trailing space) cannot exist.
SHAPE = r"^[a-z0-9][a-z0-9._-]{2,63}$"

_MAX_NAME = 24


def normalise(typed: str) -> str:
    """The one spelling of what somebody typed: NFKC, case folded, no surrounding white space (AUTH-12)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold()).strip()


def is_well_formed(identifier: str) -> bool:
    """Whether an account can bear this identifier, already normalised."""
    return "\n" not in identifier and re.fullmatch(SHAPE, identifier) is not None


def draw(last_name: str) -> str:
    """A new identifier: the name without accents, a dash and five random digits, such as `lefebvre-58204`."""
    plain = unicodedata.normalize("NFKD", last_name).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_NAME].strip("-")
    return f"{name or 'client'}-{secrets.randbelow(100_000):05d}"
