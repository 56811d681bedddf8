"""The paper contract with its code of first connection, for the browser that enrolled (design 4.6, DOC-06).

No mailed link leads to the code: whoever follows an enrolment elsewhere types it again, and gets a quarter of an hour.
"""

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import ChangesFrozen, compare_code_again
from accounts.browsers import browser_of
from accounts.enums import CodeUse
from accounts.forms.door import CodeForm
from accounts.models import Membership, User
from accounts.throttle import TooManyTries
from backoffice.core import pdf
from backoffice.core.models import Print
from backoffice.core.moves import IllegalMove
from backoffice.core.requests import client_address
from backoffice.core.waits import minutes_until, with_retry_after
from certificates.actions import print_contract_with_code
from certificates.models import Contract
from certificates.prints.views import page_of
from support import registration_links, rules
from support.frame import frame
from support.models import Registration
from support.registration import registration_of

# What says that the code was typed here; it opens nothing but the print of that contract.
COOKIE, SALT = "inscription-code", "support.registration_contract"
WRONG = "Le contrat ne s’ouvre pas avec ce code. Après trois essais manqués, le compte est bloqué : écrivez-nous."
SIGNED = "Ce contrat est signé : le code qu’il imprimait est détruit."


@login_not_required
@require_safe
def contract(request: HttpRequest) -> HttpResponse:
    """The contract of this browser's enrolment, and the button that prints it with its code."""
    registration = _allowed(request)
    found = _contract_of(registration)
    context = {
        **frame(request),
        "registration": registration,
        "contract": found,
        "snapshot": found.snapshot(),
        "is_own_browser": registration_of(request) == registration,
    }
    return render(request, "support/registration/contract.html", context)


@login_not_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have the paper copy made."""
    registration = _allowed(request)
    page = reverse("support:registration_contract")
    try:
        asked = print_contract_with_code(
            contract=_contract_of(registration),
            asker=registration.public_id,
            back=page,
            now=timezone.now(),
            address=client_address(request),
        )
    except IllegalMove:
        messages.error(request, SIGNED)
        return redirect(page)
    return redirect("support:registration_print", asked.public_id)


@login_not_required
@require_safe
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far the paper copy is, then the way to it."""
    context = {
        **frame(request),
        "lead": "Le document en PDF, préparé pour ce navigateur uniquement.",
        "progress_url": reverse("support:registration_print", args=[public_id]),
        "document_url": reverse("support:registration_document", args=[public_id]),
    }
    return page_of(request, _print(request, public_id), **context)


@login_not_required
@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PDF; until it is made, its page."""
    found = _print(request, public_id)
    if not found.is_done:
        return redirect("support:registration_print", public_id)
    return pdf.response(found.pdf(), filename=found.file_name)


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request: HttpRequest, token: str) -> HttpResponse:
    """In another browser: the code again, then a quarter of an hour to print; wrong ones count as at the door."""
    registration = registration_links.find(token)
    owner = _owner_of(registration) if registration else None
    if registration is None or owner is None or not registration.is_accepted:
        raise Http404
    form, now, status, minutes = CodeForm(request.POST or None), timezone.now(), HTTPStatus.OK, 0
    if request.method == "POST" and form.is_valid():
        try:
            if _is_right(request, owner, form.cleaned_data["code"]):
                return _let_print(registration)
            form.add_error("code", WRONG)
        except TooManyTries as refusal:
            status, minutes = HTTPStatus.TOO_MANY_REQUESTS, minutes_until(refusal.until, now=now)
        except ChangesFrozen:
            status = HTTPStatus.CONFLICT
            form.add_error(None, "Les modifications de ce compte sont gelées. Un conseiller vous rappelle.")
    context = {**frame(request), "form": form, "token": token, "minutes": minutes}
    page = render(request, "support/registration/type_code.html", context, status=status)
    return with_retry_after(page, minutes=minutes) if minutes else page


def _is_right(request: HttpRequest, owner: User, code: str) -> bool:
    if not rules.may_type_for_contract(owner):
        return False
    return compare_code_again(
        user=owner, code=code, use=CodeUse.CONTRACT, browser=browser_of(request), now=timezone.now()
    )


def _let_print(registration: Registration) -> HttpResponse:
    response = redirect("support:registration_contract")
    response.set_cookie(
        COOKIE,
        signing.dumps(str(registration.public_id), salt=SALT),
        max_age=int(rules.CONTRACT_VISIT.total_seconds()),
        path=reverse("support:registration"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _allowed(request: HttpRequest) -> Registration:
    """The enrolment whose browser this is, or whose code was typed here lately; 404 otherwise, and before there is one.

    A known company's other shop has no code to print: its people print from inside.
    """
    registration = _typed_here(request) or registration_of(request)
    if registration is None or registration.is_second_shop or registration.shop is None:
        raise Http404
    return registration


def _typed_here(request: HttpRequest) -> Registration | None:
    try:
        public_id = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=int(rules.CONTRACT_VISIT.total_seconds())
        )
    except signing.BadSignature:
        return None
    return Registration.objects.with_public_id(public_id).with_people().first()


def _contract_of(registration: Registration) -> Contract:
    if registration.shop is None:
        raise Http404
    return get_object_or_404(Contract.objects.of_shop(registration.shop).with_shop())


def _owner_of(registration: Registration) -> User | None:
    if registration.company is None or registration.is_second_shop:
        return None
    place = Membership.objects.of_first_owner(registration.company).first()
    return place.user if place else None


def _print(request: HttpRequest, public_id: UUID) -> Print:
    own = Print.objects.of(_allowed(request).public_id).living(timezone.now())
    return get_object_or_404(own, public_id=public_id)
