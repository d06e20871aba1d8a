"""Where the shred file of a register lies: beside it, or in a folder that somebody chose."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crm.session.errors import SharedShredFile
from gdpr.store.shred_file import default_place

if TYPE_CHECKING:
    from collections.abc import Iterable

# The folder, for a file that is to lie on another disk or on a stick.
FOLDER = "KARTOTEKA_SHRED"
# In the state folder, for as long as a drill lasts.
DRILL_FOLDER = "kartoteka-drill"


def shred_place(target: str) -> Path:
    """Say where the shred file of the register at `target` lies.

    It keeps the register's name, so that several registers can share a folder. A register that is
    brought back as a drill takes its secrets along into its end.
    """
    beside = default_place(target)
    if beside.parent.name == DRILL_FOLDER:
        return beside
    folder = os.environ.get(FOLDER, "").strip()
    return Path(folder).expanduser().absolute() / beside.name if folder else beside


def refuse_shared(target: str, others: Iterable[str]) -> None:
    """Refuse a register the shred file of another one, such as a copy the original's.

    In a chosen folder files are named as the registers are, and two registers may have one name.
    """
    for other in others:
        if shred_place(other) == shred_place(target):
            raise SharedShredFile(original=other)
