"""The vault: seals what the database must not read, and binds each seal to the row it was made for.

A token reads `v1.<key id>.<base64url of nonce + ciphertext>`. AES-256-GCM; the key id and the row's identity are
associated data, so a ciphertext moved to another row or another column does not open (design 4.4, KEY-02).
"""

import base64
import binascii
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "v1"
_NONCE_BYTES = 12


class SealBroken(Exception):
    """The token is not one of ours, its key is gone, or it was made for another row."""


def row_identity(table: str, public_id: UUID, column: str) -> str:
    """The identity a seal is bound to: `certificates.certificate/<uuid>/value`."""
    return f"{table}/{public_id}/{column}"


def seal(text: str, *, identity: str) -> str:
    """Seal `text` (any Unicode) for the row and column named by `identity`, under the first key of VAULT_KEYS."""
    return seal_bytes(text.encode(), identity=identity)


def seal_bytes(content: bytes, *, identity: str) -> str:
    """The same for what is no text: a PDF."""
    key_id = current_key_id()
    nonce = os.urandom(_NONCE_BYTES)
    ciphertext = AESGCM(settings.VAULT_KEYS[key_id]).encrypt(nonce, content, _associated(key_id, identity))
    return f"{VERSION}.{key_id}.{base64.urlsafe_b64encode(nonce + ciphertext).decode()}"


def unseal(token: str, *, identity: str) -> str:
    """Give back the text sealed for `identity`; raise SealBroken when the token is not exactly that."""
    return unseal_bytes(token, identity=identity).decode()


def unseal_bytes(token: str, *, identity: str) -> bytes:
    """The same for what is no text."""
    key_id, sealed = _read(token)
    key = settings.VAULT_KEYS.get(key_id)
    if key is None:
        raise SealBroken(f"unknown key {key_id!r}")
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _associated(key_id, identity))
    except InvalidTag:
        raise SealBroken("made for another row, or altered") from None


def current_key_id() -> str:
    """The id of the key that seals today: the first of VAULT_KEYS."""
    return str(next(iter(settings.VAULT_KEYS)))


def is_current(token: str) -> bool:
    """Whether the token was sealed under today's key (a rotation seals the others again)."""
    return _read(token)[0] == current_key_id()


def reseal(token: str, *, identity: str) -> str:
    """The same secret under today's key; the token itself when it already is."""
    return token if is_current(token) else seal_bytes(unseal_bytes(token, identity=identity), identity=identity)


def _associated(key_id: str, identity: str) -> bytes:
    return f"{VERSION}\0{key_id}\0{identity}".encode()


def _read(token: str) -> tuple[str, bytes]:
    version, _, rest = token.partition(".")
    key_id, _, encoded = rest.partition(".")
    try:
        sealed = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    if version != VERSION or len(sealed) <= _NONCE_BYTES:
        raise SealBroken("not a token of this vault")
    return key_id, sealed
