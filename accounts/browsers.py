"""The browser behind a request: where it calls from, what it says it is, what makes it known."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from backoffice.core.requests import client_address, origin

AGENT_LENGTH = 400


@dataclass(frozen=True, kw_only=True)
class Browser:
    """`address` is the client's IP address ("" when unknown), `agent` its User-Agent, cut and without controls.

    `device_cookie` is believed by nobody but `accounts.devices`.
    """

    address: str = ""
    agent: str = ""
    device_cookie: str = ""

    @property
    def origin(self) -> str:
        """Who counts as one caller (AUTH-09)."""
        return origin(self.address)


def browser_of(request: HttpRequest) -> Browser:
    """What an action may know of the browser that asks."""
    agent = "".join(sign for sign in request.headers.get("User-Agent", "") if sign.isprintable())
    return Browser(
        address=client_address(request),
        agent=agent[:AGENT_LENGTH],
        device_cookie=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""),
    )
