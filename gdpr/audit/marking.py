"""Where the log was last proved: the checkpoints, and whether these are all that were made last.

A checkpoint proves itself by its signature, and none proves that another is still there, or that no
later one took its place. So the entry of the verification that made them says which they are.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import MISTYPED, checkpoint_message, parse_body
from gdpr.audit.entries import CHECKPOINT_TABLE
from gdpr.audit.events import Event
from gdpr.audit.links import Damage
from gdpr.vault.encoding import label, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gdpr.audit.entries import Checkpoint, Entry

MARKS: Final = "marks"
_LABEL: Final = label("marks")


class _Marking(NamedTuple):
    """What one entry says of the checkpoints that were made with it."""

    seq: int
    said: str


def hash_of_marks(vault_id: bytes, marks: Iterable[Checkpoint]) -> str:
    """Return what stands in the entry that comes with these checkpoints."""
    ordered = sorted(marks, key=lambda mark: mark.desk)
    return sha256(pack(_LABEL, *(checkpoint_message(vault_id, one) for one in ordered))).hexdigest()


def damaged_marks(
    vault_id: bytes, stored: Mapping[bytes, Checkpoint], entries: Iterable[Entry]
) -> list[Damage]:
    """Return damage unless the stored checkpoints are those that were made last.

    Whoever made the newest knew what all other desks had said of theirs in these entries.
    """
    said = {one.desk: _Marking(one.seq, told) for one in entries if (told := _said(one))}
    try:
        present = hash_of_marks(vault_id, stored.values())
    except MISTYPED:
        return []  # such a row was named by itself
    newest = any(
        one.said == present
        and all(
            other in stored and each.seq <= stored[other].seq
            for other, each in said.items()
            if other != desk
        )
        for desk, one in said.items()
    )
    return [Damage(CHECKPOINT_TABLE, None, "sum")] if said and not newest else []


def _said(entry: Entry) -> str:
    told = parse_body(entry.body).get(MARKS, "") if entry.event == Event.AUDIT_VERIFIED else ""
    return str(told)
