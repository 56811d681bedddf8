"""The pieces pages are made of: one tag or filter a piece, its markup in one file under `templates/ui/` (look.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from backoffice.core.sentences import filled

register = template.Library()

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
SPRITE = "vendor/bootstrap-icons/icons.svg"
TONE_ICONS = {
    "ok": "check-lg",
    "attention": "clock",
    "danger": "x-lg",
    "neutral": "circle",
    "information": "info-circle",
    "test": "cone-striped",
}
# By language: what parts the thousands, what comes before the decimals, and between a symbol that leads and its figure.
_FRENCH_FIGURES = (NO_BREAK_SPACE, ",", None)
_FIGURES = {
    "en": (",", ".", ""),
    "de": (".", ",", None),
    "it": (".", ",", None),
    "nl": (".", ",", NO_BREAK_SPACE),
}
CALLOUT_ICONS = {
    "ok": "check-circle",
    "attention": "exclamation-triangle",
    "danger": "x-octagon",
    "information": "info-circle",
}


class Money(Protocol):
    """What `amount` needs to know of a currency."""

    @property
    def symbol(self) -> str: ...

    @property
    def decimals(self) -> int: ...


def _piece(template_name: str, **context: Any) -> SafeString:
    return SafeString(render_to_string(template_name, context).strip())


def _slot(content: str) -> SafeString:
    """What stood between the tags: already rendered, so already escaped; blank counts as empty."""
    return SafeString(content.strip())


# --- Frame -----------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of the vendored sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        name,
    )


@register.simple_tag(takes_context=True)
def menu_item(context: Context, url_name: str, icon_name: str, label: str, *args: object, also: str = "") -> SafeString:
    """A line of the menu, current on `url_name` and on the space-separated view names of `also`."""
    match = getattr(context.get("request"), "resolver_match", None)
    is_current = match is not None and match.view_name in {url_name, *also.split()}
    return _piece(
        "ui/menu_item.html", url=reverse(url_name, args=args), icon_name=icon_name, label=label, is_current=is_current
    )


@register.simple_block_tag
def page_header(content: str, title: str = "", lead: str = "") -> SafeString:
    """The page's only `h1`, one sentence saying what the page is for, and its primary action as content."""
    return _piece("ui/page_header.html", title=title, lead=lead, action=_slot(content))


@register.simple_tag
def help_link(url_name: str, anchor: str, question: str) -> SafeString:
    """« Aide » in a page header: to the very answer, whose question screen readers say."""
    return _piece("ui/help_link.html", url=f"{reverse(url_name)}#{anchor}", question=question)


@register.simple_block_tag
def card(content: str, title: str = "", *, tone: str = "", id: str = "") -> SafeString:  # noqa: A002 (HTML's word)
    """A raised section with an optional `h2`; `tone` "flush" lets a table touch the edges, "danger" warns."""
    return _piece("ui/card.html", title=title, content=content, tone=tone, id=id)


@register.simple_block_tag
def question(content: str, id: str, title: str, *, words: str = "") -> SafeString:  # noqa: A002 (HTML's word)
    """A question inside a card, with its answer as content; `words` are others that people may look for it with."""
    return _piece("ui/question.html", id=id, title=title, words=words, content=content)


@register.simple_block_tag
def callout(content: str, tone: str = "information", title: str = "") -> SafeString:
    """A message that says what to do; tone is information, attention, danger or ok."""
    return _piece("ui/callout.html", tone=tone, icon_name=CALLOUT_ICONS[tone], title=title, content=_slot(content))


@register.simple_block_tag
def empty_state(content: str, text: str) -> SafeString:
    """What a list shows when it has nothing: one sentence, one action as content."""
    return _piece("ui/empty_state.html", text=text, action=_slot(content))


# --- Values ----------------------------------------------------------------------------------------------------
@register.simple_block_tag
def definitions(content: str) -> SafeString:
    """A list of `definition` lines."""
    return _piece("ui/definitions.html", content=content)


@register.simple_block_tag
def definition(content: str, label: str) -> SafeString:
    """One line of `definitions`: its label, and its value as content (an action may follow the value)."""
    return _piece("ui/definition.html", label=label, content=_slot(content))


@register.simple_tag
def copyable(value: object, *, label: str = "") -> SafeString:
    """An identifier in fixed-width type with its copy button; `label` names it for screen readers."""
    return _piece("ui/copyable.html", value=value, label=label)


