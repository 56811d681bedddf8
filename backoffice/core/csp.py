"""The Content-Security-Policy header, from settings named like Django 6's (OUT-03)."""

from collections.abc import Iterable, Mapping

from django.http import HttpResponse

_ATTRIBUTE = "csp_form_action_origins"


def csp_form_action(response: HttpResponse, origins: Iterable[str]) -> HttpResponse:
    """Let this one response send forms (and follow their redirects) to `origins` too, e.g. `https://shop.example`.

    Browsers apply form-action to redirects as well, so the way back to a shop needs it (PAY-10).
    """
    setattr(response, _ATTRIBUTE, [*getattr(response, _ATTRIBUTE, []), *origins])
    return response


def header_value(policy: Mapping[str, Iterable[str]], response: HttpResponse) -> str:
    """The header's text for one response."""
    extra = {"form-action": getattr(response, _ATTRIBUTE, [])}
    return "; ".join(
        f"{directive} {' '.join([*sources, *extra.get(directive, [])])}" for directive, sources in policy.items()
    )
