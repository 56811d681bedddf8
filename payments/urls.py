"""Addresses of this room: the buyer's page, the merchant's transactions and refused forms (design 5)."""

from django.urls import path, register_converter

from payments.form_log import views as form_log
from payments.guide import views as guide
from payments.models.session import TOKEN_LENGTH
from payments.page import bank, entry, language, views
from payments.transactions import views as transactions
from shops import converters


class PageTokenConverter:
    """A hosted page's token."""

    regex = rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


converters.register()
register_converter(PageTokenConverter, "page_token")

app_name = "payments"
urlpatterns = [
    path("vads-payment/", entry.entry, name="entry"),
    path("paiement/<page_token:token>/", views.page, name="page"),
    path("paiement/<page_token:token>/banque/", bank.bank, name="bank"),
    path("paiement/<page_token:token>/langue/", language.choose, name="language"),
    path("paiement/<page_token:token>/annuler/", views.cancel, name="cancel"),
    path("paiement/<page_token:token>/resultat/", views.result, name="result"),
    path("boutiques/<site_id:site_id>/transactions/", transactions.index, name="transactions"),
    path("boutiques/<site_id:site_id>/transactions/<uuid:public_id>/", transactions.detail, name="transaction"),
    path("boutiques/<site_id:site_id>/formulaires/", form_log.index, name="refused_forms"),
    path("boutiques/<site_id:site_id>/formulaires/<uuid:public_id>/", form_log.detail, name="refused_form"),
    path("boutiques/<site_id:site_id>/integrateur/", guide.guide, name="guide"),
]
