"""The journal told in words: whose it is, one page of it, and all of it as the lines of a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from django.utils import timezone

from accounts.models import Company, User
from backoffice.core import details
from backoffice.core.journal import PLATFORM, PersonalText, Readable, TextReader
from backoffice.core.models import JournalEntry
from backoffice.core.models.journal import JournalEntryQuerySet

PER_PAGE = 50
EXPORT_COLUMNS = (
    "Date (heure de Paris)",
    "Date (UTC)",
    "Événement",
    "Échec",
    "Qui",
    "Sur qui ou quoi",
    "Adresse IP",
    "Détails",
    "Numéro",
    "Code de l’événement",
    "Empreinte",
)

NOBODY = "—"
# What stands for a text that cannot be read: forgotten with its year's key, or altered in the database.
UNREADABLE = {Readable.FORGOTTEN: "effacé", Readable.ALTERED: "illisible"}
_EXPORTED_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Whose journal it is: a company's, or without company the platform's own."""

    company: Company | None = None

    @property
    def public_id(self) -> UUID:
        return self.company.public_id if self.company else PLATFORM

    def entries_for(self, reader: User) -> JournalEntryQuerySet:
        """All of its entries for an advisor; a company's people are not told what advisors keep among themselves."""
        entries: JournalEntryQuerySet = JournalEntry.objects.of_chain(self.public_id)
        return entries if reader.is_advisor else entries.told_to_merchants()

    def people(self) -> list[User]:
        """Who can be looked for in it, by name."""
        actors = JournalEntry.objects.actors_of_chain(self.public_id)
        return list(User.objects.in_journal_of(self.company, actors=actors))

    def searched_by(self, reader: User, people: list[User]) -> list[User]:
        """Those among its people whom this reader may look for: to a merchant, an advisor whom an entry shows."""
        if reader.is_advisor:
            return people
        advisors = User.objects.with_public_ids([one.public_id for one in people if one.is_advisor])
        shown = set(advisors.acting_in(self.entries_for(reader)))
        return [one for one in people if not one.is_advisor or one in shown]


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody or something, and in a smaller hand the label it had when it was written down."""

    name: str
    note: str = ""
    is_told: bool = True

    def __str__(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry in words; `details` are pairs of label and value."""

    entry: JournalEntry
    actor: Party
    subject: Party
    address: Party
    details: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Its lines, and the entries from which the neighbouring pages start, where there are any."""

    lines: list[Line]
    newer_than: UUID | None
    older_than: UUID | None


class Teller:
    """Tells the entries of one journal to one reader; asks the database for each year's key, once."""

    def __init__(self, *, reader: User, people: list[User]) -> None:
        self._reader = reader
        self._people: Mapping[UUID, User] = {one.public_id: one for one in people}
        self._texts = TextReader()

    def tell(self, entry: JournalEntry) -> Line:
        """The entry in words."""
        text = self._texts.read(entry)
        return Line(
            entry=entry,
            actor=self._actor(entry, text),
            subject=self._subject(entry, text),
            address=self._address(entry, text),
            details=details.in_words(entry.detail),
        )

    def _actor(self, entry: JournalEntry, text: PersonalText) -> Party:
        if text.readable in UNREADABLE:
            return _untold(UNREADABLE[text.readable])
        if entry.actor_id is None:
            return _untold("Personne non identifiée" if text.address else "Automatique")
        return self._party(entry.actor_id, text.actor)

    def _subject(self, entry: JournalEntry, text: PersonalText) -> Party:
        if text.readable in UNREADABLE:
            return _untold(UNREADABLE[text.readable])
        if entry.subject_id is None:
            return _untold(NOBODY)
        if entry.subject_id == entry.actor_id:
            return _untold("Son propre compte")
        return self._party(entry.subject_id, text.subject)

    def _address(self, entry: JournalEntry, text: PersonalText) -> Party:
        if text.readable in UNREADABLE:
            return _untold(UNREADABLE[text.readable])
        actor = self._people.get(entry.actor_id) if entry.actor_id else None
        if actor and actor.is_advisor and not self._reader.is_advisor:
            # The bank's own network is no merchant's business.
            return _untold("Banque")
        return Party(name=text.address) if text.address else _untold(NOBODY)

    def _party(self, public_id: UUID, label: str) -> Party:
        """A person by name with the label of the day; an advisor's identifier opens a door, and is for advisors."""
        person = self._people.get(public_id)
        if person is None:
            return Party(name=label[:1].upper() + label[1:])
        is_secret = person.is_advisor and not self._reader.is_advisor
        return Party(name=person.full_name, note="conseiller" if is_secret else label)


def page_of(entries: JournalEntryQuerySet, teller: Teller, *, older_than: str, newer_than: str) -> Page:
    """The page after the entry `older_than`, or before the entry `newer_than` (public ids); the newest otherwise.

    An id that is no entry of this journal is ignored. Three queries and one a year at most, whatever the depth.
    """
    after = entries.with_public_id(older_than).first()
    before = None if after else entries.with_public_id(newer_than).first()
    if before:
        # One more than a page tells whether there is another.
        nearest = list(entries.newer_than(before).oldest_first()[: PER_PAGE + 1])
        shown, has_newer, has_older = nearest[:PER_PAGE][::-1], len(nearest) > PER_PAGE, True
    else:
        start = entries.older_than(after) if after else entries
        found = list(start.newest_first()[: PER_PAGE + 1])
        shown, has_newer, has_older = found[:PER_PAGE], after is not None, len(found) > PER_PAGE
    return Page(
        lines=[teller.tell(entry) for entry in shown],
        newer_than=shown[0].public_id if shown and has_newer else None,
        older_than=shown[-1].public_id if shown and has_older else None,
    )


def exceeds(entries: JournalEntryQuerySet, *, lines: int) -> bool:
    """Whether there are more entries than that; reads the index that far, and counts nothing."""
    return bool(entries.newest_first().values_list("pk")[lines : lines + 1])


def table_of(entries: JournalEntryQuerySet, teller: Teller) -> Iterator[list[str]]:
    """The entries as rows of text under their columns, newest first, fetched a thousand at a time as they leave."""
    yield list(EXPORT_COLUMNS)
    start = entries
    while fetched := list(start.newest_first()[:_EXPORTED_AT_ONCE]):
        yield from (_row(teller.tell(entry)) for entry in fetched)
        start = entries.older_than(fetched[-1])


def _row(line: Line) -> list[str]:
    entry = line.entry
    return [
        timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M:%S"),
        entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        entry.event_label,
        "oui" if entry.is_failure else "non",
        str(line.actor),
        str(line.subject),
        str(line.address),
        " ; ".join(f"{label} : {value}" for label, value in line.details),
        str(entry.position),
        entry.event,
        entry.entry_hash,
    ]


def _untold(word: str) -> Party:
    return Party(name=word, is_told=False)
