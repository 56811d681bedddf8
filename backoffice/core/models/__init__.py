"""The ground's rows: the journal with its chains and yearly keys, the outgoing mail, and prints."""

from backoffice.core.models.journal import JournalChain, JournalEntry, JournalKey
from backoffice.core.models.mail import MailStatus, OutgoingMail
from backoffice.core.models.prints import Print, PrintState

__all__ = ["JournalChain", "JournalEntry", "JournalKey", "MailStatus", "OutgoingMail", "Print", "PrintState"]
