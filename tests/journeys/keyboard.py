"""A person without a mouse: what has the focus is found by pressing Tab, and used by typing."""

import re

from playwright.sync_api import Locator, Page, expect

# Further than that nobody goes on pressing.
PATIENCE = 60
PHONE = {"width": 375, "height": 800}


class Keyboard:
    """The page of somebody who has only keys; every move fails when Tab does not get there, or where nothing shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_viewport_size(PHONE)

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus, which must be seen."""
        expect(target).to_be_visible()
        for _ in range(PATIENCE):
            if target.evaluate("element => element === document.activeElement"):
                assert target.evaluate("element => element.matches(':focus-visible')"), "the focus cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def follow(self, name: str, *, role: str = "link") -> None:
        """Go to a link or a button by its name, and press Enter."""
        self.reach(self.page.get_by_role(role, name=re.compile(name)).first)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        """Go to a button by its name, and press Enter."""
        self.follow(name, role="button")

    def fill(self, label: str, text: str) -> None:
        """Go to a field by its label, and type in it."""
        self.reach(self.page.get_by_label(re.compile(label)).first)
        self.page.keyboard.type(text)
