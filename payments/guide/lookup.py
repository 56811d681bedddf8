"""The dictionary of fields as the guide shows it: by theme, or those that answer to what is looked for."""

import unicodedata
from dataclasses import replace

from backoffice.vads.dictionary import THEMES, Field, Theme

# Characters of what is looked for: more is no name of a field.
LONGEST_SEARCH = 100


def themes_about(typed: str) -> list[Theme]:
    """Every theme with the fields that hold each of the words of `typed`, in name, meaning, format or code.

    Case and accents do not count; themes without such a field are left out, an empty text leaves none out.
    """
    words = _folded(typed[:LONGEST_SEARCH]).split()
    found = [replace(theme, fields=tuple(one for one in theme.fields if _answers(one, words))) for theme in THEMES]
    return [theme for theme in found if theme.fields]


def _answers(one: Field, words: list[str]) -> bool:
    told = _folded(f"{one.written} {one.meaning} {one.expected}")
    return all(word in told or word == one.code for word in words)


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
