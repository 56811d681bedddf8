"""One refused form told in words: each fault, the signature, the clock, and the fields as they were received."""

from dataclasses import dataclass

from backoffice.vads.signature import PREFIX
from payments.durations import drift_now, is_clock_off
from payments.form.diagnosis import Diagnosis
from payments.form.telling import Told
from payments.form_log.words import diagnosis_of, told_of, tone_of
from payments.models import LoggedForm

WRONG_SIGNATURE = "00"
# White space that changes a signature is shown: it is what nobody sees otherwise.
_VISIBLE = str.maketrans({"\r": "[CR]", "\n": "[LF]", "\t": "[TAB]"})
_EDGE_SPACE = "\N{MIDDLE DOT}"


@dataclass(frozen=True, kw_only=True)
class FieldTold:
    """One field as received; `value` is "" for an empty one, and white space that matters is visible."""

    name: str
    value: str
    is_faulty: bool


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything a refused form's page says."""

    tone: str
    told: list[Told]
    diagnosis: Diagnosis | None
    # Whether the diagnosis is the cause: what is said of its code in general then says nothing more.
    is_explained: bool
    # A sentence, "" when the form's date could not be read; and whether it is worth a callout.
    drift: str
    is_clock_off: bool
    fields: list[FieldTold]
    # The names in the order in which their values are signed, for a wrong signature alone; "" otherwise.
    signed_order: str


def story_of(form: LoggedForm) -> Story:
    """Tell a logged form; asks the database nothing."""
    told = told_of(form)
    diagnosis = diagnosis_of(form)
    faulty = {one.field for one in told} | {form.diagnosis_field}
    # Byte order of the names: the order in which they are signed (compatibility 1).
    names = sorted(form.fields)
    return Story(
        tone=tone_of(form),
        told=told,
        diagnosis=diagnosis,
        is_explained=diagnosis is not None and diagnosis.slip.is_explained,
        drift="" if form.drift_seconds is None else drift_now(form.drift_seconds),
        is_clock_off=form.drift_seconds is not None and is_clock_off(form.drift_seconds),
        fields=[FieldTold(name=name, value=_visible(form.fields[name]), is_faulty=name in faulty) for name in names],
        signed_order=_signed_order(form, names) if form.code == WRONG_SIGNATURE else "",
    )


def _signed_order(form: LoggedForm, names: list[str]) -> str:
    # Neither the certificate nor the signature it would give is ever shown (KEY-04).
    return " + ".join([*(name for name in names if name.startswith(PREFIX)), f"certificat {form.shown_mode}"])


def _visible(value: str) -> str:
    inner = value.strip(" ")
    before, after = len(value) - len(value.lstrip(" ")), len(value) - len(value.rstrip(" "))
    if not inner:
        return _EDGE_SPACE * len(value)
    return f"{_EDGE_SPACE * before}{inner.translate(_VISIBLE)}{_EDGE_SPACE * after}"
