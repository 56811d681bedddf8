"""The keys that sign and verify: what payments asks for at each form and each notification."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from backoffice.vads.signature import Algorithm
from certificates.models import Certificate, SignatureSetting
from certificates.rules import LAST_USE_PRECISION
from shops.enums import Mode
from shops.models import Shop


@dataclass(frozen=True)
class SigningKey:
    """A certificate in clear with its algorithm; never printed whole, not even in a traceback (KEY-04)."""

    value: str = field(repr=False)
    algorithm: Algorithm


def signing_key(shop: Shop, mode: str) -> SigningKey | None:
    """The key of one shop and one mode, or None while the mode has no certificate (KEY-05). Two queries."""
    certificate = Certificate.objects.filter(shop=shop, mode=mode).first()
    if certificate is None:
        return None
    return SigningKey(
        value=certificate.unsealed_value(), algorithm=SignatureSetting.objects.algorithms(shop)[Mode(mode)]
    )


def note_use(shop: Shop, mode: Mode, now: datetime) -> None:
    """Write down that the certificate served, at most once a minute. Call it outside the payment's transaction."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - LAST_USE_PRECISION)
    Certificate.objects.filter(stale, shop=shop, mode=mode).update(last_used_at=now)
