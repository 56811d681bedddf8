"""Addresses of this room."""

from django.urls import path

from shops import converters, views
from shops.people import views as people

converters.register()

app_name = "shops"
urlpatterns = [
    path("boutiques/", views.listing, name="list"),
    path("boutiques/<site_id:site_id>/", views.detail, name="detail"),
    path("boutiques/<site_id:site_id>/url-serveur/", views.server_url, name="server_url"),
    path("boutiques/<site_id:site_id>/page-de-paiement/", views.payment_page, name="payment_page"),
    path("utilisateurs/", people.index, name="people"),
    path("utilisateurs/inviter/", people.invite, name="invite"),
    path("utilisateurs/<uuid:public_id>/", people.detail, name="person"),
    path("utilisateurs/<uuid:public_id>/code/", people.show_code, name="person_code"),
    path("utilisateurs/<uuid:public_id>/role/", people.change_role, name="person_role"),
    path("utilisateurs/<uuid:public_id>/mot-de-passe-temporaire/", people.redraw, name="person_redraw"),
    path("utilisateurs/<uuid:public_id>/retirer/", people.remove, name="person_remove"),
]
