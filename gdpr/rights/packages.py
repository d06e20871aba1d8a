"""A package for a person: its files, the manifest that names and hashes them, and its signature.

The manifest is signed as the bytes it is stored in, so that an outsider checks it with nothing
but `openssl`. Signed messages of the vault begin with a zero byte or are bare hashes, a manifest
begins with a brace and is longer: neither can be passed off as the other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from gdpr.program_files import program_bytes
from gdpr.vault.pem import public_pem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gdpr.vault.cards import UserCard

Json = dict[str, Any]

FORMAT: Final = "kartoteka-package"
DATA_FORMAT: Final = "kartoteka-my-data"
VERSION: Final = "1.0"
DPV_VERSION: Final = "2.3"

MANIFEST: Final = "machine/manifest.json"
SIGNATURE: Final = "machine/manifest.sig"
PUBLIC_KEY: Final = "machine/public-key.pem"
SIGNER: Final = "machine/signer.json"
SHEET: Final = "read-me-first.html"
DATA: Final = "my-data.json"
CONTACT: Final = "machine/contact.jscontact.json"
VCARD: Final = "machine/contact.vcf"
LINKED: Final = "machine/data.jsonld"
_SCHEMAS: Final = "machine/schema"
_JSON: Final = "application/json"
_SHIPPED: Final = ("my-data", "manifest", "signer", "contact.jscontact", "data.jsonld")


@dataclass(frozen=True, slots=True)
class PackagePart:
    """One file of a package; `schema` is the path of the JSON Schema it obeys."""

    path: str
    content: bytes
    media_type: str
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the card that the register's root signed, and the way to the key."""

    card: UserCard
    card_signature: bytes
    root_public: bytes
    sign: Callable[[bytes], bytes]

    @property
    def key_print(self) -> str:
        """Return the fingerprint of the key that signs."""
        return sha256(self.card.ed_public).hexdigest()

    @property
    def root_print(self) -> str:
        """Return the fingerprint of the register's root, which the firm can tell on the phone."""
        return sha256(self.root_public).hexdigest()


def grouped(digits: str) -> str:
    """Write a fingerprint so that two people can compare it."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def urn(identifier: bytes) -> str:
    """Write an id as other programs read it."""
    return f"urn:uuid:{UUID(bytes=identifier)}"


def written(document: Json) -> bytes:
    """Write a JSON document the way every package does."""
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def json_part(path: str, document: Json, schema: str, media_type: str = _JSON) -> PackagePart:
    """Make a part of a JSON document that obeys one of the shipped schemas."""
    return PackagePart(path, written(document), media_type, schema_path(schema))


def schema_path(name: str) -> str:
    """Say where a schema lies within a package."""
    return f"{_SCHEMAS}/{name}.schema.json"


def schema_text(name: str) -> bytes:
    """Return a shipped JSON Schema."""
    return program_bytes("gdpr.rights", "schemas", f"{name}.schema.json")


def sealed(head: Json, parts: Iterable[PackagePart], signer: Signer) -> dict[str, bytes]:
    """Put a package together: the parts, schemas, who signed, and the manifest over all of them.

    `head` holds what the manifest says beside the format and the files.
    """
    everything = [
        *parts,
        PackagePart(PUBLIC_KEY, public_pem(signer.card.ed_public), "application/x-pem-file"),
        json_part(SIGNER, _signer(signer), "signer"),
        *(
            PackagePart(schema_path(name), schema_text(name), "application/schema+json")
            for name in _SHIPPED
        ),
    ]
    manifest = {
        "format": FORMAT,
        "format_version": VERSION,
        "dpv_version": DPV_VERSION,
        **head,
        "signed_by": {
            "user": urn(signer.card.user_id),
            "card": signer.card.counter,
            "key_sha256": signer.key_print,
            "root_sha256": signer.root_print,
        },
        "files": [
            {
                "path": part.path,
                "sha256": sha256(part.content).hexdigest(),
                "media_type": part.media_type,
                "schema": part.schema,
            }
            for part in everything
        ],
    }
    told = written(manifest)
    contents = {part.path: part.content for part in everything}
    return contents | {MANIFEST: told, SIGNATURE: signer.sign(told)}


def _signer(signer: Signer) -> Json:
    card = signer.card
    return {
        "vault": urn(card.vault_id),
        "user": urn(card.user_id),
        "roles": list(card.roles),
        "x25519": card.x_public.hex(),
        "ed25519": card.ed_public.hex(),
        "counter": card.counter,
        "status": card.status.value,
        "root": signer.root_public.hex(),
        "root_signature": signer.card_signature.hex(),
    }
