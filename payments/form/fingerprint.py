"""How two forms are told to be the same bytes: a digest over every field and the signature."""

import hashlib
import json
from collections.abc import Mapping


def fingerprint(fields: Mapping[str, str], signature: str) -> str:
    """SHA-256, 64 hexadecimal digits, of the fields and their signature, whatever their order on the wire."""
    canonical = json.dumps([sorted(fields.items()), signature], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
