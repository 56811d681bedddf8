"""What the shop adds to the buyer's way back (`vads_return_get_params`, `vads_return_post_params`): name=value&…"""

import re
from urllib.parse import parse_qsl

# The result itself travels under these names: nothing beside it may pass for it. Receivers drop the beginning's white
# space, take dots and blanks for "_", read "name[]" as "name", and some of them do not tell capitals apart.
_RESERVED = re.compile(r"\s*(?:vads[_.\s\[]|signature\s*(?:\[|$))", re.IGNORECASE)


class ReservedName(ValueError):
    """A parameter bears a name of the protocol."""


def parse(value: str) -> list[tuple[str, str]]:
    """The parameters of `a=b&c=d` in order, percent-decoded as UTF-8; none for an empty value.

    Raises ReservedName for `vads_…` and `signature`, and ValueError for anything else than name=value pairs.
    """
    if not value:
        return []
    pairs = parse_qsl(value.removesuffix("&"), keep_blank_values=True, strict_parsing=True, errors="strict")
    for name, _ in pairs:
        if _RESERVED.match(name):
            raise ReservedName(name)
        if not name.strip():
            raise ValueError("a parameter has no name")
    return pairs
