"""The sample shop, as a stranger to the platform: its own signature, its own process, its own memory."""

import asyncio
import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from backoffice.core import outbound
from backoffice.demo.authority import ensure_papers
from backoffice.demo.sample_shop.registration import Registration
from backoffice.demo.sample_shop.signature import HMAC_SHA256, SHA1, is_signed, sign
from backoffice.vads import fields as wire
from backoffice.vads import moments
from backoffice.vads import signature as platform_signature

ROOT = Path(__file__).resolve().parents[2]
HOST = "fromagerie.example"
TEST_KEY, PRODUCTION_KEY = "1122334455667788", "AbCdEfGh12345678"
VECTORS = json.loads((ROOT / "tests" / "data" / "vectors.json").read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_shop_signs_the_golden_vectors_with_its_own_code(vector):
    # The one refused vector was signed without its empty fields.
    signs_alike = not vector.get("refused", False)
    assert (sign(vector["fields"], vector["key"], SHA1) == vector["sha1"]) is signs_alike
    assert (sign(vector["fields"], vector["key"], HMAC_SHA256) == vector["hmac_sha256"]) is signs_alike


def test_the_shop_refuses_a_signature_with_one_bit_changed_or_no_certificate():
    fields = {"vads_order_id": "CMD-0001", "vads_amount": "1990", "vads_cust_last_name": "Lefèvre"}
    for algorithm in (SHA1, HMAC_SHA256):
        signed = fields | {"signature": sign(fields, TEST_KEY, algorithm)}
        assert is_signed(signed, TEST_KEY, algorithm)
        assert is_signed(signed | {"other": "ignored"}, TEST_KEY, algorithm)
        for name in fields:
            assert not is_signed(signed | {name: signed[name] + "x"}, TEST_KEY, algorithm)
        assert not is_signed(signed | {"vads_extra": ""}, TEST_KEY, algorithm)
        assert not is_signed(signed | {"signature": "é"}, TEST_KEY, algorithm)
        assert not is_signed(fields, TEST_KEY, algorithm)
        empty = fields | {"signature": sign(fields, "", algorithm)}
        assert not is_signed(empty, "", algorithm)


def test_the_shop_shares_no_code_with_the_platform():
    program = (
        "import sys, backoffice.demo.sample_shop.__main__;"
        "found = [name for name in sys.modules if name.partition('.')[0] in {'django', 'aiohttp', 'payments'}"
        " or name.startswith(('backoffice.vads', 'backoffice.core'))]; assert not found, found"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


class RunningShop:
    """A shop in its own process; `get` and `post` speak to it as a browser or the platform would."""

    def __init__(self, folder):
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.papers = ensure_papers(folder / "autorite", host=HOST, now=timezone.now())
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "backoffice.demo.sample_shop", "--port", str(self.port),
                "--tls-port", str(self.tls_port), "--certificate", str(self.papers.certificate),
                "--key", str(self.papers.key), "--platform", "http://127.0.0.1:8000",
                "--data", str(self.folder / "data"),
            ],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", self.tls_port)) == 0:
                    return self
            time.sleep(0.05)
        pytest.fail("the shop does not start")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(5)

    def get(self, path):
        return self._ask("GET", path, None, {})

    def post(self, path, fields, *, secure=False, origin=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        return self._ask(
            "POST", path, urlencode(fields), headers | ({"Origin": origin} if origin else {}), secure=secure
        )

    def _ask(self, method, path, body, headers, *, secure=False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        if secure:
            context = ssl.create_default_context(cafile=self.papers.authority)
            plain = socket.create_connection(("127.0.0.1", self.tls_port), timeout=10)
            connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()

    def state(self):
        return json.loads(self.get("/commandes.json")[1])

    def settings(self):
        kept = json.loads((self.folder / "data" / "reglages.json").read_text(encoding="utf-8"))
        return asdict(Registration()) | kept

    def save_settings(self, **changes):
        return self.post("/reglages", self.settings() | changes, origin=f"http://127.0.0.1:{self.port}")

    def order(self):
        buyer = {"first_name": "Zoé", "last_name": "Lefèvre-Ñandú", "email": "zoe@example.org"}
        status, _, headers = self.post("/commandes", {"beaufort": "1", "tomme": "2"} | buyer)
        assert status == 303
        return headers["Location"].rpartition("/")[2]

    def form(self, reference):
        reader = HiddenFields()
        reader.feed(self.get(f"/commandes/{reference}")[1])
        return reader.fields


class HiddenFields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found["value"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    running = RunningShop(tmp_path_factory.mktemp("boutique")).start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _first_settings(request):
    """Each test that asks for the shop finds the settings it began with."""
    if "shop" in request.fixturenames:
        (request.getfixturevalue("shop").folder / "data" / "reglages.json").write_text("{}", encoding="utf-8")


def notification(form, *, status="AUTHORISED", key=TEST_KEY, algorithm="HMAC-SHA-256", **changes):
    """What the platform would send for this form, signed by the platform's own code."""
    sent = {name: value for name, value in form.items() if name != "signature"}
    sent |= {"vads_trans_status": status, "vads_operation_type": "DEBIT", "vads_url_check_src": "PAY"}
    sent |= {"vads_trans_uuid": "0123456789abcdef0123456789abcdef", "vads_hash": "0" * 64} | changes
    return sent | {"signature": platform_signature.sign(sent, key, platform_signature.Algorithm(algorithm))}


def unsigned(sent):
    """The same, signed with the empty certificate of a mode that was never set up."""
    return sent | {"signature": sign(sent, "", HMAC_SHA256)}


def returned(form, status="AUTHORISED"):
    sent = notification(form, status=status)
    for name in ("vads_hash", "vads_url_check_src", "signature"):
        del sent[name]
    return sent | {"signature": platform_signature.sign(sent, TEST_KEY, platform_signature.Algorithm.HMAC_SHA256)}


def test_the_form_is_one_the_platform_accepts(shop):
    form = shop.form(shop.order())
    assert form["vads_amount"] == str(1250 + 2 * 760)
    assert form["vads_cust_last_name"] == "Lefèvre-Ñandú"
    assert form["vads_return_mode"] == "GET"
    assert form["vads_url_return"] == f"http://127.0.0.1:{shop.port}/retour"
    assert wire.check({name: value for name, value in form.items() if name != "signature"}) == []
    assert platform_signature.is_valid(form, form["signature"], TEST_KEY, platform_signature.Algorithm.HMAC_SHA256)
    page = shop.get(f"/commandes/{form['vads_order_id']}")[1]
    assert 'action="http://127.0.0.1:8000/vads-payment/"' in page
    assert re.search(r"<button[^>]*>Payer</button>", page)


def test_the_form_says_what_the_settings_ask_of_the_payment_page(shop):
    shop.save_settings(redirect_timeout="15", language="de", capture_delay="4", instalments="3", return_mode="POST")
    form = shop.form(shop.order())
    assert form["vads_redirect_success_timeout"] == form["vads_redirect_error_timeout"] == "15"
    assert (form["vads_language"], form["vads_capture_delay"], form["vads_return_mode"]) == ("de", "4", "POST")
    # 27,70 € in three: the cents that do not divide go first.
    assert form["vads_payment_config"] == "MULTI:first=924;count=3;period=30"
    assert wire.check({name: value for name, value in form.items() if name != "signature"}) == []
    page = shop.get("/reglages")[1]
    for words in ('value="15"', 'value="4"', '<option value="de" selected>Allemand', "En trois fois"):
        assert words in page


def test_what_is_left_empty_is_left_to_the_page_and_to_the_shop_s_settings_there(shop):
    shop.save_settings(redirect_timeout="", language="", capture_delay="")
    form = shop.form(shop.order())
    for name in ("redirect_success_timeout", "language", "capture_delay", "validation_mode"):
        assert form[f"vads_{name}"] == ""
    assert form["vads_payment_config"] == "SINGLE"
    assert wire.check({name: value for name, value in form.items() if name != "signature"}) == []


def test_a_wrong_signature_can_be_played(shop):
    shop.save_settings(mistake="wrong_signature")
    form = shop.form(shop.order())
    assert not platform_signature.is_valid(form, form["signature"], TEST_KEY, platform_signature.Algorithm.HMAC_SHA256)
    shop.save_settings(mistake="right")
    form = shop.form(shop.order())
    assert platform_signature.is_valid(form, form["signature"], TEST_KEY, platform_signature.Algorithm.HMAC_SHA256)


def test_a_clock_of_paris_can_be_played(shop):
    shop.save_settings(mistake="local_time")
    form = shop.form(shop.order())
    drift = moments.drift(form["vads_trans_date"], now=timezone.now()).total_seconds() / 3600
    assert round(drift) in {1, 2}
    assert platform_signature.is_valid(form, form["signature"], TEST_KEY, platform_signature.Algorithm.HMAC_SHA256)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"redirect_timeout": "601"}, "0 à 600 secondes"),
        ({"redirect_timeout": "-1"}, "0 à 600 secondes"),
        ({"capture_delay": "366"}, "0 à 365 jours"),
        ({"language": "xx"}, "Un choix de la page n’existe pas"),
        ({"instalments": "4"}, "Un choix de la page n’existe pas"),
        ({"mistake": "autre"}, "Un choix de la page n’existe pas"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(shop, wrong, words):
    status, page, _ = shop.save_settings(**wrong)
    assert status == 400
    assert words in page


def test_each_display_of_the_form_has_a_new_transaction_number(shop):
    reference = shop.order()
    numbers = {shop.form(reference)["vads_trans_id"] for _ in range(3)}
    assert len(numbers) == 3
    assert all(re.fullmatch("[a-z][a-z0-9]{5}", number) for number in numbers)


def test_a_notification_alone_marks_the_order_paid_without_the_buyers_return(shop):
    reference = shop.order()
    status, text, _ = shop.post("/notification", notification(shop.form(reference)))
    assert (status, text) == (200, f"OK - commande {reference} payée.")
    assert "Payée (confirmée par notification, sans le retour de l’acheteur)" in shop.get("/commandes")[1]
    assert "Payer" not in re.findall(r"<button[^>]*>(.*?)</button>", shop.get(f"/commandes/{reference}")[1])


def test_the_return_repeats_what_the_notification_told_and_decides_nothing(shop):
    reference = shop.order()
    form = shop.form(reference)
    before = shop.get("/retour?" + urlencode(returned(form)))[1]
    assert "Nous attendons la confirmation de la banque" in before
    assert "l’URL serveur de ce mode est-elle saisie" in before
    assert shop.state()["orders"][0]["state"] == "waiting"
    shop.post("/notification", notification(form))
    after = shop.post("/retour", returned(form))[1]
    assert "Votre paiement est confirmé" in after
    assert "Payée (confirmée par notification)" in after
    assert shop.state()["orders"][0]["has_returned"]


def test_a_return_that_is_not_signed_changes_nothing(shop):
    reference = shop.order()
    forged = returned(shop.form(reference)) | {"vads_amount": "1"}
    for page in (shop.get("/retour?" + urlencode(forged))[1], shop.get("/retour")[1]):
        assert "n’est pas signé" in page
    assert not shop.state()["orders"][0]["has_returned"]


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        ("REFUSED", "refused", "Paiement refusé (confirmé par notification)"),
        ("ABANDONED", "abandoned", "Paiement abandonné (confirmé par notification)"),
        ("CAPTURED", "paid", "Payée"),
    ],
)
def test_the_order_follows_the_status_of_the_notification(shop, status, state, words):
    reference = shop.order()
    assert shop.post("/notification", notification(shop.form(reference), status=status))[0] == 200
    assert shop.state()["orders"][0]["state"] == state
    assert words in shop.get(f"/commandes/{reference}")[1]


def test_a_paid_order_stays_paid_when_an_older_refusal_arrives_late(shop):
    form = shop.form(shop.order())
    shop.post("/notification", notification(form))
    assert shop.post("/notification", notification(form, status="REFUSED"))[0] == 200
    assert shop.state()["orders"][0]["state"] == "paid"


@pytest.mark.parametrize(
    "forge",
    [
        lambda form: notification(form) | {"vads_amount": "1"},
        lambda form: notification(form) | {"vads_extra": "x"},
        lambda form: notification(form, key=PRODUCTION_KEY),
        lambda form: notification(form, algorithm="SHA-1"),
        lambda form: notification(form, vads_amount="1"),
        lambda form: notification(form, vads_site_id="87654321"),
        lambda form: notification(form, vads_ctx_mode="PRODUCTION"),
        lambda form: unsigned(notification(form, vads_ctx_mode="PRODUCTION")),
        lambda form: notification(form) | {"signature": ""},
    ],
)
def test_a_notification_that_is_not_exactly_right_pays_nothing(shop, forge):
    form = shop.form(shop.order())
    status, text, _ = shop.post("/notification", forge(form))
    assert status == 400
    assert text.startswith("KO")
    assert shop.state()["orders"][0]["state"] == "waiting"


def test_an_unknown_order_a_field_given_twice_and_a_huge_body_are_refused(shop):
    form = shop.form(shop.order())
    assert shop.post("/notification", notification(form, vads_order_id="CMD-9999"))[0] == 404
    assert shop.post("/notification", [*notification(form).items(), ("vads_amount", "1")])[0] == 400
    assert shop.post("/notification", {"vads_x": "x" * 300_001})[0] == 400
    assert shop.state()["orders"][0]["state"] == "waiting"


def test_production_needs_its_own_certificate_and_arrives_over_https(shop):
    shop.save_settings(mode="PRODUCTION")
    reference = shop.order()
    page = shop.get(f"/commandes/{reference}")[1]
    assert "Boutique en mode PRODUCTION" in page
    assert "Le certificat de ce mode n’est pas encore saisi" in page
    shop.save_settings(mode="PRODUCTION", production_certificate=f" {PRODUCTION_KEY} ", production_algorithm="SHA-1")
    form = shop.form(reference)
    assert form["vads_ctx_mode"] == "PRODUCTION"
    assert platform_signature.is_valid(form, form["signature"], PRODUCTION_KEY, platform_signature.Algorithm.SHA1)
    sent = notification(form, key=PRODUCTION_KEY, algorithm="SHA-1")
    assert shop.post("/notification", sent, secure=True)[0] == 200
    assert shop.state()["orders"][0]["state"] == "paid"


@pytest.mark.asyncio
async def test_the_guard_reaches_the_shop_by_its_name_with_its_authority(shop, settings):
    settings.OUTBOUND_ALLOW_LIST = [f"{HOST}:{shop.tls_port}"]
    settings.OUTBOUND_RESOLVER = {HOST: "127.0.0.1"}
    settings.OUTBOUND_EXTRA_AUTHORITY = str(shop.papers.authority)
    await asyncio.to_thread(shop.save_settings, mode="PRODUCTION", production_certificate=PRODUCTION_KEY)
    reference = await asyncio.to_thread(shop.order)
    sent = notification(await asyncio.to_thread(shop.form, reference), key=PRODUCTION_KEY)
    outcome = await outbound.post(
        f"https://{HOST}:{shop.tls_port}/notification",
        body=urlencode(sent).encode(),
        content_type="application/x-www-form-urlencoded; charset=UTF-8",
        production=True,
    )
    assert (outcome.is_success, outcome.excerpt) == (True, f"OK - commande {reference} payée.")


def test_the_settings_page_is_filled_in_and_tells_which_urls_to_type(shop):
    page = shop.get("/reglages")[1]
    assert 'value="12345678"' in page
    assert 'value="1122334455667788"' in page
    assert f"http://127.0.0.1:{shop.port}/notification" in page
    assert f"https://{HOST}:{shop.tls_port}/notification" in page
    status, page, _ = shop.save_settings(site_id="1234")
    assert status == 400
    assert "L’identifiant de la boutique compte 8 chiffres" in page
    status, _, headers = shop.save_settings(site_id="87654321")
    assert (status, headers["Location"]) == (303, "/reglages?enregistre=1")
    assert "Réglages enregistrés" in shop.get("/reglages?enregistre=1")[1]
    assert 'value="87654321"' in shop.get("/reglages")[1]


def test_another_site_can_neither_change_the_settings_nor_order(shop):
    assert shop.post("/reglages", shop.settings() | {"mode": "PRODUCTION"}, origin="http://voleur.example")[0] == 403
    assert shop.post("/commandes", {"tomme": "1"}, origin="http://voleur.example")[0] == 403
    assert "mode TEST" in shop.get("/")[1]


def test_a_slow_or_failing_shop_can_be_played(shop):
    form = shop.form(shop.order())
    shop.save_settings(answer_status="500")
    status, text, _ = shop.post("/notification", notification(form))
    assert (status, text) == (500, "KO - panne simulée dans les réglages de la boutique.")
    assert shop.state()["orders"][0]["state"] == "waiting"
    shop.save_settings(answer_status="200", answer_delay="1")
    started = time.monotonic()
    assert shop.post("/notification", notification(form))[0] == 200
    assert 1 <= time.monotonic() - started < 5
    assert [call["status"] for call in shop.state()["calls"][:2]] == [200, 500]


def test_the_pages_are_in_french_and_hold_no_script(shop):
    shop.order()
    for path in ("/", "/panier?tomme=2&bleu=1", "/panier", "/commandes", "/reglages", "/absente", "/retour"):
        _, page, headers = shop.get(path)
        assert '<html lang="fr">' in page
        assert page.count("<h1>") == 1
        assert "<script" not in page
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert shop.get("/absente")[0] == 404
    assert shop.get("/static/../application.py")[0] == 404
    assert shop.get("/static/boutique.css")[0] == 200


def test_what_buyers_type_is_shown_as_text(shop):
    buyer = {"first_name": "<b>Zoé</b>", "last_name": '"><script>', "email": "zoe@example.org"}
    location = shop.post("/commandes", {"tomme": "1"} | buyer)[2]["Location"]
    page = shop.get(location)[1] + shop.get("/commandes")[1]
    assert "<script" not in page
    assert "&lt;b&gt;Zoé" in page


def test_orders_and_settings_survive_a_restart_and_the_end_is_quick(tmp_path):
    shop = RunningShop(tmp_path).start()
    try:
        reference = shop.order()
        shop.post("/notification", notification(shop.form(reference)))
        shop.save_settings(return_mode="POST")
    finally:
        started = time.monotonic()
        assert shop.stop() == 0
    assert time.monotonic() - started < 3
    shop.start()
    try:
        assert shop.state()["orders"][0]["state"] == "paid"
        assert shop.form(shop.order())["vads_return_mode"] == "POST"
    finally:
        shop.stop(signal.SIGKILL)
    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "data").iterdir()}
    assert set(modes.values()) == {0}
