"""Where a register lies, as it may be shown: an address of a server can hold a password."""

from __future__ import annotations

import re
from typing import Final

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
