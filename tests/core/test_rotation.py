"""After a change of key everything is sealed again, and the old key can leave."""

import os

import pytest
from django.core.management import CommandError, call_command

from accounts import emails
from backoffice.core import journal
from backoffice.core.models import JournalEntry, OutgoingMail
from certificates import actions as certificates
from certificates.documents import compose
from certificates.keys import signing_key
from certificates.models import Contract
from shops.enums import Mode
from tests.accounts.factories import FACTOR_KEY, CompanyFactory, TotpDeviceFactory, UserFactory
from tests.shops.factories import ShopFactory


@pytest.fixture
def shop(db, now):
    shop = ShopFactory(company=CompanyFactory())
    certificates.issue_test_certificate(shop=shop, now=now, value="AbCdEfGh12345678")
    snapshot = compose(shop=shop, representative="Claire", representative_role="Gérante", agreed_on=now.date())
    certificates.issue_contract(shop=shop, snapshot=snapshot, code="482917", now=now)
    return shop


def test_key_02_every_secret_opens_under_the_new_key_alone_once_resealed(shop, settings, now, capsys):
    emails.identifier(UserFactory(active=True), now=now)
    factor = TotpDeviceFactory()
    new = {"2027a": os.urandom(32)}
    settings.VAULT_KEYS = new | settings.VAULT_KEYS

    call_command("reseal_vault")

    settings.VAULT_KEYS = new
    assert signing_key(shop, Mode.TEST).value == "AbCdEfGh12345678"
    contract = Contract.objects.get(shop=shop)
    assert contract.code() == "482917"
    factor.refresh_from_db()
    assert factor.secret() == FACTOR_KEY
    assert all(mail.sealed_message.startswith("v1.2027a.") for mail in OutgoingMail.objects.all())
    entry = JournalEntry.objects.filter(company=shop.company.public_id).latest("position")
    assert journal.personal_text(entry)["subject"]
    assert journal.verify(shop.company.public_id)
    said = capsys.readouterr().out
    assert "certificates.certificate.sealed_value: 1" in said
    assert "accounts.totpdevice.sealed_secret: 1" in said
    assert "core.outgoingmail.sealed_message: 1" in said

    call_command("reseal_vault")
    assert "certificates.certificate.sealed_value: 0" in capsys.readouterr().out


def test_a_key_taken_out_too_early_is_said_and_nothing_is_changed(shop, settings):
    sealed = shop.certificates.get().sealed_value
    settings.VAULT_KEYS = {"2027a": os.urandom(32)}
    with pytest.raises(CommandError, match="VAULT_KEYS"):
        call_command("reseal_vault")
    assert shop.certificates.get().sealed_value == sealed
