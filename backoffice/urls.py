"""Every public address of the house (design 5); the closed list of names stands in tests/house."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from backoffice import home, legal
from backoffice.core import startup

handler400 = "backoffice.home.bad_request"
handler403 = "backoffice.home.forbidden"
handler404 = "backoffice.home.not_found"
handler500 = "backoffice.home.broken"

# Addresses that existing shop software and older guides still name.
FORMER_ADDRESSES = {
    "vads-merchant/": "home",
    "html/faq.html": "support:faq",
    "html/faq/prod": "support:faq_production",
    "html/error_code/": "support:faq_error_codes",
}

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("readyz", home.readyz, name="readyz"),
    path("mentions-legales/", legal.notice, name="legal_notice"),
    path("donnees-personnelles/", legal.personal_data, name="personal_data"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("", include("accounts.urls")),
    path("", include("shops.urls")),
    path("", include("certificates.urls")),
    path("", include("payments.urls")),
    path("", include("support.urls")),
]

urlpatterns += [
    path(former, login_not_required(RedirectView.as_view(pattern_name=name, permanent=True)))
    for former, name in FORMER_ADDRESSES.items()
]

if settings.MODE == startup.DEMO:
    urlpatterns.append(path("demo/", include("backoffice.demo.urls")))
