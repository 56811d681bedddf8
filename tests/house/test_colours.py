"""Every pair of colours that meet on a page can be read: 4.5 for text, 3 for the edge of a field (WCAG 2.2 AA)."""

import re

import pytest

from tests.house.source import ROOT

LIGHT, DARK = (
    (ROOT / "backoffice/static/css/tokens.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")
)
GROUNDS = ("paper", "paper-raised", "paper-sunken")
SOFT = ("accent-soft", "ok-soft", "attention-soft", "danger-soft")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-muted", "accent", "ok", "attention", "danger") for ground in GROUNDS),
    *((ink, ground) for ink in ("ink", "accent") for ground in SOFT),
    *((tone, f"{tone}-soft") for tone in ("ok", "attention", "danger")),
    ("ink-muted", "accent-soft"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("danger-ink", "danger"),
    ("danger-ink", "danger-strong"),
    ("test-ink", "test"),
    ("test-ink", "test-stripe"),
    ("desk-ink", "desk"),
    ("desk-mark", "desk"),
    ("viewing-ink", "viewing"),
]
EDGES = [(edge, ground) for edge in ("line-strong", "viewing") for ground in ("paper", "paper-raised")]


def tokens(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*#([0-9a-fA-F]{3,6});", text))


THEMES = {"light": tokens(LIGHT), "dark": tokens(LIGHT) | tokens(DARK)}


def luminance(colour: str) -> float:
    digits = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(theme, ink, ground):
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edge_of_a_field_or_of_a_view_can_be_seen(theme, edge, ground):
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


def test_no_rule_has_a_colour_of_its_own():
    for name in ("house.css", "pieces.css"):
        text = (ROOT / "backoffice/static/css" / name).read_text("utf-8")
        assert not re.findall(r":[^;{}]*#[0-9a-fA-F]{3,6}\b", text), name
