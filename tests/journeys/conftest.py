"""The browser (Debian's Chromium) and the running demo it visits."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import demo as running

# Nothing of the browser's own looks for the network.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # as root the sandbox cannot start
]


@pytest.fixture(scope="package")
def browser():
    """One browser for all journeys. It is gone before other tests run here: its event loop would be in their way."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "install a browser: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser):
    """A browser that has seen nothing yet."""
    fresh = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture(scope="package")
def demo_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o055)  # PostgreSQL runs as a user of its own when we are root
    return folder / "data"


@pytest.fixture(scope="package")
def demo(demo_folder):
    started = running.start(demo_folder)
    yield started
    assert started.stop() < running.STOP_WITHIN_SECONDS


@pytest.fixture
def page(context):
    """A page that fails the test on a script error, a refused resource or a broken answer."""
    faults = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on(
        "response", lambda answer: faults.append(f"{answer.status}: {answer.url}") if answer.status >= 500 else None
    )
    yield page
    assert not faults
