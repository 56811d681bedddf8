"""Enrolling: steps that survive a closed tab, in one browser; a summary, a consent, and a link that follows it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from certificates import conditions
from support import actions, consent
from support.enums import RegistrationRefusal, RegistrationState
from support.models import Registration
from tests.accounts.factories import CompanyFactory, UserFactory, siret_of
from tests.support.factories import IBAN, REGISTERED_CODE, RegistrationFactory

pytestmark = pytest.mark.django_db

SIRET = siret_of(700_000)
STEPS = {
    "societe": {
        "siret": f"{SIRET[:3]} {SIRET[3:6]} {SIRET[6:9]} {SIRET[9:]}",
        "legal_name": "Fromagerie des Alpages",
        "street": "12 rue du Lac",
        "postal_code": "74000",
        "city": "Annecy",
    },
    "representant": {
        "last_name": "Morel",
        "first_name": "Jeanne",
        "quality": "Gérante",
        "email": "Jeanne@Alpages.Example",
        "phone": "01 99 00 43 21",
    },
    "boutique": {
        "shop_label": "Alpages en ligne",
        "shop_url": "https://alpages.example",
        "activity": "Fromages",
        "route": "module",
    },
    "compte": {"iban": "FR14 2004 1010 0505 0001 3M02 606"},
    "code": {"code": "850 417", "code_again": "850417"},
}


def fill(client, step, **changes):
    return client.post(f"/inscription/{step}/", STEPS[step] | changes)


def fill_all(client):
    for step in STEPS:
        assert fill(client, step).status_code == 302, step


def submit(client):
    return client.post("/inscription/recapitulatif/", {"agrees": "on", "shown": consent.digest()})


def test_the_steps_lead_one_to_the_next_and_to_the_summary(client):
    assert "Commencer l’inscription" in client.get("/inscription/").text
    follows = ["representant", "boutique", "compte", "code", "recapitulatif"]
    for step, following in zip(STEPS, follows, strict=True):
        assert fill(client, step)["Location"] == f"/inscription/{following}/"
    shown = client.get("/inscription/recapitulatif/").text
    for words in (
        "Fromagerie des Alpages",
        SIRET,
        "12 rue du Lac, 74000 Annecy",
        "01 99 00 43 21",
        "2606",
        consent.SENTENCE,
    ):
        assert words in shown
    assert IBAN not in shown
    assert REGISTERED_CODE not in shown


def test_a_closed_tab_loses_nothing_and_no_other_browser_sees_it(client):
    fill(client, "societe")
    fill(client, "representant")
    again = Client()
    again.cookies = client.cookies
    assert again.get("/inscription/")["Location"] == "/inscription/boutique/"
    assert 'value="Jeanne@alpages.example"' in again.get("/inscription/representant/").text
    stranger = Client()
    assert stranger.get("/inscription/representant/")["Location"] == "/inscription/"
    assert "Alpages" not in stranger.get("/inscription/").text
    assert stranger.get("/inscription/recapitulatif/")["Location"] == "/inscription/"


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "é" * 32, "../" * 10])
def test_a_forged_cookie_opens_nothing(client, token):
    RegistrationFactory(draft=True, browser_digest="f" * 64)
    client.cookies["inscription"] = token
    assert client.get("/inscription/societe/").status_code == 200
    assert client.get("/inscription/representant/")["Location"] == "/inscription/"


@pytest.mark.parametrize(
    ("step", "changes", "fault"),
    [
        ("societe", {"siret": ""}, "Indiquez le SIRET"),
        ("societe", {"siret": SIRET[:9]}, "C’est un SIREN, de 9 chiffres"),
        ("societe", {"siret": "123"}, "Le SIRET compte 14 chiffres"),
        ("societe", {"siret": SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10)}, "sa clé est fausse"),
        ("societe", {"postal_code": "7400"}, "Le code postal compte 5 chiffres"),
        ("societe", {"legal_name": "x" * 121}, "au plus 120 caractères"),
        ("societe", {"city": "An\x07necy"}, "caractère illisible"),
        ("representant", {"email": "jeanne"}, "n’est pas valable"),
        ("representant", {"phone": "12"}, "n’est pas valable"),
        ("representant", {"quality": ""}, "à quel titre"),
        ("boutique", {"shop_url": "alpages"}, "adresse complète"),
        ("boutique", {"shop_url": "javascript:alert(1)"}, "adresse complète"),
        ("boutique", {"shop_url": "https://a@b.example"}, "adresse complète"),
        ("boutique", {"route": "autre"}, "l’une des deux façons"),
        ("compte", {"iban": "FR1420041010050500013M02607"}, "Cet IBAN n’existe pas"),
        ("compte", {"iban": "coucou"}, "Cet IBAN n’existe pas"),
        ("code", {"code": "123456", "code_again": "123456"}, "trop facile à deviner"),
        ("code", {"code": "850417", "code_again": "850418"}, "Les deux saisies diffèrent"),
        ("code", {"code": SIRET[:6], "code_again": SIRET[:6]}, "figure dans un numéro"),
        ("code", {"code": "0199004321", "code_again": "0199004321"}, "figure dans un numéro"),
    ],
)
def test_bad_input_says_what_to_do_and_keeps_what_was_typed(client, step, changes, fault):
    for earlier in STEPS:
        if earlier == step:
            break
        fill(client, earlier)
    answer = fill(client, step, **changes)
    assert answer.status_code == 200
    assert fault in answer.text
    if step == "societe" and "legal_name" not in changes:
        assert "Fromagerie des Alpages" in answer.text


@pytest.mark.parametrize("siret", ["35600000000048", "35600000049837"])
def test_la_poste_has_its_own_rule(client, siret):
    assert fill(client, "societe", siret=siret).status_code == 302


def test_a_code_never_comes_back_and_neither_does_the_account(client):
    fill_all(client)
    for page in ("code", "compte"):
        shown = client.get(f"/inscription/{page}/").text
        assert REGISTERED_CODE not in shown
        assert IBAN not in shown
    refused = fill(client, "code", code="123456", code_again="123457").text
    assert "123457" not in refused


def test_submitting_asks_for_the_consent_and_keeps_what_was_agreed_to(client, run_jobs, mailbox):
    fill_all(client)
    assert "Cochez cette case" in client.post("/inscription/recapitulatif/", {}).text
    answer = submit(client)
    assert answer["Location"] == "/inscription/deposee/"
    kept = Registration.objects.get()
    assert kept.state == RegistrationState.SUBMITTED
    assert kept.consent_digest == consent.digest()
    link = re.search(r"http://127\.0\.0\.1:8000(/suivi/[\w-]{32}/)", client.get("/inscription/deposee/").text)[1]
    assert "/suivi/" not in client.get("/inscription/deposee/").text, "shown once"
    followed = Client().get(link).text
    assert "À nous" in followed
    assert "Alpages en ligne" in followed
    run_jobs()
    [told] = mailbox
    assert told.to == ["Jeanne@alpages.example"]
    mailed = re.search(r"(/suivi/[\w-]{32}/)", told.body)[1]
    assert mailed != link
    assert Client().get(mailed).status_code == 200
    for secret in (REGISTERED_CODE, IBAN, "2606", "Morel"):
        assert secret not in told.body


def test_a_summary_before_its_time_leads_to_what_lacks(client):
    fill(client, "societe")
    assert client.get("/inscription/recapitulatif/")["Location"] == "/inscription/representant/"
    assert submit(client)["Location"] == "/inscription/representant/"
    assert not Registration.objects.exclude(state="draft").exists()


def test_what_was_submitted_cannot_be_edited(client):
    fill_all(client)
    submit(client)
    assert fill(client, "boutique", shop_label="Autre")["Location"] == "/inscription/"
    assert submit(client)["Location"] == "/inscription/"
    assert Registration.objects.get().shop_label == "Alpages en ligne"
    assert "Un conseiller l’étudie" in client.get("/inscription/").text


def test_what_is_to_complete_can_be_by_its_own_browser(client):
    fill_all(client)
    submit(client)
    Registration.objects.update(state="incomplete", asked_at="2026-11-25T10:00:00Z", missing="Le nom exact.")
    assert client.get("/inscription/")["Location"] == "/inscription/recapitulatif/"
    assert "Le nom exact." in client.get("/inscription/societe/").text
    fill(client, "societe", legal_name="Alpages SARL")
    submit(client)
    kept = Registration.objects.get()
    assert (kept.state, kept.legal_name, kept.missing) == (RegistrationState.SUBMITTED, "Alpages SARL", "")


def test_a_known_company_and_an_open_siret_are_told_so(client):
    CompanyFactory(siret=SIRET)
    assert "a déjà son contrat" in fill(client, "societe").text
    assert not Registration.objects.exists()
    other = RegistrationFactory()
    assert "déjà déposée pour ce SIRET" in fill(client, "societe", siret=other.siret).text
    assert Registration.objects.count() == 1


def test_a_siret_taken_meanwhile_stops_the_submission_and_loses_nothing(client):
    fill_all(client)
    RegistrationFactory(siret=SIRET)
    assert "déjà déposée pour ce SIRET" in submit(client).text
    assert Registration.objects.filter(state="draft").count() == 1
    Registration.objects.filter(state="submitted").delete()
    CompanyFactory(siret=SIRET)
    assert "a déjà son contrat" in submit(client).text


def test_a_code_that_looks_like_a_number_typed_later_is_asked_again(client):
    fill_all(client)
    fill(client, "representant", phone="01 98 50 41 79")
    assert "Revenez à l’étape du code." in submit(client).text
    assert Registration.objects.get().state == RegistrationState.DRAFT


def test_what_was_not_shown_is_not_agreed_to(client):
    fill_all(client)
    shown = client.post("/inscription/recapitulatif/", {"agrees": "on", "shown": "0" * 64}).text
    assert "Les conditions ont changé entre-temps" in shown
    assert f'value="{consent.digest()}"' in shown, "the page that answers shows those of today"
    assert Registration.objects.get().state == RegistrationState.DRAFT
    assert submit(client)["Location"] == "/inscription/deposee/"


def test_the_conditions_are_open_to_everybody_before_they_agree(client):
    fill_all(client)
    assert 'href="/inscription/conditions/"' in client.get("/inscription/recapitulatif/").text
    read = Client().get("/inscription/conditions/").text
    for chapter in conditions.CHAPTERS:
        assert chapter.title in read


def test_a_browser_whose_enrolment_is_refused_may_begin_another(client):
    fill_all(client)
    submit(client)
    refused = Registration.objects.get()
    refused.refuse(
        reason=RegistrationRefusal.NOT_ELIGIBLE, words="", by=UserFactory(advisor=True), at=refused.submitted_at
    )
    refused.save()
    assert "Commencer une autre inscription" in client.get("/inscription/").text
    assert fill(client, "societe")["Location"] == "/inscription/representant/"
    assert Registration.objects.count() == 2


def test_ten_companies_an_hour_are_named_from_one_address(client):
    fill(client, "societe")
    for number in range(9):
        assert fill(client, "societe", siret=siret_of(720_000 + number)).status_code == 302
    answer = fill(client, "societe", siret=siret_of(730_000))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert Registration.objects.get().siret == siret_of(720_008), "what was saved before stays"


def test_five_enrolments_an_hour_for_one_address(client, now):
    for number in range(5):
        assert fill(Client(), "societe", siret=siret_of(710_000 + number)).status_code == 302
    answer = fill(Client(), "societe")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Fromagerie des Alpages" in answer.text, "what was typed stays"
    Registration.objects.update(started_at=now - timedelta(hours=2))
    assert fill(Client(), "societe").status_code == 302


def test_drafts_and_old_enrolments_are_forgotten_in_their_time(now):
    month, years = now - timedelta(days=31), now - timedelta(days=500)
    RegistrationFactory(draft=True, started_at=month)
    kept = [
        RegistrationFactory(draft=True),
        RegistrationFactory(),
        RegistrationFactory(accepted=True, decided_at=years),
    ]
    RegistrationFactory(refused=True, decided_at=years)
    RegistrationFactory(signed=True, signed_at=years)
    RegistrationFactory(state=RegistrationState.INCOMPLETE, asked_at=years, missing="Le nom exact.")
    assert actions.forget_registrations(now=now) == 4
    assert set(Registration.objects.all()) == set(kept)
