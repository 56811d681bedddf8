"""What others wrote and we ship is what the manifest says: complete, untouched, licensed, small."""

import base64
import hashlib
import json
import re

import pytest

from tests.house.source import ROOT

STATIC = ROOT / "backoffice" / "static"
VENDOR = STATIC / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text("utf-8"))["packages"]
FILES = {name: digest for package in PACKAGES for name, digest in package["files"].items()}
LONGEST_FONT = 60_000
TEMPLATES = [
    path for room in ROOT.iterdir() for path in room.rglob("templates/**/*.html") if not room.name.startswith(".")
]


def test_every_vendored_file_is_in_the_manifest():
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert there == FILES.keys() | {"manifest.json"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_vendored_file_has_the_hash_of_the_manifest(name):
    digest = hashlib.sha384((VENDOR / name).read_bytes()).digest()
    assert FILES[name] == "sha384-" + base64.b64encode(digest).decode()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_vendored_package_says_its_version_source_and_licence(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["version"] in package["source"]
    assert package["licence"] in {"MIT", "OFL-1.1", "0BSD"}
    assert any("LICENSE" in name for name in package["files"])


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.endswith((".css", ".js"))))
def test_no_vendored_file_points_to_a_source_map(name):
    assert "sourceMappingURL" not in (VENDOR / name).read_text("utf-8")


def test_the_text_face_is_small():
    fonts = list(VENDOR.rglob("*.woff2"))
    assert fonts
    assert all(font.stat().st_size <= LONGEST_FONT for font in fonts)


def test_the_sprite_holds_the_icons_used_and_no_other():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "bootstrap-icons" / "icons.svg").read_text("utf-8")))
    used = set()
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        used |= set(re.findall(r'{% (?:icon|menu_item "[\w:]+") "([\w-]+)"', text))
    tags = (ROOT / "backoffice" / "core" / "templatetags" / "ui.py").read_text("utf-8")
    used |= set(re.findall(r'": "([a-z-]+)",$', tags, re.MULTILINE))
    assert drawn == used


@pytest.mark.parametrize("path", sorted(STATIC.glob("css/*.css")), ids=lambda path: path.name)
def test_out_04_no_style_sheet_loads_anything_from_elsewhere(path):
    text = path.read_text("utf-8")
    assert "@import" not in text
    assert not re.search(r"url\(\s*[\"']?(https?:)?//", text)
