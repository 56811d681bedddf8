"""Addresses of the counter."""

from django.urls import path

from shops import converters
from support import (
    another_shop,
    approvals,
    calls,
    companies,
    follow_up,
    mails,
    not_me,
    papers,
    people,
    registration,
    registration_contract,
    registration_desk,
    resets,
    shops,
    treatment,
    viewing,
    views,
)
from support.enums import Step
from support.help import views as help_pages

converters.register()

app_name = "support"
urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("contact/envoyee/", views.contact_sent, name="contact_sent"),
    path("boutiques/demander/", another_shop.ask, name="ask_for_shop"),
    path("inscription/", registration.start, name="registration"),
    *(
        path(f"inscription/{one.value}/", registration.step, {"name": one}, name=f"registration_{one.name.lower()}")
        for one in Step
    ),
    path("inscription/recapitulatif/", registration.summary, name="registration_summary"),
    path("inscription/contrat/", registration_contract.contract, name="registration_contract"),
    path("inscription/contrat/imprimer/", registration_contract.ask, name="print_registration"),
    path("inscription/contrat/<uuid:public_id>/", registration_contract.progress, name="registration_print"),
    path(
        "inscription/contrat/<uuid:public_id>/document/", registration_contract.download, name="registration_document"
    ),
    path("suivi/<str:token>/contrat/", registration_contract.type_code, name="type_contract_code"),
    path("inscription/conditions/", registration.conditions, name="conditions"),
    path("inscription/deposee/", registration.submitted, name="registration_submitted"),
    path("suivi/<str:token>/", follow_up.follow_up, name="follow_up"),
    path("suivi/<str:token>/code/", follow_up.type_code, name="type_code"),
    path("suivi/<str:token>/nouveau-code/", follow_up.choose_code, name="choose_code"),
    path("pas-moi/<str:token>/", not_me.report, name="not_me"),
    path("faq/", help_pages.faq, name="faq"),
    path("faq/abonnements/", help_pages.page, {"name": "subscriptions"}, name="faq_subscriptions"),
    path("faq/url-serveur/", help_pages.page, {"name": "server_url"}, name="faq_server_url"),
    path("faq/codes-erreur/", help_pages.error_codes, name="faq_error_codes"),
    path("faq/fonctionnalites/", help_pages.page, {"name": "features"}, name="faq_features"),
    path("faq/prod/", help_pages.page, {"name": "production"}, name="faq_production"),
    path("conseiller/", views.desk, name="desk"),
    path("conseiller/recherche/", companies.index, name="companies"),
    path("conseiller/societes/<uuid:public_id>/", companies.detail, name="company"),
    path("conseiller/societes/<uuid:public_id>/notes/", companies.write_note, name="write_note"),
    path(
        "conseiller/societes/<uuid:public_id>/notes/<uuid:note_id>/barrer/", companies.strike_note, name="strike_note"
    ),
    path("conseiller/societes/<uuid:public_id>/etiquettes/", companies.tag, name="tag_company"),
    path("conseiller/societes/<uuid:public_id>/pieces/", papers.index, name="papers"),
    path("conseiller/societes/<uuid:public_id>/contrats/<str:number>/signe/", papers.signed, name="sign_contract"),
    path("conseiller/societes/<uuid:public_id>/contrats/<str:number>/compte/", papers.account, name="change_account"),
    path("conseiller/societes/<uuid:public_id>/avenants/<str:number>/", papers.amendment_pdf, name="amendment_pdf"),
    path("conseiller/societes/<uuid:public_id>/voir-comme/<uuid:person_id>/", viewing.view_as, name="view_as"),
    path("conseiller/societes/<uuid:public_id>/personnes/<uuid:person_id>/", people.detail, name="person"),
    path(
        "conseiller/societes/<uuid:public_id>/personnes/<uuid:person_id>/demande/",
        people.open_request,
        name="open_request",
    ),
    path(
        "conseiller/societes/<uuid:public_id>/personnes/<uuid:person_id>/sessions/terminer/",
        people.end_sessions,
        name="end_person_sessions",
    ),
    path(
        "conseiller/societes/<uuid:public_id>/personnes/<uuid:person_id>/fermer/",
        people.close_access,
        name="close_access",
    ),
    path("conseiller/societes/<uuid:public_id>/boutiques/<site_id:site_id>/fermer/", shops.close, name="close_shop"),
    path("conseiller/societes/<uuid:public_id>/boutiques/<site_id:site_id>/attestation/", papers.attest, name="attest"),
    path(
        "conseiller/societes/<uuid:public_id>/attestations/<str:number>/",
        papers.attestation_pdf,
        name="attestation_pdf",
    ),
    path("conseiller/courriels/", mails.index, name="mails"),
    path("conseiller/courriels/<uuid:public_id>/renvoyer/", mails.send_again, name="send_mail_again"),
    path("conseiller/approbations/", approvals.index, name="approvals"),
    path("conseiller/approbations/<uuid:public_id>/", approvals.detail, name="approval"),
    path("conseiller/approbations/<uuid:public_id>/approuver/", approvals.approve, name="approve_proposal"),
    path("conseiller/approbations/<uuid:public_id>/ecarter/", approvals.reject, name="reject_proposal"),
    path("conseiller/inscriptions/", registration_desk.index, name="registrations"),
    path("conseiller/inscriptions/<uuid:public_id>/", registration_desk.detail, name="registration_desk"),
    path("conseiller/inscriptions/<uuid:public_id>/completer/", registration_desk.ask, name="ask_for_more"),
    path("conseiller/inscriptions/<uuid:public_id>/accepter/", registration_desk.accept, name="accept_registration"),
    path("conseiller/inscriptions/<uuid:public_id>/refuser/", registration_desk.refuse, name="refuse_registration"),
    path("conseiller/demandes/<uuid:public_id>/", treatment.detail, name="request"),
    path("conseiller/demandes/<uuid:public_id>/prendre/", treatment.take, name="take_request"),
    path("conseiller/demandes/<uuid:public_id>/transmettre/", treatment.hand_over, name="hand_over_request"),
    path("conseiller/demandes/<uuid:public_id>/questionner/", treatment.ask, name="ask_merchant"),
    path("conseiller/demandes/<uuid:public_id>/repondre/", treatment.answer, name="answer_request"),
    path("conseiller/demandes/<uuid:public_id>/refuser/", treatment.refuse, name="refuse_request"),
    path("conseiller/demandes/<uuid:public_id>/accepter/", treatment.accept, name="accept_reset"),
    path("conseiller/demandes/<uuid:public_id>/appeler/", calls.begin, name="begin_call"),
    path("conseiller/demandes/<uuid:public_id>/appel/reconnaitre/", calls.prove, name="prove_call"),
    path("conseiller/demandes/<uuid:public_id>/appel/terminer/", calls.end, name="end_call"),
    path("conseiller/demandes/<uuid:public_id>/code-retrouve/", calls.close, name="close_found_code"),
    path("conseiller/demandes/<uuid:public_id>/debloquer/", resets.unblock, name="unblock_account"),
    path(
        "conseiller/demandes/<uuid:public_id>/second-facteur/",
        resets.propose_factor_reset,
        name="propose_factor_reset",
    ),
    path("conseiller/demandes/<uuid:public_id>/rouvrir/", treatment.lift_freeze, name="lift_freeze"),
]
