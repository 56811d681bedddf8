"""The demo's own certificate authority, so that the sample shop answers on https like a real one."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALIDITY = timedelta(days=3 * 365)
RENEWED_BEFORE = timedelta(days=30)
# A clock a little late must not find the certificate too young.
_BACKDATED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Papers:
    """Three PEM files: the authority to trust, the server's certificate and the server's private key."""

    authority: Path
    certificate: Path
    key: Path


def ensure_papers(folder: Path, *, host: str, now: datetime) -> Papers:
    """Return the papers of `host` kept in `folder`; make them when missing, unreadable, of another host or expiring.

    The authority's own key is used once and never written. Files are readable by their owner only.
    """
    papers = Papers(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    if not _are_usable(papers, host=host, now=now):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(papers, host=host, now=now)
    return papers


def _are_usable(papers: Papers, *, host: str, now: datetime) -> bool:
    try:
        authority = x509.load_pem_x509_certificate(papers.authority.read_bytes())
        certificate = x509.load_pem_x509_certificate(papers.certificate.read_bytes())
        key = serialization.load_pem_private_key(papers.key.read_bytes(), password=None)
        certificate.verify_directly_issued_by(authority)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return (
        host in names.get_values_for_type(x509.DNSName)
        and key.public_key() == certificate.public_key()
        and min(authority.not_valid_after_utc, certificate.not_valid_after_utc) - RENEWED_BEFORE > now
    )


def _make(papers: Papers, *, host: str, now: datetime) -> None:
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("Autorité de la démonstration")
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        _builder(issuer, issuer, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    server = (
        _builder(_name(host), issuer, server_key.public_key(), now)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(papers.authority, authority.public_bytes(serialization.Encoding.PEM))
    _write(papers.certificate, server.public_bytes(serialization.Encoding.PEM))
    _write(
        papers.key,
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + VALIDITY)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes) -> None:
    # Written aside then renamed: a start that is killed half-way leaves no half file.
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
