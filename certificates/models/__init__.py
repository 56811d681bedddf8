"""Certificates of a shop, the proofs of its test phase, its contract and the avenants: secrets sealed in their rows."""

from certificates.models.amendments import AMENDMENT_NUMBER_SHAPE, Amendment
from certificates.models.contracts import CONTRACT_NUMBER_DIGITS, SIGNED_NOTE_LENGTH, Contract
from certificates.models.evidence import Evidence
from certificates.models.keys import Certificate, SignatureSetting

__all__ = [
    "AMENDMENT_NUMBER_SHAPE",
    "CONTRACT_NUMBER_DIGITS",
    "SIGNED_NOTE_LENGTH",
    "Amendment",
    "Certificate",
    "Contract",
    "Evidence",
    "SignatureSetting",
]
