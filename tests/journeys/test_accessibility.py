"""axe finds nothing on any page, in either theme, wide and on a phone."""

import re

import pytest

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS, REGULAR, REGULAR_PASSWORD
from tests.journeys import steps
from tests.journeys.axe import faults, visit

pytestmark = pytest.mark.xdist_group("demo")

SHOP = "/boutiques/23456789/"
CHALLENGED = "4970100000000022"
OPEN_TO_ALL = [
    "/connexion/",
    "/mot-de-passe-oublie/",
    "/mot-de-passe-oublie/envoye/",
    "/faq/",
    "/faq/abonnements/",
    "/faq/url-serveur/",
    "/faq/codes-erreur/",
    "/faq/fonctionnalites/",
    "/faq/prod/",
    "/faq/?recherche=certificat",
    "/faq/?recherche=xyzzy",
    "/faq/codes-erreur/?recherche=03",
    "/contact/",
    "/contact/?motif=reinitialisation",
    "/contact/envoyee/",
    "/inscription/",
    "/inscription/societe/",
    "/inscription/conditions/",
    "/verifier/",
    "/verifier/?numero=1234567&empreinte=0123456789ab",
    "/verifier/?numero=1&empreinte=z",
    "/vads-payment/",
    "/vads-payment/?vads_ctx_mode=TEST&vads_site_id=99999999&signature=x",
    "/vads-payment/?vads_ctx_mode=PRODUCTION&vads_site_id=99999999&signature=x",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/nulle-part/",
    "/demo/courriels/",
    "/demo/codes/",
]
MERCHANT = [
    "/boutiques/",
    SHOP,
    SHOP + "url-serveur/",
    SHOP + "page-de-paiement/",
    SHOP + "integrateur/",
    SHOP + "integrateur/?recherche=xyzzy",
    SHOP + "certificats/",
    SHOP + "certificats/test/algorithme/",
    SHOP + "contrat/",
    SHOP + "contrat/attestation/",
    SHOP + "transactions/?mode=TEST",
    SHOP + "transactions/?mode=PRODUCTION",
    SHOP + "formulaires/",
    SHOP + "formulaires/?recherche=zzz&mode=TEST",
    "/utilisateurs/",
    "/journal/",
    "/journal/?du=9999-99-99&evenement=rien",
    "/journal/?du=2030-01-01",
    "/utilisateurs/second-facteur/",
    "/faq/",
    "/faq/fonctionnalites/",
    "/faq/?recherche=certificat",
]
# What everybody who is signed in finds about oneself.
ONESELF = ["/profil/", "/profil/confirmer/", "/profil/coordonnees/", "/profil/second-facteur/", "/mot-de-passe/"]
ADVISOR = [
    "/conseiller/",
    "/conseiller/approbations/",
    "/conseiller/inscriptions/",
    "/conseiller/courriels/",
    "/conseiller/recherche/",
    "/conseiller/recherche/?q=zzz",
    "/faq/",
    "/conseiller/courriels/?etat=inconnu",
    "/journal/",
    "/journal/?recherche=zzz",
    "/journal/?societe=plateforme",
]


def test_the_pages_open_to_all_are_accessible(context, demo):
    assert visit(context.new_page(), demo, OPEN_TO_ALL) == []


def test_the_pages_of_a_merchant_are_accessible(page, demo):
    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    page.wait_for_url(f"**{SHOP}")
    found = visit(page, demo, MERCHANT + ONESELF)
    page.goto(f"{demo.url}{SHOP}transactions/?mode=PRODUCTION")
    page.locator("main td a").first.click()
    found += faults(page)
    page.goto(f"{demo.url}{SHOP}formulaires/?recherche=00")
    page.locator("main td a").first.click()
    assert found + faults(page) == []


