"""What tests print: a page of their own, and a library that misbehaves on demand."""

import uuid
from io import BytesIO
from itertools import count

import factory
import pytest
from django.utils import timezone
from factory.django import DjangoModelFactory
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from backoffice.core import printers
from backoffice.core.models import Print, PrintState
from backoffice.core.models.prints import LIFE
from backoffice.core.pdf import Paper

GOOD = "<!doctype html><html lang='fr'><title>T</title><h1>Bonjour</h1></html>"
# Layouts inside one another: WeasyPrint takes longer for each than for all before it together.
ENDLESS = f"<!doctype html><html lang='fr'><title>T</title>{'<div style=display:flex><p>x' * 60}</html>"

# What a document must never hold (DOC-03).
DANGEROUS = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/URI"}

LIBRARY = """
import __main__

__main__.CPU_LIMIT_SECONDS = 1

class urls:
    class URLFetcher:
        pass

class HTML:
    def __init__(self, *, string, **_):
        self.string = string

    def write_pdf(self, **_):
        if "EATS" in self.string:
            eaten = []
            while True:
                eaten.append(bytearray(16 * 1024 * 1024))
        if "SPINS" in self.string:
            while True:
                pass
        if "CRASHES" in self.string:
            import os, signal
            os.kill(os.getpid(), signal.SIGSEGV)
        if "CHATTERS" in self.string:
            print("a line on the standard output", flush=True)
        if "WORKS" in self.string:
            import time
            since = time.process_time()
            while time.process_time() - since < 0.7:
                pass
        if "RAISES" in self.string:
            raise ValueError(self.string)
        return b"%PDF-" + self.string.encode()
"""


@pytest.fixture
def page(tmp_path, settings):
    """`page(html)`: a document made of it."""
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    pages = count()

    def write(html):
        # A template is read once.
        name = f"page-{next(pages)}"
        (tmp_path / f"{name}.html").write_text("{% verbatim %}" + html + "{% endverbatim %}", "utf-8")
        return Paper(
            template=f"{name}.html", context={}, title="Essai", file_name=f"{name}.pdf", about=uuid.UUID(int=7)
        )

    return write


@pytest.fixture
def library(tmp_path, monkeypatch):
    """`library(source)`: the children started from now on import this instead of WeasyPrint."""
    printers.close()

    def instead(source=LIBRARY):
        (tmp_path / "weasyprint.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    yield instead
    printers.close()


def names_in(content):
    """Every name in a PDF's objects, keys and values: most stand in compressed streams, where no search sees them."""
    reader = PdfReader(BytesIO(content))
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    found, waiting = set(), [reader.trailer, *objects]
    while waiting:
        one = waiting.pop()
        if isinstance(one, NameObject):
            found.add(str(one))
        elif isinstance(one, DictionaryObject):
            found |= {str(key) for key in one}
            waiting += [value for value in one.values() if not isinstance(value, IndirectObject)]
        elif isinstance(one, ArrayObject):
            waiting += [value for value in one if not isinstance(value, IndirectObject)]
    return found


class PrintFactory(DjangoModelFactory):
    """A print as its actions leave it; traits are states: `PrintFactory(done=True, asked_by=…)`."""

    class Meta:
        model = Print

    class Params:
        rendering = factory.Trait(state=PrintState.RENDERING)
        done = factory.Trait(state=PrintState.DONE)
        failed = factory.Trait(state=PrintState.FAILED)
        unavailable = factory.Trait(state=PrintState.UNAVAILABLE)

    asked_by = factory.LazyFunction(uuid.uuid4)
    about = factory.LazyFunction(uuid.uuid4)
    title = "Contrat n°\N{NO-BREAK SPACE}4827163"
    file_name = "contrat-4827163.pdf"
    back = "/boutiques/12345678/contrat/"
    fingerprint = factory.Sequence("{:064x}".format)
    state = PrintState.QUEUED
    asked_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda one: one.asked_at + LIFE)

    @classmethod
    def _create(cls, model_class, *args, state, html=GOOD, **kwargs):
        asked = model_class(*args, **kwargs)
        asked.take_in(html)
        if state != PrintState.QUEUED:
            asked.start(at=asked.asked_at)
        move = {
            PrintState.DONE: lambda: asked.finish(content=b"%PDF-1.7 made", at=asked.asked_at),
            PrintState.FAILED: lambda: asked.fail(at=asked.asked_at),
            PrintState.UNAVAILABLE: lambda: asked.give_up(missing=["libpangoft2-1.0-0"], at=asked.asked_at),
        }.get(state)
        if move:
            move()
        asked.save()
        return asked
