"""Which addresses a merchant may give us, before anything is called."""

import pytest

from backoffice.core import outbound
from backoffice.core.outbound import Refusal
from backoffice.core.outbound.addresses import is_public

PUBLIC = "93.184.216.34"


@pytest.fixture(autouse=True)
def _public_names(settings):
    settings.OUTBOUND_RESOLVER = {"boutique.example": PUBLIC, "www.boutique.example": PUBLIC}
    settings.OUTBOUND_ALLOW_LIST = []
    settings.OUTBOUND_PORTS = [80, 443]
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://caisse.banque.example", ["caisse.banque.example"]


def refusal(url, *, production):
    try:
        outbound.judge_address(url, production=production)
    except outbound.AddressRefused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://boutique.example/1",
        "dict://boutique.example:2628/d",
        "ftp://boutique.example/x",
        "ldap://boutique.example/x",
        "data:text/html,x",
        "jar:http://boutique.example!/x",
        "javascript:alert(1)",
        "JavaScript://boutique.example/%0aalert(1)",
        "//boutique.example/x",
        "boutique.example/notification",
    ],
)
@pytest.mark.asyncio
async def test_ssrf_01_only_http_and_https_are_accepted_at_save_and_at_send(url):
    assert refusal(url, production=False) is Refusal.SCHEME
    assert refusal(url, production=True) is Refusal.SCHEME
    outcome = await outbound.post(url, body=b"", content_type="text/plain", production=False)
    assert outcome.kind is outbound.OutcomeKind.REFUSED_ADDRESS


def test_ssrf_01_production_wants_https():
    assert refusal("http://boutique.example/n", production=False) is None
    assert refusal("http://boutique.example/n", production=True) is Refusal.HTTPS_REQUIRED
    assert refusal("https://boutique.example/n", production=True) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///n",
        "http://boutique.example\\@127.0.0.1/",
        "https://boutique.example/a b",
        " https://boutique.example/",
        "https://boutique.example/\t",
        "https://boutique.example/\r\nHost: x",
        "https://boutique.example/\x00",
        "https://boutique.example/\x7f",
        "https://boutique.example/\x85",
        "https://boutique.example/\u2028",
        "https://boutique.example\u200b/",
        "https://user@boutique.example/",
        "https://user:secret@boutique.example/",
        "https://boutique.example:443@127.0.0.1/",
        "https://boutique%2eexample/",
        "https://boutique.example%00/",
        "https://boutique。example/",
        "https://boutique．example/",
        "https://boutique.example:４４３/",
        "https://boutique.example:/",
        "https://boutique.example:443:80/",
        "https://cafe\u0301.example/",
        "https://-boutique.example/",
        "https://boutique..example/",
        "https://bou(tique).example/",
        "https://" + "a" * 64 + ".example/",
        "https://boutique.example/" + "a" * 1000,
    ],
)
def test_ssrf_02_the_raw_string_is_judged_before_any_parser(url):
    assert refusal(url, production=False) is Refusal.SYNTAX
    with pytest.raises(outbound.AddressRefused):
        outbound.judge_syntax(url)


LOOPBACK_SPELLINGS = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.1",
    "0",
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[0:0:0:0:0:0:0:1]",
]


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_ssrf_03_an_ip_in_any_spelling_is_judged_by_value_in_test_and_refused_in_production(host):
    assert refusal(f"http://{host}/n", production=False) is Refusal.ADDRESS
    assert refusal(f"https://{host}/n", production=True) is Refusal.NAME_REQUIRED


@pytest.mark.parametrize(
    "host", ["①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "١٢٧.0.0.1", "127.0.0.1%25lo", "[fe80::1%25lo]"]
)
def test_ssrf_03_disguised_digits_are_refused_as_a_string(host):
    assert refusal(f"http://{host}/n", production=False) is Refusal.SYNTAX


def test_ssrf_03_a_public_ip_is_accepted_in_test_only():
    for host in (PUBLIC, "1572395042", "[2606:2800:220:1:248:1893:25c8:1946]"):
        assert refusal(f"http://{host}/n", production=False) is None
        assert refusal(f"https://{host}/n", production=True) is Refusal.NAME_REQUIRED


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254",
        "169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.255 192.0.2.1 192.88.99.1 192.168.1.1",
        "198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255",
        "168.63.129.16",
        ":: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8",
        "64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::7f00:1 64:ff9b:1:ffff::808:808",
        "2001::1 2001:0:7f00:1::80fe 2001:1ff:ffff::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 3fff:fff::1",
        "fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 4000::1 100::1 5f00::1 2606:2800::1%eth0 not-an-ip",
    ],
)
def test_ssrf_06_addresses_that_are_not_the_public_internet_are_refused_by_value(address):
    assert [one for one in address.split() if is_public(one)] == []


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.0.1",
        "172.15.255.255 172.32.0.0 192.0.1.1 192.88.98.1 192.167.0.1 192.169.0.1 198.17.0.1 198.20.0.1 223.255.255.255",
        "168.63.129.15 168.63.129.17 2001:200::1 2001:4860:4860::8888 2606:4700::1111 2a00:1450:4007::1 3ffe::1",
    ],
)
def test_ssrf_06_their_neighbours_are_accepted(address):
    assert [one for one in address.split() if not is_public(one)] == []


@pytest.mark.parametrize("port", ["22", "25", "6379", "5432", "0", "99999", "8080", "8443", "0443"])
def test_ssrf_09_only_the_ports_of_shops_are_accepted(port):
    assert refusal(f"https://boutique.example:{port}/n", production=True) is Refusal.PORT
    assert refusal(f"http://boutique.example:{port}/n", production=False) is Refusal.PORT


