"""The keys that sign and verify: what payments asks for at each form and each notification."""

from dataclasses import dataclass, field
from datetime import datetime

from backoffice.vads.signature import Algorithm
from certificates.models import Certificate, SignatureSetting
from certificates.rules import LAST_USE_PRECISION
from shops.enums import Mode
from shops.models import Shop

# Written out: a form comes in with every payment, and building this query took longer than running it.
_SHOP_AND_KEY = """
    SELECT shops_shop.*,
           certificate.public_id AS key_public_id,
           certificate.sealed_value AS key_sealed_value,
           certificate.last_used_at AS key_last_used_at,
           COALESCE(setting.algorithm, %s) AS key_algorithm
      FROM shops_shop
      JOIN certificates_certificate AS certificate ON certificate.shop_id = shops_shop.id
      LEFT JOIN certificates_signaturesetting AS setting
        ON setting.shop_id = shops_shop.id AND setting.mode = certificate.mode
     WHERE shops_shop.site_id = %s AND certificate.mode = %s
"""


@dataclass(frozen=True)
class SigningKey:
    """A certificate in clear with its algorithm; never printed whole, not even in a traceback (KEY-04)."""

    value: str = field(repr=False)
    algorithm: Algorithm


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs a form: the shop, its key in the form's mode, and when that key was last seen at work."""

    shop: Shop
    key: SigningKey
    last_used_at: datetime | None

    def is_use_stale(self, now: datetime) -> bool:
        """Whether this use is worth writing down, judging from what was read."""
        return self.last_used_at is None or self.last_used_at <= now - LAST_USE_PRECISION


def signatory_of(site_id: str, mode: str) -> Signatory | None:
    """Who a form of that shop and mode must be signed by; None without such a shop or such a certificate (KEY-05).

    One query: a form comes in with every payment.
    """
    for shop in Shop.objects.raw(_SHOP_AND_KEY, [SignatureSetting.DEFAULT.value, site_id, mode]):
        read = vars(shop)
        certificate = Certificate(public_id=read["key_public_id"], sealed_value=read["key_sealed_value"])
        key = SigningKey(value=certificate.unsealed_value(), algorithm=Algorithm(read["key_algorithm"]))
        return Signatory(shop=shop, key=key, last_used_at=read["key_last_used_at"])
    return None


def signing_key(shop: Shop, mode: str) -> SigningKey | None:
    """The key of one shop and one mode, or None while the mode has no certificate (KEY-05). One query."""
    signatory = signatory_of(shop.site_id, mode)
    return signatory.key if signatory else None


def note_use(shop: Shop, mode: Mode, now: datetime) -> None:
    """Write down that the certificate served, at most once a minute. Call it outside the payment's transaction."""
    Certificate.objects.unused_since(now - LAST_USE_PRECISION).filter(shop=shop, mode=mode).update(last_used_at=now)
