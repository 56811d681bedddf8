"""Every code of the wire as one list, drawn from the tables the platform itself uses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from backoffice.vads import codes
from support.help.words import terms_of, words_of

# Said around a number, and no part of what is looked for.
_AROUND_A_CODE = frozenset({"code", "codes", "erreur", "erreurs"})
_FRAUD = ("danger", "Fraude")
_OUTCOMES = {
    codes.Outcome.SUCCESS: ("ok", "Payée"),
    codes.Outcome.PENDING: ("attention", "À attendre"),
    codes.Outcome.CANCELLED: ("neutral", "Abandonnée"),
    codes.Outcome.FAILURE: ("danger", "Non payée"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One code: where the page shows it (`anchor`), the fields it speaks of, its meaning, and what to do.

    `badge` is a tone and a word, or None.
    """

    anchor: str
    code: str
    fields: tuple[str, ...]
    label: str
    advice: str
    badge: tuple[str, str] | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word it is found by."""
        return words_of(" ".join((self.code, *self.fields, self.label, self.advice, *(self.badge or ())[1:])))

    def is_called(self, number: str) -> bool:
        """Whether this is the code people type as `number`, with or without its zeros."""
        return self.code.lstrip("0") == number.lstrip("0")


@dataclass(frozen=True, kw_only=True)
class Family:
    """The codes of one field of the wire, under the name and the anchor of their part of the table."""

    anchor: str
    title: str
    field: str
    entries: tuple[Entry, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """What all of its codes are found by: « banque 05 »."""
        return words_of(f"{self.title} {self.field}")


def _plain(family: str, one: codes.Code) -> Entry:
    return Entry(anchor=f"{family}-{one.code}", code=one.code, fields=(), label=one.label, advice=one.advice)


FAMILIES = (
    Family(
        anchor="formulaire",
        title="Formulaire refusé",
        field="vads_extra_result",
        entries=tuple(
            Entry(anchor=f"erreur-{one.code}", code=one.code, fields=one.fields, label=one.label, advice=one.advice)
            for one in codes.FORM_ERRORS.values()
        ),
    ),
    Family(
        anchor="etats",
        title="États d’une transaction",
        field="vads_trans_status",
        entries=tuple(
            Entry(
                anchor=f"etat-{one.code}",
                code=one.code,
                fields=(),
                label=f"{one.label}. {one.meaning}",
                advice=one.advice,
                badge=_OUTCOMES[one.outcome],
            )
            for one in codes.TRANSACTION_STATUSES.values()
        ),
    ),
    Family(
        anchor="resultat",
        title="Résultat du paiement",
        field="vads_result",
        entries=tuple(_plain("resultat", one) for one in codes.RESULTS.values()),
    ),
    Family(
        anchor="banque",
        title="Réponse de la banque",
        field="vads_auth_result",
        entries=tuple(
            replace(_plain("banque", one), badge=_FRAUD if one.is_fraud else None)
            for one in codes.AUTH_RESULTS.values()
        ),
    ),
    Family(
        anchor="refus",
        title="Refus sans la banque",
        field="vads_payment_error",
        entries=tuple(_plain("refus", one) for one in codes.PAYMENT_ERRORS.values()),
    ),
    Family(
        anchor="controles",
        title="Contrôles",
        field="vads_extra_result",
        entries=tuple(_plain("controle", one) for one in codes.EXTRA_RESULTS.values()),
    ),
)


def matching(typed: str) -> tuple[Family, ...]:
    """The families with the codes that answer what was typed, all of them when nothing was; none without any.

    A number alone names a code (« 3 » and « erreur 03 » are 03) as long as one is called so.
    """
    every = terms_of(typed)
    terms = tuple(term for term in every if term.word not in _AROUND_A_CODE)
    if not terms:
        return FAMILIES if every or not typed.strip() else ()
    if len(terms) == 1 and terms[0].word.isdecimal():
        called = _narrowed(lambda family, entry: entry.is_called(terms[0].word))
        if called:
            return called
    return _narrowed(lambda family, entry: all(term.is_in(entry.words | family.words) for term in terms))


def _narrowed(is_wanted: Callable[[Family, Entry], bool]) -> tuple[Family, ...]:
    narrowed = (
        replace(family, entries=tuple(entry for entry in family.entries if is_wanted(family, entry)))
        for family in FAMILIES
    )
    return tuple(family for family in narrowed if family.entries)
