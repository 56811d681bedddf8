"""What each motive asks for, who must act next, who may do what, and how many requests one sender may send."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.enums import AccountState
from accounts.models import User
from accounts.not_me import Report
from accounts.rules import may_be_reset, may_be_unblocked, may_change, may_lose_factor, may_try
from backoffice.core.events import Event
from support.enums import (
    ADDING_VOICES,
    BALLS,
    NEEDED,
    OPENED_BY_ADVISORS,
    REGISTRATION_BALLS,
    WELCOME,
    Ball,
    Motive,
    Outcome,
    RegistrationState,
    RequestStatus,
    Step,
)
from support.models import CallBack, ContactRequest, FollowUpLink, Proposal, Registration

# Requests from one address in this time (RST-12).
REQUESTS_PER_ADDRESS = 5
WINDOW = timedelta(hours=1)
# Requests that name one account in this time; the next ones are added to the one that is open (RST-12).
REQUESTS_PER_IDENTIFIER, IDENTIFIER_WINDOW = 3, timedelta(hours=24)
# Texts of repeated requests that one request keeps; the others are counted.
REPEATS_KEPT = 20
# Characters of a message added from the follow-up page, of a question.
ADDITION_LENGTH, QUESTION_LENGTH = 2000, 1000
# Open requests that a company's page shows.
REQUESTS_SHOWN = 10
# How often one mail is sent again within a day: the first copy may be lost, the fourth helps nobody.
COPIES_A_DAY, COPIES_WINDOW = 3, timedelta(hours=24)
# How long a second advisor has to approve what a first one proposes (design 4.6).
PROPOSAL_LIFE = timedelta(hours=24)
# How long one call-back lasts at most; how many wrong codes a request takes in all its calls, and a person in that
# time in those of all their requests (RST-07).
CALL_LIFE, CODE_TRIES, CODE_TRIES_WINDOW = timedelta(minutes=30), 3, timedelta(hours=24)
# Enrolments begun from one address in this time: each writes to whatever address was typed, once submitted.
REGISTRATIONS_PER_ADDRESS, REGISTRATION_WINDOW = 5, timedelta(hours=1)
# Other shops of one company that wait for an advisor at the same time.
SHOPS_ASKED_AT_ONCE = 3
# How long a draft nobody went on with is kept, and how long its browser remembers it.
DRAFT_LIFE = timedelta(days=30)
# How long a browser where the code was typed again may print the contract.
CONTRACT_VISIT = timedelta(minutes=15)
# What each step cannot do without.
STEP_FIELDS: dict[Step, tuple[str, ...]] = {
    Step.COMPANY: ("siret", "legal_name", "street", "postal_code", "city"),
    Step.REPRESENTATIVE: ("last_name", "first_name", "quality", "email", "phone"),
    Step.SHOP: ("shop_label", "shop_url", "activity", "route"),
    Step.ACCOUNT: ("sealed_iban",),
    Step.CODE: ("sealed_code",),
}


@dataclass(frozen=True)
class Turn:
    """Who must act next, and since when; nobody, since no moment, once the request is closed."""

    ball: Ball
    since: datetime | None

    @property
    def is_desk_s(self) -> bool:
        return self.ball is Ball.DESK

    @property
    def is_merchant_s(self) -> bool:
        return self.ball is Ball.MERCHANT


def turn(contact: ContactRequest) -> Turn:
    """Who has the ball: taking or handing over a request leaves it at the desk, where it has been since it came."""
    ball = BALLS[RequestStatus(contact.status)]
    since = {
        Ball.DESK: contact.answered_at or contact.received_at,
        Ball.MERCHANT: contact.asked_at,
        Ball.NOBODY: None,
    }
    return Turn(ball, since[ball])


def registration_turn(registration: Registration) -> Turn:
    """Who must act next on an enrolment, and since when."""
    ball = REGISTRATION_BALLS[RegistrationState(registration.state)]
    since = {
        RegistrationState.DRAFT: registration.started_at,
        RegistrationState.SUBMITTED: registration.submitted_at,
        RegistrationState.INCOMPLETE: registration.asked_at,
        RegistrationState.ACCEPTED: registration.decided_at,
    }
    return Turn(ball, since.get(RegistrationState(registration.state)))


def steps_of(registration: Registration | None) -> tuple[Step, ...]:
    """The steps of an enrolment; a known company's other shop has its own alone."""
    return (Step.SHOP,) if registration is not None and registration.is_second_shop else tuple(Step)


def missing_steps(registration: Registration) -> list[Step]:
    """The steps that still lack something, in their order."""
    return [
        step
        for step in steps_of(registration)
        if not all(str(getattr(registration, name)) for name in STEP_FIELDS[step])
    ]


def may_type_for_contract(owner: User) -> bool:
    """Whether a code is compared to print the contract again: as at the door, and no more once that is closed."""
    return bool(owner.code_hash) and may_try(owner, None)


def asks_for(motive: Motive, field: str) -> bool:
    """Whether the form of this motive holds that field at all."""
    return field in NEEDED[motive] or field in WELCOME[motive]


def needs(motive: Motive, field: str) -> bool:
    """Whether a request of this motive is useless without that field."""
    return field in NEEDED[motive]


