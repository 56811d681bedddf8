"""A lost code: who is called back, at a number on file, and recognised by two words (design 4.6)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from support import actions, links
from support.callees import callees_of
from support.enums import CallState, Voice
from support.models import CallBack, ContactRequest
from support.phrases import WORDS, phrases_of
from tests.accounts.factories import (
    BROWSER,
    CODE,
    ContactChangeFactory,
    MembershipFactory,
    UserFactory,
)
from tests.support.factories import CallBackFactory
from tests.support.lost_codes.steps import call, desk, events, recognise, said

pytestmark = pytest.mark.django_db


def test_the_people_of_the_company_who_have_a_code_are_offered_at_their_numbers(client, contact, person):
    MembershipFactory(company=person.company, user__last_name="Sans-Code")
    MembershipFactory(user__first_connection=True, user__last_name="Ailleurs")
    shown = client.get(desk(contact)).text
    assert "01 99 00 56 78, son numéro" in shown
    assert "01 99 00 12 34, numéro de la société" in shown
    assert "Sans-Code" not in shown
    assert "Ailleurs" not in shown
    assert re.search(rf'value="{person.public_id}:person"[^>]*checked', shown), "whose names were typed comes first"


def test_the_number_typed_in_the_request_is_never_offered_nor_called(client, contact, person):
    ContactRequest.objects.update(phone="+33199009999")
    shown = client.get(desk(contact)).text
    assert "01 99 00 99 99" not in shown[shown.index("Rappeler le titulaire") :]
    call(client, contact, person)
    assert CallBack.objects.get().number.as_e164 == "+33199005678"


@pytest.mark.parametrize(("hours", "is_offered"), [(47, False), (49, True)])
def test_a_number_changed_less_than_48_hours_ago_is_refused(client, contact, person, hours, is_offered, now):
    asked = now - timedelta(hours=hours + 48)
    ContactChangeFactory(
        phone=True,
        effective=True,
        user=person,
        asked_at=asked,
        takes_effect_at=asked + timedelta(hours=48),
        effective_at=now - timedelta(hours=hours),
    )
    shown = client.get(desk(contact)).text
    assert ("Numéro trop récent" not in shown) == is_offered
    assert (f'value="{person.public_id}:person"' in shown) == is_offered
    call(client, contact, person)
    assert CallBack.objects.exists() == is_offered
    call(client, contact, person, which="company")
    assert CallBack.objects.latest("pk").number.as_e164 == ("+33199001234")


def test_the_action_refuses_a_recent_number_whatever_the_form_said(contact, person, advisor, now):
    [trusted, _] = callees_of(contact, by=advisor, now=now)
    ContactChangeFactory(phone=True, effective=True, user=person, asked_at=now - timedelta(hours=48), effective_at=now)
    with pytest.raises(actions.NumberTooRecent):
        actions.begin_call(contact=contact, callee=trusted, by=advisor, browser=BROWSER, now=now)
    User.objects.filter(pk=person.pk).update(phone="+33199007777")
    with pytest.raises(actions.NoSuchAccount):
        actions.begin_call(contact=contact, callee=trusted, by=advisor, browser=BROWSER, now=now)
    assert not CallBack.objects.exists()


def test_only_whoever_holds_the_request_calls_and_only_about_a_code(client, contact, person):
    client.force_login(UserFactory(advisor=True))
    assert "Rappeler le titulaire" not in client.get(desk(contact)).text
    call(client, contact, person)
    assert not CallBack.objects.exists()
    client.force_login(contact.owner)
    ContactRequest.objects.update(motive="reinitialisation", identifier=person.identifier)
    assert "Rappeler le titulaire" not in client.get(desk(contact)).text
    call(client, contact, person)
    assert not CallBack.objects.exists()


def test_a_frozen_account_is_not_called_about_its_code(client, contact, person, now):
    User.objects.filter(pk=person.pk).update(changes_frozen_at=now)
    assert "Aucun numéro du dossier ne peut être appelé" in client.get(desk(contact)).text
    call(client, contact, person)
    assert not CallBack.objects.exists()


def test_a_merchant_and_a_passer_by_reach_no_verb_of_a_call(client, contact, person):
    for end in ("appeler/", "appel/reconnaitre/", "appel/terminer/", "code-retrouve/"):
        assert Client().post(desk(contact, end))["Location"].startswith("/connexion/")
        client.force_login(MembershipFactory().user)
        assert client.post(desk(contact, end)).status_code == 404
        client.force_login(UserFactory(advisor=True))
        assert client.get(desk(contact, end)).status_code == 405


def test_both_screens_show_the_two_words_and_each_page_its_own(
    client, contact, person, merchant, page, mailbox, run_jobs
):
    assert said(merchant.get(page).text) == []
    call(client, contact, person)
    run_jobs()
    [told] = [mail for mail in mailbox if mail.subject == "Un conseiller vous appelle"]
    assert told.to == [person.email]
    owners = re.search(r"(/suivi/[\w-]{32}/)", told.body)[1]
    first, second = said(merchant.get(page).text), said(merchant.get(owners).text)
    assert said(client.get(desk(contact)).text) == [*first, *second]
    assert len({*first, *second}) == 4
    assert "call.begun" in events()


def test_the_words_are_kept_nowhere_and_never_the_same_twice():
    one, other = CallBackFactory(), CallBackFactory()
    assert phrases_of(one.public_id) == phrases_of(one.public_id)
    drawn = [word for phrase in phrases_of(one.public_id).values() for word in (phrase.merchant, phrase.advisor)]
    assert len(set(drawn)) == 4
    assert phrases_of(one.public_id) != phrases_of(other.public_id)
    assert len(WORDS) == len(set(WORDS)) >= 128


def test_only_the_page_whose_word_was_read_goes_on(client, contact, person, merchant, page, now):
    owners = f"/suivi/{links.issue(contact=contact, holder=Voice.OWNER, now=now)[1]}/"
    call(client, contact, person)
    assert "Vérifier mon code" not in merchant.get(page).text
    recognise(client, contact, "owner")
    assert "Vérifier mon code" in merchant.get(owners).text
    shown = merchant.get(page).text
    assert "Vérifier mon code" not in shown
    assert said(shown) == []
    assert merchant.post(f"{page}code/", {"code": CODE}).status_code == 409
    assert merchant.get(f"{page}nouveau-code/")["Location"] == page
    assert CallBack.objects.get().is_proven


def test_a_repeated_request_s_page_never_shows_a_word(client, contact, person, merchant, now):
    repeated = f"/suivi/{links.issue(contact=contact, holder=Voice.REPEAT, now=now)[1]}/"
    call(client, contact, person)
    assert said(merchant.get(repeated).text) == []
    recognise(client, contact, "repeat")
    assert CallBack.objects.get().is_ringing


def test_hanging_up_ends_the_call_and_changes_nothing(client, contact, person, merchant, page):
    call(client, contact, person)
    recognise(client, contact)
    client.post(desk(contact, "appel/terminer/"))
    assert CallBack.objects.get().state == CallState.ENDED
    assert merchant.post(f"{page}code/", {"code": CODE}).status_code == 409
    assert "Rappeler le titulaire" in client.get(desk(contact)).text
    assert events()[-1] == "call.ended"
    assert "Rien n’a changé" in client.post(desk(contact, "appel/terminer/"), follow=True).text


def test_a_new_call_ends_the_one_before(client, contact, person):
    call(client, contact, person)
    call(client, contact, person, which="company")
    assert list(CallBack.objects.order_by("pk").values_list("state", flat=True)) == ["ended", "ringing"]


def test_a_call_is_over_after_half_an_hour(client, contact, person, merchant, page, now):
    call(client, contact, person)
    recognise(client, contact)
    CallBack.objects.update(begun_at=now - timedelta(minutes=31), ends_at=now - timedelta(minutes=1))
    assert "Vérifier mon code" not in merchant.get(page).text
    assert merchant.post(f"{page}code/", {"code": CODE}).status_code == 409
    assert "Rappeler le titulaire" in client.get(desk(contact)).text
