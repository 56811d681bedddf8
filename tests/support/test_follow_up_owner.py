"""The owner of the account that a request names: told at the address on file, whatever is typed, and no code."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import AccountState
from accounts.models import User
from backoffice.core.models import OutgoingMail
from support.actions import (
    accept_reset,
    ask_merchant,
    refuse_request,
    take_request,
)
from support.enums import RefusalReason
from support.models import ContactRequest
from tests.accounts.factories import BROWSER, CODE, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory
from tests.support.following import TECHNICAL, TYPED, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(user__blocked=True, user__identifier="lefebvre-58204").user


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")


# --- The owner --------------------------------------------------------------------------------------------------------
def test_rst_11_the_owner_is_told_at_the_address_on_file_with_a_link_of_their_own(client, owner, run_jobs, mailbox):
    sent = send(client, identifier=owner.identifier, message="texte du demandeur")
    assert mailbox == []
    run_jobs()
    [told] = mailbox
    assert told.to == [owner.email]
    assert told.recipients() == [owner.email]
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/suivi/[\w-]{32}/)", told.body)
    assert path != sent
    for typed in ("texte du demandeur", "Beaufils", "73282932000074"):
        assert typed not in told.body
    page = client.get(path).text
    assert "Réinitialisation de compte" in page
    assert "texte du demandeur" not in page
    assert "73282932000074" not in page
    row = OutgoingMail.objects.get()
    assert (row.is_secret, row.sealed_message) == (True, "")
    assert row.company == owner.company.public_id


def test_rst_11_asking_changes_nothing_on_file_whatever_address_or_telephone_is_typed(client, owner, run_jobs, mailbox):
    before = User.objects.values().get(pk=owner.pk)
    for typed in (TYPED, TECHNICAL):
        send(client, typed, identifier=owner.identifier, email="elsewhere@evil.example", phone="+33199007777")
    run_jobs()
    assert User.objects.values().get(pk=owner.pk) == before
    assert [message.to for message in mailbox] == [[owner.email]]


@pytest.mark.parametrize("state", [AccountState.CLOSED])
def test_the_owner_of_a_closed_account_is_not_written_to(client, owner, run_jobs, mailbox, state):
    User.objects.filter(pk=owner.pk).update(state=state)
    send(client, identifier=owner.identifier)
    run_jobs()
    assert mailbox == []


def test_rst_12_a_known_and_an_unknown_identifier_cost_the_same(client, owner):
    client.post("/contact/", TYPED)  # draws the journal's key of the year
    costs = []
    for identifier in ("personne-00000", owner.identifier):
        with CaptureQueriesContext(connection) as asked:
            client.post("/contact/", TYPED | {"identifier": identifier})
        costs.append([re.sub(r"'[^']*'|\d+", "", one["sql"]) for one in asked])
    assert costs[0] == costs[1]


# --- What nothing holds -----------------------------------------------------------------------------------------------
def test_rst_08_the_code_is_in_no_mail_no_page_and_no_row_whatever_becomes_of_a_request(
    client, owner, advisor, now, run_jobs, mailbox
):
    path = send(client, identifier=owner.identifier)
    run_jobs()
    contact = ContactRequest.objects.get()
    take_request(contact=contact, by=advisor, browser=BROWSER, now=now)
    ask_merchant(contact=contact, question="Quel SIRET ?", by=advisor, browser=BROWSER, now=now)
    client.post(path, {"message": "73282932000074"})
    accept_reset(contact=contact, by=advisor, browser=BROWSER, now=now)
    other = ContactRequestFactory(identifier=owner.identifier, taken=True, owner=advisor)
    refuse_request(contact=other, reason=RefusalReason.NOT_NEEDED, words="", by=advisor, browser=BROWSER, now=now)
    run_jobs()
    told = [message.subject for message in mailbox]
    assert len(told) == 5
    assert told.count("Votre mot de passe temporaire") == told.count("Votre demande est refusée") == 1
    client.force_login(advisor)
    pages = [client.get(path).text, client.get(f"/conseiller/demandes/{contact.public_id}/").text]
    held = [message.message().as_string() for message in mailbox] + pages + [_dump()]
    assert not [text for text in held if CODE in text]
    # The temporary password is in its mail alone (RST-02).
    [temporary] = [
        re.search(r"\n\n(\S{12,})\n", message.body)[1] for message in mailbox if "temporaire" in message.subject
    ]
    assert not [text for text in [*pages, _dump()] if temporary in text]


def _dump():
    """All that the counter, the journal, the mail and the jobs keep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT json_agg(r)::text FROM support_contactrequest r), (SELECT json_agg(m)::text FROM"
            " support_requestmessage m), (SELECT json_agg(l)::text FROM support_followuplink l), (SELECT"
            " json_agg(e)::text FROM core_journalentry e), (SELECT json_agg(o)::text FROM core_outgoingmail o),"
            " (SELECT json_agg(j)::text FROM procrastinate_jobs j)"
        )
        row = cursor.fetchone()
    assert all(row)
    return " ".join(row)
