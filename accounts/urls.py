"""The addresses of the door, of what a person changes alone, and of the journal."""

from django.urls import path

from accounts.views import (
    confirming,
    contacts,
    door,
    factors,
    invitations,
    journal,
    passwords,
    profile,
    recovery,
    second_factor,
    teams,
    viewing,
)

app_name = "accounts"

urlpatterns = [
    path("connexion/", door.sign_in, name="sign_in"),
    path("connexion/debloquer/", door.unblock, name="unblock"),
    path("connexion/second-facteur/", second_factor.give, name="give_second_factor"),
    path("deconnexion/", door.sign_out, name="sign_out"),
    path("premiere-connexion/", door.first_connection, name="first_connection"),
    path("premiere-connexion/mot-de-passe/", door.new_password, name="new_password"),
    path("premiere-connexion/navigateur/<str:token>/", recovery.known_browser, name="recovery"),
    path("mot-de-passe-oublie/", recovery.forgotten, name="forgotten"),
    path("mot-de-passe-oublie/envoye/", recovery.forgotten_sent, name="forgotten_sent"),
    path("mot-de-passe-oublie/lien/<str:token>/", recovery.forgotten_link, name="forgotten_link"),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
    path("journal/", journal.index, name="journal"),
    path("journal/export/", journal.export, name="journal_export"),
    path("mot-de-passe/", passwords.change, name="password"),
    path("profil/second-facteur/", factors.detail, name="second_factor"),
    path("profil/second-facteur/commencer/", factors.begin, name="begin_enrolment"),
    path("profil/second-facteur/activer/", factors.enrol, name="enrol"),
    path("profil/second-facteur/codes-de-secours/", factors.draw, name="draw_recovery_codes"),
    path("profil/second-facteur/retirer/", factors.remove, name="remove_factor"),
    path("utilisateurs/second-facteur/", teams.second_factor, name="team_factor"),
    path("utilisateurs/second-facteur/exiger/", teams.require, name="require_factor"),
    path("utilisateurs/second-facteur/au-choix/", teams.leave_free, name="leave_factor_free"),
    path("profil/coordonnees/", contacts.coordinates, name="coordinates"),
    path("profil/coordonnees/e-mail/", contacts.change_email, name="change_email"),
    path("profil/coordonnees/telephone/", contacts.change_phone, name="change_phone"),
    path("profil/coordonnees/confirmer/<str:token>/", contacts.confirm_email, name="confirm_email"),
    path("profil/coordonnees/<uuid:public_id>/annuler/", contacts.cancel, name="cancel_contact_change"),
    path("connexion/reprise/", confirming.kept_form, name="kept_form"),
    path("profil/", profile.detail, name="profile"),
    path("voir-comme/quitter/", viewing.leave, name="leave_view"),
    path("profil/confirmer/", confirming.confirm, name="confirm"),
    path("profil/session/prolonger/", profile.session_life, name="session_life"),
    path("profil/sessions/terminer-les-autres/", profile.end_other_sessions, name="end_other_sessions"),
    path("profil/sessions/<uuid:public_id>/terminer/", profile.end_session, name="end_session"),
    path("profil/navigateurs/<uuid:public_id>/oublier/", profile.forget_browser, name="forget_browser"),
]
