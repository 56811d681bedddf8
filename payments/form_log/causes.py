"""Logged forms grouped by what is wrong with them: what the alert says, and what a stranger cannot make it say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from backoffice.vads.fields import written
from payments.durations import drift_now
from payments.enums import FormVerdict
from payments.form.parse import SIGNATURE
from payments.form_log.words import diagnosis_of, told_of
from payments.models import LoggedForm

# Verdict, code, field, slip; of a form that anybody may have made up, the first two alone.
Key = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One reason why forms of a shop are refused, or accepted with a warning, and how often it was met.

    `field` is a name of the documentation, "" for any other: names are not signed, and a buyer who holds a signed form
    can share out its values otherwise, so that no word of it is surely the shop's. Nobody writes by our mail.
    """

    key: Key
    code: str
    field: str
    label: str
    advice: str
    count: int
    first_at: datetime
    last_at: datetime
    is_explained: bool
    is_proven: bool

    @property
    def is_warning(self) -> bool:
        """Whether these forms were accepted."""
        return self.key[0] == FormVerdict.WARNED


def key_of(form: LoggedForm) -> Key:
    """What makes two forms the same news."""
    if not form.is_proven:
        return form.verdict, form.code, "", ""
    return form.verdict, form.code, _field(form), form.diagnosis


def causes_of(forms: Iterable[LoggedForm]) -> list[Cause]:
    """The causes met among these forms, given oldest first, the most frequent first."""
    grouped: dict[Key, list[LoggedForm]] = {}
    for form in forms:
        grouped.setdefault(key_of(form), []).append(form)
    return sorted((_cause(key, group) for key, group in grouped.items()), key=lambda cause: -cause.count)


def _cause(key: Key, group: list[LoggedForm]) -> Cause:
    last = group[-1]
    told, diagnosis = told_of(last)[0], diagnosis_of(last)
    label, advice = told.label, told.advice
    if key[0] == FormVerdict.WARNED and last.drift_seconds is not None:
        label = drift_now(last.drift_seconds).removesuffix(".")
    if last.is_proven and diagnosis:
        label, advice = diagnosis.slip.label.removesuffix("."), diagnosis.slip.advice
    return Cause(
        key=key,
        code=last.code,
        field=_field(last),
        label=label,
        advice=advice,
        count=sum(1 + form.others for form in group),
        first_at=group[0].received_at,
        last_at=last.received_at,
        is_explained=told.is_explained,
        is_proven=last.is_proven,
    )


def _field(form: LoggedForm) -> str:
    if not form.is_signed:
        return ""
    return SIGNATURE if form.field == SIGNATURE else written(form.field)
