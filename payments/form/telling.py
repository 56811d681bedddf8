"""A fault of a form in words for its webmaster: what happened, what was expected, what to do, where it is explained."""

from dataclasses import dataclass

from backoffice.vads import fields as dictionary
from backoffice.vads.codes import FORM_ERRORS
from backoffice.vads.signature import PREFIX
from payments.form.errors import FormFault

# The form is right and nobody can authorise it: nothing of the dictionary.
NOT_OPEN = "Les paiements de PRODUCTION ne sont pas encore ouverts"
ASK_ADVISOR = "Rien à corriger dans la boutique : demandez à votre conseiller quand ils le seront."
CLOCK_IS_OFF = "L’horloge de la boutique est décalée"
SET_CLOCK = "Réglez l’horloge du serveur, et envoyez l’heure UTC du moment, non l’heure locale."


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fault: `label` what happened, `reason` in particular, `expected` "" when that says nothing more."""

    code: str
    field: str
    label: str
    reason: str
    expected: str
    advice: str

    @property
    def is_explained(self) -> bool:
        """Whether the help answers this code, under `erreur-<code>`."""
        return self.code in FORM_ERRORS


def tell(fault: FormFault) -> Told:
    """The fault of a refused form."""
    error = FORM_ERRORS.get(fault.code)
    advice = error.advice if error else ASK_ADVISOR
    expected = dictionary.field(fault.field).expected if fault.field.startswith(PREFIX) else ""
    return Told(
        code=fault.code,
        field=fault.field,
        label=error.label if error else NOT_OPEN,
        reason=fault.reason,
        expected="" if expected in advice or expected in fault.reason else expected,
        advice=advice,
    )


def tell_clock(fault: FormFault) -> Told:
    """What is remarkable about a form that was accepted all the same."""
    return Told(
        code=fault.code,
        field=fault.field,
        label=CLOCK_IS_OFF,
        reason=fault.reason,
        expected="",
        advice=SET_CLOCK,
    )
