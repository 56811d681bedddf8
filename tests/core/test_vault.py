"""The vault gives a secret back only for the row it was sealed for."""

import base64
import os
import uuid

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core import vault


def identity(column="value"):
    return vault.row_identity("certificates.certificate", uuid.UUID(int=7), column)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_key_02_any_text_comes_back_as_it_was(text):
    assert vault.unseal(vault.seal(text, identity=identity()), identity=identity()) == text


@given(st.binary())
def test_key_02_so_does_what_is_no_text_after_a_change_of_key_too(content):
    token = vault.seal_bytes(content, identity=identity())
    older = dict(settings.VAULT_KEYS)
    with override_settings(VAULT_KEYS={"2027a": b"n" * 32} | older):
        token = vault.reseal(token, identity=identity())
        assert vault.is_current(token)
        assert vault.unseal_bytes(token, identity=identity()) == content


def test_key_02_a_seal_moved_to_another_row_or_column_does_not_open():
    token = vault.seal("1122334455667788", identity=identity())
    other_row = vault.row_identity("certificates.certificate", uuid.UUID(int=8), "value")
    for elsewhere in (other_row, identity("code")):
        with pytest.raises(vault.SealBroken):
            vault.unseal(token, identity=elsewhere)


def test_key_02_a_seal_altered_in_any_place_does_not_open():
    token = vault.seal("1122334455667788", identity=identity())
    start = token.rindex(".") + 1
    for place in range(start, len(token)):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        if base64.urlsafe_b64decode(altered[start:]) == base64.urlsafe_b64decode(token[start:]):
            continue  # the last character's unused bits
        with pytest.raises(vault.SealBroken):
            vault.unseal(altered, identity=identity())


@pytest.mark.parametrize(
    "nonsense",
    ["", "v1", "v1.public", "v1.public.", "v1.public.é", "v2.public.AAAA", "v1.gone.AAAAAAAAAAAAAAAAAAAAAAAA"],
)
def test_what_is_no_token_of_ours_is_refused_by_name(nonsense):
    with pytest.raises(vault.SealBroken):
        vault.unseal(nonsense, identity=identity())


def test_two_seals_of_one_secret_differ():
    assert vault.seal("a", identity=identity()) != vault.seal("a", identity=identity())


def test_after_a_rotation_old_seals_open_and_are_sealed_again_under_the_new_key(settings):
    old = vault.seal("secret", identity=identity())
    settings.VAULT_KEYS = {"2027a": os.urandom(32), **settings.VAULT_KEYS}

    assert vault.unseal(old, identity=identity()) == "secret"
    assert not vault.is_current(old)
    new = vault.reseal(old, identity=identity())
    assert vault.is_current(new)
    assert vault.unseal(new, identity=identity()) == "secret"
    assert vault.reseal(new, identity=identity()) == new
