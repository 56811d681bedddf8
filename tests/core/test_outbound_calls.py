"""What an outgoing call reaches, what it never reaches, and how it ends, on real sockets of loopback."""

import asyncio
import gzip
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from backoffice.core import outbound, startup
from backoffice.core.outbound import OutcomeKind, client, judgement
from backoffice.demo.authority import ensure_papers
from tests.core.outbound_probe import dripping, full_queue, probe

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "93.184.216.34"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
CONNECTION = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")


@pytest.fixture(autouse=True)
def _closed_door(settings):
    settings.OUTBOUND_ALLOW_LIST, settings.OUTBOUND_RESOLVER = [], {}
    settings.OUTBOUND_EXTRA_AUTHORITY = ""
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://caisse.banque.example", ["caisse.banque.example"]


@pytest.fixture
def open_to(settings):
    """Let the guard reach one probe, as the demo does for its shop; return the address to call."""

    def allow(shop, path="/notification", *, scheme="http", host="127.0.0.1"):
        settings.OUTBOUND_ALLOW_LIST = [*settings.OUTBOUND_ALLOW_LIST, f"{host}:{shop.port}"]
        if host != "127.0.0.1":
            settings.OUTBOUND_RESOLVER = {host: "127.0.0.1"}
        return f"{scheme}://{host}:{shop.port}{path}"

    return allow


def post(url, *, production=False, body=b"vads_site_id=12345678"):
    return outbound.post(url, body=body, content_type=FORM, production=production)


def answer_names(monkeypatch, *answers):
    """Answer each name resolution in turn with these lists of addresses; return the list of names asked."""
    asked, remaining = [], list(answers)

    def resolve(host, port, **_):
        asked.append(host)
        addresses = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        return [(*CONNECTION, (address, port)) for address in addresses]

    monkeypatch.setattr(judgement, "getaddrinfo", resolve)
    return asked


