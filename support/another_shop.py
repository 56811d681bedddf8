"""Asking for another shop, from inside: the page of a company's owner."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.guards import freeze_explained, merchant_required, signed_in_person
from accounts.rules import may_manage_people
from backoffice.core.requests import client_address
from support import actions
from support.forms import AnotherShopForm
from support.frame import frame


@merchant_required
@sensitive_post_parameters("iban")
@require_http_methods(["GET", "HEAD", "POST"])
@freeze_explained
def ask(request: HttpRequest) -> HttpResponse:
    """One form: the file of the company says the rest; an advisor opens the shop and its contract."""
    owner = signed_in_person(request)
    company = owner.company
    if company is None or not may_manage_people(owner, company):
        raise Http404
    form = AnotherShopForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_shop(
                company=company,
                fields=form.fields_to_keep(),
                iban=form.cleaned_data["iban"],
                by=owner,
                address=client_address(request),
                now=timezone.now(),
            )
        except actions.AlreadyRegistering:
            form.add_error(None, "Trois demandes de boutique attendent déjà un conseiller. Attendez sa réponse.")
            status = HTTPStatus.CONFLICT
        else:
            messages.success(
                request, "La demande est déposée. Un conseiller l’étudie sous deux jours ouvrés ; un e-mail la suit."
            )
            return redirect("shops:list")
    context = {**frame(request), "form": form, "company": company}
    return render(request, "support/registration/another_shop.html", context, status=status)
