"""Whether a form may be paid: its shop, its signature, its fields, its date and its addresses, in that order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backoffice.core import outbound
from backoffice.vads import fields as dictionary
from backoffice.vads import instalments, moments, signature
from certificates.keys import Signatory, signatory_of
from payments.form.errors import FormFault, FormRefused, Trouble
from payments.form.parse import SIGNATURE
from shops.enums import Mode
from shops.models import Shop

RETURN_ADDRESSES = ("vads_url_success", "vads_url_refused", "vads_url_cancel", "vads_url_error", "vads_url_return")


@dataclass(frozen=True, kw_only=True)
class JudgedForm:
    """A form nothing is wrong with: whose it is, in which mode, and its `vads_*` fields as received."""

    shop: Shop
    mode: Mode
    fields: Mapping[str, str]
    signature: str
    trans_date: datetime
    drift_seconds: int
    # Whether the use of its certificate is worth writing down.
    is_use_stale: bool


def judge_form(received: Mapping[str, str], *, now: datetime) -> JudgedForm:
    """Judge what `parse_form` read. Raises FormRefused with every fault found at the step that failed.

    The signature is checked over all `vads_*` fields before anything is believed (PAY-04), with the certificate of
    the form's own mode and no other (KEY-05). Whether the reference was used already is the database's answer, later.
    """
    sign = received.get(SIGNATURE, "")
    fields = {name: value for name, value in received.items() if name != SIGNATURE}
    if not fields or not sign:
        raise _refused("70", SIGNATURE, Trouble.NO_SIGNATURE)
    signatory = _signatory(fields)
    shop, mode = signatory.shop, Mode(fields["vads_ctx_mode"])
    _check_signature(fields, sign, signatory)
    _check_fields(fields)
    _check_addresses(fields, shop=shop, mode=mode)
    trans_date = fields["vads_trans_date"]
    if moments.punctuality(trans_date, now=now) is moments.Punctuality.REFUSED:
        raise _refused("04", "vads_trans_date", Trouble.OUT_OF_TIME)
    _check_schedule(fields)
    return JudgedForm(
        shop=shop,
        mode=mode,
        fields=fields,
        signature=sign,
        trans_date=moments.parse(trans_date),
        drift_seconds=round(moments.drift(trans_date, now=now).total_seconds()),
        is_use_stale=signatory.is_use_stale(now),
    )


def _refused(code: str, field: str, trouble: Trouble) -> FormRefused:
    return FormRefused(FormFault(code=code, field=field, reason=trouble.label))


def _signatory(fields: Mapping[str, str]) -> Signatory:
    site_id, mode = fields.get("vads_site_id", ""), fields.get("vads_ctx_mode", "")
    signatory = signatory_of(site_id, mode)
    if signatory is not None and signatory.shop.is_open:
        return signatory
    # Only a refused form asks more: what is missing, the shop, the mode or its certificate?
    shop = Shop.objects.with_site_id(site_id).first()
    if shop is None or not shop.is_open:
        raise _refused("02", "vads_site_id", Trouble.UNKNOWN_SHOP)
    if mode in Mode.values:
        raise _refused("11", "vads_ctx_mode", Trouble.NO_CERTIFICATE)
    reason = dictionary.Reason.FORMAT if mode else dictionary.Reason.MISSING
    raise FormRefused(FormFault("11", "vads_ctx_mode", reason.label))


def _check_signature(fields: Mapping[str, str], received: str, signatory: Signatory) -> None:
    if not signature.is_valid(fields, received, signatory.key.value, signatory.key.algorithm):
        raise _refused("00", SIGNATURE, Trouble.WRONG_SIGNATURE)


def _check_fields(fields: Mapping[str, str]) -> None:
    faults = dictionary.check(fields)
    if faults:
        raise FormRefused(*(FormFault(fault.code, fault.field, fault.reason.label) for fault in faults))


def _check_schedule(fields: Mapping[str, str]) -> None:
    # The form's own UTC day: a form posted just after midnight keeps the schedule its shop made just before.
    amount, day = int(fields["vads_amount"]), moments.utc_day(fields["vads_trans_date"])
    try:
        instalments.schedule(fields["vads_payment_config"], amount_cents=amount, day=day)
    except instalments.ScheduleRefused as refused:
        raise FormRefused(FormFault("07", "vads_payment_config", refused.breach.label)) from refused


def _check_addresses(fields: Mapping[str, str], *, shop: Shop, mode: Mode) -> None:
    # The browser's way back is judged as text and never resolved; the shop's own call must stay at home (SSRF-16).
    for name in RETURN_ADDRESSES:
        if fields.get(name):
            _judge_syntax(name, fields[name])
    checked = fields.get("vads_url_check", "")
    if checked:
        _judge_syntax("vads_url_check", checked)
        homes = {outbound.host_of(url) for url in (shop.url, shop.server_url(mode)) if url}
        if outbound.host_of(checked) not in homes:
            raise _refused("33", "vads_url_check", Trouble.OTHER_SITE)
        _judge_callable("vads_url_check", checked, mode=mode)


def _judge_callable(name: str, url: str, *, mode: Mode) -> None:
    # What the call would refuse without asking the network is refused before anybody pays for an order untold.
    try:
        outbound.judge_target(url, production=mode == Mode.PRODUCTION)
    except outbound.AddressRefused as refused:
        raise FormRefused(FormFault(dictionary.field(name).code, name, refused.reason.label)) from refused


def _judge_syntax(name: str, url: str) -> None:
    try:
        outbound.judge_syntax(url)
    except outbound.AddressRefused as refused:
        raise _refused(dictionary.field(name).code, name, Trouble.ADDRESS) from refused
