"""What an unreadable form still says of itself, so that its refusal reaches its shop; nothing of it is believed."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from backoffice.vads.signature import PREFIX
from payments.form.parse import MODE, NAME_LENGTH, SIGNATURE

# How much of a body that is too large is looked at.
HEAD = 64 * 1024
SITE_ID = "vads_site_id"

# A part has a header or two: without a bound, lines that all look like the beginning of one are read again and again
# to the end of the body, and a stranger's 200 kB take most of a minute.
_PART = re.compile(rb'name="([^"\r\n]{1,127})"\r\n(?:[^\r\n]{1,255}\r\n){0,4}\r\n(.{0,255}?)\r\n--', re.DOTALL)

Pairs = Iterable[tuple[str, str]]


def salvage(request: HttpRequest) -> dict[str, str]:
    """The `vads_*` fields and signature that can be made out of a refused request; {} when none can. Raises nothing.

    The first value of a name counts, bytes that are no UTF-8 become a replacement character. A form that names two
    shops or two modes names none.
    """
    try:
        return _as_fields(_pairs(request))
    except (BadRequest, SuspiciousOperation, TooManyFieldsSent, MultiPartParserError, UnreadablePostError):
        return {}


def _pairs(request: HttpRequest) -> Pairs:
    if request.method != "POST":
        return _urlencoded(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
    try:
        body = request.body
    except RequestDataTooBig:
        body = request.read(HEAD)
    except RawPostDataException:
        # A multipart body was read as it came, and its fields are there if it could be read to its end.
        return [(name, str(value)) for name, values in request.POST.lists() for value in values]
    return _parts(body) if request.content_type == "multipart/form-data" else _urlencoded(body)


def _urlencoded(raw: bytes) -> Pairs:
    for piece in raw.split(b"&", settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)[: settings.DATA_UPLOAD_MAX_NUMBER_FIELDS]:
        name, _, value = piece.replace(b"+", b" ").partition(b"=")
        yield _text(unquote_to_bytes(name)), _text(unquote_to_bytes(value))


def _parts(raw: bytes) -> Pairs:
    for part in _PART.finditer(raw):
        yield _text(part[1]), _text(part[2])


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _as_fields(pairs: Pairs) -> dict[str, str]:
    fields: dict[str, str] = {}
    doubtful = set()
    for name, value in pairs:
        if not name.startswith(PREFIX) and name != SIGNATURE:
            continue
        if fields.setdefault(name[:NAME_LENGTH], value) != value:
            doubtful.add(name)
    return {name: value for name, value in fields.items() if name not in doubtful & {SITE_ID, MODE}}
