"""Addresses of this room."""

from django.urls import path

from shops import converters, views

converters.register()

app_name = "shops"
urlpatterns = [
    path("boutiques/", views.listing, name="list"),
    path("boutiques/<site_id:site_id>/", views.detail, name="detail"),
    path("boutiques/<site_id:site_id>/url-serveur/", views.server_url, name="server_url"),
]
