"""Damage to the log and to what this desk keeps beside it."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Locked


class StateFileDamaged(Damaged):
    """A file that this desk keeps outside the database was changed or cut."""


class LedgerDamaged(Damaged):
    """The ledger of rights does not verify; the database holds the same events."""


class SumsDiffer(Damaged):
    """The rows of a table do not add up to what the desks together wrote."""


class EntryRefused(Damaged):
    """Somebody whose card had ended, or whose role does not permit it, signed an entry."""


class OlderThanAnchor(Damaged):
    """The database lacks the last entry that this desk knows it wrote."""


class AnchorMissing(Damaged):
    """This desk has written entries, and the file that remembers the last of them is gone."""


class SecretsWait(Failed):
    """Many were destroyed in one go, and the secrets that open them in old copies are still there.

    It is said instead of a success; the next opening by somebody who may does it.
    """


class RightsRepeated(Damaged):
    """An older database was opened, and rights it had forgotten took effect again."""


class RightsWait(Locked):
    """The database forgot rights that took effect, and whoever opens it may not repeat them."""