def test_the_pages_behind_a_confirmation_are_accessible(page, demo):
    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    page.wait_for_url(f"**{SHOP}")
    page.goto(f"{demo.url}{SHOP}certificats/")
    page.get_by_role("button", name=re.compile("Afficher")).first.click()
    found = faults(page)
    page.get_by_label(re.compile(r"^\s*Mot de passe")).fill(REGULAR_PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    found += faults(page)
    page.get_by_role("button", name="Renoncer").click()
    assert found + visit(page, demo, ["/profil/coordonnees/e-mail/", "/profil/coordonnees/telephone/"]) == []


def test_the_pages_of_a_company_s_people_are_accessible(page, demo):
    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    page.goto(f"{demo.url}/utilisateurs/inviter/")
    page.get_by_label(re.compile(r"^\s*Mot de passe")).fill(REGULAR_PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label(re.compile(r"^\s*Intégrateur")).check()
    found = faults(page)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    found += faults(page)
    page.goto(f"{demo.url}/utilisateurs/")
    page.get_by_role("link", name=re.compile("Hugo Delmas")).click()
    found += faults(page)
    page.get_by_role("link", name="Modifier").click()
    found += faults(page)
    page.go_back()
    page.get_by_role("button", name=re.compile("Afficher")).click()
    assert found + faults(page) == []


def test_the_pages_of_an_advisor_are_accessible(page, demo):
    steps.sign_in_with_factor(page, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    found = visit(page, demo, ADVISOR + ONESELF)
    page.goto(f"{demo.url}/journal/?recherche=Librairie")
    page.get_by_role("link", name="Librairie Vernet").click()
    found += faults(page)
    found += visit(page, demo, ["/conseiller/recherche/?q=Librairie"])
    page.get_by_role("link", name="Librairie Vernet").click()
    page.get_by_label("Votre note").fill("Préfère être appelée le matin.")
    page.get_by_role("button", name="Écrire la note").click()
    found += faults(page)
    page.get_by_role("link", name=re.compile("Barrer cette note")).first.click()
    page.get_by_role("heading", name="Barrer une note").wait_for()
    assert found + faults(page) == []


def test_the_papers_of_a_company_are_accessible(page, demo):
    """What was signed, what changed, an attestation, and the account that changes at a merchant's request."""
    steps.sign_in_with_factor(page, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    page.goto(f"{demo.url}/conseiller/recherche/?q=Librairie")
    page.get_by_role("link", name="Librairie Vernet").click()
    page.get_by_role("link", name="Pièces du dossier").click()
    page.wait_for_url("**/pieces/")
    papers = page.url
    page.get_by_role("button", name="Établir l’attestation de Librairie Vernet").click()
    page.wait_for_url("**/impressions/**")
    page.goto(papers)
    found = faults(page)
    page.get_by_role("link", name="Changer le compte de règlement").first.click()
    page.get_by_role("heading", name="Compte de règlement").wait_for()
    assert found + faults(page) == []


def test_the_pages_where_an_advisor_serves_somebody_are_accessible(page, demo):
    """A person, a request opened for them, and the pages that say what closing stops; nothing is closed."""
    steps.sign_in_with_factor(page, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    page.goto(f"{demo.url}/conseiller/recherche/?q=Librairie")
    page.get_by_role("link", name="Librairie Vernet").click()
    company = page.url
    page.get_by_role("link", name="Lucie Marchal", exact=True).click()
    page.get_by_role("heading", name="Lucie Marchal").wait_for()
    person = page.url
    page.get_by_role("button", name="Ouvrir la demande").click()
    found = faults(page)
    page.get_by_label("Demande de code de première connexion").check()
    page.get_by_label("Au guichet").check()
    page.get_by_role("button", name="Ouvrir la demande").click()
    page.get_by_text("La demande est ouverte, et vous vous en occupez.").wait_for()
    found += faults(page)
    page.goto(f"{person}fermer/")
    steps.give_code(page, demo, ADVISORS[0][0], button="Confirmer")
    page.get_by_role("heading", name="Fermer un accès").wait_for()
    page.get_by_role("button", name="Fermer l’accès").click()
    found += faults(page)
    page.goto(company)
    page.get_by_role("link", name=re.compile("Fermer la boutique")).first.click()
    page.get_by_role("heading", name="Fermer une boutique").wait_for()
    assert found + faults(page) == []


def test_the_pages_of_an_invitation_are_accessible(context, demo):
    page = context.new_page()
    waiting = steps.mailed_link(page, demo, "roussel@banque.example", "invitation")
    used = steps.mailed_link(page, demo, "ferrand@banque.example", "invitation")
    assert visit(page, demo, [waiting, used]) == []


def test_the_pages_of_not_me_and_of_what_it_freezes_are_accessible(context, demo):
    """Shown, done, over; the frozen account; the report at the desk, which lifts the freeze again."""
    page = context.new_page()
    not_me = steps.mailed_link(page, demo, "antoine@librairie.example", "pas-moi")
    found = visit(page, demo, [not_me])
    page.get_by_role("button", name="Ce n’était pas moi").click()
    found += faults(page)
    found += visit(page, demo, [not_me])

    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    page.wait_for_url(f"**{SHOP}")
    page.goto(f"{demo.url}{SHOP}certificats/")
    page.get_by_role("button", name="Afficher").first.click()
    page.get_by_role("heading", name="Modifications gelées").wait_for()
    found += faults(page)
    found += visit(page, demo, ["/profil/coordonnees/"])

    desk = context.browser.new_context(locale="fr-FR").new_page()
    steps.sign_in_with_factor(desk, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    desk.wait_for_url("**/conseiller/")
    found += faults(desk)
    desk.get_by_role("row").filter(has_text="antoine@").get_by_role("link", name="Opération signalée").click()
    found += faults(desk)
    desk.get_by_role("button", name="Prendre en charge").click()
    desk.get_by_role("heading", name="Rouvrir les modifications").wait_for()
    found += faults(desk)
    desk.get_by_role("button", name="Rouvrir les modifications").click()
    desk.get_by_text("Les modifications sont rouvertes").wait_for()
    found += faults(desk)
    desk.context.close()
    assert found == []


def test_the_pages_of_a_buyer_are_accessible(page, demo):
    """The card form, refused, in German, the bank's page, the receipt; and turning back."""
    steps.order_cheese(page, demo)
    page.get_by_role("button", name="Payer").click()
    found = faults(page)
    page.get_by_label("Numéro de carte").fill("4111 1111 1111 1111")
    page.get_by_label("Expire fin").fill("12/30")
    page.get_by_label("Cryptogramme").fill("123")
    page.get_by_role("button", name="Payer").click()
    page.get_by_role("alert").wait_for()
    found += faults(page)
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_text("Zahlungsmittel").wait_for()
    for group in page.locator("details").all():
        group.locator("summary").click()
    found += faults(page)
    page.get_by_role("button", name=re.compile(steps.grouped(CHALLENGED))).click()
    page.get_by_role("button", name=re.compile("bezahlen$")).click()
    page.get_by_role("heading", name="Authentifizierung").wait_for()
    found += faults(page)
    page.get_by_role("button", name="Zahlung bestätigen").click()
    page.get_by_role("heading", name="Zahlung angenommen").wait_for()
    found += faults(page)
    steps.order_cheese(page, demo)
    page.get_by_role("button", name="Payer").click()
    page.get_by_role("button", name="Annuler et retourner à la boutique").click()
    assert found + faults(page) == []


def test_the_pages_that_follow_a_request_and_those_that_treat_it_are_accessible(context, demo):
    """Sent, followed, taken in charge, asked, answered; a form refused; a link that never was."""
    page = context.new_page()
    page.goto(f"{demo.url}/contact/?motif=autre")
    for label, text in {r"^\s*Nom\b": "Vasseur", "Prénom": "Inès", "Adresse e-mail": "ines@x.example"}.items():
        page.get_by_label(re.compile(label)).fill(text)
    page.get_by_label(re.compile("Message")).fill("Bonjour")
    page.get_by_role("button", name="Envoyer la demande").click()
    page.wait_for_url("**/contact/envoyee/")
    found = faults(page)
    page.get_by_role("link", name="Suivre ma demande").click()
    page.get_by_role("heading", name="Suivi de la demande").wait_for()
    found += faults(page)

    desk = context.browser.new_context(locale="fr-FR").new_page()
    steps.sign_in_with_factor(desk, demo, ADVISORS[1][0], ADVISOR_PASSWORD)
    desk.wait_for_url("**/conseiller/")
    desk.get_by_role("row").filter(has_text="Vasseur").get_by_role("link").first.click()
    found += faults(desk)
    desk.get_by_role("button", name="Prendre en charge").click()
    desk.get_by_role("heading", name="Transmettre la demande").wait_for()
    found += faults(desk)
    desk.get_by_role("button", name="Refuser la demande").click()
    desk.get_by_text("Choisissez le motif du refus.").first.wait_for()
    found += faults(desk)
    desk.get_by_label("Votre question").fill("Quel est votre SIRET ?")
    desk.get_by_role("button", name="Poser la question").click()
    desk.get_by_text("En attente du commerçant").first.wait_for()
    found += faults(desk)

    page.reload()
    page.get_by_label("Votre message").fill("Je vous le donnerai au téléphone.")
    found += faults(page)
    page.get_by_role("button", name="Envoyer le message").click()
    page.get_by_text("Votre message est ajouté").first.wait_for()
    found += faults(page)
    lists = ["/conseiller/?liste=miennes", "/conseiller/?liste=libres", "/conseiller/?liste=closes"]
    assert found + visit(page, demo, ["/suivi/perdu/"]) + visit(desk, demo, lists) == []
