"""The mark a printed document is checked by: the public address with its number and digest, and its QR picture."""

from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from certificates.snapshot import SHORT_DIGEST_LENGTH


@dataclass(frozen=True)
class Mark:
    """`page` is the address people type, without its scheme; `picture` the QR that leads there filled in."""

    page: str
    picture: SafeString


def mark_of(*, number: str, digest: str) -> Mark:
    """The mark of a document: a drawing, not a link, so that no PDF of ours holds an address to click (DOC-03)."""
    page = f"{settings.BASE_URL}{reverse('certificates:verify')}"
    query = urlencode({"numero": number, "empreinte": digest[:SHORT_DIGEST_LENGTH]})
    code = segno.make(f"{page}?{query}", error="m", micro=False)
    # The title is what a tagged PDF reads aloud; neither it nor the drawing holds anything that was typed.
    picture: str = code.svg_inline(
        border=0,
        dark="#000",
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        title="Code à photographier pour vérifier ce document",
    )
    return Mark(page.partition("://")[2].rstrip("/"), SafeString(picture))
