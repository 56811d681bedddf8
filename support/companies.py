"""The pages of companies at the desk: the search that finds one, and what is known of it and went on with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.guards import advisor_required, signed_in_person
from accounts.models import Company, User
from backoffice.core.models import JournalEntry
from shops.models import Shop
from support import rules, timeline
from support.forms import SearchForm
from support.models import ContactRequest
from support.search import SHOWN, search


@advisor_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The companies that what was typed leads to, within the portfolio (AUTHZ-08)."""
    form = SearchForm(request.GET)
    typed = form.cleaned_data["typed"] if form.is_valid() else ""
    context = {
        "search_form": form,
        "typed": typed,
        "results": search(typed, reader=signed_in_person(request)),
        "shown": SHOWN,
    }
    return render(request, "support/companies.html", context)


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One company: its file, who looks after it, what is open, and what happened; 404 outside the portfolio."""
    return _page(request, _found(request, public_id))


@dataclass(frozen=True)
class Person:
    """Somebody of the company, and the word for their place in it."""

    user: User
    role: str


@dataclass(frozen=True)
class Around:
    """The people a company's page speaks of."""

    team: list[Person] = field(default_factory=list)
    advisors: list[User] = field(default_factory=list)


def _found(request: HttpRequest, public_id: str) -> Company:
    return get_object_or_404(Company.objects.visible_to(signed_in_person(request)), public_id=public_id)


def _page(request: HttpRequest, company: Company) -> HttpResponse:
    advisor = signed_in_person(request)
    page = timeline.page_of(
        company, reader=advisor, older_than=request.GET.get("avant", ""), newer_than=request.GET.get("apres", "")
    )
    people = list(User.objects.around(company, also=page.named))
    shops = list(Shop.objects.of_company(company))
    around = _around(people)
    requests = ContactRequest.objects.about(company).visible_to(advisor).open().with_people()
    here = reverse("support:company", args=[company.public_id])
    context = {
        "company": company,
        "shops": shops,
        "team": around.team,
        "advisors": around.advisors,
        "requests": [(contact, rules.turn(contact)) for contact in requests[: rules.REQUESTS_SHOWN]],
        "items": _told(page, people, shops),
        "search_form": SearchForm(),
        "newer_url": f"{here}?apres={page.newer_than}#historique" if page.newer_than else "",
        "older_url": f"{here}?avant={page.older_than}#historique" if page.older_than else "",
    }
    return render(request, "support/company.html", context)


def _around(people: Sequence[User]) -> Around:
    """Who belongs to the company and who looks after it, among those whom `User.objects.around` read."""
    team = [Person(one, _role(one)) for one in people if one.place_role]  # type: ignore[attr-defined]
    return Around(team, [one for one in people if one.look_after])  # type: ignore[attr-defined]


def _role(person: User) -> str:
    label = Role(person.place_role).label  # type: ignore[attr-defined]
    return label if person.place_is_current else f"{label}, accès terminé"  # type: ignore[attr-defined]


def _told(page: timeline.Page, people: Sequence[User], shops: Sequence[Shop]) -> list[tuple[timeline.Item, list[str]]]:
    """Each item with the lines that say who and what."""
    named = {one.public_id: one for one in people}
    return [
        (item, timeline.who(item.row, named, shops) if isinstance(item.row, JournalEntry) else [])
        for item in page.items
    ]
