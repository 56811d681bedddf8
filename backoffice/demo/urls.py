"""The addresses that exist in the demo only."""

from django.urls import path

from backoffice.demo import views

app_name = "demo"

urlpatterns = [
    path("codes/", views.codes, name="codes"),
    path("courriels/", views.mailbox, name="mailbox"),
    path("courriels/<slug:key>/", views.mail, name="mail"),
]
