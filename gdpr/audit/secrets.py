"""The shred file against the anchor: an old copy of it must not pass for the one of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gdpr.store.errors import ShredFileOlder

if TYPE_CHECKING:
    from gdpr.audit.journal import AuditedChange, Journal

_FACT: Final = "shred"


def anchor_secrets(deed: AuditedChange) -> None:
    """Anchor with a deed how far the file will have come once its old secrets are overwritten."""
    reached = deed.desk.groups.reached
    if reached is not None:
        deed.anchor(_FACT, reached)


def anchor_as_it_is(deed: AuditedChange) -> None:
    """Anchor where the file stands, after it was brought back."""
    deed.anchor(_FACT, deed.desk.groups.file.counter)


def anchored_secrets(journal: Journal) -> int:
    """Return the least that the counter of the file must be."""
    return journal.facts().get(_FACT, 0)


def check_shred_file(journal: Journal) -> None:
    """Raise if the shred file is missing, damaged, or older than what this desk has anchored.

    What a crash left in it is settled first, for that is a step the anchor may be ahead by.
    """
    groups, least = journal.desk.groups, anchored_secrets(journal)
    if groups.file.counter < least and not (groups.forget() and groups.file.counter >= least):
        raise ShredFileOlder
