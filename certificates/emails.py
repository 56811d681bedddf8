"""What the company is told by e-mail about its certificates: that it happened, never the value."""

from datetime import datetime

from accounts.models import User
from backoffice.core import mail
from backoffice.core.models import OutgoingMail
from shops.models import Shop


def production_certificate_generated(shop: Shop, *, by: User, now: datetime) -> OutgoingMail:
    """Tell the company's address on file that its production certificate exists (domain 2.3)."""
    return mail.queue(
        "certificates/emails/production_certificate_generated.txt",
        to=shop.company.email,
        subject=f"Certificat de production généré – {shop.label}",
        context={"shop": shop, "by": by.full_name, "at": now},
        now=now,
        company=shop.company.public_id,
    )
