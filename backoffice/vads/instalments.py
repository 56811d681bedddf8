"""Payment in several times: what `vads_payment_config` asks for, as dates and amounts (compatibility 11)."""

import itertools
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# A date each week of a year is 53; and what MULTI_EXT lists must fit in its 1024 characters.
MAX_INSTALMENTS = 99

SINGLE = "SINGLE"
# The order of the keys is imposed; a last ";" is legal (compatibility 5).
_REGULAR = re.compile(r"MULTI:first=([0-9]{1,12});count=([0-9]{1,4});period=([0-9]{1,4});?")
_DATED = re.compile(r"MULTI_EXT:([0-9]{8}=[0-9]{1,12}(?:;[0-9]{8}=[0-9]{1,12})*);?")
_LAST_YEAR = 9999


class Breach(StrEnum):
    """The rule a schedule breaks; `label` says it in French, for the shop's webmaster."""

    SHAPE = "shape"
    COUNT = "count"
    PERIOD = "period"
    FIRST = "first"
    NOTHING_LEFT = "nothing_left"
    NO_SUCH_DATE = "no_such_date"
    PAST = "past"
    ORDER = "order"
    SUM = "sum"
    TOO_FAR = "too_far"

    @property
    def label(self) -> str:
        """What is wrong and what was expected, as one or two sentences."""
        return _LABELS[self]


_LABELS = {
    Breach.SHAPE: (
        "La valeur n’est ni SINGLE, ni MULTI:first=montant;count=nombre;period=jours dans cet ordre, "
        "ni MULTI_EXT:AAAAMMJJ=montant;…"
    ),
    Breach.COUNT: f"Le nombre d’échéances va de 1 à {MAX_INSTALMENTS}.",
    Breach.PERIOD: "L’intervalle entre deux échéances (period) est d’un jour au moins.",
    Breach.FIRST: "La première échéance (first) va de 1 au montant du paiement ; seule, elle lui est égale.",
    Breach.NOTHING_LEFT: "Il ne reste pas de quoi faire payer au moins 1 à chaque échéance.",
    Breach.NO_SUCH_DATE: "Une date de l’échéancier n’existe pas.",
    Breach.PAST: "Une date de l’échéancier est passée (jour UTC).",
    Breach.ORDER: "Les dates de l’échéancier se suivent de la plus proche à la plus lointaine, sans doublon.",
    Breach.SUM: "La somme des échéances n’est pas égale à vads_amount.",
    Breach.TOO_FAR: "La dernière échéance est à plus de douze mois.",
}


class ScheduleRefused(ValueError):
    """The schedule is not one that can be paid; `breach` is the first rule it breaks."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(breach.value)
        self.breach = breach


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One payment of a schedule: its `vads_sequence_number` from 1, the day it is due, its amount in smallest unit."""

    number: int
    due: date
    amount_cents: int


def is_well_formed(config: str) -> bool:
    """Whether a text has one of the three shapes, whatever its numbers."""
    return config == SINGLE or bool(_REGULAR.fullmatch(config) or _DATED.fullmatch(config))


def schedule(config: str, *, amount_cents: int, day: date) -> tuple[Instalment, ...]:
    """The instalments of a payment of `amount_cents` (smallest unit) asked for on `day` (UTC), in order.

    `SINGLE` is one. `MULTI` pays `first` at once, then the rest in equal parts every `period` days, what does not
    divide going on the last one. `MULTI_EXT` says its own dates and amounts. Raises ScheduleRefused (error 07).
    """
    if config == SINGLE:
        return (Instalment(number=1, due=day, amount_cents=amount_cents),)
    if regular := _REGULAR.fullmatch(config):
        first, count, period = map(int, regular.groups())
        planned = _regular(first=first, count=count, period=period, amount_cents=amount_cents, day=day)
    elif dated := _DATED.fullmatch(config):
        planned = _dated(dated[1].split(";"), amount_cents=amount_cents, day=day)
    else:
        raise ScheduleRefused(Breach.SHAPE)
    if planned[-1][0] > _a_year_after(day):
        raise ScheduleRefused(Breach.TOO_FAR)
    return tuple(
        Instalment(number=number, due=due, amount_cents=amount) for number, (due, amount) in enumerate(planned, 1)
    )


def _regular(*, first: int, count: int, period: int, amount_cents: int, day: date) -> list[tuple[date, int]]:
    if not 1 <= count <= MAX_INSTALMENTS:
        raise ScheduleRefused(Breach.COUNT)
    if period < 1:
        raise ScheduleRefused(Breach.PERIOD)
    if not 1 <= first <= amount_cents or (count == 1 and first != amount_cents):
        raise ScheduleRefused(Breach.FIRST)
    amounts = [first]
    if count > 1:
        each, remainder = divmod(amount_cents - first, count - 1)
        if each < 1:
            raise ScheduleRefused(Breach.NOTHING_LEFT)
        amounts += [each] * (count - 2) + [each + remainder]
    # No date of the calendar lies that far, and none is needed to say that it is too far.
    if day.toordinal() + period * (count - 1) > date.max.toordinal():
        raise ScheduleRefused(Breach.TOO_FAR)
    return [(day + timedelta(days=period * place), amount) for place, amount in enumerate(amounts)]


def _dated(entries: list[str], *, amount_cents: int, day: date) -> list[tuple[date, int]]:
    if len(entries) > MAX_INSTALMENTS:
        raise ScheduleRefused(Breach.COUNT)
    planned = [(_date(entry[:8]), int(entry[9:])) for entry in entries]
    days = [due for due, _ in planned]
    if days[0] < day:
        raise ScheduleRefused(Breach.PAST)
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        raise ScheduleRefused(Breach.ORDER)
    if any(amount < 1 for _, amount in planned):
        raise ScheduleRefused(Breach.NOTHING_LEFT)
    if sum(amount for _, amount in planned) != amount_cents:
        raise ScheduleRefused(Breach.SUM)
    return planned


def _date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ScheduleRefused(Breach.NO_SUCH_DATE) from None


def _a_year_after(day: date) -> date:
    if day.year == _LAST_YEAR:
        return date.max
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        # The 29th of February.
        return date(day.year + 1, 2, 28)
