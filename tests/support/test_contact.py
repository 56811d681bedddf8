"""The contact page: what it asks, what it keeps, what it never says."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from backoffice.core import journal
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry, OutgoingMail
from support import rules
from support.actions import Letter, TooManyRequests, receive_request
from support.enums import NEEDED, OFFERED, Motive, RequestStatus
from support.models import ContactRequest
from tests.accounts.factories import CompanyFactory, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

URL = "/contact/"
SENT = "/contact/envoyee/"
GOOD = {
    "shop_label": "Fromagerie Beaufils",
    "siret": "732 829 320 00074",
    "last_name": "Beaufils",
    "first_name": "Claire",
    "identifier": "beaufils-58204",
    "phone": "01 99 00 56 78",
    "email": "claire@fromagerie.example",
    "message": "Bonjour,\nla page reste blanche.",
}
each_motive = pytest.mark.parametrize("motive", list(OFFERED))
ADDRESS = {"REMOTE_ADDR": "198.51.100.7"}


def typed(motive, **changes):
    asked = {name: value for name, value in GOOD.items() if rules.asks_for(motive, name)}
    return {"motive": motive.value, **asked, **changes}


def words(response):
    return response.content.decode().replace("\u00a0", " ").replace("&#x27;", "'")


def without_token(response):
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.text)
    return re.sub(r"/suivi/[\w-]{32}/", "", page)


# What the page shows


def test_anybody_may_open_the_page_and_choose_a_motive(client):
    page = words(client.get(URL))
    for motive in OFFERED:
        assert f'href="/contact/?motif={motive.value}"' in page
        assert motive.label in page


@each_motive
def test_a_motive_shows_its_own_fields_and_no_other(client, motive):
    page = words(client.get(URL, {"motif": motive.value}))
    assert f"<h2>{motive.label}</h2>" in page
    for name in GOOD:
        assert (f'name="{name}"' in page) is rules.asks_for(motive, name)


@pytest.mark.parametrize("motif", ["", "inconnu", "\x00", "x" * 5000, "REINITIALISATION"])
def test_an_unknown_motive_shows_the_choice_again(client, motif):
    assert "Choisissez le motif de votre demande" in words(client.get(URL, {"motif": motif}))
    assert "Choisissez le motif de votre demande" in words(client.post(URL, {"motive": motif, **GOOD}))
    assert not ContactRequest.objects.exists()


def test_a_signed_in_merchant_need_not_type_what_is_known(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    page = words(client.get(URL, {"motif": Motive.ACCOUNT_RESET}))
    for known in (membership.user.identifier, membership.user.last_name, membership.company.siret):
        assert f'value="{known}"' in page
    assert "frame-merchant" in page


def test_an_advisor_sees_the_page_in_the_advisors_frame(client):
    client.force_login(UserFactory(advisor=True))
    assert "frame-advisor" in words(client.get(URL))


# What a request becomes


@each_motive
def test_a_request_is_kept_and_journaled(client, motive, now):
    response = client.post(URL, typed(motive), **ADDRESS)
    assert (response.status_code, response["Location"]) == (302, SENT)
    contact = ContactRequest.objects.get()
    assert (contact.motive, contact.status) == (motive, RequestStatus.NEW)
    assert (contact.last_name, contact.first_name) == ("Beaufils", "Claire")
    assert contact.siret == ("73282932000074" if rules.asks_for(motive, "siret") else "")
    assert str(contact.phone) == ("+33199005678" if rules.asks_for(motive, "phone") else "")
    assert contact.address == ADDRESS["REMOTE_ADDR"]
    assert abs(contact.received_at - now) < timedelta(minutes=1)
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.subject_id) == (Event.CONTACT_REQUEST_RECEIVED, contact.public_id)
    assert (entry.actor_id, entry.company, entry.detail) == (None, journal.PLATFORM, {"motive": motive.value})


@each_motive
def test_nothing_is_mailed_to_a_typed_address(client, motive, run_jobs, mailbox):
    client.post(URL, typed(motive))
    run_jobs()
    assert not OutgoingMail.objects.exists()
    assert mailbox == []


def test_rst_12_the_answer_is_the_same_whether_the_identifier_exists_or_not(client, django_assert_num_queries):
    known = UserFactory(blocked=True)
    MembershipFactory(user=known, company=CompanyFactory(siret="73282932000074"))
    answers = []
    for identifier in (known.identifier, "personne-00000"):
        first = client.post(URL, typed(Motive.ACCOUNT_RESET, identifier=identifier))
        answers.append((first.status_code, dict(first.headers), without_token(client.get(first["Location"]))))
    assert answers[0] == answers[1]
    assert ContactRequest.objects.count() == 2


def test_what_happens_next_is_said_in_working_days(client):
    page = words(client.get(SENT))
    assert "Votre conseiller traite la demande sous un jour ouvré." in page


def test_a_signed_in_merchant_is_named_in_the_journal_of_the_company(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    client.post(URL, typed(Motive.TECHNICAL))
    entry = JournalEntry.objects.get(event=Event.CONTACT_REQUEST_RECEIVED)
    assert (entry.actor_id, entry.company) == (membership.user.public_id, membership.company.public_id)


def test_extra_fields_are_ignored(client):
    client.post(URL, typed(Motive.OTHER, status="answered", identifier="intrus", address="192.0.2.9", origin="x"))
    contact = ContactRequest.objects.get()
    assert (contact.identifier, contact.status, contact.address) == ("", RequestStatus.NEW, "127.0.0.1")


# What is refused


@pytest.mark.parametrize(("motive", "field"), [(motive, field) for motive in OFFERED for field in NEEDED[motive]])
def test_what_a_motive_needs_must_be_there(client, motive, field):
    response = client.post(URL, typed(motive, **{field: "  "}))
    page = words(response)
    assert response.status_code == 200
    assert "Un point est à corriger" in page
    assert f'href="#id_{field}"' in page
    assert "This field" not in page
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("siret", "73282932000075", "Ce SIRET n’existe pas. Vérifiez ses 14 chiffres sur votre contrat."),
        ("siret", "732829320", "Ce SIRET n’existe pas."),
        ("siret", "abcdefghijklmn", "Ce SIRET n’existe pas."),
        ("siret", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "Ce SIRET n’existe pas."),
        ("siret", "7" * 21, "Ce champ compte au plus 20 caractères."),
        ("shop_label", "x" * 121, "Ce champ compte au plus 120 caractères."),
        ("last_name", "x" * 81, "Ce champ compte au plus 80 caractères."),
        ("phone", "12", "Ce numéro de téléphone n’est pas valable."),
        ("phone", "0" * 300, "Ce numéro de téléphone n’est pas valable."),
        ("email", "claire", "Cette adresse e-mail n’est pas valable."),
        ("email", f"{'a' * 250}@exemple.fr", "Cette adresse e-mail"),
        ("message", "x" * 4001, "Ce champ compte au plus 4000 caractères."),
        ("message", "a\x00b", "Ce texte contient un caractère illisible."),
        ("message", "a\x1bb", "Ce texte contient un caractère illisible."),
        ("email", "a\x00b@exemple.fr", "caractère illisible"),
        ("phone", "01\x0099005678", "Ce numéro de téléphone n’est pas valable."),
    ],
)
def test_a_wrong_value_is_refused_in_french_and_what_was_typed_stays(client, field, value, said):
    response = client.post(URL, typed(Motive.TECHNICAL, **{field: value}))
    assert response.status_code == 200
    assert said in words(response)
    assert "Bonjour," in words(response) or field == "message"
    assert not ContactRequest.objects.exists()


def test_la_poste_may_write_too(client):
    client.post(URL, typed(Motive.ACCOUNT_RESET, siret="35600000049837"))
    assert ContactRequest.objects.get().siret == "35600000049837"


@pytest.mark.parametrize("motive", [Motive.TECHNICAL, Motive.ACCOUNT_RESET])
@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE support_contactrequest; --",
        "<script>alert(1)</script>",
        "{{ 7*7 }} {% csrf_token %}",
        "\u202eabc\ufeff\u200b",
        "𝕬𝖇𝖈 \U0001f9c0 ﷽",
        "%s%n%d ../../etc/passwd",
        "\r\nBcc: victime@exemple.fr",
        "\ufffe\uffff",
    ],
)
def test_naughty_text_is_kept_as_typed_or_refused_and_never_breaks(client, text, motive):
    name = "message" if motive is Motive.TECHNICAL else "shop_label"
    response = client.post(URL, typed(motive, **{name: text}))
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert getattr(ContactRequest.objects.get(), name) == text.strip()
    assert b"<script>alert" not in response.content


def test_a_charset_that_decodes_to_lone_surrogates_does_no_harm(client):
    boundary = "frontier"
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**typed(Motive.OTHER), "message": "+2AA-"}.items()
    )
    response = client.generic(
        "POST",
        URL,
        f"{parts}--{boundary}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={boundary}; charset=utf-7",
    )
    assert response.status_code < 500
    assert not ContactRequest.objects.filter(message__contains="\ufffd\ufffd\ufffd\ufffd").exists()


@pytest.mark.parametrize(
    "body", [b"motive=autre&message=%ED%A0%80&last_name=a&first_name=b&email=a@b.fr", b"%", b"\xff"]
)
def test_invalid_utf_8_does_no_harm(client, body):
    assert client.generic("POST", URL, body, content_type="application/x-www-form-urlencoded").status_code < 500


def test_a_megabyte_is_refused_without_breaking(client):
    response = client.post(URL, typed(Motive.OTHER, message="x" * 1_000_000))
    assert response.status_code in (400, 413)
    assert not ContactRequest.objects.exists()


def test_thousands_of_fields_are_refused_without_breaking(client):
    response = client.post(URL, {f"field{number}": "x" for number in range(500)})
    assert response.status_code in (400, 413)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_a_form_without_its_token_is_refused():
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(URL, typed(Motive.OTHER)).status_code == 403


# How many


def test_the_sixth_request_of_an_hour_is_refused_and_says_when_to_come_back(client, now):
    for minutes in (50, 40, 30, 20, 10):
        ContactRequestFactory(received_at=now - timedelta(minutes=minutes), origin="198.51.100.7")
    response = client.post(URL, typed(Motive.TECHNICAL), **ADDRESS)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 660
    assert "attendez" in words(response)
    assert "la page reste blanche" in words(response)
    assert ContactRequest.objects.count() == 5


def test_another_address_is_not_held_by_it(client, now):
    for _ in range(5):
        ContactRequestFactory(received_at=now, origin="198.51.100.8")
    assert client.post(URL, typed(Motive.TECHNICAL), **ADDRESS).status_code == 302


def test_after_the_hour_requests_are_taken_again(client, now):
    for _ in range(5):
        ContactRequestFactory(received_at=now - timedelta(hours=1, seconds=1), origin="198.51.100.7")
    assert client.post(URL, typed(Motive.TECHNICAL), **ADDRESS).status_code == 302


def test_a_forged_header_does_not_make_another_sender(client, now):
    for _ in range(5):
        ContactRequestFactory(received_at=now, origin="198.51.100.7")
    response = client.post(URL, typed(Motive.TECHNICAL), HTTP_X_FORWARDED_FOR="203.0.113.1", **ADDRESS)
    assert response.status_code == 429


def test_addresses_of_one_ipv6_network_are_one_sender(now):
    letter = Letter(motive=Motive.OTHER, last_name="a", first_name="b", email="a@exemple.fr", message="c")
    for last in range(5):
        receive_request(letter=letter, by=None, address=f"2001:db8:0:1::{last}", now=now)
    with pytest.raises(TooManyRequests) as refusal:
        receive_request(letter=letter, by=None, address="2001:db8:0:1:ffff::9", now=now)
    assert refusal.value.until == now + timedelta(hours=1)
    receive_request(letter=letter, by=None, address="2001:db8:0:2::1", now=now)


# What the database holds to


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"motive": "autre-chose"}, "request_"),
        ({"status": "lost"}, "request_status_is_known"),
        ({"siret": "123"}, "request_siret_has_14_digits"),
        ({"identifier": ""}, "request_holds_what_its_motive_needs"),
        ({"last_name": ""}, "request_holds_what_its_motive_needs"),
        ({"motive": Motive.CODE_REQUEST, "phone": ""}, "request_holds_what_its_motive_needs"),
        ({"motive": Motive.OTHER}, "request_holds_what_its_motive_needs"),
        ({"message": "x" * 4001}, "request_message_is_not_too_long"),
    ],
)
def test_the_database_refuses_what_the_form_refuses(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ContactRequestFactory(**changes)
