"""Paper is made in a child process that reaches nothing but our own style sheets and fonts."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import psutil
import pytest
from pypdf import PdfReader

from backoffice.core import pdf, printers
from tests.core.printing import DANGEROUS, ENDLESS, GOOD, library, names_in, page

__all__ = ["library", "page"]

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


def test_doc_01_a_hostile_document_reaches_nothing_and_embeds_nothing(page, listener):
    port, hits = listener
    content = pdf.render(page(HOSTILE.format(port=port)))

    assert hits == []
    reader = PdfReader(BytesIO(content))
    text = reader.pages[0].extract_text()
    assert "root:" not in text
    assert "l’été à 12,50 €" in text
    assert names_in(content).isdisjoint(DANGEROUS)


def test_doc_03_a_link_that_a_template_wrote_would_be_seen(page):
    content = pdf.render(page(GOOD.replace("Bonjour", '<a href="https://example.test/">Bonjour</a>')))
    assert names_in(content) & DANGEROUS == {"/URI"}


def test_doc_03_what_was_typed_into_a_title_is_text_of_the_metadata(page):
    title = "T) /OpenAction << /S /JavaScript /JS (app.alert(1)) >> </title>".replace("<", "&lt;")
    content = pdf.render(page(GOOD.replace("<title>T", f"<title>{title}")))
    assert PdfReader(BytesIO(content)).metadata.title.startswith("T) /OpenAction << /S /JavaScript")
    assert names_in(content).isdisjoint(DANGEROUS)


def test_doc_03_the_document_is_tagged_for_screen_readers(page):
    content = pdf.render(page(GOOD))
    assert PdfReader(BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_second_document_is_made_by_the_child_of_the_first(page):
    printers.close()
    pdf.render(page(GOOD))
    [child] = living_children()
    assert pdf.render(page(GOOD)).startswith(b"%PDF-")
    assert living_children() == [child]


def test_a_child_is_replaced_after_its_share_of_documents(page, library, monkeypatch):
    library()
    monkeypatch.setattr(printers, "DOCUMENTS_PER_CHILD", 2)
    pdf.render(page("1"))
    first = living_children()
    pdf.render(page("2"))
    assert living_children() == []
    pdf.render(page("3"))
    assert len(living_children()) == 1
    assert living_children() != first


def test_doc_04_a_document_that_never_ends_is_cut_and_the_next_one_is_made(page, monkeypatch):
    pdf.render(page(GOOD))
    monkeypatch.setattr(printers, "TIME_LIMIT_SECONDS", 1.5)
    with pytest.raises(pdf.PdfFailed, match=r"not rendered within 1\.5 s"):
        pdf.render(page(ENDLESS))
    monkeypatch.undo()
    assert pdf.render(page(GOOD)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("SPINS", "ended by SIGXCPU"),
        ("EATS", "MemoryError in weasyprint.py"),
        ("CRASHES", "ended by SIGSEGV"),
        ("RAISES 482917", r"^ValueError in weasyprint\.py:\d+$"),
    ],
)
def test_doc_04_a_document_that_breaks_its_limits_ends_its_child_alone_and_says_nothing_of_itself(
    page, library, document, reason
):
    library()
    with pytest.raises(pdf.PdfFailed, match=reason) as refused:
        pdf.render(page(document))
    assert "482917" not in str(refused.value)
    assert living_children() == []
    assert pdf.render(page("fine")).startswith(b"%PDF-")


def test_doc_04_the_limit_of_processor_is_each_document_s_own(page, library):
    library()
    printed = {pdf.render(page(f"WORKS {number}")) for number in range(4)}
    assert len(printed) == 4
    assert len(living_children()) == 1


def test_what_a_library_writes_is_not_taken_for_an_answer(page, library):
    library()
    assert b"CHATTERS" in pdf.render(page("CHATTERS"))


def test_a_child_that_died_while_idle_is_replaced(page, library):
    library()
    pdf.render(page("1"))
    [child] = living_children()
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
    assert pdf.render(page("2")).startswith(b"%PDF-")


def test_a_machine_without_the_libraries_says_what_to_install(page, library):
    library("raise OSError('cannot load library libpango-1.0-0')")
    with pytest.raises(pdf.PdfUnavailable) as refused:
        pdf.render(page("<p>Bonjour</p>"))
    assert "libpangoft2-1.0-0" in refused.value.packages


def test_doc_05_a_file_name_cannot_add_a_header():
    answer = pdf.response(b"%PDF-", filename='contrat "é"\r\nX: 1/../.pdf')
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "no-store"


def test_the_child_that_reads_what_people_typed_is_given_no_key_and_no_database(page, library, monkeypatch, tmp_path):
    seen = tmp_path / "seen"
    library(f"import os, pathlib\npathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ)))\nraise OSError")
    for name in ("SECRET_KEY", "CODE_PEPPER", "VAULT_KEYS"):
        monkeypatch.setenv(name, "canary")
    with pytest.raises(pdf.PdfUnavailable):
        pdf.render(page("<p>Bonjour</p>"))
    assert "PATH" in seen.read_text()
    assert "canary" not in seen.read_text()
    assert "DATABASE_URL" not in seen.read_text()


def test_the_children_end_with_the_process_that_started_them(tmp_path):
    script = (
        "import django; django.setup()\n"
        "from backoffice.core import printers\n"
        "printers.render('<title>T</title>')\n"
        "print(next(iter(printers._printers._idle))._child.pid, flush=True)\n"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stdout
    wait_until(lambda: not psutil.pid_exists(int(told)))


def living_children():
    mine = psutil.Process().children()
    return [one.pid for one in mine if one.status() != psutil.STATUS_ZOMBIE and "pdf_child" in " ".join(one.cmdline())]


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
