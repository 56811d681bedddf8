"""The advisors' list of requests."""

from datetime import timedelta

import pytest

from backoffice.core import mail
from backoffice.core.models.mail import MailFault
from support.models import PAGE_SIZE, ContactRequest
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

URL = "/conseiller/"


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


def shown(response):
    return [contact.identifier for contact in response.context["page"].rows]


def test_anonymous_people_are_sent_to_the_sign_in_page(client):
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"/connexion/?next={URL}")


def test_a_merchant_gets_the_page_that_does_not_exist(client):
    client.force_login(MembershipFactory().user)
    assert client.get(URL).status_code == 404


def test_the_desk_writes_nothing(client, advisor):
    assert client.post(URL).status_code == 405


def test_an_empty_desk_says_what_will_come(client, advisor):
    assert "Aucune demande pour l’instant." in client.get(URL).content.decode()


def test_an_advisor_reads_what_was_typed_escaped(client, advisor):
    ContactRequestFactory(technical=True, message="<script>alert(1)</script>\nligne", shop_label="L’Étal & Cie")
    page = client.get(URL).content.decode()
    assert "Question technique" in page
    assert "L’Étal &amp; Cie" in page
    assert "claire@fromagerie.example" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>ligne" in page
    assert "<script>alert" not in page
    assert "Nouvelle" in page


def test_requests_come_newest_first_and_pages_lose_none(client, advisor, now):
    for number in range(2 * PAGE_SIZE + 3):
        # Several at the very same moment: the order stays total.
        ContactRequestFactory(identifier=f"n-{number:03d}", received_at=now - timedelta(minutes=number // 3))
    expected = list(ContactRequest.objects.newest_first().values_list("identifier", flat=True))

    first = client.get(URL)
    second = client.get(first.context["older_url"] and URL + first.context["older_url"])
    third = client.get(URL + second.context["older_url"])
    assert shown(first) + shown(second) + shown(third) == expected
    assert first.context["newer_url"] == third.context["older_url"] == ""

    back = client.get(URL + third.context["newer_url"])
    assert shown(back) == shown(second)
    top = client.get(URL + back.context["newer_url"])
    assert shown(top) == shown(first)
    assert top.context["newer_url"] == ""


@pytest.mark.parametrize("parameter", ["avant", "apres"])
@pytest.mark.parametrize("value", ["x", "\x00", "00000000-0000-0000-0000-000000000000", "1 OR 1=1", "9" * 5000])
def test_a_position_that_is_none_gives_the_top(client, advisor, parameter, value):
    contact = ContactRequestFactory()
    assert shown(client.get(URL, {parameter: value})) == [contact.identifier]


def test_a_page_costs_the_same_however_many_requests(client, advisor, django_assert_max_num_queries):
    client.get(URL)  # renews the session, once a minute
    ContactRequestFactory.create_batch(PAGE_SIZE + 5)
    with django_assert_max_num_queries(4):
        client.get(URL)


# The lists


def test_each_list_holds_its_requests(client, advisor):
    colleague = UserFactory(advisor=True, first_name="Karim", last_name="Castaing")
    by_state = {
        "new": ContactRequestFactory(),
        "mine": ContactRequestFactory(taken=True, owner=advisor),
        "waiting": ContactRequestFactory(waiting=True, owner=advisor),
        "theirs": ContactRequestFactory(taken=True, owner=colleague),
        "treated": ContactRequestFactory(treated=True),
        "refused": ContactRequestFactory(refused=True),
    }
    lists = {
        "": {"new", "mine", "waiting", "theirs"},
        "ouvertes": {"new", "mine", "waiting", "theirs"},
        "miennes": {"mine", "waiting"},
        "libres": {"new"},
        "closes": {"treated", "refused"},
        "\x00": {"new", "mine", "waiting", "theirs"},
    }
    for name, held in lists.items():
        response = client.get(URL, {"liste": name})
        assert set(shown(response)) == {by_state[state].identifier for state in held}
    page = client.get(URL).text
    for words in ("Karim Castaing", "Par vous", "En attente du commerçant", "À prendre en charge"):
        assert words in page


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("miennes", "Vous ne vous occupez d’aucune demande pour l’instant."),
        ("libres", "Toutes les demandes ouvertes ont quelqu’un."),
        ("closes", "Aucune demande close pour l’instant."),
    ],
)
def test_an_empty_list_says_what_to_do(client, advisor, chosen, said):
    page = client.get(URL, {"liste": chosen}).text
    assert said in page
    assert 'class="btn" href="?liste=' in page


def test_pages_of_a_list_stay_in_it(client, advisor, now):
    for number in range(PAGE_SIZE + 2):
        ContactRequestFactory(treated=True, received_at=now - timedelta(minutes=2 * number))
        ContactRequestFactory(received_at=now - timedelta(minutes=2 * number + 1))
    first = client.get(URL, {"liste": "closes"})
    second = client.get(URL + first.context["older_url"])
    assert (len(shown(first)), len(shown(second))) == (PAGE_SIZE, 2)
    assert all(not contact.is_open for contact in second.context["page"].rows)
    assert shown(client.get(URL + second.context["newer_url"])) == shown(first)


def test_the_age_of_a_request_is_told_from_when_the_ball_came(client, advisor, now):
    ContactRequestFactory(received_at=now - timedelta(days=3, minutes=1))
    assert "Depuis 3\N{NO-BREAK SPACE}jours" in client.get(URL).text


def test_500_open_requests_cost_what_one_does(client, advisor, now, django_assert_max_num_queries):
    colleagues = [UserFactory(advisor=True) for _ in range(3)]
    for number in range(500):
        held = {"taken": True, "owner": colleagues[number % 3]} if number % 2 else {}
        ContactRequestFactory(received_at=now - timedelta(minutes=number), **held)
    client.get(URL)
    for chosen in ("ouvertes", "miennes", "libres", "closes"):
        with django_assert_max_num_queries(4):
            client.get(URL, {"liste": chosen})


def test_row_numbers_never_leave_the_server(client, advisor):
    contact = ContactRequestFactory()
    ContactRequest.objects.filter(pk=contact.pk).update(id=987_654_321)
    assert "987654321" not in client.get(URL).content.decode()


def test_the_queryset_shows_nothing_to_others():
    ContactRequestFactory()
    assert ContactRequest.objects.visible_to(UserFactory(advisor=True)).count() == 1
    assert not ContactRequest.objects.visible_to(MembershipFactory().user).exists()


def test_a_mail_that_does_not_leave_is_shown_to_the_advisor_without_its_address_or_text(client, advisor, now):
    row = mail.queue(
        "accounts/emails/identifier.txt",
        to="claire@fromagerie.example",
        subject="Mot secret",
        context={"user": advisor},
        now=now,
    )
    assert "Des e-mails ne partent pas" not in client.get(URL).text
    row.postpone(error="ConnectionRefusedError", fault=MailFault.UNREACHABLE, at=now)
    row.save()

    page = client.get(URL).text

    assert "Des e-mails ne partent pas" in page
    assert "c•••@fromagerie.example" in page
    assert "claire@" not in page
    assert "Mot secret" not in page
