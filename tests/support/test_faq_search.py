"""The help is searched as one: accents, capitals and endings do not matter, and every result leads to its answer."""

import re

import pytest

from support.help import index, words
from support.help.pages import PAGES as TABS
from tests.accounts.factories import MembershipFactory
from tests.support.help import PAGES, element, links_of, words_of

SEARCH = "/faq/?recherche="


def plain(client, typed):
    return words_of(client.get("/faq/", {"recherche": typed}).content.decode()).replace("\u00a0", " ")


def found(typed):
    return [one.answer.anchor for one in index.look_for(typed).found]


# --- What is found ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ("compte bloqué", "compte-bloque"),
        ("COMPTE BLOQUE", "compte-bloque"),
        ("mes comptes bloqués", "compte-bloque"),
        ("Comment débloquer mon compte ?", "compte-bloque"),
        ("j'ai perdu le code du contrat", "code-perdu"),
        ("securite faible", "mot-de-passe"),
        ("spam", "e-mails"),
        ("je ne reçois plus les e-mails de confirmation de commande", "e-mails"),
        ("plugin", "module"),
        ("compte gelé", "modifications-gelees"),
        ("ce n’était pas moi", "message-suspect"),
        ("silencieuse", "role"),
        ("hmac", "signature"),
        ("remboursement", "rembourser"),
        ("abonnement", "definition"),
        ("webmaster", "webmaster"),
        ("incident technique", "incident-technique"),
        ("carte de test", "essais"),
    ],
)
def test_people_find_the_answer_in_their_own_words(typed, anchor):
    assert anchor in found(typed)[:4]


@pytest.mark.parametrize("page", TABS, ids=lambda page: page.name)
def test_every_question_of_every_page_is_found_by_its_title(page):
    answers = [one for card in index.contents_of(page) for one in (card, *card.parts) if one.text]
    assert answers
    for answer in answers:
        assert answer in [one.answer for one in index.look_for(answer.title).found], answer.title


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "path"), list(zip(TABS, PAGES, strict=True)), ids=lambda value: getattr(value, "name", "")
)
def test_the_index_holds_what_the_page_says_and_nothing_else(client, page, path):
    html = client.get(path).content.decode()
    sections = re.findall(r'<section class="(?:card[\w -]*|question)" id="([^"]+)"', html)
    answers = [one for card in index.contents_of(page) for one in (card, *card.parts)]
    assert sorted(one.anchor for one in answers) == sorted(sections)
    for answer in answers:
        said = element(html, answer.anchor)[0].replace("\u00a0", " ")
        assert answer.title.replace("\u00a0", " ") in said
        first_sentence = re.split(r"(?<=[.:;]) ", answer.text.replace("\u00a0", " "))[0]
        assert first_sentence.replace(" ", "") in said.replace(" ", ""), answer.anchor


# --- What is shown ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_result_shows_the_question_its_tab_an_excerpt_and_leads_to_the_answer(client):
    page = client.get("/faq/", {"recherche": "indesirables"}).content.decode()
    assert "/faq/#e-mails" in links_of(page)
    said = words_of(page)
    assert "Les e-mails n’arrivent pas Généralités" in said
    assert "<mark>indésirables</mark>" in page


@pytest.mark.django_db
def test_a_code_is_found_from_the_help_as_a_whole(client):
    page = client.get("/faq/", {"recherche": "erreur 03"}).content.decode()
    assert "/faq/codes-erreur/#erreur-03" in links_of(page)
    assert "/faq/codes-erreur/#banque-03" in links_of(page)


@pytest.mark.django_db
def test_a_field_of_the_form_leads_to_its_code(client):
    assert "/faq/codes-erreur/#erreur-15" in links_of(
        client.get("/faq/", {"recherche": "vads_cust_email"}).content.decode()
    )


@pytest.mark.django_db
def test_when_nothing_is_found_the_page_says_what_to_do_next(client):
    page = client.get("/faq/", {"recherche": "xyzzy"}).content.decode()
    assert "Aucune réponse ne contient ces mots. Essayez un seul mot" in words_of(page)
    main = page[page.index("<main") : page.index("</main")]
    assert {"/contact/", "/faq/"} <= links_of(main)
    assert 'value="xyzzy"' in page


@pytest.mark.django_db
def test_answers_that_hold_only_some_of_the_words_are_said_to_be_so(client):
    assert "Aucune réponse ne contient tous vos mots" in plain(client, "certificat xyzzy")
    assert "Aucune réponse ne contient tous vos mots" not in plain(client, "certificat")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "   ", "\u00a0"])
def test_a_search_for_nothing_is_the_page_itself(client, typed):
    assert "Mon compte est bloqué" in words_of(client.get("/faq/", {"recherche": typed}).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "!?…",
        "\0",
        "\ud800".encode("utf-8", "surrogatepass"),
        "é" * 5000,
        "a " * 3000,
        "💶",
        "%",
        "\u202e",
    ],
)
def test_out_06_whatever_is_typed_gets_a_page_and_never_becomes_markup(client, typed):
    for path in ("/faq/", "/faq/codes-erreur/"):
        answer = client.get(path, {"recherche": typed})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


@pytest.mark.django_db
def test_a_merchant_searches_in_their_own_frame_with_their_own_menu(client):
    client.force_login(MembershipFactory().user)
    assert "frame-merchant" in client.get("/faq/", {"recherche": "certificat"}).content.decode()


# --- How words are compared -------------------------------------------------------------------------------------
def terms(typed):
    return [term.word for term in words.terms_of(typed)]


def test_empty_words_are_left_out_unless_there_are_no_others():
    assert terms("Comment puis-je débloquer mon compte ?") == ["debloquer", "compte"]
    assert terms("Où est-il ?") == ["ou", "est", "il"]
    assert len(terms(" ".join(f"mot{number}" for number in range(50)))) == words.MOST_TERMS


@pytest.mark.parametrize(
    ("term", "word", "is_same"),
    [
        ("bloquees", "bloque", True),
        ("certificats", "certificat", True),
        ("cle", "cles", True),
        ("03", "03", True),
        ("03", "0345", False),
        ("v", "vads", False),
        ("carte", "certificat", False),
        ("refus", "refuse", True),
    ],
)
def test_a_word_is_found_in_its_other_forms_and_a_number_only_as_itself(term, word, is_same):
    assert words.terms_of(term)[0].matches(word) is is_same


def shown(text, typed):
    pieces = words.excerpt(text, words.terms_of(typed))
    return "".join(f"[{one.text}]" if one.is_found else one.text for one in pieces)


def test_an_excerpt_marks_the_words_as_they_are_written():
    assert shown("Mon compte est Débloqué.", "debloque") == "Mon compte est [Débloqué]."


def test_an_excerpt_is_cut_between_words_around_the_first_one_looked_for():
    text = "mot " * 100 + "certificat " + "suite " * 100
    cut = shown(text, "certificat")
    assert re.fullmatch(r"…\u00a0(mot )+\[certificat\]( suite)+\u00a0…", cut)
    assert len(cut) < words.EXCERPT_LENGTH + 20


def test_an_excerpt_without_the_word_is_the_beginning():
    assert shown("suite " * 100, "certificat").startswith("suite suite")
    assert shown("", "certificat") == ""


def test_an_excerpt_of_one_endless_word_is_still_short():
    assert len(shown("a" * 1000, "certificat")) < words.EXCERPT_LENGTH + 20
