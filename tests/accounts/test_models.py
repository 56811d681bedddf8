"""The account's states on their full matrix, and what the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import AccountState, UserKind
from accounts.models import Company, Membership, User
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import CompanyFactory, MembershipFactory, UserFactory

ALLOWED = {
    ("start_first_connection", AccountState.FIRST_CONNECTION),
    ("start_first_connection", AccountState.BLOCKED),
    ("activate", AccountState.INVITED),
    ("activate", AccountState.FIRST_CONNECTION),
    ("activate", AccountState.BLOCKED),
    ("unblock", AccountState.BLOCKED),
    ("block", AccountState.FIRST_CONNECTION),
    ("block", AccountState.ACTIVE),
    ("close", AccountState.INVITED),
    ("close", AccountState.FIRST_CONNECTION),
    ("close", AccountState.ACTIVE),
    ("close", AccountState.BLOCKED),
}
REACHED = {
    "start_first_connection": AccountState.FIRST_CONNECTION,
    "activate": AccountState.ACTIVE,
    "unblock": AccountState.ACTIVE,
    "block": AccountState.BLOCKED,
    "close": AccountState.CLOSED,
}


def _act(user, verb, now):
    arguments = {
        "start_first_connection": {"password_hash": "hash", "expires_at": now + timedelta(hours=72)},
        "activate": {"password_hash": "hash"},
    }
    getattr(user, verb)(**arguments.get(verb, {}))


@pytest.mark.parametrize("state", AccountState)
@pytest.mark.parametrize("verb", REACHED)
def test_each_verb_works_from_the_states_of_the_table_and_no_other(verb, state, now):
    user = UserFactory.build(state=state)
    if (verb, state) in ALLOWED:
        _act(user, verb, now)
        assert user.state == REACHED[verb]
    else:
        with pytest.raises(IllegalMove):
            _act(user, verb, now)
        assert user.state == state


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("user_identifier_is_normalised", {"identifier": "Lefebvre-1"}),
        ("user_identifier_is_normalised", {"identifier": "lefebvre-1 "}),
        ("user_identifier_is_normalised", {"identifier": "lefebvre-1\n"}),
        ("user_identifier_is_normalised", {"identifier": "lеfebvre-1"}),  # a Cyrillic е
        ("user_kind_is_known", {"kind": "admin"}),
        ("user_state_is_known", {"state": "open"}),
        ("user_first_connection_has_code_and_deadline", {"state": AccountState.FIRST_CONNECTION}),
        ("user_active_has_own_password", {"temporary_password_expires_at": "2026-11-23T00:00:00Z"}),
        ("user_advisor_has_no_code", {"kind": UserKind.ADVISOR, "code_hash": "hash"}),
        ("user_invited_is_advisor_without_password", {"state": AccountState.INVITED}),
        (
            "user_invited_is_advisor_without_password",
            {"state": AccountState.INVITED, "kind": UserKind.ADVISOR, "password": "argon2$…"},
        ),
        ("user_invited_is_advisor_without_password", {"state": AccountState.INVITED, "password": "!"}),
    ],
)
def test_the_database_refuses_an_account_that_contradicts_itself(constraint, change):
    user = UserFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**change)


@pytest.mark.django_db
def test_the_database_refuses_a_siret_that_has_not_14_digits():
    company = CompanyFactory()
    with pytest.raises(IntegrityError, match="company_siret_has_14_digits"), transaction.atomic():
        Company.objects.filter(pk=company.pk).update(siret="7328293200007")


@pytest.mark.django_db
def test_somebody_has_one_role_in_a_company():
    membership = MembershipFactory()
    with pytest.raises(IntegrityError, match="membership_one_role_per_company"), transaction.atomic():
        Membership.objects.create(
            user=membership.user, company=membership.company, role="manager", created_at=membership.created_at
        )


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["lefebvre-1", "LEFEBVRE-1", " Lefebvre-1 ", "ｌｅｆｅｂｖｒｅ-1"])
def test_auth_12_one_account_answers_to_every_spelling_of_its_identifier(typed):
    user = UserFactory(identifier="lefebvre-1")
    assert User.objects.known_as(typed).get() == user


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "lefebvre-2", "lеfebvre-1", "lefebvre-1\x00", "lefebvre-1\ud800", "x" * 9999])
def test_auth_12_no_other_spelling_leads_to_an_account(typed):
    UserFactory(identifier="lefebvre-1")
    assert not User.objects.known_as(typed).exists()


@pytest.mark.django_db
def test_a_person_knows_the_company_and_the_role(django_assert_num_queries):
    membership = MembershipFactory()
    user = User.objects.get(pk=membership.user.pk)
    with django_assert_num_queries(1):
        assert user.company == membership.company
        assert user.role_label == "Gérant"
    assert UserFactory(advisor=True).company is None
