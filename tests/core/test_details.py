"""What an entry's detail says in French."""

from backoffice.core import details


def test_days_are_told_as_people_write_them_and_the_rest_as_it_stands():
    told = details.in_words({"until": "2027-02-23", "first_day": "2026-03-01", "known": True, "request": "2026-11-25"})
    assert told == [
        ("Du", "1 mars 2026"),
        ("Navigateur connu", "oui"),
        ("Demande", "2026-11-25"),
        ("Jusqu’au", "23 février 2027"),
    ]


def test_what_is_no_day_under_a_day_s_key_is_shown_as_it_stands():
    assert details.in_words({"until": "bientôt"}) == [("Jusqu’au", "bientôt")]
