"""Requests no browser sends, to the real server: a link that is mailed is ours whatever the request line says."""

import re
import socket
import time
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.xdist_group("demo")
ELSEWHERE = "http://evil.example"
HEADERS = "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Original-URL: http://evil.example/\r\n"


def ask(demo, method, path, *, body="", cookie=""):
    """The raw answer to a request whose line names another host."""
    head = (
        f"{method} {ELSEWHERE}{path} HTTP/1.1\r\nHost: 127.0.0.1:{demo.port}\r\n{HEADERS}Connection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nCookie: {cookie}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", demo.port), timeout=15) as connection:
        connection.sendall((head + body).encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def mails(demo):
    for path in sorted((demo.folder / "courriels").iterdir(), key=lambda one: one.stat().st_mtime):
        message = message_from_bytes(path.read_bytes().split(b"\n" + b"-" * 79)[0], policy=default)
        yield message["Subject"], message.get_body(("plain",)).get_content()


def test_rst_14_a_request_line_with_another_host_changes_no_link(demo):
    identifier = re.search(r"Librairie Vernet\) : identifiant ([\w-]+)", demo.printed)[1]
    page = ask(demo, "GET", "/mot-de-passe-oublie/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    cookie = re.search(r"Set-Cookie: *([^;\r]*csrf=[^;\r]+)", page, re.IGNORECASE)[1]
    form = urlencode({"csrfmiddlewaretoken": token, "identifier": identifier})
    answer = ask(demo, "POST", "/mot-de-passe-oublie/", body=form, cookie=cookie)
    assert answer.startswith("HTTP/1.1 302"), answer[:300]
    assert "evil.example" not in page + answer
    deadline = time.monotonic() + 15
    while not (found := [text for subject, text in mails(demo) if subject == "Votre mot de passe oublié"]):
        assert time.monotonic() < deadline, "no mail"
        time.sleep(0.2)
    assert f"{demo.url}/mot-de-passe-oublie/lien/" in found[-1]
    assert "evil.example" not in found[-1]
