"""Taking what people send from the contact page: each as a request of its own, floods within bounds (RST-12)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from backoffice.core import jobs, journal
from backoffice.core.journal import Event
from backoffice.core.requests import origin as sender_of
from support import links, rules
from support.actions.records import wait_for_turn
from support.enums import Motive, Voice
from support.models import ContactRequest, FollowUpLink, RequestMessage


class TooManyRequests(Exception):
    """This sender has sent its share; carries `until`, when the next request will be taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"next request from {until}")
        self.until = until


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


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The request that was opened or added to, and the token of its follow-up link, for the sender's browser alone."""

    contact: ContactRequest
    token: str


@transaction.atomic
def receive_request(*, letter: Letter, by: User | None, address: str, now: datetime) -> Receipt:
    """Keep a request for the advisors. Raises TooManyRequests beyond 5 an hour for one sender (RST-12).

    Nothing typed is compared with what is known, so that neither answer nor time says whether an account exists, and
    no mail leaves for a typed address: the page would be a tool to write to strangers. Beyond three a day for one
    identifier, the text is added to the request that is open. `by` is the signed-in merchant.
    """
    origin = sender_of(address)
    wait_for_turn(f"contact {origin}")
    _require_share(origin, now=now)
    if earlier := _one_to_add_to(letter, now=now):
        return _repeat(earlier, letter=letter, by=by, origin=origin, address=address, now=now)
    return _open(letter, by=by, origin=origin, address=address, now=now)


def _open(letter: Letter, *, by: User | None, origin: str, address: str, now: datetime) -> Receipt:
    contact = ContactRequest.objects.create(**asdict(letter), received_at=now, address=address or None, origin=origin)
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now)
    # Always a job, so that the cost of a mail tells nothing.
    jobs.defer("support.tell_account_owner", request=contact.pk)
    _record(Event.CONTACT_REQUEST_RECEIVED, contact, by=by, address=address, now=now)
    return Receipt(contact=contact, token=token)


def _one_to_add_to(letter: Letter, *, now: datetime) -> ContactRequest | None:
    """The open request of this identifier, under lock, once a day has had its three."""
    if not letter.identifier:
        return None
    wait_for_turn(f"contact about {letter.identifier}")
    since = now - rules.IDENTIFIER_WINDOW
    named = ContactRequest.objects.naming(letter.identifier, motive=letter.motive, since=since)
    if named.count() < rules.REQUESTS_PER_IDENTIFIER:
        return None
    waiting = ContactRequest.objects.waiting(letter.motive, identifier=letter.identifier)
    return waiting.newest_first().select_for_update(of=("self",)).first()


def _repeat(
    earlier: ContactRequest, *, letter: Letter, by: User | None, origin: str, address: str, now: datetime
) -> Receipt:
    """Add a text to an open request, and nothing else of what was typed; its sender sees that text alone."""
    earlier.repeats += 1
    earlier.save(update_fields=["repeats"])
    link, token = links.issue(contact=earlier, holder=Voice.REPEAT, now=now, origin=origin)
    if letter.message and RequestMessage.objects.of(earlier).repeats().count() < rules.REPEATS_KEPT:
        RequestMessage.objects.create(
            contact_request=earlier, voice=Voice.REPEAT, link=link, text=letter.message, written_at=now
        )
    _record(Event.CONTACT_REQUEST_REPEATED, earlier, by=by, address=address, now=now)
    return Receipt(contact=earlier, token=token)


def _record(event: Event, contact: ContactRequest, *, by: User | None, address: str, now: datetime) -> None:
    # Under the company of whoever is signed in: nothing typed is believed, or looked up.
    company = by.company if by else None
    journal.record(
        event,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=contact,
        address=address,
        motive=contact.motive,
    )


def _require_share(origin: str, *, now: datetime) -> None:
    since = now - rules.WINDOW
    opened = ContactRequest.objects.sent_from(origin, since=since).values_list("received_at", flat=True)
    repeated = FollowUpLink.objects.repeated_from(origin, since=since).values_list("issued_at", flat=True)
    moments = sorted([*opened, *repeated])
    if len(moments) >= rules.REQUESTS_PER_ADDRESS:
        raise TooManyRequests(until=moments[-rules.REQUESTS_PER_ADDRESS] + rules.WINDOW)
