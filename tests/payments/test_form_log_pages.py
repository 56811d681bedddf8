"""The merchant's list of refused forms and the page of one: who sees what, how it is found, what it says."""

import html
import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from payments.enums import FormVerdict
from payments.forgetting import forget_logged_forms
from payments.form.masking import REMOVED
from payments.form.slips import Slip
from payments.models import LoggedForm
from shops.enums import Mode
from tests.accounts.factories import UserFactory
from tests.payments import wire
from tests.payments.factories import LoggedFormFactory, go_live, shop_ready
from tests.payments.reading import text_of
from tests.shops.factories import member_of

pytestmark = pytest.mark.django_db


def list_url(shop, query=""):
    return reverse("payments:refused_forms", args=[shop.site_id]) + query


def detail_url(logged, shop=None):
    return reverse("payments:refused_form", args=[(shop or logged.shop).site_id, logged.public_id])


@pytest.fixture
def merchant(client, shop):
    client.force_login(member_of(shop))
    return client


def orders_on(page):
    return re.findall(r">(CMD-[0-9]{6})<", page.content.decode())


# --- Who may look ----------------------------------------------------------------------------------------------
def urls_of(shop):
    return [list_url(shop), detail_url(LoggedFormFactory(shop=shop))]


def test_an_anonymous_person_is_led_to_the_sign_in_page(client, shop):
    for url in urls_of(shop):
        assert client.get(url).url.startswith(reverse("accounts:sign_in"))


def test_an_advisor_gets_the_page_of_nothing(client, shop):
    client.force_login(UserFactory(active=True, advisor=True))
    assert [client.get(url).status_code for url in urls_of(shop)] == [404, 404]


def test_authz_02_somebody_elses_forms_do_not_exist(merchant, shop):
    theirs = LoggedFormFactory(shop=shop_ready())
    urls = [list_url(theirs.shop), detail_url(theirs), detail_url(theirs, shop=shop)]
    urls.append(reverse("payments:refused_form", args=[shop.site_id, uuid.uuid4()]))
    assert [merchant.get(url).status_code for url in urls] == [404] * 4


def test_authz_03_an_integrator_sees_test_alone_and_what_says_no_mode(client, shop):
    client.force_login(member_of(shop, role=Role.INTEGRATOR))
    test, blank, live = (LoggedFormFactory(shop=shop, mode=mode) for mode in ("TEST", "", "PRODUCTION"))

    for query in ("", "?mode=PRODUCTION", "?mode=TEST"):
        page = client.get(list_url(shop, query))
        assert sorted(orders_on(page)) == sorted([test.order_id, blank.order_id])
        assert 'name="mode"' not in page.content.decode()
    assert [client.get(detail_url(one)).status_code for one in (test, blank, live)] == [200, 200, 404]


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.READER])
def test_everybody_else_of_the_company_reads_both_modes_and_only_reads(client, shop, role):
    client.force_login(member_of(shop, role=role))
    live = LoggedFormFactory(shop=shop, mode="PRODUCTION")
    assert orders_on(client.get(list_url(shop))) == [live.order_id]
    assert client.get(detail_url(live)).status_code == 200
    assert [client.post(url).status_code for url in urls_of(shop)] == [405, 405]


# --- The list --------------------------------------------------------------------------------------------------
def test_an_empty_list_says_what_to_do(merchant, shop):
    text = text_of(merchant.get(list_url(shop)))
    assert "Aucun formulaire refusé : tout ce que votre boutique envoie est accepté" in text
    assert "Aucun formulaire ne correspond à ces filtres" in text_of(merchant.get(list_url(shop, "?recherche=x")))


