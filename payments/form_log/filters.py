"""What narrows the list of refused forms: a period, a mode, a verdict, and what was typed in the box."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from payments.enums import FormVerdict
from payments.models.logged_form import LoggedFormQuerySet
from shops.enums import Mode

# A number as short as this names a code of the dictionary: « 3 » is 03.
_CODE = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """A period in days of Paris (both included), and the rest; what is empty narrows nothing."""

    typed: str = ""
    first_day: date | None = None
    last_day: date | None = None
    verdict: FormVerdict | None = None
    mode: Mode | None = None

    def applied_to(self, forms: LoggedFormQuerySet) -> LoggedFormQuerySet:
        """The forms that pass all of them."""
        if self.first_day:
            forms = forms.since(_midnight(self.first_day))
        if self.last_day:
            forms = forms.before(_midnight(self.last_day + timedelta(days=1)))
        if self.verdict:
            forms = forms.with_verdict(self.verdict)
        if self.mode:
            forms = forms.in_modes({self.mode})
        typed = "".join(self.typed.split())
        if not typed:
            return forms
        if _CODE.fullmatch(typed):
            return forms.of_code(f"{int(typed):02d}", or_order=typed)
        return forms.beginning_with(typed)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
