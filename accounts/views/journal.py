"""The journal's pages: whose journal, what happened, and the same as a file."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, rules
from accounts.browsers import browser_of
from accounts.forms.journal import CompanySearchForm, FilterForm
from accounts.guards import journal_reader_required, signed_in_person
from accounts.journal_page import Chain, Teller, exceeds, page_of, table_of
from accounts.models import Company, User
from accounts.views.frame import frame_of
from backoffice.core.spreadsheets import csv_pieces

# What the address says for the journal that is no company's.
PLATFORM = "plateforme"
COMPANIES_SHOWN = 20


@journal_reader_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What happened in one company, newest first, fifty lines a page; an advisor chooses the company first."""
    person = signed_in_person(request)
    chain = _chain(person, request.GET)
    if chain is None:
        return _choose_company(request, person)
    people = chain.people()
    form = FilterForm(request.GET, people=chain.searched_by(person, people), reader=person)
    page = page_of(
        form.filters().applied_to(chain.entries_for(person)),
        Teller(reader=person, people=people),
        older_than=request.GET.get("avant", ""),
        newer_than=request.GET.get("apres", ""),
    )
    chosen = _chosen(chain, person, request.GET)
    context = {
        **frame_of(person),
        "chain": chain,
        "form": form,
        "page": page,
        "chosen": chosen,
        "is_narrowed": len(chosen) > len(_whose(chain, person)),
        "whose": _whose(chain, person),
        "whole_url": _address(_whose(chain, person)),
        "newer_url": _address({**chosen, "apres": str(page.newer_than)}) if page.newer_than else "",
        "older_url": _address({**chosen, "avant": str(page.older_than)}) if page.older_than else "",
    }
    return render(request, "accounts/journal.html", context)


@journal_reader_required
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The journal as narrowed on its page, as a file that spreadsheets open safely (OUT-01); written down first."""
    person, now = signed_in_person(request), timezone.now()
    chain = _chain(person, request.POST)
    if chain is None:
        raise Http404
    people = chain.people()
    form = FilterForm(request.POST, people=chain.searched_by(person, people), reader=person)
    page_url = _address(_chosen(chain, person, request.POST))
    if not form.is_valid():
        return redirect(page_url)
    entries = form.filters().applied_to(chain.entries_for(person))
    if exceeds(entries, lines=rules.JOURNAL_EXPORT_LINES):
        messages.error(request, _too_many())
        return redirect(page_url)
    actions.note_journal_export(
        company=chain.company, filters=form.filters(), by=person, browser=browser_of(request), now=now
    )
    response = StreamingHttpResponse(
        csv_pieces(table_of(entries, Teller(reader=person, people=people))), content_type="text/csv; charset=utf-8"
    )
    whose = chain.company.siret if chain.company else PLATFORM
    name = f"journal-{whose}-{timezone.localtime(now):%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _choose_company(request: HttpRequest, person: User) -> HttpResponse:
    """An advisor's companies, narrowed by the first letters of a name or the first digits of a SIRET."""
    form = CompanySearchForm(request.GET)
    typed = form.cleaned_data["typed"] if form.is_valid() else ""
    found = list(Company.objects.with_journal_for(person).searched(typed)[: COMPANIES_SHOWN + 1])
    context = {
        **frame_of(person),
        "form": form,
        "typed": typed,
        "companies": found[:COMPANIES_SHOWN] if form.is_valid() else [],
        "has_more": len(found) > COMPANIES_SHOWN,
        "platform_url": _address({"societe": PLATFORM}),
    }
    return render(request, "accounts/journal_companies.html", context)


def _chain(person: User, given: QueryDict) -> Chain | None:
    """Whose journal is asked for; None when an advisor has not said. 404 for a company that is not theirs."""
    named = given.get("societe", "")
    if named == PLATFORM and person.is_advisor:
        return Chain()
    companies = Company.objects.with_journal_for(person)
    if named:
        return Chain(company=get_object_or_404(companies.with_public_id(named)))
    if person.is_advisor:
        return None
    own = companies.first()
    if own is None:
        raise Http404
    return Chain(company=own)


def _whose(chain: Chain, person: User) -> dict[str, str]:
    """What the address must say to name this journal; a merchant's own needs nothing."""
    if chain.company is None:
        return {"societe": PLATFORM}
    is_own = not person.is_advisor and chain.company == person.company
    return {} if is_own else {"societe": str(chain.company.public_id)}


def _chosen(chain: Chain, person: User, given: QueryDict) -> dict[str, str]:
    """What the address said of the journal and of its filters, as typed, without its place in the list."""
    filters = {name: given.get(name, "") for name in FilterForm.IN_ADDRESS.values()}
    return {**_whose(chain, person), **{name: value for name, value in filters.items() if value}}


def _address(chosen: dict[str, str]) -> str:
    return reverse("accounts:journal") + (f"?{urlencode(chosen)}" if chosen else "")


def _too_many() -> str:
    lines = f"{rules.JOURNAL_EXPORT_LINES:,}".replace(",", "\u00a0")
    return f"Un export compte au plus {lines} lignes. Choisissez une période plus courte, puis exportez à nouveau."
