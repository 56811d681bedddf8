"""What an enrolment is reached by: the browser that makes it holds one secret, whoever follows it another (design 4.6).

Both are 192 random bits of which the database keeps the SHA-256. No link leads to the code: the browser's secret never
leaves it.
"""

from datetime import datetime

from support.links import digest_of, draw_token, is_well_formed
from support.models import Registration, RegistrationLink


def of_browser(token: str) -> Registration | None:
    """The enrolment that this browser makes; None when it makes none."""
    if not is_well_formed(token):
        return None
    return Registration.objects.of_browser(digest_of(token)).with_people().first()


def issue(*, registration: Registration, now: datetime) -> str:
    """Write a follow-up link down, within the caller's transaction; return its token, for its holder alone."""
    token = draw_token()
    RegistrationLink.objects.create(registration=registration, digest=digest_of(token), issued_at=now)
    return token


def find(token: str) -> Registration | None:
    """The enrolment that a follow-up link shows; None when there is none."""
    if not is_well_formed(token):
        return None
    return Registration.objects.linked_by(digest_of(token)).with_people().first()
