"""A lost code that is found again during the call: compared, and seen as right or wrong (design 4.6)."""

from datetime import timedelta

import pytest

from accounts.enums import AccountState
from accounts.models import User
from support.enums import RequestStatus
from support.models import CallBack
from tests.accounts.factories import (
    CODE,
    UserFactory,
)
from tests.support.factories import CallBackFactory
from tests.support.lost_codes.steps import WRONG, call, desk, events, is_code, recognise

pytestmark = pytest.mark.django_db


def test_the_right_code_turns_the_advisor_s_page_green_and_nothing_more(client, contact, person, merchant, page):
    call(client, contact, person)
    recognise(client, contact)
    shown = merchant.post(f"{page}code/", {"code": "482 917"}, follow=True).text
    assert "C’est bien votre code" in shown
    green = client.get(desk(contact)).text
    assert "Code juste" in green
    assert CODE not in green
    assert CODE not in shown
    assert "code.accepted" in events()
    done = client.post(desk(contact, "code-retrouve/"), follow=True).text
    assert "Traitée" in done
    contact.refresh_from_db()
    assert (contact.status, contact.treated_by) == (RequestStatus.TREATED, contact.owner)
    assert "Votre code est retrouvé" in merchant.get(page).text
    assert is_code(person, CODE)


def test_a_wrong_code_turns_it_red_and_counts_on_the_account(client, contact, person, merchant, page):
    call(client, contact, person)
    recognise(client, contact)
    shown = merchant.post(f"{page}code/", {"code": WRONG}).text
    assert "Ce n’est pas votre code" in shown
    assert "Il reste 2 essais" in shown
    assert WRONG not in shown
    red = client.get(desk(contact)).text
    assert "Code erroné" in red
    assert WRONG not in red
    person.refresh_from_db()
    assert person.failed_tries == 1
    assert "code.refused" in events()


def test_rst_07_three_wrong_codes_are_all_that_one_request_takes(client, contact, person, merchant, page):
    call(client, contact, person)
    recognise(client, contact)
    for _ in range(2):
        merchant.post(f"{page}code/", {"code": WRONG})
    # Another call gives no other tries.
    call(client, contact, person)
    recognise(client, contact)
    shown = merchant.post(f"{page}code/", {"code": WRONG}).text
    assert "Trois codes erronés" in shown
    assert merchant.post(f"{page}code/", {"code": CODE}).status_code == 409
    assert "Choisir un autre code" in merchant.get(page).text
    person.refresh_from_db()
    assert (person.state, person.failed_tries) == (AccountState.BLOCKED, 3)
    assert "Code juste" not in client.get(desk(contact)).text


def test_rst_07_another_request_gives_no_other_tries_within_a_day(client, contact, person, merchant, page, now):
    spent = CallBackFactory(person=person, by=UserFactory(advisor=True), proven=True, wrong_codes=3)
    call(client, contact, person)
    recognise(client, contact)
    assert merchant.post(f"{page}code/", {"code": CODE}).status_code == 409
    CallBack.objects.filter(pk=spent.pk).update(begun_at=now - timedelta(hours=25), ends_at=now - timedelta(hours=24))
    assert merchant.post(f"{page}code/", {"code": CODE}, follow=True).status_code == 200
    assert "Code juste" in client.get(desk(contact)).text


def test_the_advisor_sees_red_once_the_code_was_compared_not_before(client, contact, person):
    call(client, contact, person)
    recognise(client, contact)
    CallBack.objects.update(wrong_codes=1)
    assert "Code erroné" not in client.get(desk(contact)).text
    CallBack.objects.update(is_last_code_wrong=True)
    assert "Code erroné" in client.get(desk(contact)).text


def test_a_blocked_account_s_code_is_compared_too(client, contact, person, merchant, page, run_jobs, mailbox):
    User.objects.filter(pk=person.pk).update(state=AccountState.BLOCKED, failed_tries=3)
    call(client, contact, person)
    recognise(client, contact)
    merchant.post(f"{page}code/", {"code": CODE})
    assert "Code juste" in client.get(desk(contact)).text
    client.post(desk(contact, "code-retrouve/"))
    person.refresh_from_db()
    assert person.state == AccountState.FIRST_CONNECTION
    run_jobs()
    assert "Votre mot de passe temporaire" in [mail.subject for mail in mailbox]


def test_a_request_is_not_closed_as_found_before_it_is(client, contact, person):
    call(client, contact, person)
    recognise(client, contact)
    assert "Rien n’a changé" in client.post(desk(contact, "code-retrouve/"), follow=True).text
    contact.refresh_from_db()
    assert contact.is_open


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "1" * 65, "48\x002917"])
def test_what_is_no_code_spends_no_try(client, contact, person, merchant, page, typed):
    call(client, contact, person)
    recognise(client, contact)
    assert merchant.post(f"{page}code/", {"code": typed}).status_code == 200
    assert CallBack.objects.get().wrong_codes == 0
    person.refresh_from_db()
    assert person.failed_tries == 0


def test_auth_08_a_throttled_address_spends_no_try(client, contact, person, merchant, page):
    call(client, contact, person)
    recognise(client, contact)
    for number in range(10):
        merchant.post("/connexion/", {"identifier": f"inconnu-{number}", "password": "x"})
    answer = merchant.post(f"{page}code/", {"code": CODE})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Trop d’essais" in answer.text
    assert CallBack.objects.get().wrong_codes == 0


@pytest.mark.parametrize("end", ["code/", "nouveau-code/"])
def test_a_link_that_never_was_gets_the_page_that_says_so(merchant, end):
    assert merchant.post(f"/suivi/{'x' * 32}/{end}", {"code": CODE}).status_code == 404
