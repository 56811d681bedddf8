"""The browser's meter and the server say the same of the same password (PWD-03)."""

import json
import random
import shutil
import string
import subprocess
import unicodedata
from pathlib import Path

import pytest

from accounts import passwords

HERE = Path(__file__).resolve().parent
NAUGHTY = json.loads((HERE.parent / "data" / "naughty.json").read_text(encoding="utf-8"))
# Ten thousand random passwords, in shares that run side by side (PWD-03).
SHARES, A_SHARE = 10, 1000
WORDS = [
    "époux",
    "lefebvre-58204",
    "claire",
    "lefebvre",
    "fromagerie beaufils",
    "fromageriebeaufils",
    "beaufils",
    "73282932000074",
]

TRICKY = [
    "", " ", "a", "Aa1", "password", "Password1", "P@ssw0rd123", "motdepasse", "Motdepasse1", "azertyuiop",
    "Azerty123", "Beaufils2026", "beaufils-fromagerie-75", "Claire.Lefebvre1", "Claire-Lefebvre-7", "73282932000074Aa",
    "4@8({[<3691!|0$5+7%2Aa" * 4,
    "œUf", "Épouxépoux-1", "ÉPOUX-Vélo-7", "ΆλφαΒήτα-7-ά", "Ёлка-Ёлка-77", "한글비밀-Aa1-번호",
    "Boulangerie75",
    "Marseille13000", "Janvier2026!", "aaaaaaaaaaaA1", "abcabcabcA1", "Abcdefgh1", "9876543210Aa", "01/02/2003Aa",
    "2026-11-23Xx", "qwertyuiopA1", "zxcvbnmASDF1", "drowssaP1", "sliFuaeB2026", "4zerty!P0iuyt",
    "Correct-Horse-42-Battery", "correct horse battery staple", "Éléphant-Rose-42-Ciel", "éÉ1éÉ1éÉ1", "ÀÀÀÀÀÀÀ1",
    "Straße-Größe-9", "İstanbul-İzmir-7", "ΣΊΣΥΦΟΣ-Σίσυφος-1", "ＦｕｌｌＷｉｄｔｈ１２３", "٣٣٣٣٣٣٣٣Aa", "Aa٣٣٣٣٣٣١٩٩٩",
    "१९८४Xx-ab", "Aa1👍👍👍👍👍👍👍👍", "👍🎉🧀🥖🍷Aa1bcd", "e\u0301E\u0301-decomposed-9", "ﬁnance-Œuvre-1",
    "Zürich-Ünïcode-8",
    "中文密码Aa1安全", "пароль-Пароль-1", "\u202eRtl-Text-12", "zero\u200bWidth\u200b1", "Tab\tAnd\nLine1",
    "nul\x00Inside1", "lone\ud800Surrogate1", "\ufffdAa1\ufffdxyz", "constructor", "Constructor1",
    "ConstructorConstructor-42", "__proto__", "__Proto__1", "hasOwnProperty1A", "toString1A", "rotcurtsnoC1",
    "c0n5truct0rA1", "<script>alert(1)</script>A", "'; DROP TABLE users;--A1", "{{7*7}}Aa1xx", "%00%0d%0aAa1",
    "../../etc/passwd1A", "N" * 128, "Aa1" + "x" * 125, "Aa1" + "x" * 126, "Ab1-" * 32, "🧀" * 126 + "A1",
    "\ufdfa" * 20 + "Aa1", "!@#$%^&*()_+Aa1", "1" * 71 + "Aa", "fqrg7cs493", "Fqrg7cs493", "FQRG7CS493",
    "Megaparol12345", "Pe#5gz29ptzmse", "Aa1 Aa1 Aa1 Aa1", "\u0130" * 30 + "a1", "ǅungla-Ǆungla-1", "ʰʰʰAa1ⅣⅣⅣ",
    "①②③④Aa⑤⑥", "½¼Aa1½¼½¼", "ẞß-Scharf-1", "ŉŉŉAa1ŉŉŉŉ", "tomate-Poire-7-vélo-orage",
]  # fmt: skip


