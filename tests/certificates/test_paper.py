"""Printed documents as paper: their pages, what stands on each, and hostile words that print as text (DOC-01…06)."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from certificates import documents
from certificates.enums import AmendmentKind
from certificates.marks import mark_of
from certificates.snapshot import grouped_iban
from support.forms.contact import refuse_unreadable
from tests.accounts.factories import CompanyFactory
from tests.certificates.factories import AmendmentFactory, AttestationFactory, CertificateFactory, ContractFactory
from tests.core.printing import DANGEROUS, names_in
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db
CODE, IBAN, LONGEST_IBAN = "482917", "FR1420041010050500013M02606", "MT84MALT011000012345MTLCAST001SABC"
NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty.json").read_text(encoding="utf-8"))
# The smallest page of text: heading, two lines, and what leads to the next.
FEW_LINES = 4


def is_readable(text):
    """Whether the forms let it in: one line, no control character."""
    try:
        refuse_unreadable(text)
    except ValidationError:
        return False
    return bool(text.strip()) and len(text) <= 120 and len(text.splitlines()) == 1


READABLE = [text for text in NAUGHTY if is_readable(text)]
# What means something to HTML, CSS, templates or a PDF reader first, then one of each other sort.
MARKUP = [text for text in READABLE if re.search(r"<|\{\{|\{%|file:|javascript|&#|url\(", text)]
HOSTILE = MARKUP[:22] + [text for text in READABLE if text not in MARKUP][:: max(1, len(READABLE) // 9)][:8]


def pages_of(content):
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages]


def lines_of(page):
    """A page's lines, the footer left out."""
    lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
    return [line for line in lines if not re.search(r"· empreinte [0-9a-f]{12}|^Page \d+/\d+$", line)]


def plain(role="Gérante"):
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    says = {
        "representative_role": role,
        "company_address": "12 rue du Lac\n74000 Annecy",
        "activity": "Vente de fromages",
        "iban": IBAN,
    }
    return shop, says


def longest():
    """Every value as long as its form allows."""
    company = CompanyFactory(legal_name=("SOCIÉTÉ COOPÉRATIVE D’INTÉRÊT COLLECTIF PAR ACTIONS SIMPLIFIÉE " * 3)[:120])
    url = "https://fromagerie.example/" + "a" * (1024 - 27)
    shop = ShopFactory(company=company, site_id="12345678", label=("Anticonstitutionnellement" * 4)[:80], url=url)
    says = {
        "representative_role": "Présidente du directoire et directrice générale déléguée",
        "company_address": "Bâtiment C, résidence des Hauts de la Croix-Rousse\n1234 bis boulevard du Maréchal\n74000 "
        + "Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson",
        "activity": ("Vente à distance de fromages, " * 5)[:120],
        "iban": LONGEST_IBAN,
    }
    return shop, says


def account_amendment(shop, contract, says):
    return AmendmentFactory(
        company=shop.company,
        facts=[("Boutique", shop.label), ("Nouvel IBAN", grouped_iban(says["iban"]))],
        says={
            "kind": AmendmentKind.SETTLEMENT_ACCOUNT,
            "subject": contract.number,
            "contracts": [contract.number],
            "signatory": contract.snapshot().signatory,
        },
    )


@pytest.fixture(params=[plain, longest], ids=["plain", "longest"])
def printed(request):
    """The three documents of a shop, as their pages' texts."""
    shop, says = request.param()
    code = CODE if request.param is plain else CODE * 2
    contract = ContractFactory(shop=shop, code=code, says=says)
    CertificateFactory(shop=shop, production=True)
    amendment = account_amendment(shop, contract, says)
    for _ in range(4 if request.param is longest else 0):
        account_amendment(shop, contract, says)
    attestation = AttestationFactory(shop=shop)
    return {
        "contract": documents.contract_pdf(contract, with_code=True),
        "amendment": documents.amendment_pdf(amendment),
        "attestation": documents.attestation_pdf(attestation),
    }


