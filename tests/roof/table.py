"""Every address of the house, who is served at it, and what each method does for them: one line each (AUTHZ-01)."""

from dataclasses import dataclass, field

from support import consent

# What an answer is.
PAGE, MOVED, DOOR, NOWHERE, REFUSED, OVER, WRONG = "page", "moved", "led to the door", "404", "405", "over", "400"
CONFIRM, READ_ONLY = "asked who is there", "403"

# Who asks, one letter each: a passer-by, somebody between the password and the code, the four roles of a company, the
# owner of another company, the advisor who looks after the company, and another one. Besides, an advisor who sees the
# owner's pages as the owner does.
ROLES = {
    "S": "stranger",
    "H": "half signed in",
    "O": "owner",
    "M": "manager",
    "R": "reader",
    "I": "integrator",
    "F": "owner of another company",
    "A": "advisor",
    "P": "advisor of other portfolios",
    "V": "advisor viewing as the owner",
}
OUTSIDE, ALL = "SH", "SHOMRIFAP"
SIGNED_IN, MERCHANTS, TEAM = "OMRIFAP", "OMRIF", "OMRI"
# The methods that ask who is there first.
ALWAYS, TO_ACT = ("get", "post"), ("post",)
METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
READING = {"get", "head", "options"}
# What asks nobody who they are, whatever the method: the buyers' own pages, and the health of the house.
NOBODY_S = {
    "payments:entry",
    "payments:page",
    "payments:bank",
    "payments:language",
    "payments:cancel",
    "payments:result",
    "healthz",
    "readyz",
}
WAYS_OUT = {"accounts:sign_out", "accounts:leave_view"}
# What no advisor sees as somebody else, secrets or not: who is there is asked, what was typed is given back, or paper
# was made for whoever asked for it alone.
OWN_EYES = {"accounts:confirm", "accounts:kept_form", "certificates:print", "certificates:print_document"}

# What stands for an object in an address; `mode` is one of two words.
UNGUESSABLE = {"UUIDConverter", "SiteIdConverter", "ModeConverter", "StringConverter", "PageTokenConverter"}
MISSING_SHOPS = {"shop": "99999999", "other_shop": "99999999"}
NOBODY = "00000000-0000-4000-8000-000000000000"
TOKEN = "x" * 43


INVITATION = {
    "first_name": "Hugo",
    "last_name": "Delmas",
    "email": "hugo@atelier.example",
    "role": "manager",
    "code": "357914",
    "code_again": "357914",
}
ANOTHER_SHOP = {
    "shop_label": "Cave en ligne",
    "shop_url": "https://cave.example",
    "activity": "Vins",
    "route": "module",
    "agrees": "on",
    "shown": consent.digest(),
}
TEST_URL = {"mode": "TEST", "test-url": "https://fromagerie.example/notification"}
PRODUCTION_URL = {"mode": "PRODUCTION", "production-url": "https://fromagerie.example/notification"}
TEST_RETURN = {
    "return_url_test": "https://fromagerie.example/retour",
    "extra_attempts": "0",
    "capture_delay": "0",
    "is_validated_by_hand": "0",
}
PAYMENT_PAGE = TEST_RETURN | {"return_url_production": "https://fromagerie.example/retour", "extra_attempts": "2"}
SHA1 = {"algorithm": "SHA-1"}
# A button alone, which changes something.
PRESSED = {"bouton": ""}