def _letters_of_the_world():
    """Assigned characters of the basic plane but for the combining ones, whose tables follow Unicode's editions."""
    return [
        chr(code)
        for code in range(0xA1, 0xFFF0)
        if unicodedata.category(chr(code))[0] in "LNPS" and unicodedata.name(chr(code), "")
    ]


def _random_passwords(count, seed):
    draw = random.Random(seed)
    pieces = [
        *passwords._shared()["french_words"],
        *WORDS,
        "2024",
        "1999",
        "123",
        "azerty",
        "qwerty",
        "!",
        "-",
        "@",
        "é",
        "🧀",
        "É",
        "œuf",
        "forêt",
        "crème",
    ]
    alphabets = [
        string.ascii_letters + string.digits,
        string.printable.strip(),
        "àâäéèêëîïôöùûüçœÀÉÈÇŒ" + string.ascii_letters + string.digits,
        "aA1@4$5!|{[<(+%0273689",
        [*_letters_of_the_world(), *(string.ascii_letters + string.digits) * 100],
    ]
    for number in range(count):
        if number % 2:
            drawn = "".join(draw.choice(pieces) for _ in range(draw.randint(1, 4)))
            spoilt = list(drawn)
            for _ in range(draw.randint(0, 3)):
                place = draw.randrange(len(spoilt))
                spoilt[place] = draw.choice([spoilt[place].upper(), "0", "@", "", "9"])
            yield "".join(spoilt)
        else:
            alphabet = draw.choice(alphabets)
            yield "".join(draw.choice(alphabet) for _ in range(draw.randint(1, draw.choice([12, 24, 24, 90]))))


def _judged_by_the_browser(cases, *arguments):
    node = shutil.which("node")
    assert node, "Node.js is needed to run the browser's meter: apt-get install nodejs"
    ran = subprocess.run(
        [node, "--no-warnings", str(HERE / "meter.mjs"), *arguments],
        input=json.dumps(cases).encode(), capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return json.loads(ran.stdout)


def _differences(typed):
    """Where the two sides disagree: [(password, server, browser)]; every fifth is judged by the advisors' rule."""
    cases = [(password, WORDS, 12 if number % 5 == 0 else 8) for number, password in enumerate(typed)]
    differences = []
    for (password, words, minimum), browser in zip(cases, _judged_by_the_browser(cases), strict=True):
        server = passwords.assess(password, words, minimum=minimum)
        if (server.level.value, server.reasons) != (browser["level"], browser["reasons"]):
            differences.append((password, server, browser))
    return differences


def test_pwd_03_browser_and_server_agree_on_515_naughty_strings():
    assert len(NAUGHTY) == len(set(NAUGHTY)) == 515
    assert _differences(NAUGHTY) == []


def test_pwd_03_browser_and_server_agree_on_passwords_that_once_set_them_apart():
    assert _differences(TRICKY) == []
    assert {passwords.assess(password, WORDS).level for password in TRICKY} == set(passwords.Level)


@pytest.mark.parametrize("share", range(SHARES))
def test_pwd_03_browser_and_server_agree_on_ten_thousand_random_passwords(share):
    assert _differences(_random_passwords(A_SHARE, seed=20261123 + share)) == []


def test_screen_readers_are_told_once_typing_pauses_and_not_at_each_key():
    typed = "Correct-Horse-42-Battery"
    keys = [(typed[:length], WORDS, 5) for length in range(1, len(typed))]
    said = _judged_by_the_browser([(typed[:4], WORDS, 400), *keys, (typed, WORDS, 400)], "aloud")
    assert said == ["Sécurité faible. " + " ".join(passwords.assess(typed[:4], WORDS).reasons), "Sécurité OK."]
