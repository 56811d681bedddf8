"""The demo's certificate authority: made once, re-made when it must be, for its owner's eyes only."""

import ssl
import stat
from datetime import timedelta

import pytest
from cryptography import x509
from django.utils import timezone

from backoffice.demo.authority import ensure_papers

HOST = "fromagerie.example"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autorite"


def test_the_papers_are_made_once_and_found_again(folder):
    now = timezone.now()
    first = ensure_papers(folder, host=HOST, now=now)
    contents = [path.read_bytes() for path in (first.authority, first.certificate, first.key)]
    again = ensure_papers(folder, host=HOST, now=now + timedelta(days=30))
    assert [path.read_bytes() for path in (again.authority, again.certificate, again.key)] == contents
    assert sorted(path.name for path in folder.iterdir()) == ["authority.pem", "server.key", "server.pem"]


def test_only_their_owner_reads_them(folder):
    ensure_papers(folder, host=HOST, now=timezone.now())
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_certificate_is_valid_two_years_for_its_only_name(folder):
    now = timezone.now()
    papers = ensure_papers(folder, host=HOST, now=now)
    certificate = x509.load_pem_x509_certificate(papers.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [HOST]
    assert certificate.not_valid_before_utc < now
    assert certificate.not_valid_after_utc > now + timedelta(days=730)


def test_a_strict_client_accepts_the_pair(folder):
    papers = ensure_papers(folder, host=HOST, now=timezone.now())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(papers.certificate, papers.key)
    client = ssl.create_default_context(cafile=papers.authority)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    caller = client.wrap_bio(to_client, to_server, server_hostname=HOST)
    called = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (caller, called, caller, called):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    assert caller.getpeercert()["subjectAltName"] == (("DNS", HOST),)


@pytest.mark.parametrize(
    "damage",
    [
        lambda papers: papers.key.unlink(),
        lambda papers: papers.certificate.write_bytes(b"not a certificate"),
        lambda papers: papers.key.write_bytes(papers.key.read_bytes()[:40]),
        lambda papers: papers.authority.write_bytes(papers.certificate.read_bytes()),
    ],
)
def test_damaged_papers_are_made_again(folder, damage):
    now = timezone.now()
    papers = ensure_papers(folder, host=HOST, now=now)
    before = papers.certificate.read_bytes()
    damage(papers)
    assert ensure_papers(folder, host=HOST, now=now).certificate.read_bytes() != before
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_another_name_or_a_near_expiry_makes_them_again(folder):
    now = timezone.now()
    first = ensure_papers(folder, host=HOST, now=now).certificate.read_bytes()
    second = ensure_papers(folder, host="autre.example", now=now).certificate.read_bytes()
    late = now + timedelta(days=3 * 365 - 10)
    third = ensure_papers(folder, host="autre.example", now=late).certificate.read_bytes()
    assert len({first, second, third}) == 3
    assert x509.load_pem_x509_certificate(third).not_valid_after_utc > late + timedelta(days=730)
