"""Which language a buyer reads: the one chosen, the form's, the browser's, or French."""

from collections.abc import Mapping, Sequence

from django.utils.translation.trans_real import parse_accept_lang_header

FRENCH, ENGLISH = "fr", "en"
# In the order the page offers them.
SPOKEN = (FRENCH, ENGLISH, "de", "es", "it", "nl", "pt")


def offered_languages(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The languages a form lets its buyer choose from: those of `vads_available_languages` that are spoken here.

    Without that field, all of them; English when it names none of them.
    """
    named = [language for language in (fields.get("vads_available_languages") or "").split(";") if language]
    if not named:
        return SPOKEN
    return tuple(language for language in SPOKEN if language in named) or (ENGLISH,)


def language_of(fields: Mapping[str, str], *, accept_language: str, chosen: str = "") -> str:
    """A language of `SPOKEN`: what the buyer chose, else what the form asks for, else the browser's, else French.

    A form that asks for a language that is not spoken gets English. A browser picks among the languages on offer.
    """
    if chosen:
        return chosen
    if asked := fields.get("vads_language"):
        return asked if asked in SPOKEN else ENGLISH
    wanted = [code[:2] for code, quality in parse_accept_lang_header(accept_language) if quality and code != "*"]
    return _among(offered_languages(fields), wanted)


def _among(offered: Sequence[str], wanted: Sequence[str]) -> str:
    usual = ENGLISH if wanted else FRENCH
    return next((code for code in (*wanted, usual) if code in offered), offered[0])
