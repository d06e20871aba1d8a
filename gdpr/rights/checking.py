"""Whether a package is as it was signed: offline, without a register and without a password.

Everything is looked at and every fault is named, because whoever checks wants to know how much of
it still stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from gdpr.errors import KartotekaError, PackageDamaged
from gdpr.rights.packages import (
    FORMAT,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    SIGNER,
    VERSION,
    schema_path,
    schema_text,
)
from gdpr.rights.unpacking import contents_of
from gdpr.vault.cards import CardStatus, UserCard, verify_card
from gdpr.vault.pem import read_public_pem
from gdpr.vault.root import verify_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Json = dict[str, Any]

_OUTSIDE: Final = frozenset({MANIFEST, SIGNATURE})
_SUFFIX: Final = ".schema.json"


class PackageFault(NamedTuple):
    """What is wrong, as a code, and with which file."""

    code: str
    file: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The finding; fingerprints are there when the manifest could be read."""

    faults: tuple[PackageFault, ...]
    files: int
    scope: str | None = None
    generated_at: str | None = None
    controller: str | None = None
    key_sha256: str | None = None
    root_sha256: str | None = None

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def check_package(place: Path, passphrase: Callable[[], str], root: str | None = None) -> Checked:
    """Check a folder or a ZIP; `root` is the fingerprint that the firm told, where it did."""
    try:
        contents = dict(contents_of(place, passphrase))
    except PackageDamaged as damage:
        fault = PackageFault(str(damage.arguments["fault"]), str(damage.arguments["file"]))
        return Checked((fault,), 0)
    manifest = _document(contents, MANIFEST)
    if manifest is None or obeys(manifest, "manifest"):
        return Checked((PackageFault("manifest", MANIFEST),), len(contents))
    if (manifest["format"], manifest["format_version"]) != (FORMAT, VERSION):
        return Checked((PackageFault("version", MANIFEST),), len(contents))
    faults = [
        *_signature(contents, manifest, root),
        *_files(contents, manifest),
        *_schemas(contents, manifest),
    ]
    return Checked(
        tuple(faults),
        len(contents),
        manifest["scope"],
        manifest["generated_at"],
        manifest["controller"]["name"],
        manifest["signed_by"]["key_sha256"],
        manifest["signed_by"]["root_sha256"],
    )


def obeys(document: object, schema: str) -> list[str]:
    """Return where a document breaks one of the shipped schemas, the first few places."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to load, seldom needed

    validator = Draft202012Validator(json.loads(schema_text(schema)))
    return [error.json_path for _n, error in zip(range(5), validator.iter_errors(document))]  # noqa: B905 - the shorter one ends it


def _signature(
    contents: dict[str, bytes], manifest: Json, root: str | None
) -> Iterator[PackageFault]:
    """Check that the key signed, that it is a user's, and that the register's root says so."""
    try:
        public = read_public_pem(contents.get(PUBLIC_KEY, b""))
        verify_signature(public, contents.get(SIGNATURE, b""), contents[MANIFEST])
    except KartotekaError:
        yield PackageFault("signature", SIGNATURE)
        return
    told = _document(contents, SIGNER)
    if told is None or obeys(told, "signer"):
        yield PackageFault("signer", SIGNER)
        return
    root_public, said = bytes.fromhex(told["root"]), manifest["signed_by"]
    try:
        card = _card(told)
        verify_card(root_public, card, bytes.fromhex(told["root_signature"]))
    except KartotekaError:
        yield PackageFault("signer", SIGNER)
        return
    prints = (sha256(public).hexdigest(), sha256(root_public).hexdigest())
    if card.ed_public != public or prints != (said["key_sha256"], said["root_sha256"]):
        yield PackageFault("signer", SIGNER)
    if root is not None and "".join(root.split()).lower() != prints[1]:
        yield PackageFault("fingerprint", SIGNER)


def _card(told: Json) -> UserCard:
    return UserCard(
        vault_id=_id(told["vault"]),
        user_id=_id(told["user"]),
        roles=tuple(told["roles"]),
        x_public=bytes.fromhex(told["x25519"]),
        ed_public=bytes.fromhex(told["ed25519"]),
        counter=told["counter"],
        status=CardStatus(told["status"]),
    )


def _id(urn: str) -> bytes:
    return UUID(urn.removeprefix("urn:uuid:")).bytes


def _files(contents: dict[str, bytes], manifest: Json) -> Iterator[PackageFault]:
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    if len(listed) != len(manifest["files"]):
        yield PackageFault("listed-twice", MANIFEST)
    for path, digest in listed.items():
        if path not in contents:
            yield PackageFault("missing", path)
        elif sha256(contents[path]).hexdigest() != digest:
            yield PackageFault("changed", path)
    for path in sorted(contents.keys() - listed.keys() - _OUTSIDE):
        yield PackageFault("extra", path)


def _schemas(contents: dict[str, bytes], manifest: Json) -> Iterator[PackageFault]:
    """Check each document against the schema it names, by our own copy of that schema."""
    for entry in manifest["files"]:
        schema, path = entry["schema"], entry["path"]
        if schema is None or path not in contents:
            continue
        name = PurePosixPath(schema).name.removesuffix(_SUFFIX)
        if schema != schema_path(name) or schema not in contents:
            yield PackageFault("schema", path)
            continue
        document = _document(contents, path)
        try:
            broken = document is None or bool(obeys(document, name))
        except FileNotFoundError:
            broken = True
        if broken:
            yield PackageFault("schema", path)


def _document(contents: dict[str, bytes], path: str) -> Json | None:
    try:
        document = json.loads(contents.get(path, b""))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