def asks_for_reset(contact: ContactRequest) -> bool:
    """Whether the request is one to reopen an account."""
    return contact.motive == Motive.ACCOUNT_RESET


def asks_for_code(contact: ContactRequest) -> bool:
    """Whether the request is about a lost code of first connection."""
    return contact.motive == Motive.CODE_REQUEST


def reports_intrusion(contact: ContactRequest) -> bool:
    """Whether the request was opened by « Ce n’était pas moi »."""
    return contact.motive == Motive.SECURITY


def doubts_phone(report: Report) -> bool:
    """Whether the person's number on file may be the intruder's: it is what was reported."""
    return report.event in {Event.PHONE_CHANGE_ASKED, Event.PHONE_CHANGED}


def may_take(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may answer for the request: nobody does yet, and it is not about their own account."""
    return contact.is_new and person != by


def holds(contact: ContactRequest, *, by: User) -> bool:
    """Whether this advisor answers for the open request: whoever acts on it must (RST-01)."""
    return contact.is_open and contact.owner_id == by.pk


def may_accept(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may reopen the account that the request is about (RST-01)."""
    is_theirs = holds(contact, by=by) and asks_for_reset(contact)
    return is_theirs and person != by and is_resettable(person)


def is_resettable(person: User | None) -> bool:
    """Whether a treatment would open the account again, whoever holds the request."""
    return person is not None and may_be_reset(person)


def outcome_of_reset(person: User) -> Outcome:
    """What a treatment does: an advisor has no code, so that no temporary password leaves for one."""
    return Outcome.UNBLOCKED if person.is_advisor else Outcome.PASSWORD_SENT


def may_unblock(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may lift the block and leave the password of the account the request is about (RST-01)."""
    is_theirs = holds(contact, by=by) and asks_for_reset(contact)
    return is_theirs and person is not None and person != by and may_be_unblocked(person)


def may_propose_factor_reset(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may propose to a second one that the account's second factor be taken away (AUTHZ-06)."""
    is_theirs = holds(contact, by=by) and asks_for_reset(contact)
    return is_theirs and person is not None and person != by and may_lose_factor(person)


def may_lift(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may end the freeze that the request is about; nobody their own (AUTH-16)."""
    is_theirs = holds(contact, by=by) and reports_intrusion(contact)
    return is_theirs and person is not None and person != by and person.is_frozen


def is_answered_in_words(contact: ContactRequest) -> bool:
    """Whether the request is treated by an answer: the others are treated by what they ask for."""
    return not asks_for_reset(contact) and not reports_intrusion(contact)


def may_change_account(contact: ContactRequest, *, by: User) -> bool:
    """Whether this advisor may answer the request by another settlement account: they hold it, and it asks in words."""
    return holds(contact, by=by) and is_answered_in_words(contact) and not asks_for_code(contact)


def may_be_refused(contact: ContactRequest) -> bool:
    """Whether the request may be put on hold or refused: a report is not, its account would stay frozen."""
    return not reports_intrusion(contact)


def may_call(contact: ContactRequest, *, by: User) -> bool:
    """Whether this advisor may call back about the code that the request asks for."""
    return holds(contact, by=by) and asks_for_code(contact)


def is_callable(person: User, *, by: User) -> bool:
    """Whether somebody can be called back about a code: they have one, and may still change anything."""
    return bool(person.code_hash) and is_written_to(person) and may_change(person) and person.pk != by.pk


def goes_on_with(call: CallBack, link: FollowUpLink, *, now: datetime) -> bool:
    """Whether this follow-up page is the one whose word was read, during a call that still lasts."""
    return call.is_proven and call.holder == link.holder and now < call.ends_at


def has_code_tries(wrong_codes: int) -> bool:
    """Whether another code is compared, so many wrong ones counting with it (RST-07)."""
    return wrong_codes < CODE_TRIES


def may_decide(proposal: Proposal, *, contact: ContactRequest, by: User) -> bool:
    """Whether this advisor is a second one: not who proposed it, nor who holds the request, nor whom it is about."""
    return by.is_advisor and by.pk not in {proposal.proposed_by_id, proposal.person_id, contact.owner_id}


def is_written_to(person: User) -> bool:
    """Whether the counter writes to this account's owner: it is open, and somebody has come in by it."""
    return person.state not in {AccountState.CLOSED, AccountState.INVITED}


def may_be_opened(motive: Motive, *, person: User, by: User) -> bool:
    """Whether this advisor may open a request of that motive for somebody: never for themselves."""
    return motive in OPENED_BY_ADVISORS and is_written_to(person) and person != by


def may_add(link: FollowUpLink, *, is_proposed: bool) -> bool:
    """Whether whoever holds this link may add a message: one after the request, one after each question.

    None while something proposed waits for its second advisor: strangers could void it (AUTHZ-06).
    """
    contact = link.contact_request
    if not contact.is_open or is_proposed or link.holder not in ADDING_VOICES:
        return False
    return link.added_at is None or (contact.asked_at is not None and link.added_at < contact.asked_at)


def number_to_call(report: Report) -> str:
    """Where to call back whoever reported: the number on file, the company's when the other is in doubt."""
    company = report.user.company
    company_phone = str(company.phone) if company else ""
    return company_phone if doubts_phone(report) else str(report.user.phone) or company_phone
