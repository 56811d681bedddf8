"""Forms that went wrong on the way, drawn at random, and what must hold of each answer whatever was sent."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.test.client import BOUNDARY, MULTIPART_CONTENT
from hypothesis import strategies as st

from backoffice.vads import fields as dictionary
from payments.models import PaymentSession
from tests.hostile.texts import NAUGHTY
from tests.payments import wire
from tests.payments.form.answers import URL, VECTORS
from tests.payments.full_form import full_form

MONEY = ("vads_action_mode", "vads_amount", "vads_ctx_mode", "vads_currency", "vads_payment_config", "vads_site_id")
# What a buyer may type into a shop, to be signed by it.
TYPED = ("INTERACTIVE+1+TEST+978", "PAYMENT+MULTI:first=1;count=9;period=30", "TEST+392", "1", "392")
TYPED_INTO = ("vads_cust_address", "vads_ship_to_city", "vads_comment", "vads_account")
URLENCODED = "application/x-www-form-urlencoded"

# Words that structure the signed text, digits of other scripts, and everything that reads like something else.
NASTY = st.one_of(
    st.sampled_from(NAUGHTY),
    st.sampled_from(["", " ", "+", "SINGLE", "PAYMENT", "TEST", "PRODUCTION", "INTERACTIVE", "978", "1", "V2", "\r\n"]),
    st.sampled_from(["MULTI:first=1;count=2;period=1", "PAYMENT+SINGLE+12345678", "1+TEST+978", "٣", "1e3", "-0"]),
    st.text(max_size=40),
    st.text(alphabet="0123456789 -./+%=&;", max_size=30),
    st.text(alphabet="<>&\"'\\/\x00\x1b\u202e\ufeff\u0301a", max_size=12),
    st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=4), st.sampled_from([64, 300, 5000])),
)
NAMES = st.one_of(
    st.sampled_from(sorted(dictionary.FIELDS)),
    st.sampled_from(["vads_a", "vads_ctx_z", "vads_payment_d", "vads_ext_info_x", "vads_product_label0", "signature"]),
    st.text(max_size=12).map("vads_".__add__),
    st.text(max_size=8),
)
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent: by GET or POST, the body or the query, its type; `pairs` when they were not cut afterwards."""

    method: str
    body: bytes
    content_type: str
    pairs: tuple[tuple[str, str], ...] | None
    original: dict[str, str]


def genuine_forms(shop) -> list[dict[str, str]]:
    """Signed forms that are right: full ones and the golden ones, dated of this moment."""
    fresh = {"vads_site_id": shop.site_id, "vads_trans_date": wire.trans_date()}
    forms = [full_form(shop, 7), full_form(shop, 8, payment_config="MULTI:first=90;count=3;period=30")]
    forms += [wire.fields(shop, order_id=None) | {name: typed} for typed in TYPED for name in TYPED_INTO]
    return [wire.signed(form) for form in (*forms, *(vector["fields"] | fresh for vector in VECTORS))]


@st.composite
def requests(draw, genuine: list[dict[str, str]]) -> Request:
    """A genuine form, a few accidents, perhaps signed anew, in one of the encodings, perhaps cut."""
    # As often a form a buyer typed into as one that nobody did.
    typed = [form for form in genuine if set(form) & set(TYPED_INTO[1:])]
    original = draw(st.sampled_from(genuine) | st.sampled_from(typed))
    pairs = list(original.items())
    for _ in range(draw(st.integers(0, 3))):
        pairs = draw(st.sampled_from(ACCIDENTS))(draw, pairs)
    if draw(st.sampled_from([True, True, False])):
        pairs = _signed_anew(draw, pairs)
    return draw(_sent(pairs, original))


def _signed_anew(draw, pairs: Pairs) -> Pairs:
    # Mostly by who may: what is right but for one field goes deepest.
    certificate = draw(st.sampled_from([wire.TEST_CERTIFICATE] * 6 + [wire.PRODUCTION_CERTIFICATE, "x"]))
    algorithm = draw(st.sampled_from(["HMAC-SHA-256"] * 6 + ["SHA-1"]))
    fields = {name: value for name, value in pairs if name != "signature"}
    try:
        sign = wire.signature(fields, certificate, algorithm)
    except UnicodeEncodeError:
        return pairs
    return [*((name, value) for name, value in pairs if name != "signature"), ("signature", sign)]


# --- Accidents -------------------------------------------------------------------------------------------------
def _place(draw, pairs: Pairs) -> int:
    return draw(st.integers(0, len(pairs) - 1))


def change(draw, pairs):
    place = _place(draw, pairs)
    return [*pairs[:place], (pairs[place][0], draw(NASTY)), *pairs[place + 1 :]]


def add(draw, pairs):
    return [*pairs, (draw(NAMES), draw(NASTY))]


def leave_out(draw, pairs):
    place = _place(draw, pairs)
    return [*pairs[:place], *pairs[place + 1 :]] or pairs


def rename(draw, pairs):
    place = _place(draw, pairs)
    return [*pairs[:place], (draw(NAMES), pairs[place][1]), *pairs[place + 1 :]]


def send_twice(draw, pairs):
    name, value = pairs[_place(draw, pairs)]
    return [*pairs, (name, draw(st.sampled_from([value, "", "x"])))]


def swallow(draw, pairs):
    """One field takes its neighbour's value, which an invented name may leave to somebody else."""
    ordered = sorted(pairs)
    if len(ordered) < 2:
        return pairs
    place = draw(st.integers(0, len(ordered) - 2))
    (left, one), (right, other) = ordered[place : place + 2]
    kept = draw(st.sampled_from([left, right, "vads_a", "vads_ctx_z"]))
    return [*ordered[:place], (kept, f"{one}+{other}"), *ordered[place + 2 :]]


