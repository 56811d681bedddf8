"""The formats that one field or a few share, by name: addresses, dates, amounts, schedules, what the shop adds."""

import re

from backoffice.vads import instalments, moments, return_params
from backoffice.vads.currencies import CURRENCIES
from backoffice.vads.formats import SHORTEST_CARD, UNSTORABLE, Format, Reason, matching, text

LONGEST_URL = 1024

_URL = re.compile(r"https?://([^/?#\\@\s<>\"]+)([/?#][^\\\s<>\"]*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}")
_TRANS_ID = re.compile(r"(?!9[0-9]{5})[0-9A-Za-z]{6}")
_THREE_DIGITS = re.compile(r"[0-9]{3}")


def _judge_url(value: str) -> Reason | None:
    # A tighter judgement (host, port, resolution) belongs to those who call or redirect; this is the syntax alone.
    return None if _URL.fullmatch(value) else Reason.FORMAT


def _judge_email(value: str) -> Reason | None:
    return None if _EMAIL.fullmatch(value) else Reason.FORMAT


def _judge_trans_id(value: str) -> Reason | None:
    # 900000 to 999999 are the platform's own (refunds, operations of the back office).
    return None if _TRANS_ID.fullmatch(value) else Reason.FORMAT


def _judge_moment(value: str) -> Reason | None:
    try:
        moments.parse(value)
    except ValueError:
        return Reason.FORMAT
    return None


def _judge_day(value: str) -> Reason | None:
    return _judge_moment(f"{value}000000")


def _judge_currency(value: str) -> Reason | None:
    if not _THREE_DIGITS.fullmatch(value):
        return Reason.FORMAT
    return None if value in CURRENCIES else Reason.NOT_OFFERED


def _judge_return_params(value: str) -> Reason | None:
    if "<" in value or ">" in value:
        return Reason.CHARACTERS
    try:
        pairs = return_params.parse(value)
    except return_params.ReservedName:
        return Reason.RESERVED
    except ValueError:
        return Reason.FORMAT
    return Reason.CHARACTERS if any(UNSTORABLE.search(name + text) for name, text in pairs) else None


def _judge_payment_config(value: str) -> Reason | None:
    # The shape alone: its sums and dates are judged with the amount, by `instalments.schedule`.
    return None if instalments.is_well_formed(value) else Reason.FORMAT


URL = Format(
    expected=f"adresse complète en http:// ou https://, {LONGEST_URL} caractères au plus",
    example="https://boutique.example/retour",
    max_length=LONGEST_URL,
    judge=_judge_url,
    shortest_card=SHORTEST_CARD,
)
EMAIL = Format(
    expected="adresse e-mail de 150 caractères au plus",
    example="zoe@example.org",
    max_length=150,
    judge=_judge_email,
    shortest_card=SHORTEST_CARD,
)
TRANS_ID = Format(
    expected="6 chiffres ou lettres sans accent, hors 900000 à 999999",
    example="000042",
    max_length=6,
    judge=_judge_trans_id,
)
MOMENT = Format(
    expected="date et heure UTC en 14 chiffres, AAAAMMJJHHMMSS",
    example="20261125093000",
    max_length=14,
    judge=_judge_moment,
)
DAY = Format(expected="date en 8 chiffres, AAAAMMJJ", example="20261201", max_length=8, judge=_judge_day)
AMOUNT = matching(
    r"[1-9][0-9]{0,11}",
    expected="nombre entier positif en plus petite unité de la devise, 12 chiffres au plus",
    example="1250",
    max_length=12,
)
CURRENCY = Format(
    expected="code ISO 4217 en 3 chiffres d’une devise acceptée, par exemple 978 pour l’euro",
    example="978",
    max_length=3,
    judge=_judge_currency,
)
PAYMENT_CONFIG = Format(
    expected="SINGLE, MULTI:first=montant;count=nombre;period=jours ou MULTI_EXT:AAAAMMJJ=montant;…",
    example="SINGLE",
    max_length=1024,
    judge=_judge_payment_config,
)
COUNTRY = matching(r"[A-Za-z]{2}", expected="code pays ISO 3166 en 2 lettres", example="FR", max_length=2)
THEME_CONFIG = matching(
    r"[0-9A-Za-z_]+=[^;<>]*(;[0-9A-Za-z_]+=[^;<>]*)*;?",
    expected="suite de CODE=valeur séparés par « ; »",
    example="SUCCESS_FOOTER_MSG_RETURN=Revenir au magasin",
    max_length=1024,
    shortest_card=SHORTEST_CARD,
)
CONTRACTS = matching(
    r"[0-9A-Z_\-]+=[0-9A-Za-z_\-]+(;[0-9A-Z_\-]+=[0-9A-Za-z_\-]+)*;?",
    expected="suite de RÉSEAU=contrat séparés par « ; »",
    example="CB=1234567;AMEX=9876543",
    max_length=255,
    shortest_card=SHORTEST_CARD,
)
RECURRENCE = matching(
    r"RRULE:[A-Z]+=[0-9A-Z,:\-]+(;[A-Z]+=[0-9A-Z,:\-]+)*;?",
    expected="règle de récurrence RFC 5545 commençant par RRULE:",
    example="RRULE:FREQ=MONTHLY;COUNT=12;BYMONTHDAY=10",
    max_length=255,
    shortest_card=SHORTEST_CARD,
)
RETURN_PARAMS = Format(
    expected="suite de nom=valeur séparés par « & », dont aucun nom ne commence par vads_ ni n’est signature",
    example="panier=1187&langue=fr",
    max_length=1024,
    judge=_judge_return_params,
    shortest_card=SHORTEST_CARD,
)
# Day and month of birth: people write them with and without zero.
BIRTH_DAY = matching(r"0?[1-9]|[12][0-9]|3[01]", expected="jour de 1 à 31", example="9", max_length=2)
BIRTH_MONTH = matching(r"0?[1-9]|1[0-2]", expected="mois de 1 à 12", example="11", max_length=2)
CHOICE = matching(
    r"[0-9A-Za-z_\-]{1,63}",
    expected="code de 63 lettres, chiffres, « _ » ou « - » au plus",
    example="ENABLE",
    max_length=63,
    shortest_card=SHORTEST_CARD,
)
VAT = matching(
    r"[0-9]{1,12}|[0-9]{1,2}\.[0-9]{1,4}",
    expected="montant entier, ou pourcentage avec un point et 4 décimales au plus",
    example="5.5",
    max_length=12,
)
UNKNOWN = Format(
    expected="texte de 4096 caractères au plus",
    example="Comté affiné",
    max_length=4096,
    judge=lambda value: None,
    shortest_card=SHORTEST_CARD,
)
# An honest telephone number has up to 15 digits, an honest bar code 13.
PHONE = text(32, shortest_card=16)
BAR_CODE = text(64, shortest_card=14)
PROOF = matching(
    r"[0-9A-Za-z+/=]+",
    expected="40 lettres, chiffres, « + », « / » ou « = » au plus",
    example="Q2F2dkNhdnZDYXZ2Q2F2dkNhdnY=",
    max_length=40,
    shortest_card=SHORTEST_CARD,
)
# Fields of a card typed in the shop itself: the offer has no such mode, whatever the value.
CARD_TYPED_IN_SHOP = Format(
    expected="champ vide, la carte se saisissant sur la page de paiement",
    example="",
    max_length=36,
    judge=lambda value: Reason.NOT_OFFERED,
)
