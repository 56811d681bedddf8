"""The words a shop puts in the place of the page's own: `vads_theme_config` (domain 3.3)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from payments.page.texts import Texts

LONGEST = 120

# By code of the wire, the sentence it replaces. Other codes are accepted and change nothing: those of options this
# offer has not (colours, logo, mails), and those nobody knows.
_ON_THE_PAGE = MappingProxyType(
    {
        "CANCEL_FOOTER_MSG_RETURN": "cancel",
        "CTRL_RISK_CARD_NOT_ACCEPTED": "network_refused",
        "SECURE_MESSAGE": "secure",
        "SITE_ID_LABEL": "shop_id",
    }
)
_AFTER_SUCCESS = MappingProxyType({"SUCCESS_FOOTER_MSG_RETURN": "back"})


def themed(texts: Texts, theme_config: str) -> Texts:
    """The page's words with those of the shop, as text of one line and 120 characters at most.

    `theme_config` is « CODE=words » separated by ";", as received; what has no form of the kind changes nothing.
    """
    return _replaced(texts, theme_config, _ON_THE_PAGE)


def themed_after_success(texts: Texts, theme_config: str) -> Texts:
    """Like `themed`, for the page of an accepted payment, whose button has words of its own."""
    return _replaced(texts, theme_config, _ON_THE_PAGE | _AFTER_SUCCESS)


def _replaced(texts: Texts, theme_config: str, places: Mapping[str, str]) -> Texts:
    words = {}
    for part in theme_config.split(";"):
        code, _, value = part.partition("=")
        if (place := places.get(code.strip())) and (line := " ".join(value.split())[:LONGEST]):
            words[place] = line
    return replace(texts, **words)
