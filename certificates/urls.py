"""Addresses of this room."""

from django.urls import path

from certificates import attestations, verification, views
from certificates.prints import views as prints
from shops import converters

converters.register()

app_name = "certificates"
urlpatterns = [
    path("verifier/", verification.verify, name="verify"),
    path("boutiques/<site_id:site_id>/certificats/", views.detail, name="detail"),
    path("boutiques/<site_id:site_id>/certificats/<mode:mode>/afficher/", views.reveal, name="reveal"),
    path("boutiques/<site_id:site_id>/certificats/<mode:mode>/algorithme/", views.algorithm, name="algorithm"),
    path("boutiques/<site_id:site_id>/certificats/generer/", views.generate, name="generate"),
    path("boutiques/<site_id:site_id>/contrat/", views.contract, name="contract"),
    path("boutiques/<site_id:site_id>/contrat/pdf/", views.contract_pdf, name="contract_pdf"),
    path("boutiques/<site_id:site_id>/contrat/avenants/<str:number>/", views.amendment_pdf, name="amendment_pdf"),
    path("impressions/<uuid:public_id>/", prints.progress, name="print"),
    path("impressions/<uuid:public_id>/document/", prints.download, name="print_document"),
    path("boutiques/<site_id:site_id>/contrat/attestation/", attestations.index, name="attestation"),
    path(
        "boutiques/<site_id:site_id>/contrat/attestation/<str:number>/",
        attestations.attestation_pdf,
        name="attestation_pdf",
    ),
]
