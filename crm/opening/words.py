"""What is said aloud once a register is open, and where it lies, as it may be shown.

An address of a server can hold a password, which is never shown.
"""

from __future__ import annotations

import re
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


# What is not exactly of this form is not shown at all: a password may hold any sign.
_ADDRESS: Final = re.compile(
    r"(?P<kind>[a-z][a-z0-9+.-]*://)(?:(?P<user>[^:@/?#\s]+)(?::[^@/?#]*)?@)?"
    r"(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?(?P<name>/[a-z0-9_.-]*)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)


def shown_place(target: str) -> str:
    """Return a place for eyes and logs: a file as it is, an address without its password."""
    kind, scheme, _rest = target.partition("://")
    if not scheme:
        return target
    found = _ADDRESS.fullmatch(target)
    if found is None:
        return f"{kind}://…"
    user = f"{found['user']}@" if found["user"] else ""
    return f"{found['kind']}{user}{found['host']}{found['name'] or ''}"
