"""The addresses of the house are a closed list: a new one is written here, with who may open it."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "healthz",
    "readyz",
    "legal_notice",
    "personal_data",
    "accessibility",
    "accounts:sign_in",
    "accounts:give_second_factor",
    "accounts:sign_out",
    "accounts:first_connection",
    "accounts:new_password",
    "accounts:recovery",
    "accounts:forgotten",
    "accounts:forgotten_sent",
    "accounts:forgotten_link",
    "accounts:confirm_email",
    "accounts:invitation",
    "certificates:verify",
    "payments:entry",
    "payments:page",
    "payments:bank",
    "payments:language",
    "payments:cancel",
    "payments:result",
    "support:contact",
    "support:contact_sent",
    "support:registration",
    "support:registration_company",
    "support:registration_representative",
    "support:registration_shop",
    "support:registration_account",
    "support:registration_code",
    "support:registration_summary",
    "support:conditions",
    "support:registration_submitted",
    "support:registration_contract",
    "support:print_registration",
    "support:registration_print",
    "support:registration_document",
    "support:type_contract_code",
    "support:follow_up",
    "support:type_code",
    "support:choose_code",
    "support:not_me",
    "support:faq",
    "support:faq_subscriptions",
    "support:faq_server_url",
    "support:faq_error_codes",
    "support:faq_features",
    "support:faq_production",
    "vads-merchant/",
    "html/faq.html",
    "html/faq/prod",
    "html/error_code/",
}
NOBODY = "00000000-0000-4000-8000-000000000000"
SIGNED_IN = {
    "accounts:kept_form": "/connexion/reprise/",
    "accounts:profile": "/profil/",
    "accounts:leave_view": "/voir-comme/quitter/",
    "accounts:confirm": "/profil/confirmer/",
    "accounts:session_life": "/profil/session/prolonger/",
    "accounts:end_other_sessions": "/profil/sessions/terminer-les-autres/",
    "accounts:forget_browser": "/profil/navigateurs/00000000-0000-4000-8000-000000000000/oublier/",
    "accounts:end_session": "/profil/sessions/00000000-0000-4000-8000-000000000000/terminer/",
    "home": "/",
    "accounts:unblock": "/connexion/debloquer/",
    "accounts:password": "/mot-de-passe/",
    "accounts:second_factor": "/profil/second-facteur/",
    "accounts:begin_enrolment": "/profil/second-facteur/commencer/",
    "accounts:enrol": "/profil/second-facteur/activer/",
    "accounts:draw_recovery_codes": "/profil/second-facteur/codes-de-secours/",
    "accounts:remove_factor": "/profil/second-facteur/retirer/",
    "accounts:team_factor": "/utilisateurs/second-facteur/",
    "accounts:require_factor": "/utilisateurs/second-facteur/exiger/",
    "accounts:leave_factor_free": "/utilisateurs/second-facteur/au-choix/",
    "accounts:coordinates": "/profil/coordonnees/",
    "accounts:change_email": "/profil/coordonnees/e-mail/",
    "accounts:change_phone": "/profil/coordonnees/telephone/",
    "accounts:cancel_contact_change": "/profil/coordonnees/00000000-0000-4000-8000-000000000000/annuler/",
    "shops:list": "/boutiques/",
    "shops:detail": "/boutiques/12345678/",
    "shops:server_url": "/boutiques/12345678/url-serveur/",
    "payments:guide": "/boutiques/12345678/integrateur/",
    "shops:payment_page": "/boutiques/12345678/page-de-paiement/",
    "certificates:detail": "/boutiques/12345678/certificats/",
    "certificates:reveal": "/boutiques/12345678/certificats/test/afficher/",
    "certificates:algorithm": "/boutiques/12345678/certificats/test/algorithme/",
    "certificates:generate": "/boutiques/12345678/certificats/generer/",
    "certificates:contract": "/boutiques/12345678/contrat/",
    "certificates:contract_pdf": "/boutiques/12345678/contrat/pdf/",
    "payments:transactions": "/boutiques/12345678/transactions/",
    "payments:transaction": "/boutiques/12345678/transactions/00000000-0000-4000-8000-000000000000/",
    "payments:refused_forms": "/boutiques/12345678/formulaires/",
    "payments:refused_form": f"/boutiques/12345678/formulaires/{NOBODY}/",
    "support:desk": "/conseiller/",
    "support:companies": "/conseiller/recherche/",
    "support:company": "/conseiller/societes/00000000-0000-4000-8000-000000000000/",
    "support:write_note": "/conseiller/societes/00000000-0000-4000-8000-000000000000/notes/",
    "support:strike_note": f"/conseiller/societes/{NOBODY}/notes/{NOBODY}/barrer/",
    "support:tag_company": "/conseiller/societes/00000000-0000-4000-8000-000000000000/etiquettes/",
    "support:view_as": f"/conseiller/societes/{NOBODY}/voir-comme/{NOBODY}/",
    "support:person": f"/conseiller/societes/{NOBODY}/personnes/{NOBODY}/",
    "support:open_request": f"/conseiller/societes/{NOBODY}/personnes/{NOBODY}/demande/",
    "support:end_person_sessions": f"/conseiller/societes/{NOBODY}/personnes/{NOBODY}/sessions/terminer/",
    "support:close_access": f"/conseiller/societes/{NOBODY}/personnes/{NOBODY}/fermer/",
    "support:close_shop": f"/conseiller/societes/{NOBODY}/boutiques/12345678/fermer/",
    "support:mails": "/conseiller/courriels/",
    "support:send_mail_again": "/conseiller/courriels/00000000-0000-4000-8000-000000000000/renvoyer/",
    "support:begin_call": f"/conseiller/demandes/{NOBODY}/appeler/",
    "support:prove_call": f"/conseiller/demandes/{NOBODY}/appel/reconnaitre/",
    "support:end_call": f"/conseiller/demandes/{NOBODY}/appel/terminer/",
    "support:close_found_code": f"/conseiller/demandes/{NOBODY}/code-retrouve/",
    "support:papers": f"/conseiller/societes/{NOBODY}/pieces/",
    "support:sign_contract": f"/conseiller/societes/{NOBODY}/contrats/1234567/signe/",
    "support:amendment_pdf": f"/conseiller/societes/{NOBODY}/avenants/A1234567/",
    "certificates:print": f"/impressions/{NOBODY}/",
    "certificates:print_document": f"/impressions/{NOBODY}/document/",
    "certificates:amendment_pdf": "/boutiques/12345678/contrat/avenants/A1234567/",
    "support:ask_for_shop": "/boutiques/demander/",
    "certificates:attestation": "/boutiques/12345678/contrat/attestation/",
    "certificates:attestation_pdf": "/boutiques/12345678/contrat/attestation/T1234567/",
    "support:change_account": f"/conseiller/societes/{NOBODY}/contrats/1234567/compte/",
    "support:attest": f"/conseiller/societes/{NOBODY}/boutiques/12345678/attestation/",
    "support:attestation_pdf": f"/conseiller/societes/{NOBODY}/attestations/T1234567/",
    "support:registrations": "/conseiller/inscriptions/",
    "support:registration_desk": f"/conseiller/inscriptions/{NOBODY}/",
    "support:ask_for_more": f"/conseiller/inscriptions/{NOBODY}/completer/",
    "support:accept_registration": f"/conseiller/inscriptions/{NOBODY}/accepter/",
    "support:refuse_registration": f"/conseiller/inscriptions/{NOBODY}/refuser/",
    "support:approvals": "/conseiller/approbations/",
    "support:approval": f"/conseiller/approbations/{NOBODY}/",
    "support:approve_proposal": f"/conseiller/approbations/{NOBODY}/approuver/",
    "support:reject_proposal": f"/conseiller/approbations/{NOBODY}/ecarter/",
    "support:request": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/",
    "support:take_request": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/prendre/",
    "support:hand_over_request": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/transmettre/",
    "support:ask_merchant": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/questionner/",
    "support:answer_request": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/repondre/",
    "support:refuse_request": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/refuser/",
    "support:accept_reset": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/accepter/",
    "support:unblock_account": f"/conseiller/demandes/{NOBODY}/debloquer/",
    "support:propose_factor_reset": f"/conseiller/demandes/{NOBODY}/second-facteur/",
    "support:lift_freeze": "/conseiller/demandes/00000000-0000-4000-8000-000000000000/rouvrir/",
    "accounts:journal": "/journal/",
    "accounts:journal_export": "/journal/export/",
    "shops:people": "/utilisateurs/",
    "shops:invite": "/utilisateurs/inviter/",
    "shops:person": "/utilisateurs/00000000-0000-4000-8000-000000000000/",
    "shops:person_code": "/utilisateurs/00000000-0000-4000-8000-000000000000/code/",
    "shops:person_role": "/utilisateurs/00000000-0000-4000-8000-000000000000/role/",
    "shops:person_redraw": "/utilisateurs/00000000-0000-4000-8000-000000000000/mot-de-passe-temporaire/",
    "shops:person_remove": "/utilisateurs/00000000-0000-4000-8000-000000000000/retirer/",
}


def patterns(resolver=None, namespace=""):
    """Every named address, `namespace:name`, or its path where it has no name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield (f"{namespace}{entry.name}" if entry.name else str(entry.pattern)), entry


def is_public(entry):
    return getattr(entry.callback, "login_required", True) is False


def test_the_list_of_addresses_is_complete():
    assert {name for name, _ in patterns()} == PUBLIC | SIGNED_IN.keys()


def test_the_addresses_open_to_everybody_are_those_and_no_others():
    assert {name for name, entry in patterns() if is_public(entry)} == PUBLIC


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
@pytest.mark.parametrize("path", SIGNED_IN.values(), ids=SIGNED_IN.keys())
def test_a_stranger_is_led_to_the_door_from_every_other_address(client, db, path, method):
    answer = getattr(client, method)(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/?next=")
