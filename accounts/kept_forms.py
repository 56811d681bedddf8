"""A form that arrived after its session's end or before a confirmation: what is kept of it, and what never is."""

import json
from dataclasses import dataclass

from django.http import HttpRequest

# The row that a form given back came from; sending it again ends the keeping.
TICKET = "kept_form"
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "again", "code", "otp", "pin", "cvv", "card", "next", TICKET})
_NEVER_KEPT_PARTS = ("password", "passe", "secret", "token", "code_", "_code")


@dataclass(frozen=True)
class Form:
    """Where a form was sent, and the names and values that may be kept."""

    path: str
    fields: list[tuple[str, str]]

    def as_text(self) -> str:
        return json.dumps({"path": self.path, "fields": self.fields})

    @classmethod
    def from_text(cls, text: str) -> "Form":
        kept = json.loads(text)
        return cls(kept["path"], [(name, value) for name, value in kept["fields"]])


def read(request: HttpRequest) -> Form:
    """What may be kept of a POST: never a password, a code or a token (PWD-09)."""
    sensitive = getattr(request, "sensitive_post_parameters", ())
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not _is_secret(name) and sensitive != "__ALL__" and name not in sensitive
        for value in values
        if isinstance(value, str)
    ]
    return Form(request.get_full_path(), fields)


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return lowered in _NEVER_KEPT or any(part in lowered for part in _NEVER_KEPT_PARTS)