@dataclass(frozen=True)
class Line:
    """Who is served at an address, and what GET (HEAD alike), POST and the rest of the methods do for them.

    The others who are signed in find a page that does not exist; whoever is outside is led to the door. `form` is what
    a POST sends: with one, it changes something. `but` says what GET and POST do for those who fare otherwise.
    """

    name: str
    path: str
    who: str
    get: str = PAGE
    post: str = REFUSED
    rest: str = REFUSED
    form: dict = field(default_factory=dict)
    but: dict = field(default_factory=dict)
    # The methods that ask who is there first, when that was not confirmed lately (KEY-03).
    step_up: tuple = ()

    def __str__(self):
        return self.name + self.path.replace("{", "<").replace("}", ">")

    def serves(self, letter):
        if letter == "V":
            return self.name in WAYS_OUT
        return letter in self.who or letter in self.but

    def answers(self, letter, method):
        """What the table allows to come back."""
        if letter == "V":
            return self.answers_in_a_view(method)
        get, post = self.but.get(letter, (self.get, self.post))
        if self.serves(letter):
            return {{"get": get, "head": get, "post": post}.get(method, self.rest)}
        if letter in OUTSIDE:
            return {DOOR}
        # Whether the method or the object is looked at first tells nothing: a missing object answers the same.
        return {NOWHERE, REFUSED} if method not in {"get", "head", "post"} or REFUSED in (get, post) else {NOWHERE}

    def answers_in_a_view(self, method):
        """What the owner's pages answer to an advisor who looks on: the same to read, and nothing else (AUTHZ-03)."""
        is_way_out = method == "post" and self.name in WAYS_OUT
        asks_first = method in {"get", "head"} and "get" in self.step_up and self.serves("O")
        is_shown = method in READING and not asks_first and self.name not in OWN_EYES
        return self.answers("O", method) if is_shown or is_way_out or self.name in NOBODY_S else {READ_ONLY}


