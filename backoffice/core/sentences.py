"""Sentences with `{holes}` to fill, whoever wrote them."""

import re

_HOLE = re.compile(r"\{([a-z_]+)\}")


def filled(sentence: str, **values: object) -> str:
    """A sentence with each `{name}` in it replaced by the value of that name; one without a value stays as written.

    Unlike `str.format` it reads nothing else: a sentence may come from a shop.
    """
    return _HOLE.sub(lambda hole: str(values.get(hole[1], hole[0])), sentence)
