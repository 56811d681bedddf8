"""The password rules by themselves: criteria, levels, reasons, drawing, and what is hashed."""

import ast
import gzip
import random
import time
from pathlib import Path

import django
import pytest
import zxcvbn.feedback

from accounts import passwords
from accounts.passwords import Level

WORDS = ["lefebvre-58204", "claire", "lefebvre", "beaufils", "73282932000074"]


@pytest.mark.parametrize(
    ("password", "level"),
    [
        ("", Level.WEAK),
        ("Abcdef1", Level.WEAK),
        ("Password1", Level.WEAK),
        ("Beaufils1", Level.WEAK),
        ("73282932000074Aa", Level.WEAK),
        ("Boulangerie7", Level.WEAK),
        ("Xk9mQ4v7", Level.MEDIUM),
        ("Correct-Horse-42-Battery", Level.OK),
        ("Aa1-中文密码-安全-银行", Level.OK),
    ],
)
def test_the_three_levels(password, level):
    assessment = passwords.assess(password, WORDS)
    assert assessment.level is level
    assert bool(assessment.reasons) is (level is not Level.OK)


def test_the_levels_have_the_words_of_the_founding_faq():
    assert [level.label for level in Level] == ["Sécurité faible", "Sécurité moyenne", "Sécurité OK"]


def test_the_persons_words_lower_the_level_and_the_reason_says_so():
    assert passwords.assess("Tangerine-Beaufils-7", []).level is Level.OK
    judged = passwords.assess("Claire-Lefebvre-7", WORDS)
    assert judged.level is Level.WEAK
    assert "un mot qui vous concerne" in judged.reasons[0]


@pytest.mark.parametrize("typed", ["Epoux1", "Époux1", "E\u0301poux1", "ÉPOUXa1", "Cœur2026", "Coeur2026", "CŒURcœur1"])
def test_accents_hide_no_word(typed):
    judged = passwords.assess(typed, ["époux", "cœur"])
    assert judged.level is Level.WEAK
    assert any("un mot qui vous concerne" in reason for reason in judged.reasons)


def test_one_persons_words_do_not_lower_the_next_ones_level():
    before = passwords.assess("Zanzibaroquet7", [])
    passwords.assess("Zanzibaroquet7", ["zanzibaroquet"])
    assert passwords.assess("Zanzibaroquet7", []) == before


def test_advisors_need_twelve_characters():
    judged = passwords.assess("Xk9-mQ4-vT7", [], minimum=12)
    assert judged.level is Level.WEAK
    assert judged.reasons == ["Il faut au moins 12 caractères."]
    assert passwords.assess("Xk9-mQ4-vT7", []).level is Level.OK


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Élan-été-2026", []),
        ("élan-été-2026", ["upper"]),
        ("ÉLAN-ÉTÉ-2026", ["lower"]),
        ("Élan-été-٢٠٢٦", ["digit"]),
        ("Aa1👍👍👍👍👍", []),
        ("Aa1👍👍👍👍", ["length"]),
        ("👨‍👩‍👧Aa1", []),
    ],
)
def test_pwd_04_accents_count_foreign_digits_do_not_and_an_emoji_is_one_character(password, missing):
    assert passwords.criteria(password) == missing


def test_pwd_05_no_entry_of_djangos_common_list_reaches_ok_however_it_is_capitalised():
    packed = Path(django.__file__).parent / "contrib/auth/common-passwords.txt.gz"
    entries = gzip.decompress(packed.read_bytes()).decode().split()
    assert len(entries) > 19_000
    draw = random.Random(7)
    candidates = [entry for entry in entries if len(entry) >= 8 and any(c.isdigit() for c in entry)]
    for entry in draw.sample(candidates, 150):
        for typed in (entry.capitalize(), "".join(c.upper() if draw.random() < 0.5 else c for c in entry)):
            assert passwords.assess(typed, []).level is not Level.OK, typed


def test_every_english_word_of_the_library_has_its_french():
    source = Path(zxcvbn.feedback.__file__).read_text(encoding="utf-8")
    english = {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
    }
    assert len(english) > 20
    french = passwords._shared()["feedback"]
    assert {text for text in english if not french.get(text.rstrip("."))} == set()


def test_rst_03_temporary_passwords_are_unambiguous_satisfy_the_four_rules_and_never_repeat():
    drawn = {passwords.draw_temporary_password() for _ in range(10_000)}
    assert len(drawn) == 10_000
    assert all(len(password) >= 12 for password in drawn)
    assert not set("".join(drawn)) & set("0O1lI")
    assert all(not passwords.criteria(password) for password in drawn)
    assert all(passwords.assess(password, WORDS).level is Level.OK for password in list(drawn)[:50])


def test_every_character_of_a_long_password_is_hashed():
    password = "Aa1-" * 32
    kept = passwords.hash_password(password)
    assert kept.startswith("argon2$argon2id$")
    assert passwords.verify(password, kept)[0]
    assert not passwords.verify(password[:-1] + "+", kept)[0]
    assert not passwords.is_too_long(password)
    assert passwords.is_too_long(password + "x")


def test_a_password_of_nothing_but_signs_is_judged_quickly_and_well():
    started = time.process_time()
    assert passwords.assess("4@8({[<3691!|0$5+7%2Aa" * 4, WORDS).level is Level.OK
    assert time.process_time() - started < 5