def test_the_list_says_what_happened_in_words_the_field_the_order_and_the_module(merchant, shop):
    LoggedFormFactory(shop=shop, order_id="", others=1240)
    LoggedFormFactory(
        shop=shop, code="00", field="signature", diagnosis=Slip.OTHER_ALGORITHM, contrib="", mode="", order_id="CMD-7"
    )
    LoggedFormFactory(shop=shop, warned=True)

    text = text_of(merchant.get(list_url(shop)))

    for words in (
        "04 La date est mal formée ou trop éloignée de l’heure actuelle",
        "vads_trans_date",
        "000042",
        "Boutique 3.1",
        "et 1 240 autres dans la même heure",
        "00 La signature ne correspond pas aux champs reçus",
        Slip.OTHER_ALGORITHM.label,
        "CMD-7",
        "Illisible",
        "Non indiqué",
        "04 L’horloge de la boutique est décalée",
        "Accepté",
    ):
        assert words in text, words


def link(page, words):
    found = re.search(rf'<a class="btn[^"]*" href="([^"]+)"[^>]*>(?:(?!</a>).)*{words}', page.content.decode(), re.S)
    return html.unescape(found[1]) if found else None


def test_the_list_is_read_fifty_at_a_time_newest_first_both_ways_within_its_filters(merchant, shop, now):
    forms = [
        LoggedFormFactory(shop=shop, received_at=now - timedelta(minutes=number - number % 3)) for number in range(60)
    ]
    LoggedFormFactory(shop=shop, mode="PRODUCTION", received_at=now)
    newest_first = [one.order_id for one in sorted(forms, key=lambda one: (one.received_at, one.pk), reverse=True)]
    url = list_url(shop)

    first = merchant.get(f"{url}?mode=TEST")
    second = merchant.get(url + link(first, "Plus anciennes"))

    assert [*orders_on(first), *orders_on(second)] == newest_first
    assert len(orders_on(first)) == 50
    assert link(second, "Plus anciennes") is None
    assert orders_on(merchant.get(url + link(second, "Plus récentes"))) == orders_on(first)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("3", {"three", "order 3"}),
        ("03", {"three"}),
        ("003", {"three"}),
        ("999", {"card"}),
        ("cmd-a", {"a1", "a2"}),
        ("CMD-A1", {"a1"}),
        (" CMD - A1 ", {"a1"}),
        ("MD-A1", set()),
        ("zz9", {"card"}),
        ("vads_trans_id", {"three"}),
        ("trans_i", {"three"}),
        ("signature", {"a2"}),
        ("%", set()),
        ("_", set()),
        ("é", set()),
        ("'; --", set()),
        ("", {"three", "order 3", "card", "a1", "a2"}),
    ],
)
def test_one_box_finds_an_order_a_transaction_a_code_or_a_field(merchant, shop, typed, found):
    rows = {
        "three": LoggedFormFactory(shop=shop, code="03", field="vads_trans_id"),
        "order 3": LoggedFormFactory(shop=shop, order_id="3"),
        "card": LoggedFormFactory(shop=shop, code="999", field="vads_cust_name", trans_id="ZZ9999"),
        "a1": LoggedFormFactory(shop=shop, order_id="CMD-A1"),
        "a2": LoggedFormFactory(shop=shop, order_id="cmd-a2", code="00", field="signature"),
    }
    page = merchant.get(list_url(shop), {"recherche": typed}).content.decode()
    assert {name for name, row in rows.items() if str(row.public_id) in page} == found


def test_a_period_a_verdict_and_a_mode_narrow_the_list_and_show_as_chips(merchant, shop, now):
    old = LoggedFormFactory(shop=shop, received_at=datetime.fromisoformat("2026-03-03T12:00:00+01:00"))
    warned = LoggedFormFactory(shop=shop, warned=True)
    live = LoggedFormFactory(shop=shop, mode="PRODUCTION")

    def shown(query):
        return set(orders_on(merchant.get(list_url(shop, query))))

    assert shown("?du=2026-03-03&au=2026-03-03") == {old.order_id}
    assert shown("?du=2026-03-04") == {warned.order_id, live.order_id}
    assert shown("?verdict=warned") == {warned.order_id}
    assert shown("?mode=PRODUCTION") == {live.order_id}
    page = merchant.get(list_url(shop, "?verdict=refused&mode=TEST&du=2026-03-03&recherche=cmd"))
    assert orders_on(page) == [old.order_id]
    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+)<', page.content.decode())
    assert [html.unescape(words).replace("\N{NO-BREAK SPACE}", " ") for _, words in chips] == [
        "« cmd »",
        "Depuis le 3 mars 2026",
        "Refusé",
        "Mode TEST",
    ]
    # Each chip leads to the list without itself.
    assert html.unescape(chips[2][0]) == "?recherche=cmd&du=2026-03-03&mode=TEST"


