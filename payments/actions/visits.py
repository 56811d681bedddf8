"""What every step of a visit begins and ends with: its row under lock, still payable, and saved with its reference."""

from datetime import datetime

from django.db import IntegrityError, transaction

from payments.form.errors import FormFault, FormRefused, Trouble
from payments.models import PaymentSession
from payments.models.session import REFERENCE_CONSTRAINT


class SessionOver(Exception):
    """The visit can no longer be paid or cancelled: it expired, or ended in the state carried by `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class ReferenceUsed(FormRefused):
    """The transaction id was used that day by another form, or by this one already (error 03)."""

    def __init__(self) -> None:
        super().__init__(FormFault(code="03", field="vads_trans_id", reason=Trouble.USED.label))


def locked(session: PaymentSession) -> PaymentSession:
    """The visit read again under lock, with its shop: whoever else pays or leaves waits (PAY-06)."""
    return PaymentSession.objects.select_for_update(of=("self",)).select_related("shop").get(pk=session.pk)


def require_payable(session: PaymentSession, *, now: datetime) -> None:
    """Raises SessionOver once the visit is over."""
    if not session.is_payable(now):
        raise SessionOver(session.state)


def save_visit(session: PaymentSession) -> None:
    """Save where the visit is. Raises ReferenceUsed when its reference was taken meanwhile; nothing is saved then."""
    try:
        with transaction.atomic():
            session.save(update_fields=["state", "ended_at", "expires_at", "holds_reference", "refusals"])
    except IntegrityError as error:
        # Two visits opened by GET for one reference: the first one to end took it.
        if REFERENCE_CONSTRAINT not in str(error):
            raise
        raise ReferenceUsed from error
