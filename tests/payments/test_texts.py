"""The buyer's words: complete in seven languages, and each in its own."""

import dataclasses
import re

import pytest

from backoffice.vads import cards
from payments.page.texts import ENGLISH, FRENCH, SCENARIOS_IN_ENGLISH, TEXTS

WORDS = {language: dataclasses.asdict(texts) for language, texts in TEXTS.items()}
OTHERS = [language for language in TEXTS if language not in {FRENCH, ENGLISH}]
KEYS = sorted(WORDS[FRENCH])
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

# What two languages honestly write the same, by key.
SAME_AS_ENGLISH = {
    "fr": {"date", "reference"},
    "de": {"shop"},
    "es": set(),
    "it": set(),
    "nl": set(),
    "pt": set(),
}
SAME_AS_FRENCH = {
    "de": set(),
    "es": {"expiry_help"},
    "it": {"expiry_help"},
    "nl": set(),
    "pt": {"expiry_help", "either"},
}
# Words of one language alone among the seven: one of them in another language was left there by oversight.
ALONE = {
    "fr": r"votre|vous|boutique|carte de|numéro de|échéance|aucune|prélevée|dans|avec",
    "en": r"your|you|the|shop’s|with|this|payment|money",
    "de": r"ihre|sie|zahlung|karte wird|nicht|wird",
    "es": r"tarjeta|tienda|introduzca|número de la",
    "it": r"negozio|della|inserisca|questa|questo",
    "nl": r"uw|kaart|winkel|wordt|geen",
    "pt": r"cartão|loja|seu|introduza|não",
}
# A key may name its hole in no language by chance: the page fills the same ones everywhere.
HOLE = re.compile(r"\{[^}]*\}")


@pytest.mark.parametrize("language", TEXTS)
def test_every_sentence_is_there_with_the_same_holes_to_fill(language):
    for key in KEYS:
        assert WORDS[language][key].strip() == WORDS[language][key] != "", key
        assert sorted(HOLE.findall(WORDS[language][key])) == sorted(HOLE.findall(WORDS[FRENCH][key])), key


@pytest.mark.parametrize("language", [language for language in TEXTS if language != ENGLISH])
def test_no_sentence_was_left_in_english(language):
    same = {key for key in KEYS if WORDS[language][key] == WORDS[ENGLISH][key]}
    assert same == SAME_AS_ENGLISH[language]


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_french(language):
    same = {key for key in KEYS if WORDS[language][key] == WORDS[FRENCH][key]}
    assert same == SAME_AS_FRENCH[language]


@pytest.mark.parametrize("language", TEXTS)
def test_no_word_of_another_language_slipped_in(language):
    others = "|".join(words for other, words in ALONE.items() if other != language)
    found = {
        key: word[0]
        for key in KEYS
        if (word := re.search(rf"(?<!\w)(?:{others})(?!\w)", HOLE.sub("", WORDS[language][key]), re.IGNORECASE))
    }
    assert found == {}


@pytest.mark.parametrize("language", TEXTS)
def test_apostrophes_are_typographic_and_dots_are_one_character(language):
    for key in KEYS:
        assert not re.search(r"['\"]|\.\.\.|  ", WORDS[language][key]), key


def test_french_keeps_its_high_punctuation_on_the_line_of_its_word():
    for key in KEYS:
        assert not re.search(rf"[^{NO_BREAK_SPACE}][:;!?»]|«[^{NO_BREAK_SPACE}]", WORDS[FRENCH][key]), key


@pytest.mark.parametrize("language", OTHERS)
def test_no_other_language_puts_a_space_before_a_colon(language):
    for key in KEYS:
        assert not re.search(r"\s[:;!?]", WORDS[language][key]), key


@pytest.mark.parametrize("language", TEXTS)
def test_one_is_counted_in_words_and_the_others_in_figures(language):
    texts = TEXTS[language]
    for count in (texts.minutes_left, texts.seconds_left, texts.tries_left, texts.back_soon):
        assert not re.search(r"[0-9{]", count(1))
        assert "2" in count(2)
        assert "{" not in count(2)
        assert count(1) != count(2)


@pytest.mark.parametrize(
    ("names", "words"), [(["CB"], "CB"), (["CB", "Visa"], "CB ou Visa"), (["CB", "Visa", "Amex"], "CB, Visa ou Amex")]
)
def test_names_are_joined_as_a_choice(names, words):
    assert TEXTS[FRENCH].one_of(names) == words


def test_every_scenario_has_its_english_words():
    assert {card.scenario for card in cards.TEST_CARDS} == set(SCENARIOS_IN_ENGLISH)
