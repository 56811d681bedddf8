"""The table of codes: every code the platform knows, found by its number or by words, each with its own anchor."""

import re

import pytest

from backoffice.vads import codes
from support.help import catalogue
from tests.support.help import element, words_of

URL = "/faq/codes-erreur/"
TABLES = {
    "erreur": codes.FORM_ERRORS,
    "etat": codes.TRANSACTION_STATUSES,
    "resultat": codes.RESULTS,
    "banque": codes.AUTH_RESULTS,
    "refus": codes.PAYMENT_ERRORS,
    "controle": codes.EXTRA_RESULTS,
}
ANCHORS = [f"{prefix}-{code}" for prefix, table in TABLES.items() for code in table]


def shown(client, typed):
    page = client.get(URL, {"recherche": typed}).content.decode()
    return re.findall(r'<tr id="([\w-]+)"', page)


def test_one_table_holds_every_code_with_its_meaning_and_what_to_do(client, db):
    page = client.get(URL).content.decode()
    assert shown(client, "") == ANCHORS
    assert page.count("<table") == 1
    for prefix, table in TABLES.items():
        for code in table.values():
            words, _ = element(page, f"{prefix}-{code.code}")
            said = re.sub(r"\s+", " ", f"{code.label} {code.advice}").replace("\u00a0", " ")
            for part in (re.sub(r"\s+", " ", code.label), re.sub(r"\s+", " ", code.advice)):
                assert part in words, said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("03", ["erreur-03", "banque-03", "refus-3", "controle-03"]),
        ("3", ["erreur-03", "banque-03", "refus-3", "controle-03"]),
        ("erreur 03", ["erreur-03", "banque-03", "refus-3", "controle-03"]),
        ("999", ["erreur-999"]),
        ("vads_trans_date", ["erreur-04"]),
        ("CAPTURE_FAILED", ["etat-CAPTURE_FAILED"]),
        ("plafond", ["banque-51", "banque-61"]),
        ("banque 05", ["resultat-05", "banque-05"]),
        ("xyzzy", []),
        ("!", []),
    ],
)
def test_a_search_narrows_the_table_by_number_field_or_word(client, typed, expected):
    assert shown(client, typed) == expected


@pytest.mark.django_db
def test_accents_and_case_do_not_matter(client):
    assert shown(client, "EXPIREE") == shown(client, "expirée") != []


@pytest.mark.django_db
def test_a_number_that_is_no_code_is_looked_for_in_the_words(client):
    assert "erreur-10" in shown(client, "978")


@pytest.mark.django_db
def test_a_search_that_finds_no_code_says_what_to_do_next(client):
    page = client.get(URL, {"recherche": "xyzzy"}).content.decode()
    assert "Aucun code ne répond à ces mots" in words_of(page)
    assert 'href="/contact/?motif=technique"' in page
    assert f'href="{URL}#codes"' in page
    assert 'value="xyzzy"' in page


@pytest.mark.django_db
def test_a_suspicion_of_fraud_is_said_in_words(client):
    page = client.get(URL).content.decode()
    assert "Fraude" in element(page, "banque-43")[0]
    assert "Fraude" not in element(page, "banque-51")[0]


def test_no_two_codes_share_an_anchor():
    anchors = [entry.anchor for family in catalogue.FAMILIES for entry in family.entries]
    anchors += [family.anchor for family in catalogue.FAMILIES]
    assert len(anchors) == len(set(anchors))
