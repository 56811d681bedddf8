"""Work held read only: PostgreSQL refuses every write, and nothing of the block stays."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Company
from backoffice.core.read_only import held_read_only, is_refused_write
from tests.accounts.factories import CompanyFactory


def is_read_only():
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone()[0] == "on"


def check_block():
    company = CompanyFactory()
    with held_read_only():
        assert is_read_only()
        assert Company.objects.get() == company
    assert not is_read_only()
    with pytest.raises(DatabaseError) as refused, held_read_only():
        CompanyFactory()
    assert is_refused_write(refused.value)
    # What comes after writes again.
    company.legal_name = "Autre nom"
    company.save()
    assert Company.objects.get().legal_name == "Autre nom"


@pytest.mark.django_db
def test_a_write_is_refused_inside_another_transaction_which_goes_on():
    check_block()


@pytest.mark.django_db(transaction=True)
def test_a_write_is_refused_in_a_transaction_of_its_own():
    check_block()


@pytest.mark.django_db(transaction=True)
def test_nothing_waits_for_a_commit_that_never_comes():
    done = []
    with held_read_only():
        transaction.on_commit(lambda: done.append("left"))
    assert done == []


@pytest.mark.django_db
def test_another_fault_of_the_database_is_no_refused_write():
    with pytest.raises(DatabaseError) as broken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert not is_refused_write(broken.value)