@pytest.mark.parametrize(
    "query",
    [
        "?du=9999-99-99",
        "?du=0001-01-01",
        "?au=2026-01-01&du=2026-02-01",
        "?verdict=x",
        "?mode=x",
        "?recherche=" + "x" * 500,
        "?recherche=%00",
        "?avant=x",
        "?apres=' or 1=1",
        "?avant=00000000-0000-4000-8000-000000000000",
    ],
)
def test_http_02_hostile_filters_are_refused_in_words_and_break_nothing(merchant, shop, query):
    LoggedFormFactory(shop=shop)
    page = merchant.get(list_url(shop, query))
    assert page.status_code == 200
    is_cursor = "avant" in query or "apres" in query
    assert ("form-errors" in page.content.decode() or "is-invalid" in page.content.decode()) != is_cursor


def test_the_pages_stay_within_ten_queries(merchant, shop, django_assert_max_num_queries):
    for _ in range(60):
        LoggedFormFactory(shop=shop)
    url = list_url(shop) + link(merchant.get(list_url(shop)), "Plus anciennes")
    with django_assert_max_num_queries(10):
        merchant.get(url)
    with django_assert_max_num_queries(10):
        merchant.get(detail_url(LoggedFormFactory(shop=shop)))


def test_the_list_does_not_read_what_the_forms_held(merchant, shop):
    LoggedFormFactory.create_batch(3, shop=shop)
    with CaptureQueriesContext(connection) as asked:
        merchant.get(list_url(shop))
    lists = [query["sql"] for query in asked if "payments_loggedform" in query["sql"]]
    assert lists
    assert not [sql for sql in lists if '"payments_loggedform"."fields"' in sql]


def test_no_integer_key_leaves_the_server(merchant, shop):
    logged = LoggedFormFactory(shop=shop, pk=987654321)
    assert b"987654321" not in merchant.get(list_url(shop)).content + merchant.get(detail_url(logged)).content


# --- One form --------------------------------------------------------------------------------------------------
def test_a_form_is_told_with_its_faults_what_to_do_its_clock_and_its_fields_in_the_signed_order(merchant, shop):
    form = wire.fields(shop, order_info=" a\r\nb", cust_zip="", amount="0", ext_info_Z="<b>")
    logged = LoggedFormFactory(
        shop=shop,
        code="09",
        field="vads_amount",
        faults=[
            {"code": "09", "field": "vads_amount", "reason": "La valeur n’a pas la forme attendue."},
            {"code": "14", "field": "vads_order_info", "reason": "La valeur contient un caractère interdit."},
        ],
        fields=form,
        signature="a" * 40,
        drift_seconds=-3720,
    )

    page = merchant.get(detail_url(logged))

    text = text_of(page)
    for words in (
        "L’acheteur n’a pas pu payer",
        "Le montant est absent ou mal formé",
        "La valeur n’a pas la forme attendue.",
        "La valeur contient un caractère interdit.",
        "Attendu nombre entier positif",
        "L’horloge de la boutique retarde de 1 h 02.",
        "Boutique 3.1",
        "a" * 40,
        "·a[CR][LF]b",
        "vide",
    ):
        assert words in text, words
    body = page.content.decode()
    assert "&lt;b&gt;" in body
    assert "<b>" not in body
    assert 'href="/faq/codes-erreur/#erreur-09"' in body
    names = re.findall(r"<dt>(vads_\w+)</dt>", body)
    assert names == sorted(form)
    assert [name for name in names if re.search(rf"<dt>{name}</dt>\s*<dd><span class=\"badge", body)] == [
        "vads_amount",
        "vads_order_info",
    ]
    assert "L’ordre des champs à signer" not in text


