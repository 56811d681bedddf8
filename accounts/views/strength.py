"""What every page that asks for a new password needs: the meter's settings, and the words of a refusal."""

from typing import Any

from accounts import rules
from accounts.actions import PasswordAlreadyUsed, PasswordRefused
from accounts.forms.door import NewPasswordForm
from accounts.models import User
from accounts.passwords import Assessment
from accounts.words import words_of

TOO_WEAK = "Ce mot de passe n’atteint pas « Sécurité OK ». Suivez les conseils affichés."
ALREADY_USED = "Ce mot de passe a déjà servi pour ce compte. Choisissez-en un nouveau."


def meter_of(user: User, assessment: Assessment | None) -> dict[str, Any]:
    """The context of `accounts/_new_password_fields.html`: the live meter, under the server's own judgement if any."""
    return {
        "meter": {"words": words_of(user), "minimum": rules.minimum_length(user)},
        "identifier": user.identifier,
        "level": assessment.level if assessment else "",
        "reasons": assessment.reasons if assessment else [],
    }


def explain(refused: PasswordRefused | PasswordAlreadyUsed, *, form: NewPasswordForm) -> Assessment | None:
    """Say in the form why the password was refused; return the judgement for the meter, if it was one of strength."""
    if isinstance(refused, PasswordRefused):
        form.add_error("password", TOO_WEAK)
        return refused.assessment
    form.add_error("password", ALREADY_USED)
    return None
