"""How long things are kept: terms counted back from a moment and said in French, for the job and the page alike."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_UNITS = ((timedelta(days=1), "jour"), (timedelta(hours=1), "heure"), (timedelta(minutes=1), "minute"))


@dataclass(frozen=True, kw_only=True)
class Term:
    """A number of calendar months, of days, or of both."""

    months: int = 0
    days: int = 0

    def before(self, moment: datetime) -> datetime:
        """The moment that lies this term earlier; the last day of a shorter month stands for the days it lacks."""
        year, month = divmod(moment.year * 12 + moment.month - 1 - self.months, 12)
        day = min(moment.day, monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day) - timedelta(days=self.days)

    def __str__(self) -> str:
        """« 13 mois », « 30 jours »."""
        told = [_counted(self.months, "mois")] if self.months else []
        return " et ".join([*told, _counted(self.days, "jour")] if self.days or not told else told)


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The terms of a bank, to be confirmed by its counsel (design 4.21)."""

    # What is known of a buyer, and what a shop answered about them.
    buyers: Term
    # Addresses, browsers, requests, the mail log: what people leave behind without a contract asking for it.
    traces: Term
    # The words of a mail that is no secret.
    mail_bodies: Term
    # Names and addresses in the journal, from the end of the year in which they were written.
    journal: Term


def in_words(length: timedelta) -> str:
    """A fixed length in its largest whole unit: « 24 heures » is « 1 jour », half an hour « 30 minutes »."""
    unit, word = next((unit, word) for unit, word in _UNITS if not length % unit)
    return _counted(length // unit, word)


def _counted(number: int, word: str) -> str:
    return f"{number}{NO_BREAK_SPACE}{word}{'s' if number > 1 and not word.endswith('s') else ''}"
