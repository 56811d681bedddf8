"""The one view and its address."""

from django.http import HttpResponseRedirect
from django.urls import path

from tests.bench.bare.models import Shop, Visit


def entry(request):
    fields = {name: value for name, value in request.POST.items() if name.startswith("vads_")}
    shop = Shop.objects.get(site_id=fields["vads_site_id"])
    visit = Visit.objects.create(
        shop=shop, trans_id=fields["vads_trans_id"], amount_cents=int(fields["vads_amount"]), fields=fields
    )
    return HttpResponseRedirect(f"/paiement/{visit.pk}/")


urlpatterns = [path("vads-payment/", entry)]
