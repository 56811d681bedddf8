"""The pages of companies at the desk: the search that finds one, and what is known of it and went on with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.guards import advisor_required, signed_in_person
from accounts.models import Company, User
from backoffice.core.models import JournalEntry
from shops.models import Shop
from support import actions, rules, timeline
from support.enums import TAG_TONES, Tag
from support.forms import NoteForm, SearchForm, TagsForm
from support.frame import who_and_when
from support.models import CompanyNote, ContactRequest, with_tags
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


@advisor_required
@require_POST
def write_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a note about the company."""
    company, form = _found(request, public_id), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, company, note_form=form)
    actions.write_note(company=company, text=form.cleaned_data["text"], **who_and_when(request))
    messages.success(request, "Votre note est au dossier.")
    return redirect("support:company", public_id)


@advisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def strike_note(request: HttpRequest, public_id: str, note_id: str) -> HttpResponse:
    """Strike a wrong note through, with another that says what is right."""
    company = _found(request, public_id)
    note = get_object_or_404(CompanyNote.objects.of(company).with_people(), public_id=note_id)
    form = NoteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "support/strike_note.html", {"company": company, "note": note, "form": form})
    try:
        actions.strike_note(note=note, text=form.cleaned_data["text"], **who_and_when(request))
    except actions.AlreadyStruck:
        messages.error(request, "Rien n’a changé : cette note est déjà barrée par une autre.")
    else:
        messages.success(request, "La note est barrée, la vôtre la remplace.")
    return redirect("support:company", public_id)


@advisor_required
@require_POST
def tag(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the company bear the tags that are ticked, and no others."""
    company, form = _found(request, public_id), TagsForm(request.POST)
    if not form.is_valid():
        return _page(request, company, tags_form=form)
    actions.set_tags(company=company, tags=form.cleaned_data["tags"], **who_and_when(request))
    messages.success(request, "Les étiquettes de la société sont à jour.")
    return redirect("support:company", public_id)


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
    return get_object_or_404(with_tags(Company.objects.visible_to(signed_in_person(request))), public_id=public_id)


def _page(request: HttpRequest, company: Company, **refused: Form) -> HttpResponse:
    """The company, and the forms of what can be written down; one that was `refused` keeps what was typed."""
    advisor = signed_in_person(request)
    page = timeline.page_of(
        company, reader=advisor, older_than=request.GET.get("avant", ""), newer_than=request.GET.get("apres", "")
    )
    people = list(User.objects.around(company, also=page.named).telling_viewable(advisor))
    shops = list(Shop.objects.of_company(company))
    around = _around(people)
    tags = [Tag(value) for value in company.tag_values]  # type: ignore[attr-defined]
    requests = ContactRequest.objects.about(company).visible_to(advisor).open().with_people()
    here = reverse("support:company", args=[company.public_id])
    context = {
        "company": company,
        "shops": shops,
        "team": around.team,
        "advisors": around.advisors,
        "requests": [(contact, rules.turn(contact)) for contact in requests[: rules.REQUESTS_SHOWN]],
        "items": _told(page, people, shops),
        "tags": [(TAG_TONES[one], one.label) for one in tags],
        "tags_form": TagsForm(initial={"tags": tags}),
        "note_form": NoteForm(),
        "search_form": SearchForm(),
        "newer_url": f"{here}?apres={page.newer_than}#historique" if page.newer_than else "",
        "older_url": f"{here}?avant={page.older_than}#historique" if page.older_than else "",
    }
    return render(request, "support/company.html", context | refused)


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
