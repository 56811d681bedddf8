"""What accounts write to people: each function queues one message inside the action's transaction."""

from accounts.emails.codes import code_not_replaced, code_replaced, code_replacement_asked
from accounts.emails.contacts import (
    contact_change_cancelled,
    email_change_asked,
    email_change_confirmed,
    email_change_link,
    email_changed,
    phone_change_asked,
    phone_changed,
)
from accounts.emails.door import (
    account_blocked,
    account_unblocked,
    forgotten_password,
    identifier,
    new_browser,
    password_changed,
    password_chosen,
    temporary_password,
)
from accounts.emails.factors import (
    factor_enrolled,
    factor_removed,
    recovery_code_used,
    recovery_codes_drawn,
)
from accounts.emails.freezing import (
    account_frozen,
    account_unfrozen,
)
from accounts.emails.people import (
    access_ended,
    access_ended_for,
    advisor_invitation,
    invitation_accepted,
    owner_made,
    person_invited,
    person_removed,
    role_changed,
)

__all__ = [
    "access_ended",
    "access_ended_for",
    "account_blocked",
    "account_frozen",
    "account_unblocked",
    "account_unfrozen",
    "advisor_invitation",
    "code_not_replaced",
    "code_replaced",
    "code_replacement_asked",
    "contact_change_cancelled",
    "email_change_asked",
    "email_change_confirmed",
    "email_change_link",
    "email_changed",
    "factor_enrolled",
    "factor_removed",
    "forgotten_password",
    "identifier",
    "invitation_accepted",
    "new_browser",
    "owner_made",
    "password_changed",
    "password_chosen",
    "person_invited",
    "person_removed",
    "phone_change_asked",
    "phone_changed",
    "recovery_code_used",
    "recovery_codes_drawn",
    "role_changed",
    "temporary_password",
]