def headings_of(content):
    """What the tagged PDF calls a heading, in order."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if re.fullmatch(r"/H[1-6]", str(node.get("/S"))):
                found.append(node)
            if "/K" in node and not isinstance(node["/K"], int):
                walk(node["/K"])

    root = pypdf.PdfReader(BytesIO(content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    walk(root["/StructTreeRoot"])
    return found


def test_doc_04_no_page_is_nearly_empty_and_no_heading_stays_behind(printed):
    headings = re.compile(
        r"\d+\. \S.{2,60}|Les parties|La boutique.*|Le compte de règlement|Conditions .*|Annexe.*|Signatures"
        r"|Ce qui change|Code de première connexion|La société|Le contrat"
    )
    for name, content in printed.items():
        pages = pages_of(content)
        for number, page in enumerate(pages, start=1):
            lines = lines_of(page)
            assert len(lines) >= FEW_LINES, (name, number, lines)
            assert not headings.fullmatch(lines[-1]), (name, number, lines[-1])
            assert f"Page {number}/{len(pages)}" in " ".join(page.split())
        assert len(headings_of(content)) >= 2, name


def test_every_page_is_a4_and_every_document_as_long_as_it_should_be(printed):
    lengths = {}
    for name, content in printed.items():
        reader = pypdf.PdfReader(BytesIO(content))
        assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {(595, 842)}
        lengths[name] = len(reader.pages)
    assert 6 <= lengths["contract"] <= 8
    assert lengths["amendment"] <= 2
    assert lengths["attestation"] == 1


def test_the_first_page_says_who_what_and_where_the_money_goes():
    shop, says = plain()
    contract = ContractFactory(shop=shop, number="4827163", says=says)
    first = " ".join(pages_of(documents.contract_pdf(contract, with_code=False))[0].split())
    told = (
        "Numéro de contrat 4827163",
        shop.company.legal_name,
        "12 rue du Lac 74000 Annecy",
        "Représenté par Claire Beaufils (Gérante)",
        "Identifiant boutique 12345678",
        "FR14 2004 1010 0505 0001 3M02 606",
        "Vérifier ce document : ",
        settings.BASE_URL.partition("://")[2],
    )
    for words in told:
        assert words in first, words


def test_the_picture_leads_to_the_verification_of_this_very_document():
    digest = "0123456789abcdef" * 4
    address = f"{settings.BASE_URL}/verifier/?numero=A4827163&empreinte=0123456789ab"
    drawn = segno.make(address, error="m", micro=False)
    expected = drawn.svg_inline(border=0, dark="#000", svgclass="qr", lineclass=None, omitsize=True)
    path = re.compile(r'd="([^"]+)"')
    picture = mark_of(number="A4827163", digest=digest).picture
    assert path.search(picture)[1] == path.search(expected)[1]
    assert "style" not in picture


def test_rst_08_the_code_is_on_its_own_page_of_the_contract_and_nowhere_else():
    shop, says = plain()
    contract = ContractFactory(shop=shop, code=CODE, says=says)
    pages = [
        page.replace(" ", "").replace("\n", "") for page in pages_of(documents.contract_pdf(contract, with_code=True))
    ]
    assert [CODE in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert "jamaisenvoyépare-mail" in pages[-1]
    others = [
        documents.contract_pdf(contract, with_code=False),
        documents.amendment_pdf(account_amendment(shop, contract, says)),
        documents.attestation_pdf(AttestationFactory(shop=shop)),
    ]
    for content in others:
        assert CODE not in re.sub(r"\s", "", "".join(pages_of(content)))


# Hostile words


class Reader(HTMLParser):
    """The tags and attributes of a document, and its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, sorted(attributes)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment no template writes: {data}")


def of_everything(words):
    """The three documents of a company, each of whose words is `words`: (template, context)."""
    shop = ShopFactory(label=words[:80], url=words, company=CompanyFactory(legal_name=words))
    says = dict.fromkeys(["representative_role", "company_address", "activity", "iban"], words)
    contract = ContractFactory(shop=shop, representative=words, says=says)
    amendment = AmendmentFactory(
        company=shop.company, facts=[(words, words)], says={"paragraphs": [words], "signatory": words}
    )
    return contract, amendment, AttestationFactory(shop=shop)


TEMPLATES = ["contract", "amendment", "attestation"]


def html_of(name, paper):
    mark = mark_of(number="1234567", digest="0" * 64)
    context = {name: paper, "snapshot": paper.snapshot(), "mark": mark, "code": "", "brand": settings.BRAND}
    return render_to_string(f"certificates/paper/{name}.html", context)


def skeleton(html):
    return [(tag, given) for tag, given in Reader(html).tags if tag not in {"title", "meta", "path"}]


def test_there_are_thirty_hostile_values():
    assert len(HOSTILE) == 30
    assert any("<script" in text.lower() for text in HOSTILE)
    assert any("{{" in text or "{%" in text for text in NAUGHTY)


@pytest.mark.parametrize("words", HOSTILE)
def test_doc_02_hostile_words_add_nothing_to_a_document_but_text(words):
    for name, paper, usual in zip(TEMPLATES, of_everything(words), of_everything("Fromages"), strict=True):
        html = html_of(name, paper)
        assert skeleton(html) == skeleton(html_of(name, usual))
        shown = Reader(html).text
        # As often as the usual word, titles and repetitions included.
        counted = Reader(html_of(name, usual)).text.count("Fromages")
        assert shown.count(words[:80]) >= counted


# Neither what acts, nor a link: the picture and the printed address are no annotations.
DANGERS = DANGEROUS | {"/Annots", "/GoToR", "/GoTo"}


@pytest.mark.parametrize("start", range(0, 30, 6))
def test_doc_03_a_pdf_of_hostile_words_holds_them_as_text_and_nothing_that_acts(start):
    """Six values a document, one a field."""
    one, two, three, four, five, six = HOSTILE[start : start + 6]
    shop = ShopFactory(site_id="12345678", label=one[:80], url=two, company=CompanyFactory(legal_name=three))
    says = {"representative_role": four, "company_address": five, "activity": six, "iban": one}
    contract = ContractFactory(shop=shop, representative=two, says=says)
    amendment = AmendmentFactory(
        company=shop.company, facts=[(one, two), (three, four)], says={"paragraphs": [five], "signatory": six}
    )
    made = [
        documents.contract_pdf(contract, with_code=False),
        documents.amendment_pdf(amendment),
        documents.attestation_pdf(AttestationFactory(shop=shop)),
    ]
    for content in made:
        reader = pypdf.PdfReader(BytesIO(content))
        assert not names_in(content) & DANGERS
        assert not reader.attachments
    text = re.sub(r"\s", "", "".join(page for content in made for page in pages_of(content)))
    for words in HOSTILE[start : start + 6]:
        if words.isascii():
            assert re.sub(r"\s", "", words) in text


def test_doc_03_the_metadata_of_a_document_are_words_too():
    contract = ContractFactory(shop=ShopFactory(company=CompanyFactory(legal_name="<b>A & B) /Launch (</b>")))
    reader = pypdf.PdfReader(BytesIO(documents.contract_pdf(contract, with_code=False)))
    assert reader.metadata.title.endswith("<b>A & B) /Launch (</b>")
