"""What a database's complaint about a duplicate means, said without the value."""

from __future__ import annotations

import re

from gdpr.errors import AlreadyKnown, Invalid, KartotekaError

_UNIQUE = re.compile(r"(?:UNIQUE constraint failed: \w+\.|Key \(\"?)(\w+?)(?:_token)?(?:\W|$)")


def named_clash(error: Exception) -> KartotekaError | None:
    """Turn an integrity error into one that names the column; None for any other error.

    Drivers put the row's values into their text, so it is never passed on.
    """
    if not type(error).__name__.endswith(("IntegrityError", "UniqueViolation")):
        return None
    found = _UNIQUE.search(str(error))
    return Invalid() if found is None else AlreadyKnown(column=found.group(1))
