"""Paper is made in a child process that reaches nothing but our own style sheets and fonts."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import pytest
from django.template.loader import get_template  # noqa: F401  templates are rendered by name
from pypdf import PdfReader

from backoffice.core import pdf

HOSTILE = """<!doctype html><html lang="fr"><head><title>Contrat {{7*7}}</title>
<link rel="stylesheet" href="http://127.0.0.1:{port}/style.css">
<link rel="attachment" href="file:///etc/passwd">
<style>@import "http://127.0.0.1:{port}/import.css"; body {{ background: url(file:///etc/passwd) }}</style></head>
<body><h1>Bonjour</h1><img alt="" src="file:///etc/passwd"><img alt="" src="http://127.0.0.1:{port}/image.png">
<img alt="" src="static:../settings.py">
<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/svg.png"/></svg>
<p>&lt;script&gt; {{% load x %}} l’été à 12,50 €</p></body></html>"""


@pytest.fixture
def listener():
    hits = []

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args):
            """Keep the test's output quiet."""

    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, hits
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(tmp_path, settings):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    def write(html):
        (tmp_path / "page.html").write_text("{% verbatim %}" + html + "{% endverbatim %}", "utf-8")
        return "page.html"

    return write


def test_doc_01_a_hostile_document_reaches_nothing_and_embeds_nothing(page, listener):
    port, hits = listener
    content = pdf.render(page(HOSTILE.format(port=port)), {})

    assert hits == []
    reader = PdfReader(BytesIO(content))
    text = reader.pages[0].extract_text()
    assert "root:" not in text
    assert "l’été à 12,50 €" in text
    for forbidden in (b"/EmbeddedFile", b"/JavaScript", b"/OpenAction", b"/Launch", b"root:x:0"):
        assert forbidden not in content


def test_doc_03_the_document_is_tagged_for_screen_readers(page):
    content = pdf.render(page("<!doctype html><html lang='fr'><title>T</title><h1>Contrat</h1></html>"), {})
    assert PdfReader(BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_doc_04_a_document_that_never_ends_is_cut_and_says_so(page, monkeypatch):
    monkeypatch.setattr(pdf, "TIME_LIMIT_SECONDS", 0.2)
    with pytest.raises(pdf.PdfFailed, match=r"0\.2 s"):
        pdf.render(page("<p>Bonjour</p>"), {})


def test_a_machine_without_the_libraries_says_what_to_install(page, monkeypatch, tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(pdf.PdfUnavailable) as refused:
        pdf.render(page("<p>Bonjour</p>"), {})
    assert "libpangoft2-1.0-0" in refused.value.packages


def test_doc_05_a_file_name_cannot_add_a_header():
    answer = pdf.response(b"%PDF-", filename='contrat "é"\r\nX: 1/../.pdf')
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "no-store"


def test_the_child_that_reads_what_people_typed_is_given_no_key_and_no_database(page, monkeypatch, tmp_path):
    seen = tmp_path / "seen"
    (tmp_path / "weasyprint.py").write_text(
        f"import os, pathlib\npathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ)))\nraise OSError"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for name in ("SECRET_KEY", "CODE_PEPPER", "VAULT_KEYS"):
        monkeypatch.setenv(name, "canary")
    with pytest.raises(pdf.PdfUnavailable):
        pdf.render(page("<p>Bonjour</p>"), {})
    assert "PATH" in seen.read_text()
    assert "canary" not in seen.read_text()
    assert "DATABASE_URL" not in seen.read_text()


def test_doc_04_a_print_that_finds_no_place_says_so_instead_of_holding_its_thread(page, monkeypatch):
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.1)
    monkeypatch.setattr(pdf, "_PLACES", threading.BoundedSemaphore(1))
    pdf._PLACES.acquire()
    with pytest.raises(pdf.PdfFailed, match="no place"):
        pdf.render(page("<p>Bonjour</p>"), {})
    pdf._PLACES.release()
    assert pdf.render(page("<!doctype html><html lang='fr'><title>T</title><p>Bonjour</p></html>"), {})
