"""The pages where a person reads and changes the e-mail and the telephone on file, and confirms a new e-mail."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, links, rules
from accounts.browsers import browser_of
from accounts.enums import ContactKind, LinkPurpose
from accounts.forms.contacts import EmailChangeForm, PhoneChangeForm
from accounts.guards import confirmation_due, signed_in_person
from accounts.models import ContactChange, User
from accounts.views.frame import frame_of
from backoffice.core.moves import IllegalMove

PAGES = {ContactKind.EMAIL: "accounts/change_email.html", ContactKind.PHONE: "accounts/change_phone.html"}
SAME = {
    ContactKind.EMAIL: "Cette adresse est déjà celle de votre compte. Indiquez-en une autre.",
    ContactKind.PHONE: "Ce numéro est déjà celui de votre compte. Indiquez-en un autre.",
}


@require_safe
def coordinates(request: HttpRequest) -> HttpResponse:
    """What is on file, what is pending and until when."""
    user = signed_in_person(request)
    # A page must not call pending what time has decided, even while no worker runs.
    if actions.settle_contact_changes(user=user, now=timezone.now()):
        return redirect("accounts:coordinates")
    context = {
        "changes": list(ContactChange.objects.of(user).pending()),
        "is_frozen": user.is_frozen,
        **frame_of(user),
    }
    return render(request, "accounts/coordinates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request: HttpRequest) -> HttpResponseBase:
    """Ask for another e-mail: the new address must confirm it, the old one is told."""
    user = signed_in_person(request)
    if due := _confirmation_due(request, user):
        return due
    form = EmailChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        ask = partial(actions.ask_email_change, user=user, email=email, now=timezone.now(), browser=browser_of(request))
        done = f"Un lien de confirmation part à {email}. Ouvrez-le pour que le changement se fasse."
        return _ask(request, ask, form=form, kind=ContactKind.EMAIL, done=done)
    return _change_page(request, form, kind=ContactKind.EMAIL)


@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request: HttpRequest) -> HttpResponseBase:
    """Ask for another telephone: the e-mail on file is told."""
    user = signed_in_person(request)
    if due := _confirmation_due(request, user):
        return due
    form = PhoneChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        ask = partial(actions.ask_phone_change, user=user, phone=phone, now=timezone.now(), browser=browser_of(request))
        done = "Le nouveau numéro est noté. Il sert à partir de la date indiquée ci-dessous."
        return _ask(request, ask, form=form, kind=ContactKind.PHONE, done=done)
    return _change_page(request, form, kind=ContactKind.PHONE)


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Leave on file what was there; somebody else's change does not exist."""
    user = signed_in_person(request)
    change = get_object_or_404(ContactChange.objects.of(user).with_public_id(public_id))
    try:
        actions.cancel_contact_change(change=change, by=user, now=timezone.now(), browser=browser_of(request))
    except IllegalMove:
        messages.error(request, "Ce changement n’est plus en attente. Voici ce qui est enregistré.")
    else:
        messages.success(request, "Le changement est annulé. Ce qui était enregistré ne change pas.")
    return redirect("accounts:coordinates")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link sent to a new address leads: opening it does nothing, the button confirms."""
    now = timezone.now()
    if request.method == "POST":
        try:
            change = actions.confirm_email_change(token=token, now=now, browser=browser_of(request))
        except (links.LinkOver, actions.ChangesFrozen) as stopped:
            return _link_over(request, is_frozen=isinstance(stopped, actions.ChangesFrozen))
        return render(request, "accounts/email_confirmed.html", {"change": change})
    link = links.find(token, purpose=LinkPurpose.EMAIL_CHANGE, now=now)
    waiting = ContactChange.objects.of(link.user).pending().with_public_id(link.detail["change"]) if link else None
    found = waiting.first() if waiting is not None else None
    if found is None:
        return _link_over(request, is_frozen=False)
    return render(request, "accounts/confirm_email.html", {"change": found, "token": token})


def _confirmation_due(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Who is there again; a frozen account learns first that it cannot change (KEY-03, AUTH-16)."""
    return confirmation_due(request) if not user.is_frozen else None


def _ask(
    request: HttpRequest, ask: Callable[[], ContactChange], *, form: Form, kind: ContactKind, done: str
) -> HttpResponse:
    try:
        ask()
    except actions.SameContact:
        form.add_error(kind.value, SAME[kind])
    except actions.TooManyChanges:
        form.add_error(None, _too_many())
        return _change_page(request, form, kind=kind, status=HTTPStatus.TOO_MANY_REQUESTS)
    except actions.ChangesFrozen:
        return redirect("accounts:coordinates")
    else:
        messages.success(request, done)
        return redirect("accounts:coordinates")
    return _change_page(request, form, kind=kind)


def _too_many() -> str:
    return (
        f"Vous avez demandé {rules.CONTACT_CHANGES_A_DAY} changements en un jour. Attendez demain pour en demander un"
        f" autre, ou appelez le {settings.BRAND['phone']}, {settings.BRAND['hours']}."
    )


def _change_page(request: HttpRequest, form: Form, *, kind: ContactKind, status: int = HTTPStatus.OK) -> HttpResponse:
    user = signed_in_person(request)
    context = {"form": form, "is_frozen": user.is_frozen, **frame_of(user)}
    return render(request, PAGES[kind], context, status=status)


def _link_over(request: HttpRequest, *, is_frozen: bool) -> HttpResponse:
    """The same page for a link that was used, that is too old, or that never was."""
    context = {"is_frozen": is_frozen}
    return render(request, "accounts/email_link_over.html", context, status=HTTPStatus.GONE)
