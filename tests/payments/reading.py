"""A page as somebody reads it: entities read, no-break spaces as spaces, and without its tags if need be."""

import html
import re


def source_of(response):
    """The page's source."""
    return html.unescape(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def text_of(response):
    """Its words alone, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source_of(response).replace("<wbr>", "")))
