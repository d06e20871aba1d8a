"""The fingerprints of destroyed keys: what was destroyed is told apart from what never was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gdpr.store.fields import OptionalInteger, PlainBlob
from gdpr.store.record import Record
from gdpr.vault.encoding import label, pack, pack_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.vault.authenticator import Authenticator

TABLE: Final = "destroyed_key"
_LABEL: Final = label("destroyed")
_ID: Final = 16
_NUMBER: Final = 4


class DestroyedKey(Record):
    """Which keys of an owner were destroyed; its id is a keyed hash, so it names nobody."""

    serials = PlainBlob("by category, the number of the last key that was destroyed")
    waiting_group = OptionalInteger("the group whose secret is still to be renewed", index=True)


def fingerprint(integrity: Authenticator, vault_id: bytes, owner: bytes) -> bytes:
    """Return the id under which an owner's destroyed keys are remembered."""
    return integrity.digest(pack(_LABEL, vault_id, owner))[:_ID]


def pack_serials(serials: Mapping[str, int]) -> bytes:
    """Write the last serials by category, as the row of a destroyed key holds them."""
    return pack_numbers(serials, _NUMBER)
