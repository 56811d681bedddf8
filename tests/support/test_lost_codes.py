"""A lost code: called back at the number on file, recognised by two words, then found or replaced (design 4.6)."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import codes
from accounts.enums import AccountState
from accounts.models import Company, User
from backoffice.core.models import JournalEntry
from backoffice.core.moves import IllegalMove
from certificates.models import Amendment
from support import actions, links
from support.callees import callees_of
from support.enums import CALL_MOVES, CallState, ProposalState, RequestStatus, Voice
from support.models import CallBack, ContactRequest, Proposal, RequestMessage
from support.phrases import WORDS, phrases_of
from tests.accounts.factories import (
    BROWSER,
    CODE,
    ContactChangeFactory,
    MembershipFactory,
    UserFactory,
)
from tests.support.factories import NEW_CODE, CallBackFactory, ContactRequestFactory, ProposalFactory

pytestmark = pytest.mark.django_db

WRONG = "918273"


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")
    client.force_login(user)
    return user


@pytest.fixture
def person():
    return MembershipFactory(user__first_connection=True).user


@pytest.fixture
def contact(person, advisor):
    return ContactRequestFactory(
        code_request=True,
        taken=True,
        owner=advisor,
        siret=person.company.siret,
        last_name="LEFEBVRE",
        first_name="claire",
    )


@pytest.fixture
def merchant():
    """The browser where the request was sent."""
    return Client()


@pytest.fixture
def page(contact, now):
    """The follow-up page that the sender holds."""
    return f"/suivi/{links.issue(contact=contact, holder=Voice.SENDER, now=now)[1]}/"


def desk(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def call(client, contact, person, *, which="person"):
    return client.post(desk(contact, "appeler/"), {"callee": f"{person.public_id}:{which}"}, follow=True)


def recognise(client, contact, holder="sender"):
    return client.post(desk(contact, "appel/reconnaitre/"), {"page": holder}, follow=True)


def said(text):
    """The words of a page that are to be spoken."""
    return re.findall(r'<strong class="spoken">([^<]+)</strong>', text)


def is_code(person, code):
    person.refresh_from_db()
    return codes.is_right(code, owner=person.public_id, encoded=person.code_hash)


def events():
    return list(JournalEntry.objects.order_by("pk").values_list("event", flat=True))


# Who is called


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


# Recognising each other


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


# The code is found


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


# The code is replaced


def choose(merchant, page, code=NEW_CODE, again=None):
    return merchant.post(f"{page}nouveau-code/", {"code": code, "code_again": again or code}, follow=True)


def test_authz_06_no_message_from_outside_voids_what_waits_for_its_second_advisor(
    client, contact, person, merchant, page
):
    call(client, contact, person)
    recognise(client, contact)
    assert "Envoyer le message" in merchant.get(page).text
    choose(merchant, page)
    assert "Envoyer le message" not in merchant.get(page).text
    assert merchant.post(page, {"message": "Annulez tout."}).status_code == 409
    assert not RequestMessage.objects.exists()
    assert Proposal.objects.get().is_pending


@pytest.fixture
def recognised(client, contact, person):
    call(client, contact, person)
    recognise(client, contact)


def test_a_new_code_waits_for_a_second_advisor(client, contact, person, merchant, page, recognised, run_jobs, mailbox):
    assert "Nouveau code" in merchant.get(f"{page}nouveau-code/").text
    shown = choose(merchant, page).text
    assert "attend un second conseiller" in shown
    assert "Un second conseiller décide" in client.get(desk(contact)).text
    assert is_code(person, CODE)
    proposal = Proposal.objects.get()
    assert (proposal.proposed_by, proposal.person, proposal.state) == (contact.owner, person, ProposalState.PENDING)
    assert NEW_CODE not in f"{shown} {client.get(desk(contact)).text}"
    assert {"proposal.made", "code.replacement_asked"} <= set(events())
    run_jobs()
    [told] = [mail for mail in mailbox if "attend son approbation" in mail.subject]
    assert told.to == [person.email]
    assert "/pas-moi/" in told.body


def test_the_second_advisor_s_approval_is_told_to_everybody(client, contact, person, merchant, page, recognised):
    choose(merchant, page)
    second = Client()
    second.force_login(UserFactory(advisor=True))
    second.post(f"/conseiller/approbations/{Proposal.objects.get().public_id}/approuver/")
    assert is_code(person, NEW_CODE)
    assert "nouveau code est en vigueur" in merchant.get(page).text
    assert "Traitée" in client.get(desk(contact)).text
    company = client.get(f"/conseiller/societes/{person.company.public_id}/pieces/").text
    assert Amendment.objects.get().number in company


def test_a_rejection_lets_them_call_again(client, contact, merchant, page, recognised):
    choose(merchant, page)
    second = Client()
    second.force_login(UserFactory(advisor=True))
    second.post(
        f"/conseiller/approbations/{Proposal.objects.get().public_id}/ecarter/", {"words": "Voix qui ne va pas."}
    )
    shown = client.get(desk(contact)).text
    assert "Voix qui ne va pas." in shown
    assert "Rappeler le titulaire" in shown
    told = merchant.get(page).text
    assert "n’est pas entré en vigueur" in told
    assert "Voix qui ne va pas." not in told


@pytest.mark.parametrize(
    ("code", "again", "fault"),
    [
        ("123456", None, "trop facile à deviner"),
        ("1234", None, "6 à 12 chiffres"),
        ("01990056", None, "figure dans un numéro"),
        ("740386", "740387", "Les deux saisies diffèrent"),
        ("", None, "Choisissez un code"),
    ],
)
def test_rst_10_a_code_that_is_no_good_says_why(merchant, page, recognised, code, again, fault):
    shown = choose(merchant, page, code, again).text
    assert fault in shown
    assert code not in shown or not code
    assert not Proposal.objects.exists()
    assert CallBack.objects.get().is_proven


@pytest.mark.parametrize(
    ("verb", "typed"),
    [
        ("refuser/", {"reason": "unverified", "words": ""}),
        ("questionner/", {"question": "Quel est le nom de la rue ?"}),
        ("repondre/", {"answer": "Voyez la page d’aide."}),
        ("transmettre/", {}),
    ],
)
def test_authz_06_what_waits_is_void_once_its_request_is_another(
    client, contact, person, merchant, page, recognised, run_jobs, mailbox, verb, typed
):
    choose(merchant, page)
    colleague = UserFactory(advisor=True)
    if verb == "transmettre/":
        typed = {"to": colleague.public_id, "held_by": contact.owner.public_id}
    client.post(desk(contact, verb), typed)
    kept = Proposal.objects.get()
    assert (kept.state, kept.new_code_hash) == (ProposalState.VOIDED, "")
    assert "proposal.voided" in events()
    run_jobs()
    assert "Votre code de première connexion n’est pas remplacé" in [mail.subject for mail in mailbox]


def test_a_code_chosen_again_voids_what_waited(client, contact, person, merchant, page, recognised):
    choose(merchant, page)
    with pytest.raises(actions.CallOver):
        actions.choose_new_code(token=page.split("/")[2], code="918273", browser=BROWSER, now=timezone.now())
    call(client, contact, person)
    recognise(client, contact)
    choose(merchant, page, "918273")
    first, second = Proposal.objects.order_by("pk")
    assert (first.state, second.state) == (ProposalState.VOIDED, ProposalState.PENDING)
    assert first.new_code_hash == ""


def test_a_request_closed_meanwhile_takes_no_code(contact, merchant, page, recognised, advisor, now):
    ContactRequest.objects.update(status=RequestStatus.TREATED, treated_at=now, treated_by=advisor)
    assert merchant.post(f"{page}code/", {"code": CODE}).status_code == 409
    assert merchant.get(f"{page}nouveau-code/").status_code == 302


def test_rst_08_neither_code_is_anywhere_in_clear(
    client, contact, person, merchant, page, recognised, run_jobs, mailbox, caplog, planted
):
    caplog.set_level("DEBUG")
    merchant.post(f"{page}code/", {"code": WRONG})
    choose(merchant, page, "503918")
    second = Client()
    second.force_login(UserFactory(advisor=True))
    approval = f"/conseiller/approbations/{Proposal.objects.get().public_id}/"
    shown = [second.get(approval).text, client.get(desk(contact)).text, merchant.get(page).text]
    second.post(f"{approval}approuver/")
    run_jobs()
    bodies = [f"{mail.subject} {mail.body}" for mail in mailbox]
    for code in (WRONG, "503918", CODE):
        assert planted(code) == []
        assert code not in caplog.text
        assert not [text for text in (*bodies, *shown) if code in text]


@pytest.fixture
def planted():
    """The tables whose rows hold a text in clear, jobs included."""

    def found(text):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [row[0] for row in cursor.fetchall()]
            held = []
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{text}%"])
                if cursor.fetchone()[0]:
                    held.append(table)
        return held

    return found


# States

VERBS = {
    "prove": (CallState.PROVEN, lambda one: one.prove(holder=Voice.SENDER)),
    "find": (CallState.FOUND, lambda one: one.find()),
    "replace": (CallState.REPLACED, lambda one: one.replace()),
    "end": (CallState.ENDED, lambda one: one.end()),
}


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_of_a_call_leads_where_the_table_says_and_nowhere_else(state, verb):
    one, (target, act) = CallBack(state=state), VERBS[verb]
    if target in CALL_MOVES[state]:
        act(one)
        assert one.state == target
    else:
        with pytest.raises(IllegalMove):
            act(one)
        assert one.state == state


@pytest.mark.parametrize("trait", ["proven", "found", "replaced", "ended"])
def test_the_database_keeps_a_call_in_every_state(trait):
    assert CallBackFactory(**{trait: True}).pk


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"proven": True, "holder": ""}, "call_back_goes_on_with_a_recognised_page"),
        ({"proven": True, "holder": "repeat"}, "call_back_goes_on_with_a_recognised_page"),
        ({"holder": "sender"}, "call_back_goes_on_with_a_recognised_page"),
        ({"state": "lost"}, "call_back_goes_on_with_a_recognised_page"),
    ],
)
def test_the_database_refuses_a_call_that_contradicts_itself(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CallBackFactory(**changes)


def test_one_call_at_a_time_and_never_to_oneself():
    living = CallBackFactory()
    with pytest.raises(IntegrityError, match="one_living_per_request"), transaction.atomic():
        CallBackFactory(contact_request=living.contact_request, by=living.by)
    with pytest.raises(IntegrityError, match="by_somebody_else"), transaction.atomic():
        CallBackFactory(person=living.by, by=living.by)


def test_requests_forgotten_take_their_calls_and_proposals_along(now):
    proposal = ProposalFactory()
    long_ago = now - timedelta(days=500)
    ContactRequest.objects.update(
        status=RequestStatus.TREATED, treated_at=long_ago, treated_by=proposal.proposed_by, received_at=long_ago
    )
    assert actions.forget_requests(now=now) == 1
    assert not CallBack.objects.exists()
    assert not Proposal.objects.exists()
    assert Company.objects.exists()
