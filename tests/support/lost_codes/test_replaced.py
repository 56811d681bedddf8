"""A lost code that is replaced: another one chosen during the call, and approved by a second advisor (design 4.6)."""

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from certificates.models import Amendment
from support import actions
from support.enums import ProposalState, RequestStatus
from support.models import CallBack, ContactRequest, Proposal, RequestMessage
from tests.accounts.factories import (
    BROWSER,
    CODE,
    UserFactory,
)
from tests.support.factories import NEW_CODE
from tests.support.lost_codes.steps import WRONG, call, choose, desk, events, is_code, recognise

pytestmark = pytest.mark.django_db


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
