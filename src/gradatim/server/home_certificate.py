"""TLS at home: a certificate authority of this household's own, made once, and the server's certificate, which it renews by itself.

The authority can vouch for nothing but addresses of private networks and this machine's names, so that a phone that trusts it trusts it
for no other site, whoever may come to hold its key.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gradatim.domain.fault import one_fault
from gradatim.server.config import unusable

AUTHORITY, SERVER = "home-authority.pem", "home-server.pem"
"""The files in the folder of the data: each a key with its certificate, for this user alone."""
_AUTHORITY_DAYS, _SERVER_DAYS = 3650, 397  # no phone takes a server's certificate that holds longer than 398 days
RENEW_DAYS = 30
_ADDRESSES = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "192.0.2.0/24", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
)  # fmt: skip
_SKEW = timedelta(days=1)  # a phone whose clock is behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def certificate_for(data: Path, address: str, now: datetime) -> Path:
    """The file with the certificate and key for this machine at a home address, made or renewed where that is needed."""
    authority = _authority(data, now)
    path = data / SERVER
    if not _good(path, authority, address, now):
        _write(path, _server(authority, address, now))
    return path


def authority_of(data: Path) -> bytes | None:
    """The authority's certificate for a phone (PEM, without its key); None where there is none."""
    found = _read(data / AUTHORITY)
    return None if found is None else found.certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(data: Path) -> str:
    """The authority's SHA-256, as phones and browsers show it."""
    found = _read(data / AUTHORITY)
    return "" if found is None else found.certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def ends(path: Path) -> datetime:
    """When the first certificate in a file ends. OSError or ValueError where it cannot be read."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def names() -> list[str]:
    """Under which names this machine is known at home."""
    host = socket.gethostname().split(".")[0].lower()
    good = host and all(letter.isalnum() or letter == "-" for letter in host) and host.isascii() and host != "localhost"
    return ["localhost", *([host, f"{host}.local"] if good else [])]


def _authority(data: Path, now: datetime) -> Pair:
    path = data / AUTHORITY
    found = _read(path)
    if found is not None and found.certificate.not_valid_after_utc - now > timedelta(days=RENEW_DAYS):
        return found
    if path.exists() and found is None:
        raise one_fault(str(path), "holds no certificate authority", "Move it away: another is made, and each phone has to install that one")  # fmt: skip
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Gradatim at home, {now:%Y-%m-%d}")])
    allowed = [x509.IPAddress(ipaddress.ip_network(one)) for one in _ADDRESSES] + [x509.DNSName(one) for one in names()]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pair = Pair(certificate=made, key=key)
    _write(path, pair)
    return pair


def _server(authority: Pair, address: str, now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gradatim")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(now - _SKEW, issuer.not_valid_before_utc))
        .not_valid_after(min(now - _SKEW + timedelta(days=_SERVER_DAYS), issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_wanted(authority, address)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Pair(certificate=made, key=key)


def _wanted(authority: Pair, address: str) -> list[x509.GeneralName]:
    """What the server's certificate is for. A name that this machine got after the authority was made is outside what that may vouch for."""
    bounds = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    allowed = {one.value for one in bounds or () if isinstance(one, x509.DNSName)}
    found: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(one)) for one in dict.fromkeys((address, "127.0.0.1"))
    ]
    return found + [x509.DNSName(one) for one in names() if one in allowed]


def _good(path: Path, authority: Pair, address: str, now: datetime) -> bool:
    found = _read(path)
    if found is None or found.certificate.not_valid_after_utc - now <= timedelta(days=RENEW_DAYS):
        return False
    held = found.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        found.certificate.verify_directly_issued_by(authority.certificate)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, another is made
        return False
    return set(held) == set(_wanted(authority, address))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=signs_certificates, crl_sign=signs_certificates, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _read(path: Path) -> Pair | None:
    try:
        text = path.read_bytes()
        key = serialization.load_pem_private_key(text, None)
        return Pair(certificate=x509.load_pem_x509_certificate(text), key=cast("ec.EllipticCurvePrivateKey", key))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, pair: Pair) -> None:
    """Whole or not at all, and never readable by another for a moment."""
    text = pair.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + pair.certificate.public_bytes(serialization.Encoding.PEM)
    beside = path.with_suffix(".new")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise unusable(path, error) from None
