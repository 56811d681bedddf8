"""Where an enrolment stands: every verb from every state, who must act next, and what the database holds to."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.core import vault
from backoffice.core.moves import IllegalMove
from support import rules
from support.enums import REGISTRATION_BALLS, REGISTRATION_MOVES, Ball, RegistrationRefusal, RegistrationState
from support.models import Registration
from tests.accounts.factories import CompanyFactory, UserFactory
from tests.shops.factories import ShopFactory
from tests.support.factories import IBAN, REGISTERED_CODE, RegistrationFactory

DRAFT, SUBMITTED, INCOMPLETE, ACCEPTED, REFUSED, SIGNED = RegistrationState
VERBS = {
    "submit": (SUBMITTED, lambda one, by, now: one.submit(at=now, consent_digest="b" * 64)),
    "ask_more": (INCOMPLETE, lambda one, by, now: one.ask_more(missing="Un Kbis.", at=now)),
    "accept": (
        ACCEPTED,
        lambda one, by, now: one.accept(company=CompanyFactory.build(), shop=ShopFactory.build(), by=by, at=now),
    ),
    "refuse": (
        REFUSED,
        lambda one, by, now: one.refuse(reason=RegistrationRefusal.NO_ANSWER, words="", by=by, at=now),
    ),
    "sign": (SIGNED, lambda one, by, now: one.sign(at=now)),
}
TRAITS = {
    DRAFT: {"draft": True},
    SUBMITTED: {},
    INCOMPLETE: {"incomplete": True},
    ACCEPTED: {"accepted": True},
    REFUSED: {"refused": True},
    SIGNED: {"signed": True},
}


@pytest.mark.parametrize("state", RegistrationState)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leads_where_the_table_says_and_from_nowhere_else(state, verb, now):
    registration, (target, act) = Registration(state=state), VERBS[verb]
    if target in REGISTRATION_MOVES[state]:
        act(registration, UserFactory.build(advisor=True), now)
        assert registration.state == target
    else:
        with pytest.raises(IllegalMove):
            act(registration, UserFactory.build(advisor=True), now)
        assert registration.state == state


def test_every_move_of_the_table_has_its_verb_and_every_state_its_ball():
    assert {target for targets in REGISTRATION_MOVES.values() for target in targets} == {
        target for target, _ in VERBS.values()
    }
    assert set(REGISTRATION_MOVES) == set(REGISTRATION_BALLS) == set(RegistrationState)


@pytest.mark.django_db
@pytest.mark.parametrize("state", RegistrationState)
def test_who_must_act_next_and_since_when(state):
    registration = RegistrationFactory(**TRAITS[state])
    turn = rules.registration_turn(registration)
    since = {
        DRAFT: (Ball.MERCHANT, registration.started_at),
        SUBMITTED: (Ball.DESK, registration.submitted_at),
        INCOMPLETE: (Ball.MERCHANT, registration.asked_at),
        ACCEPTED: (Ball.MERCHANT, registration.decided_at),
        REFUSED: (Ball.NOBODY, None),
        SIGNED: (Ball.NOBODY, None),
    }
    assert turn == rules.Turn(*since[state])


@pytest.mark.django_db
def test_secrets_open_in_their_own_row_alone_and_are_gone_once_decided(now):
    registration, other = RegistrationFactory(), RegistrationFactory()
    assert (registration.code(), registration.iban()) == (REGISTERED_CODE, IBAN)
    assert registration.iban_last_four == "2606"
    other.sealed_code = registration.sealed_code
    with pytest.raises(vault.SealBroken):
        other.code()
    registration.refuse(reason=RegistrationRefusal.NO_ANSWER, words="", by=UserFactory(advisor=True), at=now)
    assert (registration.code(), registration.iban()) == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "lost"}, "registration_"),
        ({"consent_digest": ""}, "registration_submitted_says_everything"),
        ({"shop_label": ""}, "registration_submitted_says_everything"),
        ({"email": ""}, "registration_submitted_says_everything"),
        ({"submitted_at": None}, "registration_submitted_says_everything"),
        ({"second_shop": True, "company": None}, "registration_submitted_says_everything"),
        ({"incomplete": True, "missing": ""}, "registration_incomplete_says_what_is_missing"),
        ({"accepted": True, "shop": None, "company": None}, "registration_decided_says_by_whom"),
        ({"refused": True, "refusal_reason": ""}, "registration_decided_says_by_whom"),
        ({"refused": True, "decided_by": None}, "registration_decided_says_by_whom"),
        ({"accepted": True, "secrets": True}, "registration_secrets_are_sealed_and_gone_once_decided"),
        ({"signed": True, "signed_at": None}, "registration_signed_says_when"),
        ({"siret": "123"}, "registration_siret_has_14_digits"),
    ],
)
def test_the_database_refuses_what_contradicts_itself(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RegistrationFactory(**changes)


@pytest.mark.django_db
def test_one_open_enrolment_per_siret_and_drafts_are_nobody_s_business():
    first = RegistrationFactory()
    RegistrationFactory(draft=True, siret=first.siret)
    RegistrationFactory(refused=True, siret=first.siret)
    with pytest.raises(IntegrityError, match="registration_one_open_per_siret"), transaction.atomic():
        RegistrationFactory(siret=first.siret)


@pytest.mark.django_db
def test_what_is_missing_goes_by_the_steps():
    registration = RegistrationFactory(draft=True)
    assert rules.missing_steps(registration) == []
    registration.activity = registration.sealed_code = ""
    assert [step.value for step in rules.missing_steps(registration)] == ["boutique", "code"]
    shop = RegistrationFactory(second_shop=True)
    assert rules.missing_steps(shop) == []
