"""The signed contract that comes back: the code it printed is destroyed, and its enrolment is over (design 4.6)."""

from datetime import datetime

from django.db import transaction

from accounts.actions import require_unfrozen
from accounts.browsers import Browser
from accounts.models import User
from backoffice.core.journal import Event
from certificates import actions as certificates
from certificates.models import Contract
from support import emails
from support.actions.registering import lock_registration, record_registration
from support.models import Registration


@transaction.atomic
def record_signed_contract(
    *, contract: Contract, scan_digest: str, note: str, by: User, browser: Browser, now: datetime
) -> Contract:
    """Mark a contract signed, with the digest of its scanned copy or a note; an enrolment that led to it is over.

    Raises ChangesFrozen when the advisor's own account is frozen, certificates.ProofNeeded, or IllegalMove when it was
    signed already.
    """
    require_unfrozen(User.objects.get(pk=by.pk))
    # The enrolment before its contract: accepting one goes the same way.
    found = Registration.objects.opened_as(contract.shop).first()
    locked = lock_registration(found) if found else None
    signed = certificates.mark_contract_signed(
        contract=contract, by=by, now=now, scan_digest=scan_digest, note=note, address=browser.address
    )
    if locked is not None and locked.is_accepted:
        locked.sign(at=now)
        locked.save(update_fields=["state", "signed_at"])
        emails.registration_signed(locked, now=now)
        record_registration(Event.REGISTRATION_SIGNED, locked, by=by, address=browser.address, now=now)
    return signed
