"""A shop's own side of the wire, written independently of the platform: signs forms, verifies what comes back."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

TEST_CERTIFICATE = "1122334455667788"
PRODUCTION_CERTIFICATE = "Zx9Yw8Vu7Ts6Rq5P"


def signature(fields, certificate, algorithm="HMAC-SHA-256"):
    text = ""
    for name in sorted((name for name in fields if name[:5] == "vads_"), key=str.encode):
        text += fields[name] + "+"
    text = (text + certificate).encode("utf-8")
    if algorithm == "SHA-1":
        return hashlib.sha1(text).hexdigest()
    return base64.b64encode(hmac.new(certificate.encode(), text, hashlib.sha256).digest()).decode()


def trans_date(moment=None):
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%d%H%M%S")


def fields(shop, **changes):
    """A minimal form; `vads_` is understood in the names of `changes`, and None removes a field."""
    form = {
        "vads_action_mode": "INTERACTIVE",
        "vads_amount": "6490",
        "vads_ctx_mode": "TEST",
        "vads_currency": "978",
        "vads_order_id": "CMD-2026-1187",
        "vads_page_action": "PAYMENT",
        "vads_payment_config": "SINGLE",
        "vads_site_id": shop.site_id,
        "vads_trans_date": trans_date(),
        "vads_trans_id": "000042",
        "vads_version": "V2",
    } | {f"vads_{name}": value for name, value in changes.items()}
    return {name: value for name, value in form.items() if value is not None}


def signed(form, certificate=TEST_CERTIFICATE, algorithm="HMAC-SHA-256"):
    return form | {"signature": signature(form, certificate, algorithm)}


def form_of(shop, **changes):
    """A signed minimal form."""
    return signed(fields(shop, **changes))


def is_genuine(received, certificate=TEST_CERTIFICATE, algorithm="HMAC-SHA-256"):
    """Whether the platform signed what the shop received."""
    return hmac.compare_digest(signature(received, certificate, algorithm), received.get("signature", ""))
