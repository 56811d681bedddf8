"""How an e-mail address is spelled on file: one mailbox, an ASCII name before the @, a domain that can be mailed to."""

import re

import idna

# Octets, at most: of the whole in an envelope (RFC 5321), of what stands before the @.
MAX_LENGTH, MAX_LOCAL_LENGTH = 254, 64

# RFC 5321's dot-string. Quoted names are legal, and used by nobody but attackers.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class EmailRefused(ValueError):
    """What was typed is no address that can be mailed to."""


def normalise(typed: str) -> str:
    """The spelling to keep: no white space around, the domain in lower case and ASCII (IDNA 2008).

    The name before the @ stays as typed: its case is its server's business. Raises EmailRefused.
    """
    local, at, domain = typed.strip().rpartition("@")
    if not at or len(local) > MAX_LOCAL_LENGTH or not _LOCAL.fullmatch(local):
        raise EmailRefused
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as fault:
        raise EmailRefused from fault
    labels = ascii_domain.split(".")
    # A single name, an address of figures and a literal lead to no mailbox of the open network.
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise EmailRefused
    address = f"{local}@{ascii_domain}"
    if len(address) > MAX_LENGTH:
        raise EmailRefused
    return address


def is_same(one: str, other: str) -> bool:
    """Whether two addresses lead to one mailbox in practice: case apart, the same."""
    return one.casefold() == other.casefold()
