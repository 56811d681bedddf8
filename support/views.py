"""The pages of the counter: contact, and the advisors' desk."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import advisor_required, signed_in_person
from backoffice.core.requests import client_address
from backoffice.core.waits import minutes_until, with_retry_after
from support import actions, follow_up, rules
from support.enums import OFFERED, DeskFilter, Motive
from support.forms import ContactForm, SearchForm
from support.frame import frame, merchant_of
from support.mail_log import visible_to
from support.models import ContactRequest

# Contact


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Choose a motive, then fill the form it needs; the answer never says what is known (RST-12)."""
    chosen = request.POST.get("motive") or request.GET.get("motif", "")
    if chosen not in OFFERED:
        return render(request, "support/contact_motive.html", {**frame(request), "motives": OFFERED})
    motive = Motive(chosen)
    if request.method != "POST":
        return _contact_page(request, ContactForm(motive=motive, initial=_known_of(request)))
    form = ContactForm(request.POST, motive=motive)
    if not form.is_valid():
        return _contact_page(request, form)
    now = timezone.now()
    try:
        receipt = actions.receive_request(
            letter=form.letter(), by=merchant_of(request), address=client_address(request), now=now
        )
    except actions.TooManyRequests as refusal:
        minutes = minutes_until(refusal.until, now=now)
        form.add_error(None, _too_many(minutes))
        return with_retry_after(_contact_page(request, form, status=HTTPStatus.TOO_MANY_REQUESTS), minutes=minutes)
    response = redirect("support:contact_sent")
    follow_up.hand_token(response, receipt.token)
    return response


@login_not_required
@require_safe
def contact_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, in the same words for everybody, and once the link that follows the request."""
    token = follow_up.handed_token(request)
    url = f"{settings.BASE_URL}{reverse('support:follow_up', args=[token])}" if token else ""
    response = render(request, "support/contact_sent.html", {**frame(request), "follow_up_url": url})
    follow_up.drop_token(response)
    return response


def _contact_page(request: HttpRequest, form: ContactForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {**frame(request), "form": form, "motive": form.motive}
    return render(request, "support/contact.html", context, status=status)


def _too_many(minutes: int) -> str:
    wait = f"{minutes} minutes" if minutes > 1 else "une minute"
    return (
        f"Vous avez déjà envoyé plusieurs demandes, elles sont bien enregistrées. Pour en envoyer une autre, attendez"
        f" {wait} ou téléphonez au {settings.BRAND['phone']}, {settings.BRAND['hours']}."
    )


def _known_of(request: HttpRequest) -> dict[str, str]:
    """What a signed-in merchant need not type again."""
    merchant = merchant_of(request)
    if merchant is None:
        return {}
    company = merchant.company
    known = {
        "last_name": merchant.last_name,
        "first_name": merchant.first_name,
        "identifier": merchant.identifier,
        "email": merchant.email,
        "phone": str(merchant.phone),
    }
    return known | ({"shop_label": company.legal_name, "siret": company.siret} if company else {})


# The advisors' desk

MAILS_SHOWN = 5


@advisor_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """One list of the requests received, newest first: all that are open unless another is chosen."""
    advisor, wished = signed_in_person(request), request.GET.get("liste", "")
    chosen = DeskFilter(wished) if wished in DeskFilter.values else DeskFilter.OPEN
    listed = ContactRequest.objects.visible_to(advisor).listed(chosen, advisor=advisor).with_people()
    page = listed.page(before=request.GET.get("avant", ""), after=request.GET.get("apres", ""))
    context = {
        "page": page,
        "lines": [(contact, rules.turn(contact)) for contact in page.rows],
        "search_form": SearchForm(),
        "lists": DeskFilter,
        "chosen": chosen,
        "mails_in_trouble": visible_to(advisor).in_trouble()[:MAILS_SHOWN],
        "newer_url": f"?liste={chosen}&apres={page.rows[0].public_id}" if page.has_newer and page.rows else "",
        "older_url": f"?liste={chosen}&avant={page.rows[-1].public_id}" if page.has_older and page.rows else "",
    }
    return render(request, "support/desk.html", context)
