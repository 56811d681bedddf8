"""How the form is read off the wire: three encodings, blanks kept, values untouched, nothing guessed."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from backoffice.vads.signature import PREFIX
from payments.form.errors import FormUnreadable, Unreadable

SIGNATURE = "signature"
MODE = "vads_ctx_mode"
NAME_LENGTH = 127
# A character of four bytes, each written as %XX.
LONGEST_ENCODED = 12

Pairs = list[tuple[str, str]]


def parse_form(request: HttpRequest) -> dict[str, str]:
    """The `vads_*` fields and the `signature` of a form, as decoded UTF-8 and nothing else (compatibility 1 to 5).

    Reads POST urlencoded, POST multipart and the query string of a GET. Other names are ignored. Raises
    FormUnreadable on a field given twice, on bytes that are not UTF-8, on NUL and on sizes beyond PAY-13.
    """
    return _as_fields(_pairs(request))


def has_form(request: HttpRequest) -> bool:
    """Whether a GET carries a form at all: any name that begins with `vads_`."""
    return PREFIX in request.META.get("QUERY_STRING", "")


def _pairs(request: HttpRequest) -> Pairs:
    if request.method != "POST":
        return _decode(request.META.get("QUERY_STRING", "").encode("latin-1"))
    # Judged on the announced length, before a byte of a large body is read.
    announced = _announced_length(request)
    if not announced:
        # A redirect on the shop's side often eats the body, and its type with it: error 70 says so.
        return []
    if announced > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise FormUnreadable(Unreadable.TOO_LARGE)
    try:
        if request.content_type == "multipart/form-data":
            return _multipart(request)
        if request.content_type == "application/x-www-form-urlencoded":
            return _decode(request.body)
    except RequestDataTooBig as error:
        raise FormUnreadable(Unreadable.TOO_LARGE) from error
    except TooManyFieldsSent as error:
        raise FormUnreadable(Unreadable.TOO_MANY_FIELDS) from error
    except (MultiPartParserError, SuspiciousOperation, BadRequest, UnreadablePostError) as error:
        raise FormUnreadable(Unreadable.MALFORMED) from error
    raise FormUnreadable(Unreadable.CONTENT_TYPE)


def _announced_length(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def _decode(raw: bytes) -> Pairs:
    try:
        return parse_qsl(
            raw.decode("utf-8"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise FormUnreadable(Unreadable.NOT_UTF8) from error
    except ValueError as error:
        raise FormUnreadable(Unreadable.TOO_MANY_FIELDS) from error


def _multipart(request: HttpRequest) -> Pairs:
    # Django would read what is no UTF-8 as U+FFFD, and the webmaster would look for a wrong signature.
    try:
        request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormUnreadable(Unreadable.NOT_UTF8) from error
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    if any(name.startswith(PREFIX) for name in request.FILES):
        raise FormUnreadable(Unreadable.MALFORMED)
    return pairs


def _as_fields(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    mode = next((value for name, value in pairs if name == MODE), None)
    for name, value in pairs:
        if not name.startswith(PREFIX) and name != SIGNATURE:
            continue
        if name in fields:
            raise FormUnreadable(Unreadable.DUPLICATE, field=name[:NAME_LENGTH], mode=mode)
        if "\0" in value or not name.isprintable() or len(name) > NAME_LENGTH:
            raise FormUnreadable(Unreadable.CONTROL_CHARACTER, field=name[:NAME_LENGTH], mode=mode)
        fields[name] = value
    if _grows_too_large(fields):
        raise FormUnreadable(Unreadable.TOO_LARGE)
    return fields


def _grows_too_large(fields: dict[str, str]) -> bool:
    """Whether what is echoed to the shop would pass IPN-13: a multipart body grows once percent-encoded."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    at_most = sum(len(name) + len(value) + 2 for name, value in fields.items()) * LONGEST_ENCODED
    # Encoding once more only to measure is worth it for the few forms that come near.
    return at_most > limit and len(urlencode(fields)) > limit
