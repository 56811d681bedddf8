"""What axe finds on a page."""

from axe_playwright_python.sync_playwright import Axe


def faults(page):
    """What axe finds in both themes, and whether the page can be pushed sideways on a phone."""
    found, shown = [], page.viewport_size
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for violation in Axe().run(page).response["violations"]:
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
