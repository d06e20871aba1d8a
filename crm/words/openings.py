"""What is said aloud once a register is open, because somebody should know it before working."""

from __future__ import annotations

from typing import Final

from crm.i18n import _
from gdpr.text import N_

# What the front door found worth saying at opening, by its codes.
_WARNINGS: Final = {
    "root-pinned": N_(
        "This desk meets the register for the first time and will recognise it from now on by "
        "the fingerprint of its root key:\n{root}\nCompare it with a colleague's: kartoteka key "
        "status. If it differs, or if this surprises you, stop and ask the owner."
    ),
    "copies-swept": N_(
        "A program was ended over a file it was writing. What it left was overwritten and removed."
    ),
    "copies-unfound": N_(
        "A program was ended over a file it was writing, and what it left cannot be found from"
        " here: kartoteka files list. Plug in the drive, or say that it is gone: kartoteka files"
        " gone"
    ),
    "clock-leap": N_(
        "The system clock has leapt ahead. Nothing is destroyed by the new date until you confirm "
        "it; kartoteka doctor says more."
    ),
    "copy": N_(
        "This is a copy of a register that lies at {original}. It is only read, and what you look "
        "at is not logged. An owner makes it a register of its own with: kartoteka backup adopt"
    ),
    "read-only": N_(
        "The register can only be read just now, and what you look at is not logged. Whatever you "
        "change is refused, with the reason."
    ),
}


def warning_words(code: str, root: str, original: str | None = None) -> str:
    """Say what a warning of the front door means.

    `root` is the register's fingerprint, `original` where the register lies whose copy this is.
    """
    return _(_WARNINGS[code]).format(root=root, original=original or "?")
