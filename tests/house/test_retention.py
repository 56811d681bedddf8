"""Whatever a table holds of people has a term, belongs to a company's file, or is none of it for a reason told here."""

import pytest
from django.apps import apps
from django.db import models
from phonenumber_field.modelfields import PhoneNumberField

from backoffice import retention
from tests.house.source import ROOMS

OURS = (*ROOMS, "core")
PERSONAL_TYPES = (models.EmailField, models.GenericIPAddressField, PhoneNumberField, models.JSONField)
TEXTS = (models.CharField, models.TextField)
PERSONAL_WORDS = (
    "address", "agent", "card", "email", "excerpt", "field", "identifier", "ip", "key", "label", "location", "mail",
    "message", "name", "note", "number", "origin", "phone", "recipient", "sealed", "secret", "siret", "subject",
    "text", "url", "value",
)  # fmt: skip
# Columns whose name or type sounds personal, and why they are not.
NOT_PERSONAL = {
    "core.journalentry.detail": "codes and figures only; names stand sealed beside it",
    "core.journalkey.sealed_key": "a key: destroying it is how names in the journal are forgotten",
    "payments.notification.order_key": "the shop's own order number, or the payment's: an account's reference",
    "payments.transaction.auth_number": "what the bank calls its yes: an account's reference",
    "payments.transaction.card_brand": "CB or Mastercard: says nothing of whose card",
}


def concrete_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def is_suspect(field):
    """Whether a column may name somebody: by its type, or by a word of its name when it holds text."""
    if isinstance(field, PERSONAL_TYPES):
        return True
    words = field.name.split("_")
    return isinstance(field, TEXTS) and not field.choices and any(word in PERSONAL_WORDS for word in words)


def suspects():
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in concrete_models()
        for field in model._meta.concrete_fields
        if is_suspect(field)
    }


def places():
    rules = [*retention.rules(), *retention.FILES]
    return [place for rule in rules for place in rule.where]


def is_covered(column):
    table = column.rpartition(".")[0]
    return column in places() or table in places()


def test_every_column_that_may_name_somebody_has_a_term_or_a_reason():
    loose = sorted(column for column in suspects() if not is_covered(column) and column not in NOT_PERSONAL)
    assert loose == [], "give these a rule in backoffice/retention.py, or a reason here"


def test_every_reason_is_still_needed():
    assert [column for column in NOT_PERSONAL if column not in suspects() or is_covered(column)] == []


@pytest.mark.parametrize("place", places())
def test_every_place_of_the_table_exists(place):
    app, model, *column = place.split(".")
    known = apps.get_model(app, model)
    assert all(known._meta.get_field(name) for name in column)


def test_no_two_rules_erase_the_same_place():
    assert len(places()) == len(set(places()))


@pytest.mark.parametrize(
    "column", ["accounts.user.email", "support.contactrequest.message", "core.outgoingmail.status"]
)
def test_the_check_sees_what_names_people(column):
    app, model, name = column.split(".")
    field = apps.get_model(app, model)._meta.get_field(name)
    assert is_suspect(field) is (name != "status")
