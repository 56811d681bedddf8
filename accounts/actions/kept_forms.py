"""Keeping a form for the person who sent it too late."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import kept_forms, rules
from accounts.models import KeptForm, User


@transaction.atomic
def keep_form(*, user: User, form: kept_forms.Form, now: datetime) -> bool:
    """Keep a form for its author, in place of an earlier one; False when it is too large to be kept."""
    if len(form.as_text()) > rules.KEPT_FORM_BYTES:
        return False
    # Two forms of one person at once: the second waits, then takes the place.
    User.objects.select_for_update().get(pk=user.pk)
    KeptForm.objects.by(user).delete()
    kept = KeptForm(user=user, expires_at=now + rules.KEPT_FORM_LIFE)
    kept.fill(form)
    kept.save()
    return True


def discard_kept_form(*, user: User, public_id: str) -> None:
    """Forget the person's kept form of this public id: it is being sent, or never will be."""
    try:
        ticket = UUID(public_id)
    except ValueError:
        return
    KeptForm.objects.by(user).with_public_id(ticket).delete()


def forget_kept_forms(*, now: datetime) -> int:
    """Delete what nobody asked for within the half-hour; return how many."""
    return KeptForm.objects.over(now=now).delete()[0]
