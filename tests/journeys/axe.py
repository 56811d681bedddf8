"""What axe finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

# Themes differ by their colours alone: what the one theme is looked at for besides holds for the other.
# Details of what is right are many, and nobody reads them.
BRIEFLY = {"resultTypes": ["violations"]}
COLOURS = BRIEFLY | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
THEMES = {"light": BRIEFLY, "dark": COLOURS}


def faults(page):
    """What axe finds in both themes, and whether the page can be pushed sideways on a phone."""
    found, shown = [], page.viewport_size
    for theme, options in THEMES.items():
        page.emulate_media(color_scheme=theme)
        for violation in _violations(page, options):
            found += [f"{page.url} {theme}: {violation['id']} {node['target']}" for node in violation["nodes"]]
    page.set_viewport_size({"width": 375, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url}: wider than a phone")
    page.set_viewport_size(shown)
    return found


def visit(page, demo, paths):
    found = []
    for path in paths:
        page.goto(demo.url + path)
        found += faults(page)
    return found


def _violations(page, options):
    # A click returns before the page it leads to is there: what was leaving under axe is looked at once it is.
    page.wait_for_load_state()
    try:
        return Axe().run(page, options=options).response["violations"]
    except Error:
        page.wait_for_load_state()
        return Axe().run(page, options=options).response["violations"]
