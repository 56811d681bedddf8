"""The house's addresses, and three that no page of the house should be: they write, stream, and open all to all."""

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

from accounts.models import Company
from backoffice import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def write(request):
    """What a reading page must never do."""
    Company.objects.create(
        legal_name="Écrite en lisant",
        siret="7" * 14,
        email="a@b.example",
        phone="+33199001234",
        created_at=timezone.now(),
    )
    return HttpResponse("écrit")


def lock(request):
    """Nor hold a row."""
    list(Company.objects.select_for_update())
    return HttpResponse("verrouillé")


def stream(request):
    return StreamingHttpResponse(iter(["un", "deux"]))


urlpatterns = [
    *urls.urlpatterns,
    path("essai/ecrire/", write),
    path("essai/verrouiller/", lock),
    path("essai/flux/", stream),
]