TABLE = [
    # The roof.
    Line("home", "/", SIGNED_IN, MOVED),
    Line("healthz", "/healthz", ALL),
    Line("readyz", "/readyz", ALL),
    Line("legal_notice", "/mentions-legales/", ALL),
    Line("personal_data", "/donnees-personnelles/", ALL),
    Line("accessibility", "/accessibilite/", ALL),
    Line("vads-merchant/", "/vads-merchant/", ALL, MOVED, MOVED, rest=MOVED),
    Line("html/faq.html", "/html/faq.html", ALL, MOVED, MOVED, rest=MOVED),
    Line("html/faq/prod", "/html/faq/prod", ALL, MOVED, MOVED, rest=MOVED),
    Line("html/error_code/", "/html/error_code/", ALL, MOVED, MOVED, rest=MOVED),
    # The door.
    Line("accounts:sign_in", "/connexion/", ALL, MOVED, PAGE, but={"S": (PAGE, PAGE)}),
    Line("accounts:sign_out", "/deconnexion/", ALL, REFUSED, MOVED),
    Line("accounts:first_connection", "/premiere-connexion/", ALL, MOVED, MOVED, but={"H": (PAGE, PAGE)}),
    Line("accounts:new_password", "/premiere-connexion/mot-de-passe/", ALL, MOVED, MOVED),
    Line("accounts:give_second_factor", "/connexion/second-facteur/", ALL, MOVED, MOVED),
    Line("accounts:recovery", f"/premiere-connexion/navigateur/{TOKEN}/", ALL, OVER, OVER),
    Line("accounts:forgotten", "/mot-de-passe-oublie/", ALL, PAGE, PAGE),
    Line("accounts:forgotten_sent", "/mot-de-passe-oublie/envoye/", ALL),
    Line("accounts:forgotten_link", f"/mot-de-passe-oublie/lien/{TOKEN}/", ALL, OVER, OVER),
    Line("accounts:confirm_email", f"/profil/coordonnees/confirmer/{TOKEN}/", ALL, OVER, OVER),
    Line("accounts:invitation", f"/invitation/{TOKEN}/", ALL, OVER, OVER),
    Line("support:not_me", f"/pas-moi/{TOKEN}/", ALL, OVER, OVER),
    # What a person does alone.
    Line("accounts:kept_form", "/connexion/reprise/", SIGNED_IN, MOVED, MOVED),
    Line("accounts:profile", "/profil/", SIGNED_IN),
    Line("accounts:confirm", "/profil/confirmer/", SIGNED_IN, PAGE, PAGE),
    Line("accounts:leave_view", "/voir-comme/quitter/", SIGNED_IN, REFUSED, MOVED),
    Line("accounts:session_life", "/profil/session/prolonger/", SIGNED_IN, PAGE, PAGE),
    Line("accounts:end_other_sessions", "/profil/sessions/terminer-les-autres/", SIGNED_IN, REFUSED, MOVED),
    Line("accounts:end_session", "/profil/sessions/{session}/terminer/", "O", REFUSED, MOVED),
    Line("accounts:forget_browser", "/profil/navigateurs/{browser}/oublier/", "O", REFUSED, MOVED),
    Line("accounts:unblock", "/connexion/debloquer/", SIGNED_IN, MOVED, MOVED),
    Line("accounts:password", "/mot-de-passe/", SIGNED_IN, PAGE, PAGE),
    Line("accounts:second_factor", "/profil/second-facteur/", SIGNED_IN),
    Line("accounts:begin_enrolment", "/profil/second-facteur/commencer/", SIGNED_IN, REFUSED, MOVED, step_up=TO_ACT),
    Line("accounts:enrol", "/profil/second-facteur/activer/", SIGNED_IN, MOVED, MOVED),
    Line(
        "accounts:draw_recovery_codes",
        "/profil/second-facteur/codes-de-secours/",
        SIGNED_IN,
        REFUSED,
        MOVED,
        but={"A": (REFUSED, PAGE), "P": (REFUSED, PAGE)},
        step_up=TO_ACT,
    ),
    Line("accounts:remove_factor", "/profil/second-facteur/retirer/", SIGNED_IN, REFUSED, MOVED, step_up=TO_ACT),
    Line("accounts:coordinates", "/profil/coordonnees/", SIGNED_IN),
    Line(
        "accounts:change_email",
        "/profil/coordonnees/e-mail/",
        SIGNED_IN,
        PAGE,
        MOVED,
        form={"email": "autre@fromagerie.example"},
        step_up=ALWAYS,
    ),
    Line(
        "accounts:change_phone",
        "/profil/coordonnees/telephone/",
        SIGNED_IN,
        PAGE,
        MOVED,
        form={"phone": "01 99 00 77 77"},
        step_up=ALWAYS,
    ),
    Line("accounts:cancel_contact_change", "/profil/coordonnees/{change}/annuler/", "O", REFUSED, MOVED),
    # The company's people, and what everybody did.
    Line("accounts:journal", "/journal/", "OMFAP"),
    Line(
        "accounts:journal_export",
        "/journal/export/",
        "OMF",
        REFUSED,
        PAGE,
        but={"A": (REFUSED, NOWHERE), "P": (REFUSED, NOWHERE)},
    ),
    Line("shops:people", "/utilisateurs/", "OMF"),
    Line("shops:invite", "/utilisateurs/inviter/", "OF", PAGE, MOVED, form=INVITATION, step_up=ALWAYS),
    Line("shops:person", "/utilisateurs/{person}/", "O"),
    Line("shops:person_code", "/utilisateurs/{person}/code/", "O", MOVED, PAGE, step_up=TO_ACT),
    Line(
        "shops:person_role", "/utilisateurs/{person}/role/", "O", PAGE, MOVED, form={"role": "manager"}, step_up=ALWAYS
    ),
    Line("shops:person_redraw", "/utilisateurs/{person}/mot-de-passe-temporaire/", "O", MOVED, MOVED, step_up=TO_ACT),
    Line("shops:person_remove", "/utilisateurs/{person}/retirer/", "O", MOVED, MOVED, step_up=TO_ACT),
    Line("accounts:team_factor", "/utilisateurs/second-facteur/", "OF"),
    Line("accounts:require_factor", "/utilisateurs/second-facteur/exiger/", "OF", REFUSED, MOVED, step_up=TO_ACT),
    Line("accounts:leave_factor_free", "/utilisateurs/second-facteur/au-choix/", "OF", REFUSED, MOVED, step_up=TO_ACT),
    # A shop. The integrator was given {shop} and not {other_shop}, and neither of their PRODUCTION sides.
    Line("shops:list", "/boutiques/", MERCHANTS + "I"),
    Line("shops:detail", "/boutiques/{shop}/", TEAM),
    Line("shops:detail", "/boutiques/{other_shop}/", "OMR"),
    Line("shops:server_url", "/boutiques/{shop}/url-serveur/", "OMI", PAGE, MOVED, form=TEST_URL),
    Line("shops:server_url", "/boutiques/{other_shop}/url-serveur/", "OM", PAGE, MOVED, form=TEST_URL),
    Line(
        "shops:server_url",
        "/boutiques/{shop}/url-serveur/",
        "OM",
        PAGE,
        MOVED,
        form=PRODUCTION_URL,
        but={"I": (PAGE, NOWHERE)},
        step_up=TO_ACT,
    ),
    Line("shops:payment_page", "/boutiques/{shop}/page-de-paiement/", "OMI", PAGE, MOVED, form=TEST_RETURN),
    Line("shops:payment_page", "/boutiques/{other_shop}/page-de-paiement/", "OM", PAGE, MOVED, form=TEST_RETURN),
    Line(
        "shops:payment_page",
        "/boutiques/{shop}/page-de-paiement/",
        "OMI",
        PAGE,
        MOVED,
        form=PAYMENT_PAGE,
        step_up=TO_ACT,
    ),
    Line("certificates:detail", "/boutiques/{shop}/certificats/", TEAM),
    Line("certificates:detail", "/boutiques/{other_shop}/certificats/", "OMR"),
    Line("certificates:reveal", "/boutiques/{shop}/certificats/test/afficher/", "OMI", MOVED, PAGE, step_up=TO_ACT),
    Line(
        "certificates:reveal", "/boutiques/{shop}/certificats/production/afficher/", "OM", MOVED, PAGE, step_up=TO_ACT
    ),
    Line("certificates:reveal", "/boutiques/{other_shop}/certificats/test/afficher/", "OM", MOVED, NOWHERE),
    Line("certificates:algorithm", "/boutiques/{shop}/certificats/test/algorithme/", "OMI", PAGE, MOVED, form=SHA1),
    Line(
        "certificates:algorithm", "/boutiques/{shop}/certificats/production/algorithme/", "OM", PAGE, MOVED, form=SHA1
    ),
    Line("certificates:generate", "/boutiques/{other_shop}/certificats/generer/", "OM", MOVED, MOVED, step_up=TO_ACT),
    Line("certificates:generate", "/boutiques/{shop}/certificats/generer/", "OM", MOVED, MOVED, step_up=TO_ACT),
    Line("certificates:contract", "/boutiques/{shop}/contrat/", "OMR"),
    Line("certificates:contract_pdf", "/boutiques/{shop}/contrat/pdf/", "OMR", MOVED, MOVED, form=PRESSED),
    Line("certificates:print", "/impressions/{print}/", "O"),
    Line("certificates:print_document", "/impressions/{print}/document/", "O"),
    Line("payments:guide", "/boutiques/{shop}/integrateur/", TEAM),
    Line("payments:guide", "/boutiques/{other_shop}/integrateur/", "OMR"),
    Line("payments:transactions", "/boutiques/{shop}/transactions/", TEAM),
    Line("payments:transactions", "/boutiques/{shop}/transactions/?mode=PRODUCTION", "OMR"),
    Line("payments:transaction", "/boutiques/{shop}/transactions/{test_payment}/", TEAM),
    Line("payments:transaction", "/boutiques/{shop}/transactions/{real_payment}/", "OMR"),
    Line("payments:refused_forms", "/boutiques/{shop}/formulaires/", TEAM),
    Line("payments:refused_form", "/boutiques/{shop}/formulaires/{test_form}/", TEAM),
    Line("payments:refused_form", "/boutiques/{shop}/formulaires/{real_form}/", "OMR"),
    # The buyer's page.
    Line("payments:entry", "/vads-payment/", ALL, PAGE, WRONG),
    Line("payments:page", f"/paiement/{TOKEN}/", ALL, NOWHERE, NOWHERE, rest=NOWHERE),
    Line("payments:bank", f"/paiement/{TOKEN}/banque/", ALL, NOWHERE, NOWHERE, rest=NOWHERE),
    Line("payments:language", f"/paiement/{TOKEN}/langue/", ALL, NOWHERE, NOWHERE, rest=NOWHERE),
    Line("payments:cancel", f"/paiement/{TOKEN}/annuler/", ALL, NOWHERE, NOWHERE, rest=NOWHERE),
    Line("payments:result", f"/paiement/{TOKEN}/resultat/", ALL, NOWHERE, NOWHERE, rest=NOWHERE),
    # The counter.
    Line("support:contact", "/contact/", ALL, PAGE, PAGE),
    Line("support:contact_sent", "/contact/envoyee/", ALL),
    Line("support:faq", "/faq/", ALL),
    Line("support:faq_subscriptions", "/faq/abonnements/", ALL),
    Line("support:faq_server_url", "/faq/url-serveur/", ALL),
    Line("support:faq_error_codes", "/faq/codes-erreur/", ALL),
    Line("support:faq_features", "/faq/fonctionnalites/", ALL),
    Line("support:faq_production", "/faq/prod/", ALL),
    Line("support:desk", "/conseiller/", "AP"),
    Line("support:companies", "/conseiller/recherche/?q=Fromagerie", "AP"),
    Line("support:company", "/conseiller/societes/{company}/", "A"),
    Line("support:write_note", "/conseiller/societes/{company}/notes/", "A", REFUSED, PAGE),
    Line("support:write_note", "/conseiller/societes/{company}/notes/", "A", REFUSED, MOVED, form={"text": "Bonjour"}),
    Line("support:strike_note", "/conseiller/societes/{company}/notes/{note}/barrer/", "A", PAGE, PAGE),
    Line(
        "support:tag_company", "/conseiller/societes/{company}/etiquettes/", "A", REFUSED, MOVED, form={"tags": "watch"}
    ),
    Line("support:view_as", "/conseiller/societes/{company}/voir-comme/{person}/", "A", PAGE, PAGE),
    Line(
        "support:view_as",
        "/conseiller/societes/{company}/voir-comme/{person}/",
        "A",
        PAGE,
        MOVED,
        form={"reason": "going_live"},
    ),
    Line("support:person", "/conseiller/societes/{company}/personnes/{person}/", "A"),
    Line("support:open_request", "/conseiller/societes/{company}/personnes/{person}/demande/", "A", REFUSED, PAGE),
    Line(
        "support:open_request",
        "/conseiller/societes/{company}/personnes/{person}/demande/",
        "A",
        REFUSED,
        MOVED,
        form={"motive": "code", "channel": "counter"},
    ),
    Line(
        "support:end_person_sessions",
        "/conseiller/societes/{company}/personnes/{person}/sessions/terminer/",
        "A",
        REFUSED,
        MOVED,
    ),
    Line(
        "support:close_access",
        "/conseiller/societes/{company}/personnes/{person}/fermer/",
        "A",
        PAGE,
        MOVED,
        form={"reason": "left"},
        step_up=ALWAYS,
    ),
    Line(
        "support:close_shop",
        "/conseiller/societes/{company}/boutiques/{shop}/fermer/",
        "A",
        PAGE,
        MOVED,
        form={"reason": "contract_over"},
        step_up=ALWAYS,
    ),
    Line("support:mails", "/conseiller/courriels/", "AP"),
    Line("support:send_mail_again", "/conseiller/courriels/{mail}/renvoyer/", "A", REFUSED, MOVED),
    Line("support:ask_for_shop", "/boutiques/demander/", "OF", PAGE, PAGE),
    Line("support:ask_for_shop", "/boutiques/demander/", "OF", PAGE, MOVED, form=ANOTHER_SHOP),
    Line("support:registration", "/inscription/", ALL),
    Line("support:registration_company", "/inscription/societe/", ALL, PAGE, PAGE),
    Line("support:registration_representative", "/inscription/representant/", ALL, MOVED, MOVED),
    Line("support:registration_shop", "/inscription/boutique/", ALL, MOVED, MOVED),
    Line("support:registration_account", "/inscription/compte/", ALL, MOVED, MOVED),
    Line("support:registration_code", "/inscription/code/", ALL, MOVED, MOVED),
    Line("support:registration_summary", "/inscription/recapitulatif/", ALL, MOVED, MOVED),
    Line("support:conditions", "/inscription/conditions/", ALL),
    Line("support:registration_submitted", "/inscription/deposee/", ALL),
    Line("support:registration_contract", "/inscription/contrat/", ALL, NOWHERE),
    Line("support:print_registration", "/inscription/contrat/imprimer/", ALL, REFUSED, NOWHERE),
    Line("support:registration_print", f"/inscription/contrat/{NOBODY}/", ALL, NOWHERE),
    Line("support:registration_document", f"/inscription/contrat/{NOBODY}/document/", ALL, NOWHERE),
    Line("support:type_contract_code", f"/suivi/{TOKEN}/contrat/", ALL, NOWHERE, NOWHERE),
    Line("support:registrations", "/conseiller/inscriptions/", "AP"),
    Line("support:registration_desk", "/conseiller/inscriptions/{registration}/", "A"),
    Line("support:ask_for_more", "/conseiller/inscriptions/{registration}/completer/", "A", REFUSED, PAGE),
    Line("support:accept_registration", "/conseiller/inscriptions/{registration}/accepter/", "A", REFUSED, MOVED),
    Line("support:refuse_registration", "/conseiller/inscriptions/{registration}/refuser/", "A", REFUSED, PAGE),
    Line("support:approvals", "/conseiller/approbations/", "AP"),
    Line("support:approval", "/conseiller/approbations/{proposal}/", "A"),
    Line("support:approve_proposal", "/conseiller/approbations/{proposal}/approuver/", "A", REFUSED, MOVED),
    Line("support:reject_proposal", "/conseiller/approbations/{proposal}/ecarter/", "A", REFUSED, PAGE),
    Line("support:request", "/conseiller/demandes/{request}/", "A"),
    Line("support:follow_up", f"/suivi/{TOKEN}/", ALL, NOWHERE, NOWHERE),
    Line("support:type_code", f"/suivi/{TOKEN}/code/", ALL, NOWHERE, NOWHERE),
    Line("support:choose_code", f"/suivi/{TOKEN}/nouveau-code/", ALL, NOWHERE, NOWHERE),
    Line("support:begin_call", "/conseiller/demandes/{request}/appeler/", "A", REFUSED, PAGE),
    Line("support:prove_call", "/conseiller/demandes/{request}/appel/reconnaitre/", "A", REFUSED, MOVED),
    Line("support:end_call", "/conseiller/demandes/{request}/appel/terminer/", "A", REFUSED, MOVED),
    Line("support:close_found_code", "/conseiller/demandes/{request}/code-retrouve/", "A", REFUSED, MOVED),
    Line("support:papers", "/conseiller/societes/{company}/pieces/", "A"),
    Line("support:sign_contract", "/conseiller/societes/{company}/contrats/{contract}/signe/", "A", PAGE, PAGE),
    Line(
        "support:amendment_pdf",
        "/conseiller/societes/{company}/avenants/{amendment}/",
        "A",
        MOVED,
        MOVED,
        form=PRESSED,
    ),
    Line(
        "certificates:amendment_pdf",
        "/boutiques/{shop}/contrat/avenants/{amendment}/",
        "OMR",
        MOVED,
        MOVED,
        form=PRESSED,
    ),
    Line("certificates:attestation", "/boutiques/{shop}/contrat/attestation/", "OMR", PAGE, MOVED, form=PRESSED),
    Line(
        "certificates:attestation_pdf",
        "/boutiques/{shop}/contrat/attestation/{attestation}/",
        "OMR",
        MOVED,
        MOVED,
        form=PRESSED,
    ),
    Line("support:change_account", "/conseiller/societes/{company}/contrats/{contract}/compte/", "A", PAGE, PAGE),
    Line(
        "support:attest",
        "/conseiller/societes/{company}/boutiques/{shop}/attestation/",
        "A",
        REFUSED,
        MOVED,
        form=PRESSED,
    ),
    Line(
        "support:attestation_pdf",
        "/conseiller/societes/{company}/attestations/{attestation}/",
        "A",
        MOVED,
        MOVED,
        form=PRESSED,
    ),
    Line("certificates:verify", "/verifier/", ALL, PAGE, PAGE),
    Line("support:take_request", "/conseiller/demandes/{request}/prendre/", "A", REFUSED, MOVED),
    Line("support:hand_over_request", "/conseiller/demandes/{request}/transmettre/", "A", REFUSED, MOVED),
    Line("support:ask_merchant", "/conseiller/demandes/{request}/questionner/", "A", REFUSED, PAGE),
    Line("support:answer_request", "/conseiller/demandes/{request}/repondre/", "A", REFUSED, PAGE),
    Line("support:refuse_request", "/conseiller/demandes/{request}/refuser/", "A", REFUSED, PAGE),
    Line("support:accept_reset", "/conseiller/demandes/{request}/accepter/", "A", REFUSED, MOVED),
    Line("support:unblock_account", "/conseiller/demandes/{request}/debloquer/", "A", REFUSED, MOVED),
    Line("support:propose_factor_reset", "/conseiller/demandes/{request}/second-facteur/", "A", REFUSED, PAGE),
    Line(
        "support:propose_factor_reset",
        "/conseiller/demandes/{factor_request}/second-facteur/",
        "A",
        REFUSED,
        MOVED,
        form={"words": "Téléphone perdu."},
    ),
    Line("support:lift_freeze", "/conseiller/demandes/{request}/rouvrir/", "A", REFUSED, MOVED),
]
