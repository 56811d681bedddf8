"""The help pages: public, in the frame of whoever reads, searched as one."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from support.frame import frame
from support.help import catalogue, index
from support.help.pages import LONGEST_SEARCH, PAGE_NAMED, facts_of

CODES_SHOWN = 5


@login_not_required
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """General questions: signing in, installing, testing, mail; or what a search over all pages found."""
    typed = _typed(request)
    if not typed:
        return _page(request, "faq")
    codes = [(family, entry) for family in catalogue.matching(typed) for entry in family.entries]
    context = {
        **frame(request),
        **facts_of(PAGE_NAMED["faq"]),
        "here": None,
        "typed": typed,
        "findings": index.look_for(typed),
        "codes": codes[:CODES_SHOWN],
        "code_count": len(codes),
        "are_codes_first": _names_a_code(typed),
    }
    return render(request, "support/faq/search.html", context)


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One tab, whose words and facts ask nothing of the request."""
    return _page(request, name)


@login_not_required
@require_safe
def error_codes(request: HttpRequest) -> HttpResponse:
    """Every code of the wire in one table, narrowed to what was typed."""
    typed = _typed(request)
    return _page(request, "error_codes", typed_code=typed, families=catalogue.matching(typed))


def _typed(request: HttpRequest) -> str:
    return request.GET.get("recherche", "")[:LONGEST_SEARCH].strip()


def _names_a_code(typed: str) -> bool:
    """Whether people seem to look for « 03 » or « vads_trans_id » rather than for an explanation."""
    return any(letter.isdecimal() or letter == "_" for letter in typed)


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    shown = PAGE_NAMED[name]
    full = {**frame(request), **facts_of(shown), "contents": index.contents_of(shown), **context}
    return render(request, f"support/faq/{name}.html", full)
