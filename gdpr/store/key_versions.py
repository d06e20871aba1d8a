"""The versions of each category's key and the old issues of users' cards: what re-keying leaves.

A key goes through four states, as in Tink: pending (handed out, not used), active (new keys are
wrapped under it), decrypt (only what is still wrapped under it is opened), destroyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from gdpr.store.fields import OptionalBlob, OptionalText, PlainBlob, PlainInteger, PlainText
from gdpr.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from peewee import Database


class KeyState(StrEnum):
    """What a version of a key is used for."""

    PENDING = "pending"
    ACTIVE = "active"
    DECRYPT = "decrypt"
    DESTROYED = "destroyed"


class KeyVersion(Record):
    """One version of the key of one class; a class without a row is at version 1 since founding.

    A version is never taken back.
    """

    few = True
    unique_together = ("category", "version")

    category = PlainText("key class")
    version = PlainInteger("key version")
    state = PlainText("pending, active, decrypt or destroyed")
    created = PlainInteger("when it was drawn, µs UTC")
    due = OptionalText("since when somebody without the right may know it, ISO")
    cursor = OptionalBlob("up to which owner the data keys are wrapped under it")


class CardIssue(Record):
    """An issue of a user's card that is no longer valid: what it signed must stay checkable."""

    few = True
    unique_together = ("user_id", "counter")

    user_id = PlainBlob("whose card")
    counter = PlainInteger("which issue of the card this was")
    roles = PlainText("role codes")
    x_public = PlainBlob("a public key")
    ed_public = PlainBlob("a public key")
    status = PlainText("active or disabled")
    card_signature = PlainBlob("the root's signature")


@dataclass(frozen=True, slots=True)
class InUse:
    """Which versions of one class's key are handed out, and which of them wraps what is new."""

    versions: frozenset[int]
    active: int


# The question for each kind of database, written once, because it is asked at every change.
_QUESTIONS: Final[dict[str, str]] = {}


def _question(database: Database) -> str:
    kind = type(database).__name__
    if kind not in _QUESTIONS:
        query: Any = KeyVersion.select(KeyVersion.category, KeyVersion.version, KeyVersion.state)
        _QUESTIONS[kind] = query.bind(database).sql()[0]
    return _QUESTIONS[kind]


def versions_in_use(database: Database) -> Mapping[str, InUse]:
    """Read which versions are in use, unverified, because the key that verifies is behind them.

    Whoever has opened the vault verifies the rows; a changed one can only close a category.
    """
    return in_use(database.execute_sql(_question(database), ()))


def in_use(rows: Iterable[tuple[Any, ...]]) -> Mapping[str, InUse]:
    """Return which versions are in use by category, version and state of each."""
    found: dict[str, set[int]] = {}
    active: dict[str, int] = {}
    for category, version, state in rows:
        if not isinstance(category, str) or not isinstance(version, int):
            continue
        if state == KeyState.ACTIVE:
            active[category] = version
        if state != KeyState.DESTROYED:
            found.setdefault(category, set()).add(version)
    return {name: InUse(frozenset(found[name]), version) for name, version in active.items()}
