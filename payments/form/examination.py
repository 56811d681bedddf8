"""What a refused form is: whose, in which mode, whether the shop did sign it, and if not, why."""

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.vads import signature
from certificates.keys import signing_key
from payments.form.diagnosis import Diagnosis, diagnose
from payments.form.parse import MODE, SIGNATURE
from payments.form.salvage import SITE_ID
from shops import rules
from shops.enums import Mode
from shops.models import Shop

WRONG_SIGNATURE = "00"


@dataclass(frozen=True, kw_only=True)
class Examination:
    """The shop that the form names, if there is one; its mode, "" when it says none; what its signature is worth."""

    shop: Shop | None = None
    mode: str = ""
    is_signed: bool = False
    diagnosis: Diagnosis | None = None

    @property
    def is_proven(self) -> bool:
        """Whether a certificate of the shop made the signature, rightly or by a slip that is known."""
        return self.is_signed or (self.diagnosis is not None and self.diagnosis.slip.is_explained)


def examine(received: Mapping[str, str], *, code: str) -> Examination:
    """Look again at a form refused with `code`, and believe only its signature (KEY-05). Three queries at most."""
    site_id, mode = received.get(SITE_ID, ""), received.get(MODE, "")
    shop = Shop.objects.with_site_id(site_id).first() if rules.is_site_id(site_id) else None
    if shop is None or mode not in Mode.values:
        return Examination(shop=shop)
    own, received_signature = signing_key(shop, mode), received.get(SIGNATURE, "")
    if own is None:
        return Examination(shop=shop, mode=mode)
    fields = {name: value for name, value in received.items() if name != SIGNATURE}
    if signature.is_valid(fields, received_signature, own.value, own.algorithm):
        return Examination(shop=shop, mode=mode, is_signed=True)
    if code != WRONG_SIGNATURE:
        return Examination(shop=shop, mode=mode)
    other = signing_key(shop, Mode.PRODUCTION if mode == Mode.TEST else Mode.TEST)
    return Examination(shop=shop, mode=mode, diagnosis=diagnose(fields, received_signature, own=own, other=other))
