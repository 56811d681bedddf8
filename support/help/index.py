"""The questions of the help and where each is answered, read from the very pages people read: there is no copy.

Every `<section id=…>` with a heading is an answer: the cards, and the questions in them (`ui` tags `card` and
`question`). `data-words` holds other words for the same thing; what stands in `data-not-searched` is left out.
"""

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from html.parser import HTMLParser

from django.conf import settings
from django.template.loader import render_to_string

from support.help.pages import PAGES, HelpPage, facts_of
from support.help.words import Fragment, excerpt, terms_of, words_of

# A page rendered for nobody: its answers, and nothing around them.
BARE_LAYOUT = "support/faq/_bare.html"
FOUND_AT_MOST = 20
INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup"})
VOID = frozenset({"br", "hr", "img", "input", "wbr"})
HEADINGS = frozenset({"h2", "h3"})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question with the text of its answer; `other_words` are what people may call it instead."""

    page: HelpPage
    anchor: str
    title: str
    text: str
    other_words: str
    # The questions of a card.
    parts: tuple["Answer", ...] = ()

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words that name the question."""
        return words_of(f"{self.title} {self.other_words}")

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word it is found by."""
        return self.title_words | words_of(self.text)


@dataclass(frozen=True, kw_only=True)
class Found:
    """An answer to what was typed, and the part of it to show."""

    answer: Answer
    excerpt: tuple[Fragment, ...]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found, the best first; `is_partial` when no answer holds all the words, `has_more` when some are cut."""

    found: tuple[Found, ...]
    is_partial: bool
    has_more: bool


@cache
def contents_of(page: HelpPage) -> tuple[Answer, ...]:
    """The cards of a page with their questions, in order; rendered once a process."""
    context = facts_of(page) | {"layout": BARE_LAYOUT, "brand": settings.BRAND, "contents": (), "is_advisor": False}
    reader = _Reader(page)
    reader.feed(render_to_string(f"support/faq/{page.name}.html", context))
    reader.close()
    return tuple(reader.answers)


def answers() -> tuple[Answer, ...]:
    """Every answer of every page, cards that only hold questions left out."""
    cards = [card for page in PAGES for card in contents_of(page)]
    return tuple(one for card in cards for one in (card, *card.parts) if one.text)


def look_for(typed: str) -> Findings:
    """The answers that hold every word typed, or, failing that, as many of them as any answer holds.

    A word in the question counts more than one in the answer.
    """
    terms = terms_of(typed)
    counted = [(one, sum(term.is_in(one.words) for term in terms)) for one in answers()]
    most = max((count for _, count in counted), default=0)
    best = [one for one, count in counted if most and count == most]
    best.sort(key=lambda one: -sum(term.is_in(one.title_words) for term in terms))
    return Findings(
        found=tuple(Found(answer=one, excerpt=excerpt(one.text, terms)) for one in best[:FOUND_AT_MOST]),
        is_partial=0 < most < len(terms),
        has_more=len(best) > FOUND_AT_MOST,
    )


@dataclass(kw_only=True)
class _Open:
    """A section being read."""

    anchor: str
    other_words: str
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    parts: list[Answer] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the answers of one page; text counts for the innermost section with an `id`."""

    def __init__(self, page: HelpPage) -> None:
        super().__init__()
        self.page = page
        self.answers: list[Answer] = []
        self._sections: list[_Open | None] = []
        self._heading = ""
        # How many open elements stand in something that is not searched, itself included.
        self._unsearched = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._space_around(tag)
        if tag in VOID:
            return
        if self._unsearched or "data-not-searched" in attributes:
            self._unsearched += 1
        if tag == "section":
            anchor = attributes.get("id")
            section = _Open(anchor=anchor, other_words=attributes.get("data-words") or "") if anchor else None
            self._sections.append(section)
        elif tag in HEADINGS and self._current and not self._current.title:
            self._heading = tag

    def handle_endtag(self, tag: str) -> None:
        self._space_around(tag)
        if self._unsearched:
            self._unsearched -= 1
        if tag == self._heading:
            self._heading = ""
        elif tag == "section":
            self._close(self._sections.pop())

    def handle_data(self, data: str) -> None:
        section = self._current
        if section and not self._unsearched:
            (section.title if self._heading else section.text).append(data)

    @property
    def _current(self) -> _Open | None:
        return next((section for section in reversed(self._sections) if section), None)

    def _space_around(self, tag: str) -> None:
        if tag not in INLINE:
            self.handle_data(" ")

    def _close(self, section: _Open | None) -> None:
        if section is None:
            return
        answer = Answer(
            page=self.page,
            anchor=section.anchor,
            title=_joined(section.title),
            text=_joined(section.text),
            other_words=section.other_words,
            parts=tuple(section.parts),
        )
        around = self._current
        (around.parts if around else self.answers).append(answer)


def _joined(pieces: list[str]) -> str:
    """One line; no-break spaces stay what they are."""
    return re.sub(r"[ \t\r\n]+", " ", "".join(pieces)).strip(" ")
