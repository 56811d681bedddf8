"""Everything that can be done with a request at the counter."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import User
from backoffice.core import journal
from backoffice.core.journal import Event
from backoffice.core.requests import origin as sender_of
from support import rules
from support.enums import Motive
from support.models import ContactRequest


class TooManyRequests(Exception):
    """This sender has sent its share; carries `until`, when the next request will be taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"next request from {until}")
        self.until = until


class NoSuchAccount(Exception):
    """The request names no account that could be opened again."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What somebody typed on the contact page; what the motive does not ask for stays empty."""

    motive: Motive
    last_name: str
    first_name: str
    shop_label: str = ""
    siret: str = ""
    identifier: str = ""
    phone: str = ""
    email: str = ""
    message: str = ""


@transaction.atomic
def receive_request(*, letter: Letter, by: User | None, address: str, now: datetime) -> ContactRequest:
    """Keep a request for the advisors. Raises TooManyRequests beyond 5 an hour for one sender (RST-12).

    Nothing typed is compared with what is known, so that neither answer nor time says whether an account exists, and
    no mail leaves for a typed address: the page would be a tool to write to strangers. `by` is the signed-in merchant.
    """
    origin = sender_of(address)
    _wait_for_turn(origin)
    _require_share(origin, now=now)
    contact = ContactRequest.objects.create(
        motive=letter.motive,
        shop_label=letter.shop_label,
        siret=letter.siret,
        last_name=letter.last_name,
        first_name=letter.first_name,
        identifier=letter.identifier,
        phone=letter.phone,
        email=letter.email,
        message=letter.message,
        received_at=now,
        address=address or None,
        origin=origin,
    )
    company = by.company if by else None
    journal.record(
        Event.CONTACT_REQUEST_RECEIVED,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=contact,
        address=address,
        motive=letter.motive.value,
    )
    return contact


@transaction.atomic
def accept_reset(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> User:
    """Treat a request to reopen an account: the temporary password leaves for the address on file (RST-01, RST-02).

    Nothing typed in the request is used but the identifier. Raises NoSuchAccount, accounts.OwnAccount, or IllegalMove
    when the request was treated already or the account is active or closed.
    """
    locked = ContactRequest.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    person = User.objects.known_as(locked.identifier).first()
    if not rules.asks_for_reset(locked) or person is None:
        raise NoSuchAccount
    locked.treat(by=by, at=now)
    locked.save(update_fields=["status", "treated_by", "treated_at"])
    accounts.reset_account(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    company = person.company
    journal.record(
        Event.CONTACT_REQUEST_TREATED,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=locked,
        address=browser.address,
        motive=locked.motive,
    )
    return person


def _wait_for_turn(origin: str) -> None:
    # Two requests of one sender at the same moment would both count four: the second waits for the first to commit.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"contact {origin}"])


def _require_share(origin: str, *, now: datetime) -> None:
    recent = ContactRequest.objects.sent_from(origin, since=now - rules.WINDOW)
    moments = list(recent.values_list("received_at", flat=True))
    if len(moments) >= rules.REQUESTS_PER_ADDRESS:
        raise TooManyRequests(until=moments[-rules.REQUESTS_PER_ADDRESS] + rules.WINDOW)
