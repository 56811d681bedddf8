"""The pages of a company's people: the list for owners and managers, the rest for owners who confirm who they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions as accounts
from accounts import rules
from accounts.browsers import browser_of
from accounts.codes import CodeRefused
from accounts.enums import AccountState, Role
from accounts.forms.codes import CODE_FAULTS
from accounts.guards import confirmation_due, freeze_explained, people_reader_required, signed_in_person
from accounts.models import Company, Membership, ToldCode
from backoffice.core.moves import IllegalMove
from shops import actions
from shops.models import Shop, ShopAccess
from shops.people.forms import InvitationForm, RoleForm

TOO_MANY = (
    "Vous avez invité beaucoup de personnes aujourd’hui. Continuez demain, ou écrivez-nous par la page de contact."
)
TOO_SOON = "Un mot de passe temporaire est déjà parti il y a moins d’une demi-heure. Laissez-lui le temps d’arriver."

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def owner_acts(view: View[P]) -> View[P]:
    """Let an owner in whose account is not frozen; 404 for everybody else, and for who lost the role meanwhile."""

    @freeze_explained
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        _managed_company(request)
        accounts.require_unfrozen(signed_in_person(request))
        try:
            return view(request, *args, **kwargs)
        except accounts.NotAllowed:
            raise Http404 from None

    return guarded


@people_reader_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody who has or had access to the company."""
    person = signed_in_person(request)
    company = _company(request)
    context = {
        "company": company,
        "places": Membership.objects.of_company(company),
        "is_owner": rules.may_manage_people(person, company),
        "is_frozen": person.is_frozen,
    }
    return render(request, "shops/people/index.html", context)


@owner_acts
@sensitive_post_parameters("code", "code_again")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponseBase:
    """Open an account of their own for somebody who works for the company."""
    company = _managed_company(request)
    due = confirmation_due(request)
    if due:
        return due
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        shops=list(Shop.objects.of_company(company)),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.invite_to_shops(
                company=company,
                invitee=form.invitee(),
                grant=form.grant(),
                shops=form.chosen_shops(),
                code=form.cleaned_data["code"],
                **_who(request),
            )
        except CodeRefused as refused:
            form.add_error("code", CODE_FAULTS[refused.fault])
        except accounts.TooManyInvitations:
            form.add_error(None, TOO_MANY)
        else:
            messages.success(
                request, f"L’invitation de {invited.full_name} est envoyée. Dites-lui maintenant son code."
            )
            return redirect("shops:person", invited.public_id)
    return render(request, "shops/people/invite.html", {"form": form})


@people_reader_required
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One person: role, state, what the owner can do."""
    place = _place(request, public_id)
    person, now = signed_in_person(request), timezone.now()
    told = ToldCode.objects.of(place.user).select_related("told_by").first()
    is_waiting = place.user.state == AccountState.FIRST_CONNECTION
    is_frozen = person.is_frozen
    is_managed = rules.may_be_managed(place, by=person) and not is_frozen
    context = {
        "place": place,
        "told": told,
        "is_own": place.user_id == person.pk,
        "is_frozen": is_frozen,
        "may_manage": is_managed,
        "may_redraw": is_managed and told is not None and is_waiting,
        "may_show_code": is_managed and told is not None and rules.has_readable_code(told, now=now),
        "is_expired": is_waiting and not rules.has_living_temporary_password(place.user, now=now),
        "code_days": rules.TOLD_CODE_LIFE.days,
        "shops": Shop.objects.given_to(place.user).listed() if place.role == Role.INTEGRATOR else [],
    }
    return render(request, "shops/people/person.html", context)


@owner_acts
@sensitive_variables("code")
@require_http_methods(["GET", "HEAD", "POST"])
def show_code(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The code in clear, in the POST's own answer and nowhere else: to tell it, or to print it (design 4.6)."""
    place = _managed_place(request, public_id)
    if request.method != "POST":  # Typed again, or back from the sign-in page.
        return redirect("shops:person", public_id)
    due = confirmation_due(request)
    if due:
        return due
    try:
        code = accounts.show_told_code(place=place, **_who(request))
    except accounts.CodeGone:
        messages.info(request, "Ce code ne peut plus être affiché.")
        return redirect("shops:person", public_id)
    return render(request, "shops/people/code.html", {"place": place, "code": code})


@owner_acts
@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Another role, effective on the person's next request (AUTHZ-05)."""
    place = _managed_place(request, public_id)
    due = confirmation_due(request)
    if due:
        return due
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        place=place,
        accesses=list(ShopAccess.objects.of(place.user)),
        shops=list(Shop.objects.of_company(place.company)),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        actions.change_access(place=place, grant=form.grant(), shops=form.chosen_shops(), **_who(request))
        messages.success(request, f"Le rôle de {place.user.full_name} est enregistré. Un e-mail l’en prévient.")
        return redirect("shops:person", public_id)
    return render(request, "shops/people/role.html", {"form": form, "place": place})


@owner_acts
@require_http_methods(["GET", "HEAD", "POST"])
def redraw(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Another temporary password for somebody whose first connection is still to come."""
    place = _managed_place(request, public_id)
    if request.method == "POST":
        due = confirmation_due(request)
        if due:
            return due
        try:
            accounts.redraw_for_person(place=place, **_who(request))
        except IllegalMove:
            messages.error(request, "Rien n’a changé\u00a0: cette personne n’attend plus sa première connexion.")
        except accounts.DrawnLately:
            messages.info(request, TOO_SOON)
        else:
            messages.success(request, "Un nouveau mot de passe temporaire part à son adresse. L’ancien ne sert plus.")
    return redirect("shops:person", public_id)


@owner_acts
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """End somebody's access at once."""
    place = _managed_place(request, public_id)
    if request.method == "POST":
        due = confirmation_due(request)
        if due:
            return due
        accounts.remove_person(place=place, **_who(request))
        messages.success(request, f"L’accès de {place.user.full_name} est retiré. Un e-mail l’en prévient.")
        return redirect("shops:people")
    return redirect("shops:person", public_id)


def _company(request: HttpRequest) -> Company:
    company = signed_in_person(request).company
    if company is None:
        raise Http404
    return company


def _managed_company(request: HttpRequest) -> Company:
    """The company, for its owners; 404 for everybody else."""
    company = _company(request)
    if not rules.may_manage_people(signed_in_person(request), company):
        raise Http404
    return company


def _place(request: HttpRequest, public_id: UUID) -> Membership:
    """Somebody's place in the company, for its owners, their own included."""
    people = Membership.objects.of_company(_managed_company(request)).select_related("company")
    return get_object_or_404(people.of_person(public_id))


def _managed_place(request: HttpRequest, public_id: UUID) -> Membership:
    """The same, unless nothing of it can be changed: one's own, or one that is over."""
    place = _place(request, public_id)
    if not rules.may_be_managed(place, by=signed_in_person(request)):
        raise Http404
    return place


def _who(request: HttpRequest) -> dict[str, Any]:
    """Who acts, from where, and when."""
    return {"by": signed_in_person(request), "browser": browser_of(request), "now": timezone.now()}
