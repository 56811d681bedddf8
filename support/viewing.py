"""The desk's page from which an advisor sees a company's pages as one of its people does (« Voir comme »)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import actions, viewing
from accounts.browsers import browser_of
from accounts.guards import advisor_required, signed_in_person
from accounts.rules import VIEWING_LIFE, place_in_view
from support.forms import ViewForm


@advisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request: HttpRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    """Say why, then see the pages; 404 for somebody who may not be viewed, as for nobody (AUTHZ-08)."""
    advisor, now = signed_in_person(request), timezone.now()
    place = place_in_view(person_id, company=public_id, by=advisor)
    if place is None:
        raise Http404
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        minutes = int(VIEWING_LIFE.total_seconds() // 60)
        context = {"place": place, "person": place.user, "company": place.company, "form": form, "minutes": minutes}
        return render(request, "support/view_as.html", context)
    reason = form.cleaned_data["reason"]
    try:
        companies = actions.start_viewing(
            person=place.user, company=place.company, reason=reason, by=advisor, browser=browser_of(request), now=now
        )
    except actions.NotViewable:
        raise Http404 from None
    way_back = reverse("support:company", args=[public_id])
    viewing.begin(request.session, person=place.user, companies=companies, reason=reason, way_back=way_back, now=now)
    return redirect("home")
