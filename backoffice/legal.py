"""The legal pages: who publishes, what is kept of people, and how far everybody can use the pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.layouts import layout_of
from backoffice import retention


@login_not_required
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Who publishes and hosts, from the brand."""
    return render(request, "legal/notice.html", {"layout": layout_of(request.user)})


@login_not_required
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long, and how to have a say in it: the very table that the nightly job applies."""
    context = {"layout": layout_of(request.user), "rules": retention.rules(), "files": retention.FILES}
    return render(request, "legal/personal_data.html", context)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was checked, what was not, and whom to tell."""
    return render(request, "legal/accessibility.html", {"layout": layout_of(request.user)})
