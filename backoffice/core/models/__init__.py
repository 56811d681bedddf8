"""The ground's rows: the journal with its chains and yearly keys, and the outgoing mail."""

from backoffice.core.models.journal import JournalChain, JournalEntry, JournalKey
from backoffice.core.models.mail import MailStatus, OutgoingMail

__all__ = ["JournalChain", "JournalEntry", "JournalKey", "MailStatus", "OutgoingMail"]
