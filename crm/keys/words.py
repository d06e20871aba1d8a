"""The words for whoever keeps the register: roles, keys, users, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, say_all
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from collections.abc import Iterable

# role -> what it is called, and what it may do in plain words.
ROLES: Final = WordPairTable("crm.keys", "roles", "word", "may")
KEYS: Final = WordTable("crm.keys", "keys")
KEY_STATES: Final = WordTable("crm.keys", "key_states")
USER_STATES: Final = WordTable("crm.keys", "user_states")
COPY_STATES: Final = WordTable("crm.keys", "copy_states")
# Why somebody says that a copy is gone which nobody finds.
COPY_REASONS: Final = WordTable("crm.keys", "copy_reasons")
COPY_KINDS: Final = WordTable("crm.keys", "copy_kinds")
_FIRM: Final = WordTable("crm.keys", "firm")


def role_names(roles: Iterable[str]) -> str:
    """Name roles, in their order."""
    return ", ".join(_(ROLES[role][0]) if role in ROLES else role for role in roles)


def role_choices() -> tuple[tuple[str, str], ...]:
    """Give each role with its name and what it may do, for whoever chooses."""
    return tuple((code, f"{_(name)}: {_(may)}") for code, (name, may) in ROLES.items())


def key_name(key: str) -> str:
    """Say what a key opens."""
    return _(KEYS.get(key, key))


def firm_labels() -> dict[str, str]:
    """Return the translated names of the firm's details."""
    return say_all(_FIRM)
