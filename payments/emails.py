"""What a company is told by e-mail about the forms of its shops: causes and counts, never a value of a field."""

from collections.abc import Sequence
from datetime import datetime

from backoffice.core import mail
from backoffice.core.models import OutgoingMail
from payments.form_log.causes import Cause
from shops.enums import Mode
from shops.models import Shop


def refused_forms(shop: Shop, *, mode: Mode, causes: Sequence[Cause], now: datetime) -> OutgoingMail:
    """Tell the company's address on file why forms of one shop and mode are refused, or nearly (domain 3.4, 3.5)."""
    refusals = [cause for cause in causes if not cause.is_warning]
    what = "Formulaires de paiement refusés" if refusals else "Horloge de la boutique décalée"
    return mail.queue(
        "payments/emails/refused_forms.txt",
        to=shop.company.email,
        subject=f"{what} – {shop.label} ({mode})",
        context={
            "shop": shop,
            "mode": mode.value,
            "refusals": refusals,
            "warnings": [cause for cause in causes if cause.is_warning],
            "may_be_strangers": any(not cause.is_proven for cause in refusals),
        },
        now=now,
        company=shop.company.public_id,
    )
