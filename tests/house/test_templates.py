"""Every template compiles, is used by somebody, and carries no inline style or script."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.house.source import ROOT, modules

FOLDERS = [ROOT / "backoffice", *(ROOT / room for room in ("accounts", "certificates", "payments", "shops", "support"))]
# Django finds these by name, and crispy-forms the last.
FOUND_BY_NAME = {"400.html", "403.html", "404.html", "500.html", "503.html", "bootstrap5/errors.html"}


def templates() -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for root in FOLDERS
        for folder in root.rglob("templates")
        for path in folder.rglob("*")
        if path.is_file()
    }


ALL = templates()


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_template_compiles(name):
    engines["django"].from_string(ALL[name].read_text("utf-8"))


def is_named(name, source):
    """Named in full, or by its stem where a room spells the folder once: f"accounts/emails/{template}.txt"."""
    folder, _, file = name.rpartition("/")
    stem, _, ending = file.rpartition(".")
    spelled_once = re.search(rf"""["']{re.escape(folder)}/\{{\w+\}}\.{ending}["']""", source)
    return bool(
        re.search(rf"""["']{re.escape(name)}["']""", source)
        or (spelled_once and re.search(rf"""["']{re.escape(stem)}["']""", source))
    )


def test_no_template_is_unused():
    source = "\n".join(path.read_text("utf-8") for path in [*ALL.values(), *modules()])
    assert [name for name in ALL if name not in FOUND_BY_NAME and not is_named(name, source)] == []


@pytest.mark.parametrize("name", sorted(name for name in ALL if name.endswith(".html") and "/emails/" not in name))
def test_out_03_no_page_carries_inline_style_or_script(name):
    text = ALL[name].read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    for opening in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in opening or 'type="application/json"' in opening


@pytest.mark.parametrize("name", sorted(name for name in ALL if name.endswith(".html") and "/emails/" not in name))
def test_out_04_no_page_loads_anything_from_elsewhere(name):
    text = ALL[name].read_text("utf-8")
    assert not re.search(r"<(script|link|img|iframe|source)\b[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", text)
