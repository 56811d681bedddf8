"""Certificates of a shop, the proofs of its test phase, its contract and other papers: secrets sealed in their rows."""

from certificates.models.amendments import AMENDMENT_NUMBER_SHAPE, Amendment
from certificates.models.attestations import ATTESTATION_NUMBER_SHAPE, Attestation
from certificates.models.contracts import CONTRACT_NUMBER_DIGITS, SIGNED_NOTE_LENGTH, Contract
from certificates.models.evidence import Evidence
from certificates.models.keys import Certificate, SignatureSetting

__all__ = [
    "AMENDMENT_NUMBER_SHAPE",
    "ATTESTATION_NUMBER_SHAPE",
    "CONTRACT_NUMBER_DIGITS",
    "SIGNED_NOTE_LENGTH",
    "Amendment",
    "Attestation",
    "Certificate",
    "Contract",
    "Evidence",
    "SignatureSetting",
]