@register.simple_tag(takes_context=True)
def secret(
    context: Context,
    *,
    masked: str,
    value: str = "",
    reveal_url: str = "",
    hide_url: str = "",
    label: str = "",
    about: str = "",
) -> SafeString:
    """A secret: masked with a POST button « Afficher », or shown (`value`) with copy, « Masquer » and 60 s to live.

    `hide_url` is the page to go back to when scripts are off; `label` names the secret for screen readers,
    `about` whose it is, for the page that gives the form back after a confirmation.
    """
    return _piece(
        "ui/secret.html",
        csrf_token=context.get("csrf_token"),
        masked=masked,
        value=value,
        reveal_url=reveal_url,
        hide_url=hide_url,
        label=label,
        about=about,
    )


@register.simple_tag
def badge(tone: str, label: str) -> SafeString:
    """A state: icon and word, never colour alone; tone is ok, attention, danger, neutral, information or test."""
    return _piece("ui/badge.html", tone=tone, icon_name=TONE_ICONS[tone], label=label)


@register.simple_tag
def wire_view(text: str, *, label: str = "Contenu échangé") -> SafeString:
    """A signed string, request or answer as it travelled: wrapped fixed-width text with its copy button."""
    return _piece("ui/wire_view.html", text=text, label=label)


@register.simple_tag
def code_view(text: str, *, label: str) -> SafeString:
    """Code to copy, whole and in its own lines; `label` names it for screen readers."""
    return _piece("ui/code_view.html", text=text, label=label)


# --- Lists -----------------------------------------------------------------------------------------------------
@register.simple_block_tag
def checklist_row(content: str, done: bool, label: str) -> SafeString:  # noqa: FBT001 (read in templates)
    """One proof inside `<ul class="checklist">`: done or to do, with the proof's link or the way to it as content."""
    return _piece("ui/checklist_row.html", done=done, label=label, content=_slot(content))


@register.simple_block_tag
def timeline_item(content: str, when: datetime | None, tone: str = "neutral", title: str = "") -> SafeString:
    """One event inside `<ol class="timeline">`: when (aware, or None when unknown), tone as `badge`, title, details."""
    return _piece(
        "ui/timeline_item.html", when=when, tone=tone, icon_name=TONE_ICONS[tone], title=title, content=_slot(content)
    )


@register.simple_tag
def pagination(newer_url: str = "", older_url: str = "") -> SafeString:
    """« Plus récentes » and « Plus anciennes »; an empty address leaves its side out, two leave nothing."""
    return _piece("ui/pagination.html", newer_url=newer_url, older_url=older_url)


@register.simple_tag
def chips(chosen: Sequence[tuple[str, str]]) -> SafeString:
    """The filters in use, pairs of words and the address of the list without that one; nothing when there is none."""
    return _piece("ui/chips.html", chosen=chosen)


# --- Asking ----------------------------------------------------------------------------------------------------
@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    id: str,  # noqa: A002 (HTML's word)
    title: str,
    action_url: str,
    button: str,
    *,
    tone: str = "primary",
    about: str = "",
) -> SafeString:
    """A button that opens a native dialog with the consequence in words, and posts; an inline form without scripts.

    `tone` is primary or danger; `button` is the verb both buttons say; `about` names whom it is about, for the page
    that gives the form back after a confirmation.
    """
    return _piece(
        "ui/confirm.html",
        csrf_token=context.get("csrf_token"),
        id=id,
        title=title,
        action_url=action_url,
        button=button,
        tone=tone,
        about=about,
        content=_slot(content),
    )


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """The summary above a form that was refused: every error, linked to its field; nothing when there is none.

    The house's pages show the errors that belong to no field here and nowhere else.
    """
    faults = [(form[name], error) for name, errors in form.errors.items() if name in form.fields for error in errors]
    general = list(form.non_field_errors())
    if not faults and not general:
        return SafeString("")
    return _piece("ui/form_errors.html", faults=faults, general=general, count=len(faults) + len(general))


@register.simple_tag
def file_digest(field_id: str, *, label: str, target: str) -> SafeString:
    """A file chosen to fill the field `field_id` (labelled `target`) with its SHA-256, by `js/digest.js`: no upload.

    Without scripts, words say how to compute it elsewhere.
    """
    return _piece("ui/file_digest.html", field_id=field_id, label=label, target=target)


@register.simple_tag
def strength_meter(input_id: str, level: str = "", reasons: Sequence[str] = ()) -> SafeString:
    """The password meter of the field `input_id`: a bar of three segments, a word, reasons, and what is spoken.

    For the script: `[data-meter-for="<input id>"]` is the root; set its `data-level` to "weak", "medium", "ok" or ""
    and the bar (`[data-meter-bar]`), the icon and the colours follow. `[data-meter-word]` takes the word as text,
    `[data-meter-reasons]` (a `ul`) one `li` a reason. What screen readers say (`aria-live=polite`) goes to
    `[data-meter-spoken]`, once typing has paused. `level` and `reasons` draw the server's own judgement.
    """
    words = {"weak": "Sécurité faible", "medium": "Sécurité moyenne", "ok": "Sécurité OK"}
    return _piece("ui/strength_meter.html", input_id=input_id, level=level, word=words.get(level, ""), reasons=reasons)


