"""A logged form in words: what is wrong with it, why its signature is, how far its clock was off."""

from payments.enums import FormVerdict
from payments.form.diagnosis import Diagnosis
from payments.form.errors import FormFault
from payments.form.slips import Slip
from payments.form.telling import Told, tell, tell_clock
from payments.models import LoggedForm

TONES = {FormVerdict.REFUSED: "danger", FormVerdict.WARNED: "attention"}


def told_of(form: LoggedForm) -> list[Told]:
    """Every fault of the form, the one that refused it first."""
    words = tell_clock if form.verdict == FormVerdict.WARNED else tell
    return [words(FormFault(code=fault["code"], field=fault["field"], reason=fault["reason"])) for fault in form.faults]


def diagnosis_of(form: LoggedForm) -> Diagnosis | None:
    """What was found about its signature, if that was wrong."""
    return Diagnosis(slip=Slip(form.diagnosis), field=form.diagnosis_field) if form.diagnosis else None


def tone_of(form: LoggedForm) -> str:
    """The tone of its badge."""
    return TONES[FormVerdict(form.verdict)]
