"""Addresses of this room."""

from django.urls import URLPattern

app_name = "shops"
urlpatterns: list[URLPattern] = []
