"""How somebody named the columns of a file, remembered for the next file of the same headings.

Beside the marks of imported files stands a row for each line of headings: a keyed hash of them, and
by place what each column holds. No heading is stored, because a file without them begins with data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.files.headings import FIELDS, IGNORED
from crm.files.spellings import fold
from crm.models.files import ImportedFile
from gdpr.clock import microseconds
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange

Mapping = tuple[tuple[str, str], ...]

_HEADINGS = b"headings\0"


def mapping_for(
    context: RegisterContext, headings: Sequence[str], told: Mapping, *, afresh: bool
) -> tuple[Mapping, bool]:
    """Return what the columns hold by hand: as told now, else as told of such a file before.

    The second value says that something was remembered.
    """
    before = () if afresh else _remembered(context, headings)
    named = {fold(heading) for heading, _code in told}
    kept = tuple(pair for pair in before if fold(pair[0]) not in named)
    return (*told, *kept), bool(kept)


def remember(
    context: RegisterContext, change: AuditedChange, headings: Sequence[str], mapping: Mapping
) -> None:
    """Keep the mapping of a file in the change that stores its rows."""
    places = {fold(heading): place for place, heading in reversed(list(enumerate(headings)))}
    told = " ".join(f"{places[fold(heading)]}={code}" for heading, code in mapping)
    key = _fingerprint(context, headings)
    row = context.session.first(ImportedFile, fingerprint=key)
    if row is None:
        now = microseconds(context.clock.now())
        row = ImportedFile(id=new_id(), fingerprint=key, lines=b"", imported=now, fields=told)
        change.insert(row)
    elif row.fields != told:
        row.fields = told
        change.update(row)


def _remembered(context: RegisterContext, headings: Sequence[str]) -> Mapping:
    row = context.session.first(ImportedFile, fingerprint=_fingerprint(context, headings))
    found = []
    for part in (row.fields or "").split() if row is not None else ():
        place, _sign, code = part.partition("=")
        known = code in FIELDS or code == IGNORED
        if place.isdigit() and int(place) < len(headings) and known:
            found.append((headings[int(place)], code))
    return tuple(found)


def _fingerprint(context: RegisterContext, headings: Sequence[str]) -> bytes:
    told = "\x1f".join(map(fold, headings)).encode()
    return context.session.ring.import_key.digest(_HEADINGS + told)