def move_border(draw, pairs):
    """The border between two neighbours goes to another plus sign."""
    ordered = sorted(pairs)
    if len(ordered) < 2:
        return pairs
    place = draw(st.integers(0, len(ordered) - 2))
    (left, one), (right, other) = ordered[place : place + 2]
    pieces = f"{one}+{other}".split("+")
    cut = draw(st.integers(0, len(pieces)))
    moved = [(left, "+".join(pieces[:cut])), (right, "+".join(pieces[cut:]))]
    return [*ordered[:place], *moved, *ordered[place + 2 :]]


def slide(draw, pairs):
    """One name is lost and another invented, every value between them moving by one place."""
    fields = sorted((name, value) for name, value in pairs if name.startswith("vads_"))
    others = [pair for pair in pairs if not pair[0].startswith("vads_")]
    if not fields:
        return pairs
    values = [value for _, value in fields]
    lost = fields[draw(st.integers(0, len(fields) - 1))][0]
    names = sorted({name for name, _ in fields if name != lost} | {draw(NAMES.filter(lambda n: n.startswith("vads_")))})
    return [*zip(names, values, strict=False), *others]


def swallow_and_retype(draw, pairs):
    """An invented name takes several fields at once, and what a buyer typed takes their place."""
    ordered = sorted(pairs)
    typed = [(place, value.split("+")) for place, (name, value) in enumerate(ordered) if name in TYPED_INTO]
    if not typed:
        return pairs
    place, pieces = typed[0]
    start = draw(st.integers(0, max(len(ordered) - len(pieces), 0)))
    lost = [pair for pair in ordered[start:] if pair != ordered[place]][: len(pieces)]
    kept = [pair for pair in ordered if pair not in lost and pair != ordered[place]]
    invented = draw(
        st.sampled_from(
            [
                "vads_a",
                "vads_aaa",
                "vads_contrib",
                "vads_ctx_z",
                "vads_cs",
                "vads_d",
                "vads_cust_name",
                "vads_payment_z",
            ]
        )
    )
    retyped = [(name, piece) for (name, _), piece in zip(lost, pieces, strict=False)]
    return [*kept, *retyped, (invented, "+".join(value for _, value in lost))]


ACCIDENTS = (change, change, add, leave_out, rename, send_twice, swallow, move_border, slide, swallow_and_retype)


WAYS = (*["urlencoded"] * 3, *["multipart"] * 2, *["get"] * 2, "cut", "flipped", "mislabelled")


# --- Encodings -------------------------------------------------------------------------------------------------
@st.composite
def _sent(draw, pairs: Pairs, original) -> Request:
    try:
        encoded = urlencode(pairs).encode()
        multipart = _multipart(pairs)
    except UnicodeEncodeError:
        encoded = urlencode(pairs, errors="surrogatepass").encode()
        multipart, pairs = encoded, None
    way = draw(st.sampled_from(WAYS))
    kept = None if pairs is None else tuple(pairs)
    if way == "get":
        return Request(method="GET", body=encoded, content_type="", pairs=kept, original=original)
    body, content_type = (multipart, MULTIPART_CONTENT) if way == "multipart" else (encoded, URLENCODED)
    if way == "mislabelled":
        content_type = draw(st.sampled_from(["", "text/plain", "application/json", "multipart/form-data; boundary=x"]))
    if way in {"cut", "flipped"}:
        body, content_type = draw(st.sampled_from([(encoded, URLENCODED), (multipart, MULTIPART_CONTENT)]))
        place = draw(st.integers(0, max(len(body) - 1, 0)))
        noise = b"" if way == "cut" else draw(st.binary(min_size=1, max_size=3)) + body[place + 1 :]
        body = body[:place] + noise
        kept = None
    if content_type == MULTIPART_CONTENT and way == "multipart" and not _fits_multipart(pairs):
        kept = None
    return Request(method="POST", body=body, content_type=content_type, pairs=kept, original=original)


def _multipart(pairs: Pairs) -> bytes:
    parts = (
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (BOUNDARY.encode(), name.encode(), value.encode())
        for name, value in pairs
    )
    return b"".join(parts) + b"--%s--\r\n" % BOUNDARY.encode()


def _fits_multipart(pairs: Pairs | None) -> bool:
    # A quote or a line end in a name changes what is read; a value that holds the boundary too.
    return pairs is not None and all(
        name.isprintable() and not set(name) & set('"\\%;') and name == name.strip() and BOUNDARY not in value
        for name, value in pairs
    )


# --- What must hold --------------------------------------------------------------------------------------------
def send(client, request: Request):
    if request.method == "GET":
        return client.get(f"{URL}?{request.body.decode('latin-1')}")
    return client.generic("POST", URL, request.body, content_type=request.content_type)


def judge(request: Request, response) -> bool:
    """Hold the answer against an independent reading of what was sent; whether the form was taken."""
    assert response.status_code in {200, 302, 400, 413}, response.status_code
    if response.status_code == 200:
        assert request.method == "GET"  # the page that says what the address is for
    if response.status_code != 302:
        assert not PaymentSession.objects.exists()
        return False
    session = PaymentSession.objects.get()
    sign = wire.signature(session.fields, wire.TEST_CERTIFICATE)
    # The signature that this body held: another implementation finds it right for exactly these fields.
    assert sign.encode() in request.body or quote(sign, safe="").encode() in request.body
    if request.pairs is not None:
        received = [(name, value) for name, value in request.pairs if name.startswith("vads_")]
        assert len(received) == len(dict(received))
        assert session.fields == dict(received)
    if sign == request.original["signature"]:
        assert {name: session.fields[name] for name in MONEY} == {name: request.original[name] for name in MONEY}
    assert session.amount_cents == int(session.fields["vads_amount"]) > 0
    return True
