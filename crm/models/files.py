"""What the program remembers of files: imported lines, and copies of data it knows of."""

from __future__ import annotations

from pathlib import Path

from gdpr.store import fields as of
from gdpr.store.record import Record


class ImportedFile(Record):
    """A file that was imported: its keyed hash and which lines are in, nothing of their content.

    It survives erasures, so that the same file again brings nobody back. A row without lines
    remembers for a line of headings what somebody said that its columns hold.
    """

    few = True
    wide = True

    fingerprint = of.PlainBlob("keyed hash of the file", unique=True)
    lines = of.PlainBlob("which lines were taken in, a bit for each")
    imported = of.PlainInteger("when, µs UTC")
    fields = of.OptionalText("codes of the fields that were read from it")


class KnownCopy(Record):
    """A copy of personal data outside the vault that this program made: where, and until when.

    Every receipt of an erasure lists them.
    """

    few = True

    kind = of.PlainText("export, rejects, backup")
    path = of.HouseText("where it was written; a name may stand in it")
    about = of.OptionalBlob("whose package it is; empty for copies of many")
    marks = of.HouseText("by what it is recognised: size and hash, once it was written to its end")
    made = of.PlainInteger("when, µs UTC")
    ends = of.PlainText("day by which it should be gone")
    gone = of.OptionalText("day on which it was destroyed, or declared to be gone")
    declared = of.OptionalText("why somebody says that it is gone, a code")

    @property
    def place(self) -> Path:
        """Return where it was written."""
        return Path(self.path or "")
