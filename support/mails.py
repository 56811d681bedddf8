"""The mail log at the desk: what was sent to whom, what became of it, and sending one again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.browsers import browser_of
from accounts.guards import advisor_required, signed_in_person
from backoffice.core.mail import NoBodyKept
from support import actions, rules
from support.forms import MailFilterForm, SearchForm
from support.mail_log import page_of, visible_to

GONE = "Rien n’est parti : le contenu de cet e-mail n’est plus conservé, ou il est encore en cours d’envoi."
MOVED = "Rien n’est parti : cette adresse n’est plus celle du dossier. Prévenez la personne par téléphone."
TOO_MANY = (
    f"Rien n’est parti : cet e-mail a déjà été renvoyé {rules.COPIES_A_DAY} fois en un jour. "
    "Faites vérifier les courriers indésirables, ou téléphonez au numéro du dossier."
)


@advisor_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The mails an advisor may see, newest first, narrowed by fate, company, person and period."""
    advisor = signed_in_person(request)
    form = MailFilterForm(request.GET)
    page = page_of(
        form.filters().applied_to(visible_to(advisor), reader=advisor),
        older_than=request.GET.get("avant", ""),
        newer_than=request.GET.get("apres", ""),
    )
    chosen = _chosen(request.GET)
    context = {
        "form": form,
        "search_form": SearchForm(),
        "page": page,
        "is_narrowed": bool(chosen),
        "here": request.get_full_path(),
        "newer_url": _address({**chosen, "apres": str(page.newer_than)}) if page.newer_than else "",
        "older_url": _address({**chosen, "avant": str(page.older_than)}) if page.older_than else "",
    }
    return render(request, "support/mails.html", context)


@advisor_required
@require_POST
def send_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send one mail again to the address on file; 404 when it is of a company outside the portfolio."""
    advisor = signed_in_person(request)
    mail = get_object_or_404(visible_to(advisor), public_id=public_id)
    try:
        actions.send_mail_again(mail_id=mail.pk, by=advisor, browser=browser_of(request), now=timezone.now())
    except NoBodyKept:
        messages.error(request, GONE)
    except actions.NotOnFile:
        messages.error(request, MOVED)
    except actions.TooManyCopies:
        messages.error(request, TOO_MANY)
    else:
        messages.success(request, f"L’e-mail repart à {mail.masked_recipient}.")
    return redirect(_way_back(request))


def _chosen(given: QueryDict) -> dict[str, str]:
    """What the address said of the filters, as typed, without its place in the list."""
    filters = {name: given.get(name, "") for name in MailFilterForm.IN_ADDRESS.values()}
    return {name: value for name, value in filters.items() if value}


def _address(chosen: dict[str, str]) -> str:
    return reverse("support:mails") + (f"?{urlencode(chosen)}" if chosen else "")


def _way_back(request: HttpRequest) -> str:
    """The list as it was narrowed; never another site, nor another page of ours."""
    wished = request.POST.get("retour", "")
    home = reverse("support:mails")
    is_ours = url_has_allowed_host_and_scheme(wished, allowed_hosts=None)
    return wished if is_ours and wished.partition("?")[0] == home else home
