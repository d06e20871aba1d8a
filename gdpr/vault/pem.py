"""Public keys in the form that other programs read, so that nobody needs ours to check a paper."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from gdpr.errors import BadSignature


def public_pem(public: bytes) -> bytes:
    """Write an Ed25519 public key as PEM, which `openssl` takes."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public_pem(text: bytes) -> bytes:
    """Return the 32 bytes of an Ed25519 key in PEM; BadSignature when it is anything else."""
    try:
        key = load_pem_public_key(text)
    except ValueError:
        raise BadSignature from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadSignature
    return key.public_bytes_raw()