# --- Figures ---------------------------------------------------------------------------------------------------
@register.simple_tag
def fill(sentence: str, **values: object) -> str:
    """A sentence with each `{name}` in it replaced by the value of that name; one without a value stays as written."""
    return filled(sentence, **values)


@register.filter
def amount(cents: int, currency: "str | Money" = "978") -> str:
    """Minor units and a currency → « 1 250,00 € », in English « €1,250.00 », in German « 1.250,00 € ».

    The currency is one of the wire's table or its ISO 4217 numeric code; KeyError if the code is unknown.
    """
    money: Money = settings.CURRENCIES[currency] if isinstance(currency, str) else currency
    thousands, point, after_symbol = _FIGURES.get((get_language() or "fr")[:2], _FRENCH_FIGURES)
    whole, part = divmod(abs(cents), 10**money.decimals)
    figure = f"{whole:,}".replace(",", thousands)
    if money.decimals:
        figure += f"{point}{part:0{money.decimals}d}"
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    if after_symbol is not None and len(money.symbol) == 1:
        return f"{sign}{money.symbol}{after_symbol}{figure}"
    return f"{sign}{figure}{NO_BREAK_SPACE}{money.symbol}"


@register.filter
def moment(value: datetime | None, article: str = "") -> SafeString:
    """An aware moment as a `<time>`: relative under a day, else dated in Paris; exact and with its zone on hover.

    In a sentence, `moment:"le"` gives « le 20 nov. à 12:00 » for a date and still « il y a 3 h » under a day. None
    gives an empty string.
    """
    if value is None:
        return SafeString("")
    local = timezone.localtime(value)
    words = _nearness(local) or _date_words(local, article)
    return _piece("ui/moment.html", iso=local.isoformat(timespec="seconds"), exact=_exact(local), words=words)


@register.filter
def age(value: datetime) -> str:
    """How long ago an aware moment was, in one unit: « 12 min », « 5 h », « 3 jours »; « moins d’une minute »."""
    minutes = int((timezone.now() - value).total_seconds() // 60)
    if minutes < 1:
        return "moins d’une minute".replace(" ", NO_BREAK_SPACE)
    if minutes < 24 * 60:
        return f"{minutes}{NO_BREAK_SPACE}min" if minutes < 60 else f"{minutes // 60}{NO_BREAK_SPACE}h"
    days = minutes // (24 * 60)
    return f"{days}{NO_BREAK_SPACE}jour{'s' if days > 1 else ''}"


def _exact(local: datetime) -> str:
    offset = local.utcoffset() or timedelta()
    hours = int(offset.total_seconds() // 3600)
    return f"{format_date(local, 'j F Y, H:i:s')} (heure de Paris, UTC{hours:+d})"


def _nearness(local: datetime) -> str:
    seconds = (timezone.now() - local).total_seconds()
    if abs(seconds) < 60:
        return "à l’instant"
    if abs(seconds) >= 86_400:
        return ""
    minutes = int(abs(seconds) // 60)
    length = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
    return (f"il y a {length}" if seconds > 0 else f"dans {length}").replace(" ", NO_BREAK_SPACE)


def _date_words(local: datetime, article: str) -> str:
    day = format_date(local, "j N" if local.year == timezone.localtime().year else "j N Y")
    time = format_date(local, "H:i")
    return (f"{article} {day} à {time}" if article else f"{day}, {time}").replace(" ", NO_BREAK_SPACE)


@register.filter
def thousands(count: int) -> str:
    """A count in groups of three: « 1 240 »."""
    return f"{count:,}".replace(",", NO_BREAK_SPACE)


@register.filter
def breakable(name: str) -> SafeString:
    """A long name of the wire, which a line may break after its underscores."""
    return format_html_join(SafeString("_<wbr>"), "{}", ((part,) for part in name.split("_")))


@register.filter
def grouped_card(number: str) -> str:
    """A card number, masked or not, in the groups printed on the card (4-6-5 for fifteen digits, else by four)."""
    compact = number.replace(" ", "")
    cuts = (4, 10) if len(compact) == 15 else tuple(range(4, len(compact), 4))
    bounds = (0, *cuts, len(compact))
    return NO_BREAK_SPACE.join(compact[start:end] for start, end in pairwise(bounds))