def test_a_wrong_signature_shows_its_cause_and_the_order_of_the_fields_and_never_a_secret(merchant, post_form, shop):
    go_live(shop)
    form = wire.fields(shop)
    post_form(wire.signed(form, wire.PRODUCTION_CERTIFICATE))

    page = merchant.get(detail_url(LoggedForm.objects.get()))

    text = text_of(page)
    assert Slip.OTHER_MODE.label in text
    assert Slip.OTHER_MODE.advice.replace("\N{NO-BREAK SPACE}", " ") in text
    assert "vads_action_mode + vads_amount + vads_ctx_mode" in text
    assert "vads_version + certificat TEST" in text
    for key in (wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE):
        assert key not in page.content.decode()
    expected = [wire.signature(form, wire.TEST_CERTIFICATE, one) for one in ("SHA-1", "HMAC-SHA-256")]
    assert not [one for one in expected if one in html.unescape(page.content.decode())]


def test_an_accepted_form_says_that_the_buyer_could_pay(merchant, shop):
    text = text_of(merchant.get(detail_url(LoggedFormFactory(shop=shop, warned=True))))
    assert "L’acheteur a pu payer, mais il y a quelque chose à corriger" in text
    assert "L’horloge de la boutique avance de 1 h 02." in text


def test_a_clock_that_is_right_is_said_so_and_an_unreadable_date_says_nothing(merchant, shop):
    right = text_of(merchant.get(detail_url(LoggedFormFactory(shop=shop, drift_seconds=-12))))
    assert "L’horloge de la boutique est à l’heure, à 12 s près." in right
    assert "L’horloge" not in text_of(merchant.get(detail_url(LoggedFormFactory(shop=shop))))


def test_what_was_not_kept_is_said(merchant, shop):
    text = text_of(merchant.get(detail_url(LoggedFormFactory(shop=shop, others=2, is_cut=True, fields={}, mode=""))))
    assert "2 autres dans la même heure. Corrigez d’abord" in text
    stranger = LoggedFormFactory(shop=shop, others=1240, is_proven=False)
    assert "1 240 autres dans la même heure. Si vos acheteurs paient" in text_of(merchant.get(detail_url(stranger)))
    assert "ce qui était trop long est coupé" in text
    assert "Aucun champ lisible" in text


def test_pay_09_a_card_typed_in_a_text_is_shown_as_removed(merchant, post_form, shop):
    post_form(wire.form_of(shop, order_info="carte 4970 1000 0000 0014"))
    text = text_of(merchant.get(detail_url(LoggedForm.objects.get())))
    assert f"carte {REMOVED}" in text
    assert "4970" not in text


def test_a_form_refused_on_the_page_is_found_by_its_webmaster(client, post_form, shop):
    page = post_form(wire.form_of(shop, amount="0")).content.decode()
    url = re.search(r'href="(/boutiques/[^"]+)"', page)[1]
    client.force_login(member_of(shop, role=Role.INTEGRATOR))
    assert "Le montant est absent ou mal formé" in text_of(client.get(url))


# --- Forgetting ------------------------------------------------------------------------------------------------
def test_forms_are_forgotten_after_the_buyers_term_and_not_before(shop, now):
    limit = settings.RETENTION.buyers.before(now)
    kept = LoggedFormFactory(shop=shop, received_at=limit + timedelta(minutes=1))
    LoggedFormFactory(shop=shop, received_at=limit - timedelta(minutes=1), verdict=FormVerdict.REFUSED, mode=Mode.TEST)

    assert forget_logged_forms(now=now) == 1

    assert LoggedForm.objects.get() == kept
