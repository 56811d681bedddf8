"""Reading help pages as people do: the words of one answer, and where its links lead."""

import re
from html import unescape
from html.parser import HTMLParser

PAGES = [
    "/faq/",
    "/faq/abonnements/",
    "/faq/url-serveur/",
    "/faq/codes-erreur/",
    "/faq/fonctionnalites/",
    "/faq/prod/",
]
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}


class _Element(HTMLParser):
    """The text and the links of the element with one id."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted, self.depth, self.text, self.links, self.is_met = wanted, 0, [], [], False

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if not self.depth and attributes.get("id") == self.wanted:
            self.depth, self.is_met = 1, True
        elif self.depth and tag not in VOID:
            self.depth += 1
        if self.depth and tag == "a":
            self.links.append(attributes["href"])
        self.text.append(" " if self.depth else "")

    def handle_endtag(self, tag):
        if self.depth and tag not in VOID:
            self.depth -= 1

    def handle_data(self, data):
        if self.depth:
            self.text.append(data)


def element(page, anchor):
    """(words, links) of the element with that id; None when the page has none."""
    reader = _Element(anchor)
    reader.feed(page)
    if not reader.is_met:
        return None
    return re.sub(r"\s+", " ", "".join(reader.text)), reader.links


def words_of(page):
    """Everything the body of a page says, on one line, no-break spaces kept."""
    page = re.sub(r"<(script|style|head|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"</?(?:a|strong|span|em|code|mark)\b[^>]*>", "", page)
    return re.sub(r"[ \n\t]+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def links_of(page):
    """Every address that a page's links name."""
    return {unescape(link) for link in re.findall(r'<a\b[^>]*\shref="([^"]*)"', page)}
