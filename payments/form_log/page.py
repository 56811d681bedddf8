"""One page of the list of refused forms: what each line says, and the filters in use as chips."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.dateformat import format as format_date

from backoffice.core.keyset import slice_of
from payments.form.diagnosis import Diagnosis
from payments.form.telling import Told
from payments.form_log.filters import Filters
from payments.form_log.words import diagnosis_of, told_of, tone_of
from payments.models import LoggedForm
from payments.models.logged_form import LoggedFormQuerySet

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the list: its first fault, how many others it has, and what its signature suffers from."""

    form: LoggedForm
    tone: str
    told: Told
    more_faults: int
    diagnosis: Diagnosis | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Its rows, and the rows from which the neighbouring pages start, where there are any."""

    rows: list[Row]
    newer_than: UUID | None
    older_than: UUID | None


def page_of(forms: LoggedFormQuerySet, *, older_than: str, newer_than: str) -> Page:
    """The page after the form `older_than`, or before `newer_than` (public ids); the newest otherwise."""
    found = slice_of(forms, older_than=older_than, newer_than=newer_than, size=PER_PAGE)
    return Page(rows=[_row(one) for one in found.rows], newer_than=found.newer_than, older_than=found.older_than)


def chips_of(filters: Filters) -> Mapping[str, str]:
    """The filters in use, in words, by the name of their field."""
    named = {
        "typed": f"«\N{NO-BREAK SPACE}{filters.typed}\N{NO-BREAK SPACE}»" if filters.typed else "",
        "first_day": f"Depuis le {format_date(filters.first_day, 'j F Y')}" if filters.first_day else "",
        "last_day": f"Jusqu’au {format_date(filters.last_day, 'j F Y')}" if filters.last_day else "",
        "verdict": filters.verdict.label if filters.verdict else "",
        "mode": f"Mode {filters.mode.label}" if filters.mode else "",
    }
    return {name: str(words) for name, words in named.items() if words}


def _row(form: LoggedForm) -> Row:
    told = told_of(form)
    return Row(form=form, tone=tone_of(form), told=told[0], more_faults=len(told) - 1, diagnosis=diagnosis_of(form))
