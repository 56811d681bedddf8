"""What is thrown at the house: strings by the hundred, the worst of them, and bodies that are no form."""

import json
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

NAUGHTY = json.loads((Path(__file__).resolve().parents[1] / "data" / "naughty.json").read_text(encoding="utf-8"))

# Bytes as they stand in a body or a query: what no browser sends is among them.
WORST = [
    b"%00",
    b"a%00b",
    b"%ED%A0%80",  # a lone surrogate
    b"%ED%B0%80%ED%A0%80",
    b"%FF%FE",
    b"%C0%AF",  # an overlong slash
    b"%F4%90%80%80",  # beyond Unicode
    b"%E2%82",  # cut in the middle
    b"%",
    b"%zz%4",
    b"%u0041",
    b"",
    b"+",
    b"%0D%0ASet-Cookie%3A+a%3Db",
    b"%0D%0A%0D%0A",
    b"%1B%5B31m",
    b"%7F",
    b"%C2%85",
    b"%E2%80%A8",
    b"%EF%BB%BF",
    b"%E2%80%AE%E2%80%8F",
    b"%E2%80%8B",
    b"%C2%A0",
    b"-1",
    b"0",
    b"99999999999999999999999999",
    b"9" * 5000,
    b"1e309",
    b"NaN",
    b"%D9%A3%D9%A3%D9%A3%D9%A3%D9%A3%D9%A3%D9%A3",
    b"%C2%B2%C2%B2%C2%B2%C2%B2%C2%B2%C2%B2",  # isdigit() and no int()
    b"9999-99-99",
    b"0000-00-00T00%3A00",
    b"00000000-0000-0000-0000-000000000000",
    b"%3Cscript%3Ealert%281%29%3C%2Fscript%3E",
    b"%22%3E%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E",
    b"%7B%7B7%2A7%7D%7D%7B%25+debug+%25%7D",
    b"%27%3B+DROP+TABLE+accounts_user%3B--",
    b"https%3A%2F%2F%5B%3A%3A1",  # urlsplit raises on it
    b"%2F%2Fevil.example%2F%5C",
    b"..%2F..%2F..%2Fetc%2Fpasswd",
    b"%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7" * 20,
    b"e%CC%81" * 300,
    b"a" * 5000,
    b"%40",
    b"a%40" + b"a" * 70 + b".example",
    b"a%40xn--%E2%80%8B.example",
    b"%2B" + b"3" * 40,
]
MEGABYTE = b"a" * 1024 * 1024


def encoded(text: str) -> bytes:
    return quote(text.encode("utf-8", "surrogatepass"), safe="").encode()


def decoded(attack: bytes) -> str:
    """What the house reads of an encoded value: what is no UTF-8 becomes U+FFFD."""
    return unquote_to_bytes(attack.replace(b"+", b" ")).decode("utf-8", "replace")


def body(pairs) -> bytes:
    """A urlencoded body of (name, already encoded value) pairs."""
    return b"&".join(encoded(name) + b"=" + value for name, value in pairs)


URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=xx"
# Refused before any view looks at them; the others meet the form's own messages.
REFUSED_OUTRIGHT = {
    "json",
    "json broken",
    "text",
    "no content type",
    "nonsense content type",
    "multipart not UTF-8",
    "multipart without boundary",
    "multipart with a bad boundary",
    "many fields",
    "ampersands",
}


def wrong_bodies(pairs):
    """(what, body, content type): the same fields in every shape that is not the form's."""
    pairs = [("csrfmiddlewaretoken", b"x"), *pairs]  # as every form of ours
    right, names = body(pairs), [name for name, _ in pairs]
    part = "".join(f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\na\r\n' for name in names).encode()
    file = "".join(
        f'--xx\r\nContent-Disposition: form-data; name="{name}"; filename="a.txt"\r\n\r\na\r\n' for name in names[1:]
    ).encode()
    token = part[: part.index(b"--xx", 1)]
    yield "json", json.dumps({name: [1] for name in names}).encode(), "application/json"
    yield "json broken", b'{"a":', "application/json"
    yield "text", right, "text/plain"
    yield "no content type", right, ""
    yield "nonsense content type", right, "a/b/c; ;;charset"
    yield "utf-7", right, f"{URLENCODED}; charset=utf-7"
    yield "unicode_escape", body([(name, b"%5Cud800") for name in names]), f"{URLENCODED}; charset=unicode_escape"
    yield "no such charset", right, f"{URLENCODED}; charset=nowhere"
    yield "multipart", part + b"--xx--\r\n", MULTIPART
    yield "multipart not UTF-8", part.replace(b"\r\n\r\na\r\n", b"\r\n\r\n\xff\xfe\r\n") + b"--xx--\r\n", MULTIPART
    yield "multipart cut", part[:-3], MULTIPART
    yield "multipart without boundary", part, "multipart/form-data"
    yield "multipart with a bad boundary", part, 'multipart/form-data; boundary="é"'
    yield "multipart of files", token + file + b"--xx--\r\n", MULTIPART
    base64 = b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n"
    yield "multipart base64", part.replace(b"\r\n\r\na\r\n", b"\r\n" + base64) + b"--xx--\r\n", MULTIPART
    yield "empty", b"", URLENCODED
    yield "ampersands", b"&" * 300, URLENCODED
    yield "many fields", body([(f"f{number}", b"a") for number in range(250)]), URLENCODED
    yield "bytes", bytes(range(256)), URLENCODED
    yield "every field twice", right + b"&" + right, URLENCODED
    yield "every field as a list", body([(f"{name}[]", b"a") for name in names]), URLENCODED
    for left_out in names:
        yield f"without {left_out}", body([pair for pair in pairs if pair[0] != left_out]), URLENCODED
