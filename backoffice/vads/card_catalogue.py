"""The test cards of both generations: what each number plays, and what its outcome looks like on the wire."""

import hashlib
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Play:
    """What happens when a card pays: the values of the notification's fields of the same name, empty where the wire
    leaves them empty (domain 4.5 and 5). `scenario` is what people read beside the number.
    """

    scenario: str
    is_accepted: bool
    result: str
    auth_result: str
    warranty: str
    threeds_enrolled: str
    threeds_status: str
    threeds_exit_status: str
    payment_error: str = ""
    needs_challenge: bool = False


@dataclass(frozen=True, kw_only=True)
class TestCard:
    """One number of the catalogue, its network and product, and what it plays."""

    __test__ = False  # The name is the bank's word, not a test class for pytest to collect.

    number: str
    brand: str
    product: str
    play: Play
    is_current: bool

    @property
    def scenario(self) -> str:
        """The scenario in French."""
        return self.play.scenario

    @property
    def is_accepted(self) -> bool:
        """Whether paying with it succeeds."""
        return self.play.is_accepted

    @property
    def needs_challenge(self) -> bool:
        """Whether the buyer is asked to authenticate on the (simulated) page of the bank."""
        return self.play.needs_challenge

    @property
    def result(self) -> str:
        """`vads_result`."""
        return self.play.result

    @property
    def auth_result(self) -> str:
        """`vads_auth_result`; empty when no authorisation was asked for."""
        return self.play.auth_result

    @property
    def warranty(self) -> str:
        """`vads_warranty_result`."""
        return self.play.warranty

    @property
    def threeds_enrolled(self) -> str:
        """`vads_threeds_enrolled`."""
        return self.play.threeds_enrolled

    @property
    def threeds_status(self) -> str:
        """`vads_threeds_status`."""
        return self.play.threeds_status

    @property
    def threeds_exit_status(self) -> str:
        """`vads_threeds_exit_status`."""
        return self.play.threeds_exit_status

    @property
    def threeds_eci(self) -> str:
        """`vads_threeds_eci`, which each network writes in its own way (domain 5.5)."""
        ways = {"Y": "02", "A": "01"} if self.brand in ("MASTERCARD", "MAESTRO") else {"Y": "5", "A": "6", "U": "7"}
        return ways.get(self.play.threeds_status, "")

    @property
    def payment_error(self) -> str:
        """`vads_payment_error`; empty unless something else than the bank said no."""
        return self.play.payment_error

    @property
    def masked(self) -> str:
        """`vads_card_number`, six first and four last digits."""
        return f"{self.number[:6]}{'X' * (len(self.number) - 10)}{self.number[-4:]}"

    @property
    def token(self) -> str:
        """What stands for the card while its buyer is at the bank's page: 32 hexadecimal digits, and no number."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:32]

    @property
    def unauthenticated(self) -> "TestCard":
        """The same card once its buyer did not authenticate: refused without asking for an authorisation."""
        return replace(self, play=_CHALLENGE_FAILED)

    @property
    def fails_its_challenge(self) -> bool:
        """Whether the scenario refuses the buyer, whatever the answer to the bank."""
        return self.play is _CHALLENGE_FAILED


def _accepted(
    scenario: str,
    *,
    enrolled: str,
    status: str,
    exit_status: str,
    warranty: str = "YES",
    needs_challenge: bool = False,
) -> Play:
    return Play(
        scenario=scenario,
        is_accepted=True,
        result="00",
        auth_result="00",
        warranty=warranty,
        threeds_enrolled=enrolled,
        threeds_status=status,
        threeds_exit_status=exit_status,
        needs_challenge=needs_challenge,
    )


def _refused_by_bank(scenario: str, *, auth_result: str) -> Play:
    return Play(
        scenario=scenario,
        is_accepted=False,
        result="05",
        auth_result=auth_result,
        warranty="",
        threeds_enrolled="Y",
        threeds_status="Y",
        threeds_exit_status="10",
    )


def _not_authenticated(scenario: str, *, needs_challenge: bool = False) -> Play:
    # No authorisation is asked for a buyer who failed to authenticate, so `vads_auth_result` stays empty.
    return Play(
        scenario=scenario,
        is_accepted=False,
        result="05",
        auth_result="",
        warranty="",
        threeds_enrolled="Y",
        threeds_status="N",
        threeds_exit_status="10",
        payment_error="39",
        needs_challenge=needs_challenge,
    )


_FRICTIONLESS = _accepted("Accepté, sans action de l’acheteur", enrolled="Y", status="Y", exit_status="10")
_CHALLENGE = _accepted(
    "Accepté après authentification", enrolled="Y", status="Y", exit_status="10", needs_challenge=True
)
_SHOP_NOT_ENROLLED = _accepted(
    "Accepté, boutique non inscrite à 3-D Secure", enrolled="", status="", exit_status="5", warranty="NO"
)
_BUYER_NOT_ENROLLED = _accepted("Accepté, acheteur non inscrit à 3-D Secure", enrolled="N", status="", exit_status="7")
_NO_WARRANTY = _accepted("Accepté, sans garantie de paiement", enrolled="U", status="", exit_status="6", warranty="NO")
_FINGERPRINT = _accepted("Accepté, empreinte du navigateur relevée", enrolled="Y", status="Y", exit_status="10")
_FINGERPRINT_CHALLENGE = _accepted(
    "Accepté après empreinte et authentification", enrolled="Y", status="Y", exit_status="10", needs_challenge=True
)
_LATE_FINGERPRINT = _accepted(
    "Accepté après authentification, empreinte hors délai",
    enrolled="Y",
    status="Y",
    exit_status="10",
    needs_challenge=True,
)
_AUTHENTICATION_LATE = _accepted(
    "Accepté sans garantie, authentification hors délai", enrolled="Y", status="U", exit_status="13", warranty="NO"
)
_REFERRAL = _refused_by_bank("Refusé, la banque demande à être appelée", auth_result="02")
_LIMIT_EXCEEDED = _refused_by_bank("Refusé, plafond dépassé", auth_result="51")
_WRONG_CVV = _refused_by_bank("Refusé, cryptogramme erroné", auth_result="63")
_REFUSED = _refused_by_bank("Refusé par la banque", auth_result="05")
_NOT_AUTHENTICATED = _not_authenticated("Refusé, échec de l’authentification")
_CHALLENGE_FAILED = _not_authenticated("Refusé après échec de l’authentification interactive", needs_challenge=True)

# Network → product code of its ordinary card (`vads_bank_product`), as the notification gives it.
_PRODUCTS = {"CB": "F", "MASTERCARD": "MCS", "MAESTRO": "MSI", "VISA_ELECTRON": "L", "AMEX": "", "DINERS": ""}

# Luhn-valid numbers (domain 6.2). Where the sources leave an outcome open: late challenges are played, and what is
# never authenticated is paid without warranty.
_CURRENT = (
    ("4970100000000014", "CB", _FRICTIONLESS),
    ("4970100000000022", "CB", _CHALLENGE),
    ("4970100000000030", "CB", _SHOP_NOT_ENROLLED),
    ("4970100000000048", "CB", _BUYER_NOT_ENROLLED),
    ("4970100000000055", "CB", _NO_WARRANTY),
    ("4970100000000063", "CB", _NOT_AUTHENTICATED),
    ("4970100000000071", "CB", _LIMIT_EXCEEDED),
    ("4970100000000089", "CB", _WRONG_CVV),
    ("4970100000000113", "CB", _REFUSED),
    ("4970115000000210", "CB", _FINGERPRINT),
    ("4970115000000228", "CB", _FINGERPRINT_CHALLENGE),
    ("4970110000001003", "CB", _CHALLENGE),
    ("4970110000000039", "CB", _CHALLENGE_FAILED),
    ("4970110000002019", "CB", _LATE_FINGERPRINT),
    ("4970110000000054", "CB", _AUTHENTICATION_LATE),
    ("5970100300000018", "MASTERCARD", _FRICTIONLESS),
    ("5970100300000026", "MASTERCARD", _CHALLENGE),
    ("5970100300000034", "MASTERCARD", _SHOP_NOT_ENROLLED),
    ("5970100300000042", "MASTERCARD", _BUYER_NOT_ENROLLED),
    ("5970100300000067", "MASTERCARD", _NO_WARRANTY),
    ("5970100300000075", "MASTERCARD", _NOT_AUTHENTICATED),
    ("5970100300000083", "MASTERCARD", _LIMIT_EXCEEDED),
    ("5970100300000091", "MASTERCARD", _WRONG_CVV),
    ("5970100300000109", "MASTERCARD", _REFUSED),
    ("5100010000000114", "MASTERCARD", _FINGERPRINT),
    ("5100010000000106", "MASTERCARD", _FINGERPRINT_CHALLENGE),
    ("5100010000001054", "MASTERCARD", _LATE_FINGERPRINT),
    ("5100010000000056", "MASTERCARD", _AUTHENTICATION_LATE),
    ("5000550000000029", "MAESTRO", _CHALLENGE),
    ("4917480000000008", "VISA_ELECTRON", _FRICTIONLESS),
    ("4917480000000057", "VISA_ELECTRON", _NO_WARRANTY),
    ("375900000000008", "AMEX", _FRICTIONLESS),
    ("375900000000016", "AMEX", _CHALLENGE),
    ("36000000000008", "DINERS", _FRICTIONLESS),
    ("36000000000057", "DINERS", _REFUSED),
)

# Older numbers, most of them not Luhn-valid (domain 6.1).
_FORMER_ENDINGS = (
    ("0000", _FRICTIONLESS),
    ("0009", _CHALLENGE),
    ("0003", _SHOP_NOT_ENROLLED),
    ("0001", _BUYER_NOT_ENROLLED),
    ("0002", _REFERRAL),
    ("0007", _NO_WARRANTY),
    ("0097", _NOT_AUTHENTICATED),
    ("0098", _LIMIT_EXCEEDED),
    ("0099", _WRONG_CVV),
)
_FORMER_BEGINNINGS = (("497010000000", "CB"), ("597010030000", "MASTERCARD"), ("500055000000", "MAESTRO"))
_FORMER_EXCEPTIONS = {"5970100300000007": "5970100300023006", "5000550000000007": "5000550000023006"}


def _card(number: str, brand: str, play: Play, *, is_current: bool) -> TestCard:
    return TestCard(number=number, brand=brand, product=_PRODUCTS[brand], play=play, is_current=is_current)


TEST_CARDS: tuple[TestCard, ...] = (
    *(_card(number, brand, play, is_current=True) for number, brand, play in _CURRENT),
    *(
        _card(_FORMER_EXCEPTIONS.get(beginning + ending, beginning + ending), brand, play, is_current=False)
        for beginning, brand in _FORMER_BEGINNINGS
        for ending, play in _FORMER_ENDINGS
    ),
)
