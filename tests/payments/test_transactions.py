"""The merchant's list of payments and the story of one: who sees what, and what it says."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from payments.enums import AttemptOutcome, NotificationState
from payments.models import NotificationAttempt
from tests.accounts.factories import UserFactory
from tests.payments import wire
from tests.payments.conftest import LIMIT_EXCEEDED
from tests.payments.factories import NotificationFactory, TransactionFactory, shop_ready
from tests.payments.reading import text_of
from tests.payments.receiver import receiving
from tests.shops.factories import member_of

pytestmark = pytest.mark.django_db


def list_url(shop, query=""):
    return reverse("payments:transactions", args=[shop.site_id]) + query


def detail_url(transaction, shop=None):
    return reverse("payments:transaction", args=[(shop or transaction.shop).site_id, transaction.public_id])


@pytest.fixture
def merchant(client, shop):
    client.force_login(member_of(shop))
    return client


# --- Who may look ----------------------------------------------------------------------------------------------
def urls_of(shop):
    return [list_url(shop), detail_url(TransactionFactory(shop=shop))]


def test_an_anonymous_person_is_led_to_the_sign_in_page(client, shop):
    for url in urls_of(shop):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:sign_in"))


def test_an_advisor_gets_the_page_of_nothing(client, shop):
    client.force_login(UserFactory(active=True, advisor=True))
    assert [client.get(url).status_code for url in urls_of(shop)] == [404, 404]


def test_authz_02_somebody_elses_payments_do_not_exist(merchant):
    theirs = shop_ready()
    payment = TransactionFactory(shop=theirs)
    mine = merchant.get(list_url(theirs)), merchant.get(detail_url(payment))
    assert [one.status_code for one in mine] == [404, 404]
    missing = merchant.get(reverse("payments:transactions", args=["99999999"]))
    assert missing.status_code == 404


def test_authz_02_a_payment_of_another_shop_is_not_shown_under_mine(merchant, shop):
    theirs = TransactionFactory(shop=shop_ready())
    assert merchant.get(detail_url(theirs, shop=shop)).status_code == 404
    assert merchant.get(reverse("payments:transaction", args=[shop.site_id, uuid.uuid4()])).status_code == 404


def test_the_pages_only_read(merchant, shop):
    for url in urls_of(shop):
        assert merchant.post(url).status_code == 405


# --- The list --------------------------------------------------------------------------------------------------
def test_an_empty_list_says_what_to_do_next(merchant, shop):
    assert "Aucun paiement de TEST pour l’instant" in text_of(merchant.get(list_url(shop)))
    assert "Aucun paiement de PRODUCTION" in text_of(merchant.get(list_url(shop, "?mode=PRODUCTION")))


def test_the_list_shows_each_payment_with_its_status_and_whether_the_shop_was_told(merchant, shop, now):
    accepted = TransactionFactory(shop=shop)
    NotificationFactory(
        transaction=accepted,
        state=NotificationState.DELIVERED,
        due_at=None,
        created_at=now,
        delivered_at=now + timedelta(milliseconds=240),
    )
    refused = TransactionFactory(shop=shop, refused=True)
    NotificationFactory(transaction=refused, attempts_made=3, last_outcome=AttemptOutcome.HTTP_ERROR)
    NotificationFactory(transaction=TransactionFactory(shop=shop), state=NotificationState.NO_URL, due_at=None)

    page = merchant.get(list_url(shop))

    text = text_of(page)
    for words in (accepted.order_id, "CB ···· 0014", "En attente de remise", "en 0,2 s", "64,90 €"):
        assert words in text
    for words in ("Refusé", "CB ···· 0071", "3 essais manqués", "URL non définie"):
        assert words in text
    assert 'data-label="Montant"' in page.content.decode()


def test_each_mode_has_its_own_list(merchant, shop):
    test = TransactionFactory(shop=shop)
    live = TransactionFactory(shop=shop, mode="PRODUCTION")

    for query, shown, hidden in (
        ("", test, live),
        ("?mode=TEST", test, live),
        ("?mode=PRODUCTION", live, test),
        ("?mode=AUTRE", test, live),
    ):
        text = text_of(merchant.get(list_url(shop, query)))
        assert shown.order_id in text
        assert hidden.order_id not in text


def orders_on(page):
    return re.findall(r">(CMD-[0-9]{6})<", page.content.decode())


def link(page, words):
    found = re.search(rf'<a class="btn[^"]*" href="([^"]+)"[^>]*>(?:(?!</a>).)*{words}', page.content.decode(), re.S)
    return html.unescape(found[1]) if found else None


def test_the_list_is_read_fifty_at_a_time_newest_first_both_ways(merchant, shop, now):
    # Every third payment shares its moment with the one before: the order stays total.
    payments = [
        TransactionFactory(shop=shop, created_at=now - timedelta(minutes=number - number % 3)) for number in range(120)
    ]
    newest_first = [one.order_id for one in sorted(payments, key=lambda one: (one.created_at, one.pk), reverse=True)]
    url = list_url(shop)

    first = merchant.get(url)
    second = merchant.get(url + link(first, "Plus anciennes"))
    third = merchant.get(url + link(second, "Plus anciennes"))

    assert [*orders_on(first), *orders_on(second), *orders_on(third)] == newest_first
    assert (len(orders_on(first)), len(orders_on(third))) == (50, 20)
    assert link(first, "Plus récentes") is None
    assert link(third, "Plus anciennes") is None
    back = merchant.get(url + link(third, "Plus récentes"))
    assert orders_on(back) == orders_on(second)
    assert orders_on(merchant.get(url + link(back, "Plus récentes"))) == orders_on(first)


@pytest.mark.parametrize("value", ["x", "1", "00000000-0000-4000-8000-000000000000", "%00", "' or 1=1"])
def test_http_02_a_hostile_cursor_shows_the_newest_page(merchant, shop, value):
    payment = TransactionFactory(shop=shop)
    for name in ("avant", "apres"):
        page = merchant.get(list_url(shop), {name: value})
        assert page.status_code == 200
        assert payment.order_id in text_of(page)


def test_the_pages_stay_within_ten_queries(merchant, shop, django_assert_max_num_queries):
    for _ in range(60):
        NotificationFactory(transaction=TransactionFactory(shop=shop))
    page = merchant.get(list_url(shop))
    url = list_url(shop) + link(page, "Plus anciennes")
    with django_assert_max_num_queries(10):
        assert merchant.get(url).status_code == 200
    with django_assert_max_num_queries(10):
        merchant.get(detail_url(TransactionFactory(shop=shop)))


def test_no_integer_key_leaves_the_server(merchant, shop):
    payment = TransactionFactory(shop=shop, pk=987654321)
    pages = merchant.get(list_url(shop)).content + merchant.get(detail_url(payment)).content
    assert b"987654321" not in pages


# --- One payment -----------------------------------------------------------------------------------------------
def test_a_payment_is_told_with_its_codes_in_words_and_each_call(merchant, shop, now):
    payment = TransactionFactory(shop=shop, refused=True)
    notification = NotificationFactory(transaction=payment, attempts_made=2, due_at=now + timedelta(minutes=12))
    NotificationAttempt.objects.create(
        notification=notification,
        number=1,
        at=now - timedelta(minutes=20),
        url="https://boutique.example/ipn",
        outcome=AttemptOutcome.HTTP_ERROR,
        http_status=500,
        duration_ms=1240,
        excerpt="<h1>Fatal error</h1>",
    )
    NotificationAttempt.objects.create(
        notification=notification,
        number=2,
        at=now - timedelta(minutes=5),
        url="https://boutique.example/ipn",
        outcome=AttemptOutcome.REDIRECTED,
        http_status=301,
        duration_ms=80,
        location="https://www.boutique.example/ipn",
    )

    page = merchant.get(detail_url(payment))

    text = text_of(page)
    for words in (
        payment.trans_uuid,
        payment.order_id,
        "497010XXXXXX0071",
        "05 : Paiement refusé",
        "51 : Provision insuffisante ou plafond dépassé",
        "Acheteur authentifié",
        "Appel 1 : Refusé par la boutique (HTTP 500), en 1,2 s",
        "Appel 2 : Redirigé (HTTP 301), en moins de 0,1 s",
        "https://www.boutique.example/ipn",
        "Une redirection n’est jamais suivie",
        "Prochain appel",
        "vads_trans_status=REFUSED",
    ):
        assert words in text, words
    assert "<h1>Fatal error</h1>" not in page.content.decode()
    assert "&lt;h1&gt;Fatal error" in page.content.decode()
    assert wire.TEST_CERTIFICATE not in page.content.decode()


def test_each_code_of_a_payment_leads_to_what_the_help_says_of_it(merchant, shop):
    page = merchant.get(detail_url(TransactionFactory(shop=shop, refused=True))).content.decode()
    help_page = merchant.get("/faq/codes-erreur/").content.decode()
    anchors = re.findall(r'href="/faq/codes-erreur/#((?:resultat|banque)-\w+)"', page)
    assert anchors == ["resultat-05", "banque-51"]
    assert all(f'id="{anchor}"' in help_page for anchor in anchors)


def test_ssrf_13_a_refused_address_and_a_closed_port_read_the_same(merchant, shop, now):
    texts = []
    for outcome in (AttemptOutcome.REFUSED_ADDRESS, AttemptOutcome.UNREACHABLE):
        notification = NotificationFactory(transaction=TransactionFactory(shop=shop), due_at=now)
        NotificationAttempt.objects.create(
            notification=notification, number=1, at=now, outcome=outcome, duration_ms=0, url="http://10.0.0.1/"
        )
        text = text_of(merchant.get(detail_url(notification.transaction)))
        texts.append(re.search(r"Appel 1 : .*? Champs envoyés", text)[0])
    assert texts[0] == texts[1]


def test_a_payment_without_url_says_where_to_set_it(merchant, shop):
    payment = TransactionFactory(shop=shop)
    NotificationFactory(transaction=payment, state=NotificationState.NO_URL, due_at=None)
    page = merchant.get(detail_url(payment))
    assert "Aucune URL serveur TEST n’était enregistrée" in text_of(page)
    assert reverse("shops:server_url", args=[shop.site_id]) in page.content.decode()


def test_a_notification_given_up_says_that_no_call_follows(merchant, shop):
    payment = TransactionFactory(shop=shop)
    NotificationFactory(transaction=payment, state=NotificationState.EXHAUSTED, due_at=None)
    assert "Plus aucun appel ne sera fait" in text_of(merchant.get(detail_url(payment)))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(590, ""), (-590, ""), (660, "avançait de 11 min"), (5400, "avançait de 1 h 30"), (-7200, "retardait de 2 h")],
)
def test_pay_07_a_clock_more_than_ten_minutes_off_is_said_with_its_drift(merchant, shop, seconds, said):
    payment = TransactionFactory(shop=shop)
    payment.session.drift_seconds = seconds
    payment.session.save()
    text = text_of(merchant.get(detail_url(payment)))
    assert ("L’horloge de votre boutique est décalée" in text) == bool(said)
    assert (f"Elle {said} sur l’heure UTC" in text.replace("\N{NO-BREAK SPACE}", " ")) == bool(said)


def test_a_whole_payment_shows_up_in_the_list_and_in_its_story(client, open_page, pay, run_jobs, settings):
    with receiving(answer="KO-stock") as receiver:
        settings.OUTBOUND_ALLOW_LIST = [receiver.authority]
        shop = shop_ready(url=receiver.url)
        session = open_page(shop)
        pay(session, LIMIT_EXCEEDED)
        run_jobs()
    client.force_login(member_of(shop))

    page = client.get(list_url(shop))
    assert "Refusé" in text_of(page)
    assert re.search(r"en (moins de )?0,\d s", text_of(page).replace("\u00a0", " "))
    story = text_of(client.get(detail_url(session.transaction)))
    assert "Appel 1 : Acquitté (HTTP 200)" in story
    assert "KO-stock" in story
