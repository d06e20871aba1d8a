"""Damage to the log and to what this desk keeps beside it."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed


class LedgerDamaged(Damaged):
    """The ledger of rights does not verify; the database holds the same events."""


class SecretsWait(Failed):
    """Many were destroyed in one go, and the secrets that open them in old copies are still there.

    It is said instead of a success; the next opening by somebody who may does it.
    """


class ShredFileOlder(Damaged):
    """An old shred file was put in the place of the one that was written last."""
