"""The addresses of the door."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("premiere-connexion/", views.first_connection, name="first_connection"),
    path("premiere-connexion/mot-de-passe/", views.new_password, name="new_password"),
]
