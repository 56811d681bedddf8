"""How a visit begins: a judged form opens its page, which its buyer reads in a language of their own."""

from datetime import datetime

from payments import rules
from payments.acquirer import acquirer_of
from payments.actions.visits import ReferenceUsed
from payments.form.fingerprint import fingerprint
from payments.form.judgement import JudgedForm
from payments.models import PaymentSession


def open_session(*, form: JudgedForm, now: datetime) -> PaymentSession:
    """Open the hosted page for a posted form and take its reference; the same bytes posted again find the same page.

    Raises ReferenceUsed when the reference was taken by another form, or the visit is over (design 4.13, PAY-06);
    NoAcquirer when nobody could authorise the payment.
    """
    acquirer_of(form.mode)
    session = _new_session(form, now=now, holds_reference=True)
    return session if PaymentSession.objects.insert_unless_taken(session) else _resume(session, now=now)


def preview_session(*, form: JudgedForm, now: datetime) -> PaymentSession:
    """Open the hosted page for a form in a query string, without taking its reference (design 4.13, PAY-11).

    Raises ReferenceUsed and NoAcquirer like `open_session`.
    """
    acquirer_of(form.mode)
    session = _new_session(form, now=now, holds_reference=False)
    if PaymentSession.objects.same_reference(session).holding().exists():
        return _resume(session, now=now)
    already_open = PaymentSession.objects.open_for(session.fingerprint, now)
    if found := already_open.select_related("shop").first():
        return found
    session.save(force_insert=True)
    return session


def choose_language(*, session: PaymentSession, language: str) -> None:
    """The buyer reads the rest of the visit in this language; nothing else changes, `vads_language` least of all."""
    session.language = language
    session.save(update_fields=["language"])


def _new_session(form: JudgedForm, *, now: datetime, holds_reference: bool) -> PaymentSession:
    session = PaymentSession(
        shop=form.shop,
        mode=form.mode,
        trans_id=form.fields["vads_trans_id"],
        trans_date=form.trans_date,
        trans_day=form.trans_date.date(),
        amount_cents=int(form.fields["vads_amount"]),
        currency=form.fields["vads_currency"],
        fields=dict(form.fields),
        fingerprint=fingerprint(form.fields, form.signature),
        holds_reference=holds_reference,
        drift_seconds=form.drift_seconds,
        opened_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
    )
    session.seal_token()
    return session


def _resume(asked: PaymentSession, *, now: datetime) -> PaymentSession:
    holder = PaymentSession.objects.same_reference(asked).holding().select_related("shop").first()
    if holder is None or holder.fingerprint != asked.fingerprint or not holder.is_payable(now):
        raise ReferenceUsed
    return holder
