"""The one-time codes as people see them: RFC 6238's own figures, the picture, the recovery codes."""

import base64
import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import pytest
import segno

from accounts import one_time_codes
from accounts.models import TotpDevice
from tests.accounts.factories import FACTOR_KEY, TotpDeviceFactory

OWNER = UUID(int=7)


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_an_application_gives_the_codes_of_the_standard(db, seconds, code):
    assert TotpDeviceFactory(user__factor=False).accept(code, at=datetime.fromtimestamp(seconds, UTC))


def test_the_picture_says_what_applications_read(settings, monkeypatch):
    drawn = []
    make = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **more: drawn.append(text) or make(text, **more))
    picture = one_time_codes.picture_of(FACTOR_KEY, identifier="lefebvre-58204")
    address = urlsplit(drawn[0])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == f"/{settings.BRAND['name']}:lefebvre-58204"
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert base64.b32decode(asked.pop("secret")) == FACTOR_KEY
    assert asked == {"issuer": settings.BRAND["name"], "algorithm": "SHA1", "digits": "6", "period": "30"}
    assert picture.startswith("<svg")
    assert "style=" not in picture


def test_the_key_to_type_is_the_same_key_in_groups_of_four():
    typed = one_time_codes.typed_key(FACTOR_KEY)
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", typed)
    assert base64.b32decode(typed.replace(" ", "")) == FACTOR_KEY


def test_a_new_key_has_160_bits_and_is_never_the_same():
    keys = {one_time_codes.draw_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert {len(key) for key in keys} == {20}


def test_recovery_codes_hold_no_sign_that_is_misread_and_are_drawn_evenly():
    drawn = [one_time_codes.draw_recovery_code() for _ in range(10_000)]
    assert len(set(drawn)) == 10_000
    signs = Counter("".join(drawn))
    assert set(signs) == set(one_time_codes.ALPHABET)
    assert not set("0O1IL") & set(signs)
    expected = 100_000 / len(one_time_codes.ALPHABET)
    chi_squared = sum((count - expected) ** 2 / expected for count in signs.values())
    assert chi_squared < 60  # 30 degrees of freedom: beyond 59.7 once in a thousand


@pytest.mark.parametrize(
    "typed", ["abcde-23456", " ABCDE 23456 ", "ABCDE‑23456".replace("‑", "-"), "ａｂｃｄｅ２３４５６"]
)
def test_a_recovery_code_may_be_typed_with_or_without_dash_and_capitals(typed):
    assert one_time_codes.normalise(typed) == "ABCDE23456"
    assert one_time_codes.is_recovery_code("ABCDE23456")
    assert one_time_codes.printed("ABCDE23456") == "ABCDE-23456"


@pytest.mark.parametrize("typed", ["123 456", "123-456", "１２３４５６"])
def test_six_digits_may_be_typed_in_groups(typed):
    assert one_time_codes.is_application_code(one_time_codes.normalise(typed))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "²²²²²²x", "1" * 10_000])
def test_what_is_not_six_digits_is_no_code_of_an_application(typed):
    assert not one_time_codes.is_application_code(one_time_codes.normalise(typed))


def test_the_same_recovery_code_of_two_people_leaves_two_digests():
    digest = one_time_codes.digest_of("ABCDE23456", owner=OWNER)
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert digest != one_time_codes.digest_of("ABCDE23456", owner=UUID(int=8))


def test_key_02_the_key_of_an_application_is_sealed_for_its_row(db):
    device, other = TotpDeviceFactory(), TotpDeviceFactory()
    assert device.secret() == FACTOR_KEY
    row = str(TotpDevice.objects.filter(pk=device.pk).values().get())
    assert FACTOR_KEY.hex() not in row
    other.sealed_secret = device.sealed_secret
    with pytest.raises(Exception, match="another row"):
        other.secret()