async def test_a_shop_that_answers_200_acknowledges(open_to):
    async with probe() as shop:
        outcome = await post(open_to(shop, "/notification?module=1"))
    assert (outcome.kind, outcome.status, outcome.excerpt) == (OutcomeKind.ACKNOWLEDGED, 200, "OK")
    assert outcome.is_success
    assert 0 <= outcome.duration_ms < 5000
    head, body = shop.requests[0].split(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /notification?module=1 HTTP/1.1"
    assert f"Host: 127.0.0.1:{shop.port}" in lines
    assert f"Content-Type: {FORM}" in lines
    assert "User-Agent: OutilDeGestionDeCaisse-Notification/1.0" in lines
    assert not any(line.lower().startswith(("cookie", "authorization")) for line in lines)
    assert body == b"vads_site_id=12345678"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_every_2xx_is_a_success_even_empty_or_with_a_ko_marker(status, open_to):
    body = b"" if status == 204 else b"KO-signature"
    async with probe(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body) as shop:
        outcome = await post(open_to(shop))
    assert (outcome.kind, outcome.status, outcome.excerpt) == (OutcomeKind.ACKNOWLEDGED, status, body.decode())


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
async def test_every_4xx_and_5xx_is_a_failure_with_its_status(status, open_to):
    async with probe(f"HTTP/1.1 {status} X\r\nRetry-After: 120\r\nContent-Length: 2\r\n\r\nKO".encode()) as shop:
        outcome = await post(open_to(shop))
    assert (outcome.kind, outcome.status, outcome.excerpt) == (OutcomeKind.HTTP_ERROR, status, "KO")
    assert outcome.retry_after == 120


async def test_a_retry_date_is_read_against_the_shops_own_clock(open_to):
    dates = b"Date: Mon, 23 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 10:05:00 GMT\r\n"
    async with probe(b"HTTP/1.1 503 X\r\n" + dates + b"Content-Length: 0\r\n\r\n") as shop:
        assert (await post(open_to(shop))).retry_after == 300
    async with probe(b"HTTP/1.1 503 X\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n") as shop:
        assert (await post(open_to(shop))).retry_after is None


async def test_the_excerpt_is_512_characters_that_any_page_and_database_can_hold(open_to):
    body = "é".encode() * 300 + b"\x00\x1b[31m\xff\r\n<b>" + b"x" * 600
    async with probe(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body) as shop:
        excerpt = (await post(open_to(shop))).excerpt
    assert len(excerpt) == 512
    assert excerpt.startswith("é" * 300 + "\ufffd\ufffd[31m\ufffd\n<b>xxx")
    assert "\x00" not in excerpt


async def test_a_closed_port_a_reset_and_no_http_at_all_have_their_own_ends(open_to, settings):
    async def reset(self, writer):
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async with probe(reset) as shop:
        assert (await post(open_to(shop))).kind is OutcomeKind.INTERRUPTED
    async with probe(b"220 mail.example ESMTP\r\n") as shop:
        assert (await post(open_to(shop))).kind is OutcomeKind.INTERRUPTED
    async with probe(b"") as shop:
        assert (await post(open_to(shop))).kind is OutcomeKind.INTERRUPTED
    async with probe(b"HTTP/1.1 200 OK\r\nContent-Le") as shop:
        outcome = await post(open_to(shop))
        assert (outcome.kind, outcome.status) == (OutcomeKind.INTERRUPTED, None)
        url = open_to(shop)
    assert (await post(url)).kind is OutcomeKind.UNREACHABLE


async def test_ssrf_04_one_bad_address_refuses_all_and_the_name_is_asked_once(settings, monkeypatch):
    async with probe() as inner:
        settings.OUTBOUND_PORTS = [inner.port]
        url = f"http://boutique.example:{inner.port}/n"
        for answers in (
            ["127.0.0.1"],
            [PUBLIC, "127.0.0.1"],
            ["127.0.0.1", PUBLIC],
            [PUBLIC, "::1"],
            [PUBLIC, "10.0.0.1"],
        ):
            asked = answer_names(monkeypatch, answers)
            assert (await post(url)).kind is OutcomeKind.REFUSED_ADDRESS
            assert asked == ["boutique.example"]
            with pytest.raises(outbound.AddressRefused) as refused:
                outbound.judge_address(url, production=False)
            assert refused.value.reason is outbound.Refusal.ADDRESS
    assert inner.connections == 0


async def test_ssrf_05_what_is_dialled_is_what_was_judged(settings, monkeypatch):
    async with probe() as inner:
        settings.OUTBOUND_PORTS = [inner.port]
        settings.OUTBOUND_RESOLVER = {"boutique.example": PUBLIC}
        for lie in (["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["::ffff:127.0.0.1"]):
            pinned = client._Pinned(lie)
            monkeypatch.setattr(client, "_Pinned", lambda _, pinned=pinned: pinned)
            outcome = await post(f"http://boutique.example:{inner.port}/n")
            assert outcome.kind is OutcomeKind.REFUSED_ADDRESS
    assert inner.connections == 0


async def test_ssrf_05_who_answered_is_looked_at_before_a_byte_is_said(settings, monkeypatch):
    async with probe() as inner:
        settings.OUTBOUND_PORTS = [inner.port]
        settings.OUTBOUND_RESOLVER = {"boutique.example": PUBLIC}
        pinned = client._Pinned(["127.0.0.1"])
        monkeypatch.setattr(client, "_Pinned", lambda _: pinned)
        monkeypatch.setattr(client._GuardedConnector, "_open", lambda _, address: socket.socket(*address[:3]))
        outcome = await post(f"http://boutique.example:{inner.port}/n")
        assert outcome.kind is OutcomeKind.REFUSED_ADDRESS
    assert inner.requests == []


async def test_ssrf_05_the_certificate_of_the_name_is_required(open_to, settings, tmp_path):
    papers = ensure_papers(tmp_path, host="boutique.example", now=timezone.now())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers.certificate, papers.key)
    async with probe(tls=context) as shop:
        url = open_to(shop, scheme="https", host="boutique.example")
        assert (await post(url, production=True)).kind is OutcomeKind.TLS_FAILURE
        assert shop.requests == []
        settings.OUTBOUND_EXTRA_AUTHORITY = str(papers.authority)
        assert (await post(url, production=True)).kind is OutcomeKind.ACKNOWLEDGED
        assert b"Host: boutique.example:" in shop.requests[0]
        other = open_to(shop, scheme="https", host="autre.example")
        assert (await post(other, production=True)).kind is OutcomeKind.TLS_FAILURE
    async with probe(b"HTTP/1.1 400 Bad Request\r\n\r\n", waits=False) as plain:
        url = open_to(plain, scheme="https", host="boutique.example")
        assert (await post(url, production=True)).kind is OutcomeKind.TLS_FAILURE


async def test_ssrf_07_a_name_that_turns_inwards_between_save_and_send_reaches_nothing(settings, monkeypatch):
    async with probe() as inner:
        settings.OUTBOUND_PORTS = [inner.port]
        url = f"http://boutique.example:{inner.port}/n"
        answer_names(monkeypatch, [PUBLIC], ["127.0.0.1"])
        outbound.judge_address(url, production=False)
        assert (await post(url)).kind is OutcomeKind.REFUSED_ADDRESS
    assert inner.connections == 0


async def test_ssrf_07_a_name_that_turns_inwards_between_check_and_connect_reaches_nothing(settings, monkeypatch):
    dialled = []

    def dial(_, address):
        dialled.append(address)
        raise ConnectionRefusedError

    async with probe() as inner:
        settings.OUTBOUND_PORTS = [inner.port]
        asked = answer_names(monkeypatch, [PUBLIC], ["127.0.0.1"])
        monkeypatch.setattr(socket.socket, "connect", dial)
        outcome = await post(f"http://boutique.example:{inner.port}/n")
    assert outcome.kind is OutcomeKind.UNREACHABLE
    assert (asked, dialled) == (["boutique.example"], [(PUBLIC, inner.port)])
    assert inner.connections == 0


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
async def test_ssrf_08_redirections_are_noted_and_never_followed(status, open_to):
    async with probe() as elsewhere:
        location = open_to(elsewhere, "/ailleurs")
        answer = f"HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
        async with probe(answer) as shop:
            outcome = await post(open_to(shop))
    assert (outcome.kind, outcome.status, outcome.location) == (OutcomeKind.REDIRECTED, status, location)
    assert not outcome.is_success
    assert elsewhere.connections == 0


async def test_ssrf_11_proxies_and_netrc_of_the_environment_are_ignored(open_to, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login caisse password secret\n", encoding="ascii")
    netrc.chmod(0o600)
    async with probe() as proxy, probe() as shop:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv("NETRC", str(netrc))
        assert (await post(open_to(shop))).is_success
    assert proxy.connections == 0
    assert b"Authorization" not in shop.requests[0]


async def timed(call):
    started = time.monotonic()
    outcome = await call
    return outcome, time.monotonic() - started


async def test_ssrf_12_nothing_outlives_fifteen_seconds_and_a_cut_is_a_time_out(open_to):
    head = b"HTTP/1.1 200 OK\r\n"
    length = b"Content-Length: 100000\r\n\r\n"
    async with (
        probe(dripping(drop=b"")) as silent,
        probe(dripping(before=b"HTTP/1.1 200 O")) as slow_status,
        probe(dripping(before=head + b"X-Slow: ")) as slow_header,
        probe(dripping(before=head, drop=b"X-A: b\r\n")) as slow_headers,
        probe(dripping(before=head + length)) as slow_body,
    ):
        with full_queue() as unanswering:
            shops = (silent, slow_status, slow_header, slow_headers, slow_body, unanswering)
            *cut, body, connect = await asyncio.gather(*(timed(post(open_to(shop))) for shop in shops))
    for outcome, seconds in cut:
        assert (outcome.kind, outcome.status) == (OutcomeKind.TIMED_OUT, None)
        assert 14 <= seconds <= 16
    # The headers were complete: the shop has acknowledged, and its endless page is left at the deadline.
    assert (body[0].kind, body[0].status) == (OutcomeKind.ACKNOWLEDGED, 200)
    assert 14 <= body[1] <= 16
    assert connect[0].kind is OutcomeKind.TIMED_OUT
    assert 4 <= connect[1] <= 6


async def test_ssrf_12_name_resolution_is_given_five_seconds(monkeypatch, settings):
    monkeypatch.setattr(judgement, "LOOKUP_SECONDS", 0.2)
    monkeypatch.setattr(judgement, "getaddrinfo", lambda *_, **__: time.sleep(1.0) or [])
    outcome, seconds = await timed(post("http://boutique.example/n"))
    assert outcome.kind is OutcomeKind.TIMED_OUT
    assert seconds < 0.8
    started = time.monotonic()
    with pytest.raises(outbound.AddressRefused) as refused:
        outbound.judge_address("http://boutique.example/n", production=False)
    assert refused.value.reason is outbound.Refusal.UNRESOLVED
    assert time.monotonic() - started < 0.8


async def test_ssrf_12_no_more_than_64_kb_of_an_answer_are_read(open_to):
    async def endless(self, writer):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(500):
            await self.send(writer, b"x" * 100_000)

    async with probe(endless) as shop:
        outcome = await post(open_to(shop))
        await asyncio.sleep(0.1)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    assert outcome.duration_ms < 5000
    assert shop.bytes_sent < 20_000_000  # the buffers of the two sockets, never the whole


@pytest.mark.parametrize(
    "headers", [b"X-A: " + b"a" * 9000 + b"\r\n", b"X-A: aaaaaaaa\r\n" * 200, (b"X-A: " + b"a" * 4000 + b"\r\n") * 9]
)
async def test_ssrf_12_headers_beyond_32_kb_are_no_answer(headers, open_to):
    async with probe(b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: 2\r\n\r\nOK") as shop:
        outcome = await post(open_to(shop))
    assert (outcome.kind, outcome.status) == (OutcomeKind.INTERRUPTED, None)


async def test_ssrf_12_nothing_is_decompressed(open_to):
    bomb = gzip.compress(b"\x00" * 50_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    async with probe(head + bomb) as shop:
        outcome = await post(open_to(shop))
    assert (outcome.kind, outcome.excerpt) == (OutcomeKind.ACKNOWLEDGED, "")
    assert b"Accept-Encoding: identity" in shop.requests[0]


async def test_ssrf_13_refused_closed_and_missing_read_the_same(settings, monkeypatch):
    async with probe() as closed:
        port = closed.port
    settings.OUTBOUND_PORTS = [port]
    settings.OUTBOUND_ALLOW_LIST = [f"boutique.example:{port}"]
    answer_names(monkeypatch, ["127.0.0.1"])
    refused = await post(f"http://interne.example:{port}/n")
    unreachable = await post(f"http://boutique.example:{port}/n")
    monkeypatch.setattr(judgement, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror("none")))
    missing = await post(f"http://absent.example:{port}/n")
    assert [one.kind for one in (refused, unreachable, missing)] == [
        OutcomeKind.REFUSED_ADDRESS,
        OutcomeKind.UNREACHABLE,
        OutcomeKind.UNREACHABLE,
    ]
    assert {one.kind.label for one in (refused, unreachable, missing)} == {"Injoignable"}
    assert {(one.status, one.excerpt, one.location) for one in (refused, unreachable, missing)} == {(None, "", "")}


async def test_ssrf_14_nobody_else_speaks_to_the_outside():
    banned = re.compile(
        r"\b(import|from) (aiohttp|requests|httpx|http\.client|urllib\.request|urllib3)\b|urlopen|create_connection"
        r"|\b(requests|httpx)\.(get|post|request|Client|Session)\b"
    )
    rooms = ("backoffice", "accounts", "shops", "certificates", "payments", "support")
    # The demo's programs live outside the product: production does not install them.
    found = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if banned.search(path.read_text(encoding="utf-8")) and "backoffice/demo/" not in str(path)
    ]
    assert found == ["backoffice/core/outbound/client.py"]


async def test_ssrf_15_the_allow_list_is_an_exact_host_and_port(settings):
    async with probe() as shop, probe() as other:
        settings.OUTBOUND_ALLOW_LIST = [f"127.0.0.1:{shop.port}"]
        settings.OUTBOUND_PORTS = [80, 443, other.port, shop.port]
        settings.OUTBOUND_RESOLVER = {"boutique.example": "127.0.0.1"}
        assert (await post(f"http://127.0.0.1:{shop.port}/n")).is_success
        assert (await post(f"http://127.0.0.1:{other.port}/n")).kind is OutcomeKind.REFUSED_ADDRESS
        assert (await post(f"http://127.0.0.2:{shop.port}/n")).kind is OutcomeKind.REFUSED_ADDRESS
        assert (await post(f"http://boutique.example:{shop.port}/n")).kind is OutcomeKind.REFUSED_ADDRESS
        # Allowed or not, PRODUCTION wants https and a name.
        assert (await post(f"http://127.0.0.1:{shop.port}/n", production=True)).kind is OutcomeKind.REFUSED_ADDRESS
    assert (shop.connections, other.connections) == (1, 0)


async def test_ssrf_15_production_refuses_to_start_with_an_allowance():
    sound = {
        "mode": startup.PRODUCTION,
        "debug": False,
        "plain_http": False,
        "secret_key": "k" * 50,
        "code_pepper": "p" * 40,
        "device_cookie_key": "d" * 40,
        "vault_keys": {"a": b"0" * 32},
        "base_url": "https://caisse.banque.example",
        "allowed_hosts": ["caisse.banque.example"],
        "email_backend": "django.core.mail.backends.smtp.EmailBackend",
        "acquirer": "",
        "journal_anchor": Path("/var/lib/caisse/journal.anchors"),
    }
    startup.refuse_conveniences_in_production(**sound, test_allowances={"OUTBOUND_ALLOW_LIST": []})
    with pytest.raises(ImproperlyConfigured, match="OUTBOUND_ALLOW_LIST"):
        startup.refuse_conveniences_in_production(**sound, test_allowances={"OUTBOUND_ALLOW_LIST": ["127.0.0.1:8001"]})


async def test_a_cancelled_call_is_the_callers_to_note(open_to):
    async with probe(dripping(drop=b"")) as shop:
        call = asyncio.create_task(post(open_to(shop)))
        while not shop.requests:
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_a_process_that_only_judges_addresses_does_not_load_the_client():
    program = (
        "import sys; from django.conf import settings;"
        "from backoffice.core import outbound; outbound.judge_syntax('https://boutique.example/');"
        "assert 'aiohttp' not in sys.modules and 'idna' not in sys.modules"
    )
    environment = {**os.environ, "BACKOFFICE_MODE": "test", "DJANGO_SETTINGS_MODULE": "backoffice.settings"}
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program], check=True, cwd=ROOT, env=environment)
