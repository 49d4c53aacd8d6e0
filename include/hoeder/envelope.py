"""What leaves the house is closed for one recipient: CMS (RFC 5652), opened with `openssl cms -decrypt -inform DER`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from hoeder.errors import StoreError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


def seal(content: bytes, recipient: Certificate) -> bytes:
    """The content as EnvelopedData in DER, AES-256, for the holder of the certificate's key alone."""
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    return (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(content)
        .set_content_encryption_algorithm(AES256)
        .add_recipient(recipient)
        .encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )


def certificate(pem: str, *, whose: str, on: date) -> Certificate:
    """A recipient's certificate, fit to close something for on a day. `whose` opens the message where it is not.

    Raises StoreError, and says what to ask the recipient for.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise StoreError(f"{whose}: there is no certificate in PEM; ask the recipient for one") from None
    if not isinstance(found.public_key(), RSAPublicKey):
        raise StoreError(f"{whose}: the certificate has no RSA key; ask the recipient for one that has")
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    if not found.not_valid_before_utc <= noon <= found.not_valid_after_utc:
        raise StoreError(f"{whose}: the certificate is not valid on {on}; ask the recipient for a new one")
    return found
