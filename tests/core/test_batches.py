"""Much is deleted or erased a little at a time, each part in a transaction of its own."""

from backoffice.core import batches
from backoffice.core.models import JournalKey


def keys(number):
    JournalKey.objects.bulk_create([JournalKey(year=year, sealed_key="x") for year in range(number)])


def test_everything_goes_in_parts_of_a_bounded_size(db, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(batches, "SIZE", 4)
    keys(10)
    with django_assert_num_queries(3 * 4):  # a savepoint, a choice, a deletion and a release, three times
        assert batches.delete(JournalKey.objects.filter(year__lt=9)) == 9
    assert [key.year for key in JournalKey.objects.all()] == [9]


def test_everything_is_erased_and_nothing_beside(db, monkeypatch):
    monkeypatch.setattr(batches, "SIZE", 4)
    keys(9)
    assert batches.update(JournalKey.objects.filter(year__lt=8).exclude(sealed_key=""), sealed_key="") == 8
    assert [key.year for key in JournalKey.objects.exclude(sealed_key="")] == [8]
