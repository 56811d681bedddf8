"""How words that are looked for are compared: without accents, capitals or endings."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# What people type around what they look for: no answer is chosen by these.
EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a ai ait au aux avec avoir c ce ces cet cette comment d dans de des du elle en est et etre eu fait faire faut"
        " il ils j je l la le les leur lui m ma mais me mes mon n ne nos notre nous on ou par pas peut peux plus pour"
        " pourquoi puis qu que quel quelle quelles quels qui quoi s sa sans se ses si son sont sur t un une vos votre"
        " vous y",
    )
)
# More words than that make no question clearer.
MOST_TERMS = 10
EXCERPT_LENGTH = 180
# How much is shown before the first word that was looked for.
_LEAD_LENGTH = 50
# A word of the language, a code or the name of a field, accents included.
_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?:ees|ee|es|er|ez|ent|e|s|x)$")
_SHORTEST_ROOT, _SHORTEST_BEGINNING = 4, 3


@dataclass(frozen=True, kw_only=True)
class Term:
    """One word that is looked for, folded, and what its other forms begin with (nothing for a number)."""

    word: str
    root: str

    def matches(self, word: str) -> bool:
        """Whether a folded word is this one, in any form: « 03 » is not « 0345 », « bloquer » is « bloquées »."""
        return word == self.word or (bool(self.root) and word.startswith(self.root))

    def is_in(self, words: Collection[str]) -> bool:
        """Whether one of these folded words is this one."""
        return any(map(self.matches, words))


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """A piece of an excerpt, and whether it is a word that was looked for."""

    text: str
    is_found: bool


def fold(text: str) -> str:
    """The same text without accents or capitals: « Débloqué » and « DEBLOQUE » are one word."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> frozenset[str]:
    """Every word of a text, folded; the name of a field counts whole and in its parts."""
    whole = _WORD.findall(fold(text))
    return frozenset(part for word in whole for part in (word, *word.split("_")) if part)


def terms_of(typed: str) -> tuple[Term, ...]:
    """What to look for in what was typed: its words once each, without the empty ones unless there are no others."""
    every = tuple(dict.fromkeys(_WORD.findall(fold(typed))))
    full = tuple(word for word in every if word not in EMPTY_WORDS) or every
    return tuple(Term(word=word, root=_root(word)) for word in full[:MOST_TERMS])


def excerpt(text: str, terms: Sequence[Term]) -> tuple[Fragment, ...]:
    """The part of a text around the first word that was looked for, cut between words; its beginning if none is there.

    « … » stands where the text goes on.
    """
    found = [one.span() for one in _WORD.finditer(text) if any(term.matches(fold(one[0])) for term in terms)]
    start, end = _bounds(text, found[0][0] if found else 0)
    fragments = [Fragment(text="…\u00a0", is_found=False)] if start else []
    position = start
    for first, last in found:
        if first >= end:
            break
        if first > position:
            fragments.append(Fragment(text=text[position:first], is_found=False))
        fragments.append(Fragment(text=text[first:last], is_found=True))
        position = last
    if position < end:
        fragments.append(Fragment(text=text[position:end], is_found=False))
    if end < len(text):
        fragments.append(Fragment(text="\u00a0…", is_found=False))
    return tuple(fragments)


def _bounds(text: str, first_found: int) -> tuple[int, int]:
    """Where an excerpt that shows what stands at `first_found` begins and ends, at the edge of a word."""
    start = 0
    if first_found > _LEAD_LENGTH:
        start = text.find(" ", first_found - _LEAD_LENGTH) + 1
        start = start if 0 < start <= first_found else first_found
    if len(text) - start <= EXCERPT_LENGTH:
        return start, len(text)
    end = text.rfind(" ", start, start + EXCERPT_LENGTH)
    return start, end if end > first_found else start + EXCERPT_LENGTH


def _root(word: str) -> str:
    """A word without what number, gender and tense add; empty where only the very word will do."""
    shorter = _ENDING.sub("", word)
    root = shorter if len(shorter) >= _SHORTEST_ROOT else word
    return "" if len(root) < _SHORTEST_BEGINNING or root.isdecimal() else root
