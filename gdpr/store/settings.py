"""Small facts of the vault that must be believed: the firm, periods, numbers, the last day seen."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gdpr.errors import Damaged
from gdpr.store.errors import MissingRow
from gdpr.store.fields import PlainText
from gdpr.store.layout import layout_of
from gdpr.store.record import Record

if TYPE_CHECKING:
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


class Setting(Record):
    """One named value; authenticated like any row, because a host must not change a period."""

    few = True

    name = PlainText("what is set", unique=True)
    value = PlainText("the controller's own details, numbers and dates")


class Sequence(Record):
    """What only grows, with the work of everybody: numbers that were given, the last day seen.

    Apart from the settings, because whoever may only work must not be able to change a period.
    """

    few = True

    name = PlainText("what is counted", unique=True)
    value = PlainText("the last number that was given, or the last day that was seen")


Kept = type[Setting] | type[Sequence]
_TABLES: Final = frozenset(layout_of(kept).table for kept in (Setting, Sequence))


def read_setting(session: Session, name: str, default: str = "", *, kept: Kept = Setting) -> str:
    """Return a setting, verified, or `default` when it was never set."""
    session.reader.read_whole(kept)
    row = session.first(kept, id=_id(name))
    return default if row is None else row.value


def sound_setting(session: Session, name: str, default: str = "", *, kept: Kept = Setting) -> str:
    """Return a setting, or `default` where it is damaged, which is noted and told at the end.

    For what is read at every opening: a damaged setting must not shut the records away.
    """
    try:
        return read_setting(session, name, default, kept=kept)
    except Damaged as damage:
        if all(noted.arguments != damage.arguments for noted in session.damage):
            session.damage.append(damage)
        return default


def founding_setting(session: Session, name: str, *, kept: Kept = Setting) -> str:
    """Return a setting that was written at the founding; one that is missing is damage too."""
    value, table = sound_setting(session, name, kept=kept), layout_of(kept).table
    if not value and not any(one.arguments.get("table") == table for one in session.damage):
        session.damage.append(MissingRow(table=table, row=name))
    return value


def refuse_damaged_settings(session: Session) -> None:
    """Raise what `sound_setting` noted, for whoever would act on a default nobody chose."""
    for damage in session.damage:
        if damage.arguments.get("table") in _TABLES:
            raise damage


def write_setting(work: Transaction, name: str, value: str, *, kept: Kept = Setting) -> None:
    """Set a value inside a transaction."""
    row = work.session.first(kept, id=_id(name))
    if row is None:
        work.insert(kept(id=_id(name), name=name, value=value))
    else:
        row.value = value
        work.update(row)


def next_number(work: Transaction, name: str, count: int = 1) -> int:
    """Take `count` numbers of a sequence and return the first; numbers are never given twice."""
    first = int(read_setting(work.session, name, "0", kept=Sequence)) + 1
    write_setting(work, name, str(first + count - 1), kept=Sequence)
    return first


def _id(name: str) -> bytes:
    return sha256(b"setting:" + name.encode()).digest()[:16]