def test_ssrf_09_a_setting_opens_the_two_usual_others(settings):
    settings.OUTBOUND_PORTS = [80, 443, 8080, 8443]
    assert refusal("https://boutique.example:8443/n", production=True) is None
    assert refusal("http://boutique.example:8080/n", production=False) is None
    assert refusal("http://boutique.example:22/n", production=False) is Refusal.PORT


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "boutique.localhost",
        "Boutique.LocalHost",
        "imprimante.local",
        "metadata.google.internal",
        "intranet",
        "routeur.lan",
        "nas.home.arpa",
        "serveur.localdomain",
        "boutique.example.",
        "boutique.example..",
    ],
)
def test_ssrf_10_names_of_this_machine_or_network_are_refused(host):
    for production in (False, True):
        assert refusal(f"https://{host}/n", production=production) in {Refusal.HOST, Refusal.SYNTAX}


@pytest.mark.parametrize(
    "host", ["loc\u00adalhost", "ｌｏｃａｌｈｏｓｔ", "ⓛocalhost", "localhoſt", "xn--localhost-.example", "xn--zz"]
)
def test_ssrf_10_disguises_of_names_are_refused(host):
    assert refusal(f"https://{host}/n", production=True) is not None


def test_ssrf_10_our_own_names_are_refused(settings):
    settings.BASE_URL = "https://caisse.banque.example"
    settings.ALLOWED_HOSTS = ["caisse.banque.example", "Secours.banque.example", ".groupe.example"]
    names = (
        "caisse.banque.example",
        "CAISSE.banque.example",
        "secours.banque.example",
        "groupe.example",
        "a.groupe.example",
    )
    settings.OUTBOUND_RESOLVER = dict.fromkeys([*map(str.lower, names), "autregroupe.example"], PUBLIC)
    for name in names:
        assert refusal(f"https://{name}/n", production=True) is Refusal.HOST
    assert refusal("https://autregroupe.example/n", production=True) is None


def test_ssrf_13_a_merchant_cannot_tell_an_inner_address_from_a_missing_name():
    texts = {Refusal.HOST.label, Refusal.ADDRESS.label, Refusal.UNRESOLVED.label}
    assert len(texts) == 1
    assert "joignable" in texts.pop()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001/retour",
        "http://localhost/retour",
        "https://boutique.example:8443/retour?a=1&b=x+y#fin",
        "https://intranet/retour",
        "http://192.168.1.20/retour",
    ],
)
def test_ssrf_16_browser_return_addresses_are_judged_by_syntax_only(url, monkeypatch):
    monkeypatch.setattr("backoffice.core.outbound.judgement.getaddrinfo", lambda *_: pytest.fail("resolved"))
    outbound.judge_syntax(url)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a@b.example/", "ftp://b.example/"])
def test_ssrf_16_browser_return_addresses_with_tricks_are_refused(url):
    with pytest.raises(outbound.AddressRefused):
        outbound.judge_syntax(url)


def test_ssrf_16_the_host_and_the_origin_are_read_by_the_same_parser():
    assert outbound.host_of("https://WWW.Boutique.example:443/x") == "www.boutique.example"
    assert outbound.origin_of("https://WWW.Boutique.example:443/x") == "https://www.boutique.example"
    assert outbound.origin_of("http://127.0.0.1:8001/retour") == "http://127.0.0.1:8001"
    assert outbound.origin_of("http://[::1]:8001/") == "http://[::1]:8001"


@pytest.mark.parametrize(
    ("url", "production"),
    [
        ("https://boutique.example", True),
        ("https://boutique.example/", True),
        ("HTTPS://Boutique.Example/Notification", True),
        ("https://www.boutique.example/ipn.php", True),
        ("https://boutique.example:443/n", True),
        ("https://boutique.example:8443/n", True),
        ("http://boutique.example:8080/n", False),
        ("http://boutique.example:80/n", False),
        ("https://boutique.example/n?module=paiement&action=ipn", True),
        ("https://boutique.example/?fc=module&m=x%20y", True),
        ("https://boutique.example/" + "longue/" * 130, True),
        ("https://boutique.example/été/Noël", True),
        ("https://boutique.example/~paul/it's(1);v=2,3", True),
        ("https://boutique.example/n#suite", True),
        ("https://fromagerie-été.example/n", True),
        ("https://FROMAGERIE-ÉTÉ.example/n", True),
        ("https://xn--fromagerie-t-ieba.example/n", True),
        ("https://straße.example/n", True),
        ("https://a.b.c.d.boutique-1.example/n", True),
        ("https://sous_domaine.boutique.example/n", True),
        ("http://[2606:2800:220:1:248:1893:25c8:1946]/n", False),
        ("https://93.184.216.34/n", False),
        ("https://1.com.example/n", True),
    ],
)
def test_ssrf_17_ordinary_public_addresses_are_accepted(url, production, settings, monkeypatch):
    settings.OUTBOUND_PORTS = [80, 443, 8080, 8443]
    answers = [(2, 1, 6, "", (PUBLIC, 443)), (10, 1, 6, "", ("2606:2800:220:1:248:1893:25c8:1946", 443, 0, 0))]
    monkeypatch.setattr("backoffice.core.outbound.judgement.getaddrinfo", lambda *_, **__: answers)
    assert refusal(url, production=production) is None
