"""What services answer about users and their keys: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A user who was added, with the first password to be told once."""

    name: str
    roles: tuple[str, ...]
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user as a list shows it."""

    name: str
    roles: tuple[str, ...]
    status: str
    first_password: bool
    added: datetime
    confidentiality: str | None


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One version of one key, and who holds it; of the root also what two people compare."""

    key: str
    version: int
    state: str
    since: date | None
    due: date | None
    users: tuple[str, ...]
    recovery: bool
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Rotated:
    """A key that was replaced: `rewrapped` in this run, `keys` that it now wraps in all.

    `gone` says whether the old key has left the database's log as well.
    """

    key: str
    version: int
    rewrapped: int
    keys: int
    gone: bool
