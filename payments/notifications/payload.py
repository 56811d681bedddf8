"""What the shop is told: the form's own fields, the result's, and the signature last (compatibility 14 to 19)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from backoffice.vads import moments, signature
from certificates.keys import SigningKey
from payments.enums import Source, TransactionStatus
from payments.form.parse import SIGNATURE
from payments.models import PaymentSession, Transaction

CONTENT_TYPE = "application/x-www-form-urlencoded; charset=UTF-8"

# Absent from every call but the first (compatibility 17).
FIRST_CALL_ONLY = frozenset({"vads_page_action", "vads_payment_config", "vads_action_mode"})
# Said by us alone: a form that carries one of these does not get it echoed.
RESULT_FIELDS = frozenset(
    {
        "vads_auth_mode",
        "vads_auth_number",
        "vads_auth_result",
        "vads_authorized_amount",
        "vads_bank_code",
        "vads_bank_label",
        "vads_bank_product",
        "vads_card_brand",
        "vads_card_country",
        "vads_card_number",
        "vads_contract_used",
        "vads_cvv",
        "vads_effective_amount",
        "vads_effective_creation_date",
        "vads_effective_currency",
        "vads_expiry_month",
        "vads_expiry_year",
        "vads_extra_result",
        "vads_hash",
        "vads_operation_type",
        "vads_payment_certificate",
        "vads_payment_error",
        "vads_presentation_date",
        "vads_result",
        "vads_sequence_number",
        "vads_threeds_cavv",
        "vads_threeds_cavvAlgorithm",
        "vads_threeds_eci",
        "vads_threeds_enrolled",
        "vads_threeds_error_code",
        "vads_threeds_exit_status",
        "vads_threeds_sign_valid",
        "vads_threeds_status",
        "vads_threeds_xid",
        "vads_trans_status",
        "vads_trans_uuid",
        "vads_url_check_src",
        "vads_warranty_result",
    }
)
# Results that this offer does not have, and libraries read all the same (domain 4.5): names are not signed, so what a
# buyer typed could come back under one of them with our signature.
NEVER_SAID = frozenset(
    {
        "vads_change_rate",
        "vads_identifier_status",
        "vads_payment_seq",
        "vads_pays_ip",
        "vads_recurrence_number",
        "vads_recurrence_status",
        "vads_risk_assessment_result",
        "vads_risk_control",
    }
)
_NOT_ECHOED = RESULT_FIELDS | NEVER_SAID


def abandoned_fields(session: PaymentSession) -> dict[str, str]:
    """What the browser brings back when the buyer turned back: no identifier, no card, nothing invented (19)."""
    return _echoed(session) | {"vads_result": "17", "vads_trans_status": "ABANDONED"}


def result_fields(transaction: Transaction) -> dict[str, str]:
    """What the browser brings back after a payment, and the notification's core: echoes, then the result."""
    answer: dict[str, str] = transaction.answer
    return _echoed(transaction.session) | _result(transaction) | answer


def notification_fields(transaction: Transaction, *, source: Source, unique: str) -> dict[str, str]:
    """The fields of one call: `unique` is the 64 hexadecimal digits that no other call carries (15, 17)."""
    fields = result_fields(transaction) | {"vads_hash": unique, "vads_url_check_src": source.value}
    return {name: value for name, value in fields.items() if source == Source.PAY or name not in FIRST_CALL_ONLY}


def signed(fields: Mapping[str, str], key: SigningKey) -> dict[str, str]:
    """The same fields in order of name, and the signature last."""
    in_order = {name: fields[name] for name in sorted(fields)}
    return in_order | {SIGNATURE: signature.sign(fields, key.value, key.algorithm)}


def body(fields: Mapping[str, str], key: SigningKey) -> bytes:
    """The body of one call: urlencoded UTF-8, the base64 of the signature percent-encoded too (14)."""
    return urlencode(signed(fields, key)).encode("ascii")


def _echoed(session: PaymentSession) -> dict[str, str]:
    return {name: value for name, value in session.fields.items() if name not in _NOT_ECHOED}


def _result(transaction: Transaction) -> dict[str, str]:
    amount = str(transaction.amount_cents)
    # A delay beyond the authorisation's validity gets a token check now, the real question later (domain 9).
    is_full = transaction.status not in {
        TransactionStatus.WAITING_AUTHORISATION,
        TransactionStatus.WAITING_AUTHORISATION_TO_VALIDATE,
    }
    return {
        "vads_auth_mode": "FULL" if is_full else "MARK",
        "vads_auth_number": transaction.auth_number,
        "vads_auth_result": transaction.auth_result,
        "vads_authorized_amount": amount if transaction.is_accepted and is_full else "",
        "vads_capture_delay": str(transaction.capture_delay),
        "vads_card_brand": transaction.card_brand,
        "vads_card_number": transaction.masked_number,
        "vads_effective_amount": amount,
        "vads_effective_creation_date": moments.wire(transaction.created_at),
        "vads_effective_currency": transaction.currency,
        "vads_expiry_month": str(transaction.expiry_month or ""),
        "vads_expiry_year": str(transaction.expiry_year or ""),
        "vads_extra_result": "",
        "vads_operation_type": "DEBIT",
        "vads_payment_src": transaction.session.fields.get("vads_payment_src") or "EC",
        "vads_presentation_date": moments.wire(transaction.presented_at),
        "vads_result": transaction.result,
        "vads_sequence_number": str(transaction.sequence_number),
        "vads_trans_status": transaction.status,
        "vads_trans_uuid": transaction.trans_uuid,
        "vads_validation_mode": "1" if transaction.is_validated_by_hand else "0",
    }
