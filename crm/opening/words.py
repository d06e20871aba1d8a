"""What is said aloud once a register is open, and where it lies, as it may be shown.

An address of a server can hold a password, which is never shown.
"""

from __future__ import annotations

import re
from typing import Final

from crm.i18n import _
from gdpr.word_tables import WordTable

# What the front door found worth saying at opening, by its codes.
_WARNINGS: Final = WordTable("crm.opening", "warnings")
# What is wrong with a place where a register should not lie.
RISKS: Final = WordTable("crm.opening", "risks")


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
