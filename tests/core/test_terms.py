"""Terms are calendar months and days, counted back and said in French."""

from datetime import UTC, datetime, timedelta

import pytest

from backoffice.core.terms import Term, in_words


@pytest.mark.parametrize(
    ("term", "today", "before"),
    [
        (Term(months=13), (2026, 11, 25), (2025, 10, 25)),
        (Term(months=12), (2026, 1, 31), (2025, 1, 31)),
        (Term(months=1), (2026, 3, 31), (2026, 2, 28)),
        (Term(months=12), (2028, 2, 29), (2027, 2, 28)),
        (Term(months=11), (2026, 12, 1), (2026, 1, 1)),
        (Term(days=30), (2026, 3, 1), (2026, 1, 30)),
    ],
)
def test_a_term_is_counted_back_in_the_calendar(term, today, before):
    assert term.before(datetime(*today, 8, 30, tzinfo=UTC)) == datetime(*before, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (str(Term(months=13)), "13\u00a0mois"),
        (str(Term(months=1)), "1\u00a0mois"),
        (str(Term(days=30)), "30\u00a0jours"),
        (str(Term(months=2, days=1)), "2\u00a0mois et 1\u00a0jour"),
        (in_words(timedelta(hours=24)), "1\u00a0jour"),
        (in_words(timedelta(hours=1)), "1\u00a0heure"),
        (in_words(timedelta(minutes=30)), "30\u00a0minutes"),
    ],
)
def test_a_term_is_said_in_its_own_unit(said, words):
    assert said == words
