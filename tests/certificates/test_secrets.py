"""Certificates and codes stay secret: sealed for their own row, and nowhere else in the database or the logs."""

import logging
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.core import vault
from certificates import actions, keys
from certificates.models import Certificate, Contract
from certificates.rules import CERTIFICATE_ALPHABET, draw_certificate, is_certificate
from shops.enums import Mode
from tests.accounts.factories import confirm
from tests.certificates.factories import CertificateFactory, ContractFactory, make_ready
from tests.shops.factories import ShopFactory, member_of

CANARY = "CanaryCanary7788"
CODE = "482917"


@pytest.mark.django_db
def test_two_rows_that_swap_their_ciphertext_both_refuse_to_open():
    one, two = CertificateFactory(), CertificateFactory()
    one.sealed_value, two.sealed_value = two.sealed_value, one.sealed_value

    for certificate in (one, two):
        certificate.save()
        with pytest.raises(vault.SealBroken):
            Certificate.objects.get(pk=certificate.pk).unsealed_value()


@pytest.mark.django_db
def test_the_two_modes_of_one_shop_cannot_swap_their_ciphertext_either():
    test = CertificateFactory()
    production = CertificateFactory(shop=test.shop, production=True)
    Certificate.objects.filter(pk=production.pk).update(sealed_value=test.sealed_value)

    with pytest.raises(vault.SealBroken):
        keys.signing_key(test.shop, Mode.PRODUCTION)


@pytest.mark.django_db
def test_a_contract_opens_neither_the_code_nor_the_snapshot_of_another():
    one, two = ContractFactory(), ContractFactory()
    one.sealed_code, one.sealed_snapshot = two.sealed_code, two.sealed_snapshot

    with pytest.raises(vault.SealBroken):
        one.code()
    with pytest.raises(vault.SealBroken):
        one.snapshot()


@pytest.mark.django_db
def test_a_code_moved_into_the_certificates_table_does_not_open():
    contract, certificate = ContractFactory(), CertificateFactory()
    certificate.sealed_value = contract.sealed_code

    with pytest.raises(vault.SealBroken):
        certificate.unsealed_value()


@pytest.mark.django_db
def test_the_database_refuses_a_certificate_in_clear():
    certificate = CertificateFactory()

    with pytest.raises(IntegrityError, match="certificate_value_is_sealed"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(sealed_value=CANARY)


@pytest.mark.django_db
def test_a_canary_certificate_is_nowhere_in_clear_after_everything_was_done_with_it(
    client, now, run_jobs, mailbox, caplog, monkeypatch
):
    monkeypatch.setattr(actions, "draw_certificate", lambda: CANARY)
    caplog.set_level(logging.DEBUG)
    shop = ShopFactory(site_id="12345678")
    make_ready(shop)
    client.force_login(member_of(shop))
    confirm(client)

    actions.issue_test_certificate(shop=shop, now=now, value="CanaryForTests99")
    client.post("/boutiques/12345678/certificats/generer/")
    client.post("/boutiques/12345678/certificats/production/afficher/")
    client.post("/boutiques/12345678/certificats/production/algorithme/", {"algorithm": "SHA-1"})
    ContractFactory(code=CODE)
    before_jobs = dump()
    run_jobs()

    for text in (before_jobs, dump(), caplog.text, *(one.message().as_string() for one in mailbox)):
        assert CANARY not in text
        assert "CanaryForTests99" not in text
        assert CODE not in text
    assert keys.signing_key(shop, Mode.PRODUCTION).value == CANARY


def dump():
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [f"{table} {row}" for row in cursor.fetchall()]
    return "\n".join(rows)


@pytest.mark.django_db
def test_a_key_never_prints_its_value():
    certificate = CertificateFactory(value=CANARY)

    key = keys.signing_key(certificate.shop, Mode.TEST)

    assert CANARY not in repr(key) + str(key) + repr(certificate) + str(certificate)


@pytest.mark.django_db
def test_a_mode_without_a_certificate_has_no_key():
    shop = CertificateFactory().shop

    assert keys.signing_key(shop, Mode.PRODUCTION) is None


def test_drawn_certificates_repeat_nothing_and_favour_no_character():
    drawn = [draw_certificate() for _ in range(20_000)]

    assert all(map(is_certificate, drawn))
    assert len(set(drawn)) == len(drawn)
    counts = Counter("".join(drawn))
    assert set(counts) == set(CERTIFICATE_ALPHABET)
    expected = len(drawn) * 16 / len(CERTIFICATE_ALPHABET)
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values())
    assert chi_square < 120  # 61 degrees of freedom: 120 happens about once in 100 000 runs


@pytest.mark.django_db
def test_signing_a_contract_destroys_the_printable_code(now):
    contract = ContractFactory(code=CODE)
    assert contract.code() == CODE

    actions.mark_contract_signed(contract=contract, by=None, now=now, note="Papier")

    kept = Contract.objects.get()
    assert (kept.state, kept.sealed_code, kept.code()) == ("signed", "", "")
    with pytest.raises(IntegrityError, match="contract_signed_has_its_date_and_no_code"), transaction.atomic():
        Contract.objects.update(sealed_code="v1.x.y")
