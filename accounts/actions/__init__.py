"""Everything that can be done to a company, to an account and at its door."""

from accounts.actions.choosing import (
    CurrentPasswordRefused,
    PasswordAlreadyUsed,
    PasswordRefused,
    change_password,
    choose_password,
)
from accounts.actions.confirming import confirm_identity, confirm_identity_with_code
from accounts.actions.contacts import (
    SameContact,
    TooManyChanges,
    ask_email_change,
    ask_phone_change,
    cancel_contact_change,
    cancel_contact_changes,
    confirm_email_change,
    forget_contact_changes,
    settle_contact_changes,
)
from accounts.actions.door import SignIn, check_first_connection_code, sign_in, sign_out, unblock_with_code
from accounts.actions.enrolment import (
    FactorNeeded,
    NoFactor,
    NothingToConfirm,
    begin_enrolment,
    confirm_enrolment,
    draw_recovery_codes,
    remove_factor,
)
from accounts.actions.freezing import NotFrozen, freeze_account, lift_freeze
from accounts.actions.frozen import ChangesFrozen, lock_unfrozen, require_unfrozen
from accounts.actions.invitations import (
    AlreadyOpen,
    IdentifierRefused,
    IdentifierTaken,
    accept_invitation,
    find_invited,
    invite_advisor,
)
from accounts.actions.journal import note_journal_export
from accounts.actions.kept_forms import discard_kept_form, forget_kept_forms, keep_form
from accounts.actions.opening import (
    create_company,
    note_trade_name,
    open_merchant_account,
    redraw_temporary_password,
)
from accounts.actions.portfolios import (
    AlreadyAssigned,
    NotAnAdvisor,
    NotAssigned,
    assign_company,
    unassign_company,
)
from accounts.actions.recovery import (
    OwnAccount,
    ask_forgotten_link,
    mail_forgotten_link,
    reset_account,
    take_forgotten_link,
    take_recovery_link,
)
from accounts.actions.second_factor import FactorClosed, give_second_factor
from accounts.actions.sessions import end_other_sessions, end_session, end_sessions, forget_browser
from accounts.actions.teams import leave_factor_free, require_factor
from accounts.actions.tries import forget_unused_browsers, make_browser_known

__all__ = [
    "AlreadyAssigned",
    "AlreadyOpen",
    "ChangesFrozen",
    "CurrentPasswordRefused",
    "FactorClosed",
    "FactorNeeded",
    "IdentifierRefused",
    "IdentifierTaken",
    "NoFactor",
    "NotAnAdvisor",
    "NotAssigned",
    "NotFrozen",
    "NothingToConfirm",
    "OwnAccount",
    "PasswordAlreadyUsed",
    "PasswordRefused",
    "SameContact",
    "SignIn",
    "TooManyChanges",
    "accept_invitation",
    "ask_email_change",
    "ask_forgotten_link",
    "ask_phone_change",
    "assign_company",
    "begin_enrolment",
    "cancel_contact_change",
    "cancel_contact_changes",
    "change_password",
    "check_first_connection_code",
    "choose_password",
    "confirm_email_change",
    "confirm_enrolment",
    "confirm_identity",
    "confirm_identity_with_code",
    "create_company",
    "discard_kept_form",
    "draw_recovery_codes",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "find_invited",
    "forget_browser",
    "forget_contact_changes",
    "forget_kept_forms",
    "forget_unused_browsers",
    "freeze_account",
    "give_second_factor",
    "invite_advisor",
    "keep_form",
    "leave_factor_free",
    "lift_freeze",
    "lock_unfrozen",
    "mail_forgotten_link",
    "make_browser_known",
    "note_journal_export",
    "note_trade_name",
    "open_merchant_account",
    "redraw_temporary_password",
    "remove_factor",
    "require_factor",
    "require_unfrozen",
    "reset_account",
    "settle_contact_changes",
    "sign_in",
    "sign_out",
    "take_forgotten_link",
    "take_recovery_link",
    "unassign_company",
    "unblock_with_code",
]
