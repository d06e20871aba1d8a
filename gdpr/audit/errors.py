"""Damage to the log and to what this desk keeps beside it."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Locked
from gdpr.text import N_, Nn_


class StateFileDamaged(Damaged):
    """A file that this desk keeps outside the database was changed or cut."""

    text = N_(
        "The file {name} in the state folder was changed or truncated. Investigate before "
        "you continue."
    )


class LedgerDamaged(Damaged):
    """The ledger of rights does not verify; the database holds the same events."""

    text = N_(
        "The ledger {name} is damaged at line {line}. Keep it, move it away and open the"
        " register: it is rewritten from the audit log."
    )


class SumsDiffer(Damaged):
    """The rows of a table do not add up to what the desks together wrote."""

    text = N_(
        "Rows of table {table} were deleted, added or reverted to an older state. Nothing is "
        "destroyed on this basis; verify the log and restore a backup. If no backup contains "
        "them, an owner acknowledges what is missing: kartoteka audit acknowledge."
    )


class EntryRefused(Damaged):
    """Somebody whose card had ended, or whose role does not permit it, signed an entry."""

    text = N_(
        "Entry {row} was signed with a card that was no longer valid, or by a role that does "
        "not permit it. Nothing is destroyed on the basis of what it changed; verify the "
        "log, then restore a backup or have an owner acknowledge it."
    )


class OlderThanAnchor(Damaged):
    """The database lacks the last entry that this desk knows it wrote."""

    text = N_(
        "Table {table} is older than this workstation's anchor {row}: the database was rolled back."
    )


class AnchorMissing(Damaged):
    """This desk has written entries, and the file that remembers the last of them is gone."""

    text = N_(
        "The file anchor in the state folder is missing, although this workstation wrote up "
        "to entry {row}. Whether the database was rolled back can no longer be determined."
    )


class SecretsWait(Failed):
    """Many were destroyed in one go, and the secrets that open them in old copies are still there.

    It is said instead of a success; the next opening by somebody who may does it.
    """

    text = N_(
        "What was due is destroyed here, but the shred file cannot be written, so it may "
        "still open old copies of the database. Make it writable and open the register again."
    )


class RightsRepeated(Damaged):
    """An older database was opened, and rights it had forgotten took effect again."""

    text = N_(
        "The database was replaced by an older one that lacks erasures or withdrawals: "
        "{row}. They are repeated, except as stated beside this. Changes since then may be "
        "missing; restore the newest backup."
    )


class RightsWait(Locked):
    """The database forgot rights that took effect, and whoever opens it may not repeat them."""

    text = Nn_(
        "The database was reverted to an older state: {count} erasure or withdrawal must be "
        "repeated. Someone who may erase must open it first.",
        "The database was reverted to an older state: {count} erasures or withdrawals must "
        "be repeated. Someone who may erase must open it first.",
    )
