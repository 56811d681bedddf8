"""The addresses of the door."""

from django.urls import path

from accounts.views import door

app_name = "accounts"

urlpatterns = [
    path("connexion/", door.sign_in, name="sign_in"),
    path("connexion/debloquer/", door.unblock, name="unblock"),
    path("deconnexion/", door.sign_out, name="sign_out"),
    path("premiere-connexion/", door.first_connection, name="first_connection"),
    path("premiere-connexion/mot-de-passe/", door.new_password, name="new_password"),
]
