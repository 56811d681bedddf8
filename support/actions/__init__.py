"""Everything that can be done at the counter: with a request, a company, and a mail that was not found."""

from support.actions.accepting import accept_registration, ask_for_more, refuse_registration
from support.actions.annotating import AlreadyStruck, set_tags, strike_note, write_note
from support.actions.calling import (
    CallOver,
    NoTriesLeft,
    NumberTooRecent,
    begin_call,
    choose_new_code,
    close_found_code,
    end_call,
    prove_call,
    type_code,
)
from support.actions.changing import AnotherWaits, propose_account
from support.actions.deciding import accept_reset, answer_request, refuse_request, unblock_account
from support.actions.factors import propose_factor_reset
from support.actions.following import NothingToAdd, add_message, tell_account_owner
from support.actions.forgetting import forget_notes, forget_requests
from support.actions.holding import (
    HeldBySomebodyElse,
    NotAColleague,
    ask_merchant,
    hand_over_request,
    take_request,
)
from support.actions.mails import NotOnFile, TooManyCopies, send_mail_again
from support.actions.opening import AlreadyOpen, OutsidePortfolio, open_request
from support.actions.proposing import OwnProposal, approve_proposal, lapse_proposals, reject_proposal
from support.actions.receiving import Letter, Receipt, TooManyRequests, receive_request
from support.actions.records import NoSuchAccount
from support.actions.registering import (
    AlreadyRegistering,
    CompanyKnown,
    StepsMissing,
    TooManyRegistrations,
    ask_for_shop,
    begin_registration,
    forget_registrations,
    save_account,
    save_code,
    save_step,
    submit_registration,
)
from support.actions.reports import lift_freeze, report_not_me
from support.actions.signing import record_signed_contract

__all__ = [
    "AlreadyOpen",
    "AlreadyRegistering",
    "AlreadyStruck",
    "AnotherWaits",
    "CallOver",
    "CompanyKnown",
    "HeldBySomebodyElse",
    "Letter",
    "NoSuchAccount",
    "NoTriesLeft",
    "NotAColleague",
    "NotOnFile",
    "NothingToAdd",
    "NumberTooRecent",
    "OutsidePortfolio",
    "OwnProposal",
    "Receipt",
    "StepsMissing",
    "TooManyCopies",
    "TooManyRegistrations",
    "TooManyRequests",
    "accept_registration",
    "accept_reset",
    "add_message",
    "answer_request",
    "approve_proposal",
    "ask_for_more",
    "ask_for_shop",
    "ask_merchant",
    "begin_call",
    "begin_registration",
    "choose_new_code",
    "close_found_code",
    "end_call",
    "forget_notes",
    "forget_registrations",
    "forget_requests",
    "hand_over_request",
    "lapse_proposals",
    "lift_freeze",
    "open_request",
    "propose_account",
    "propose_factor_reset",
    "prove_call",
    "receive_request",
    "record_signed_contract",
    "refuse_registration",
    "refuse_request",
    "reject_proposal",
    "report_not_me",
    "save_account",
    "save_code",
    "save_step",
    "send_mail_again",
    "set_tags",
    "strike_note",
    "submit_registration",
    "take_request",
    "tell_account_owner",
    "type_code",
    "unblock_account",
    "write_note",
]
