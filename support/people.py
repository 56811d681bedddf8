"""The page of one of a company's people at the desk: their account as it stands, and what an advisor may do to it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions as accounts
from accounts import rules as account_rules
from accounts.enums import ClosingReason
from accounts.guards import advisor_required, confirmation_due, freeze_explained, signed_in_person
from accounts.models import Company, ContactChange, Device, Membership, Session, User
from support import actions, rules
from support.forms import ClosingForm, OpeningForm
from support.frame import who_and_when
from support.models import ContactRequest

OWN = "Ce qui touche votre propre compte se traite par un autre conseiller."
OVER = "Rien n’a changé\u00a0: son accès à cette société est terminé."
ELSEWHERE = "Rien n’a changé\u00a0: ses demandes sont celles d’une autre société, que suivent d’autres conseillers."
CLOSED = "Rien n’a changé\u00a0: ce compte est fermé."
REFUSALS = {actions.OutsidePortfolio: ELSEWHERE, actions.NoSuchAccount: CLOSED, accounts.OwnAccount: OWN}


@advisor_required
@require_safe
def detail(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Somebody's account, and what can be done to it; 404 outside the portfolio, and for who is not of the company."""
    return _page(request, _found(request, public_id, person_id), OpeningForm())


@advisor_required
@require_POST
def open_request(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Open a request for somebody who telephoned or came; one that waits already is led to instead of a double."""
    place, form = _found(request, public_id, person_id), OpeningForm(request.POST)
    if not place.is_current:
        return _refuse(request, place, OVER)
    if not form.is_valid():
        return _page(request, place, form)
    try:
        contact = actions.open_request(person=place.user, **form.cleaned_data, **who_and_when(request))
    except actions.AlreadyOpen as already:
        messages.info(request, "Une demande de ce motif attend déjà pour ce compte\u00a0: la voici.")
        return redirect("support:request", already.contact.public_id)
    except tuple(REFUSALS) as refused:
        return _refuse(request, place, REFUSALS[type(refused)])
    messages.success(request, "La demande est ouverte, et vous vous en occupez. Un e-mail en prévient son titulaire.")
    return redirect("support:request", contact.public_id)


@advisor_required
@require_POST
def end_sessions(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Sign somebody out everywhere, within one request (SESS-05, SESS-06)."""
    place = _found(request, public_id, person_id)
    if not place.is_current:
        return _refuse(request, place, OVER)
    try:
        ended = accounts.end_sessions_of(person=place.user, **who_and_when(request))
    except accounts.OwnAccount:
        return _refuse(request, place, OWN)
    if ended:
        messages.success(request, "Ses sessions sont terminées. Un e-mail l’en prévient.")
    else:
        messages.info(request, "Aucune session n’était ouverte.")
    return _back_to(place)


@advisor_required
@freeze_explained
@require_http_methods(["GET", "HEAD", "POST"])
def close_access(request: HttpRequest, public_id: str, person_id: str) -> HttpResponseBase:
    """Say what closing somebody's access stops, ask why, and do it, once it is sure who asks."""
    place = _found(request, public_id, person_id)
    if not place.is_current:
        return _refuse(request, place, OVER)
    accounts.require_unfrozen(signed_in_person(request))
    if due := confirmation_due(request):
        return due
    form = ClosingForm(
        request.POST if request.method == "POST" else None,
        reasons=ClosingReason,
        help_text="Cette personne et les gérants de la société le lisent.",
    )
    if request.method == "POST" and form.is_valid():
        return _close(request, place, form.cleaned_data["reason"])
    context = {
        "company": place.company,
        "place": place,
        "form": form,
        "is_last_owner": account_rules.is_last_owner(place),
        "serves_elsewhere": account_rules.serves_elsewhere(place),
    }
    return render(request, "support/close_access.html", context)


def _close(request: HttpRequest, place: Membership, reason: ClosingReason) -> HttpResponse:
    try:
        accounts.close_access(place=place, reason=reason, **who_and_when(request))
    except accounts.AccessOver:
        return _refuse(request, place, OVER)
    except accounts.OwnAccount:
        return _refuse(request, place, OWN)
    messages.success(request, f"L’accès de {place.user.full_name} est fermé. Un e-mail l’en prévient.")
    return _back_to(place)


def _refuse(request: HttpRequest, place: Membership, words: str) -> HttpResponse:
    messages.error(request, words)
    return _back_to(place)


def _back_to(place: Membership) -> HttpResponse:
    return redirect("support:person", place.company.public_id, place.user.public_id)


def _found(request: HttpRequest, public_id: str, person_id: str) -> Membership:
    """Somebody's place in a company this advisor sees (AUTHZ-08)."""
    company = get_object_or_404(Company.objects.visible_to(signed_in_person(request)), public_id=public_id)
    return get_object_or_404(
        Membership.objects.of_company(company).select_related("company"), user__public_id=person_id
    )


def _page(request: HttpRequest, place: Membership, form: OpeningForm) -> HttpResponse:
    advisor, now = signed_in_person(request), timezone.now()
    person = User.objects.telling_factor().telling_viewable(advisor).get(pk=place.user_id)
    sessions = list(Session.objects.of_signed_in(person, now=now))
    requests = ContactRequest.objects.about_account(person).visible_to(advisor).open().with_people()
    is_served = place.is_current and person != advisor
    context = {
        "company": place.company,
        "place": place,
        "person": person,
        "is_expired": not account_rules.has_living_temporary_password(person, now=now),
        "sessions": sessions,
        "known_browsers": _known_browsers(person, now=now),
        "pending_changes": ContactChange.objects.of(person).pending(),
        "is_phone_new": account_rules.has_recent_phone(person, now=now),
        "requests": [(contact, rules.turn(contact)) for contact in requests[: rules.REQUESTS_SHOWN]],
        "may_act": is_served,
        "form": form if is_served and rules.is_written_to(person) else None,
    }
    return render(request, "support/person.html", context)


def _known_browsers(person: User, *, now: datetime) -> int:
    return sum(account_rules.is_known(device, now=now) for device in Device.objects.of(person))
