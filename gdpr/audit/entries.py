"""The two tables of the log, and reading them so that one damaged row hides no other."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import SQL, CompositeKey, Model, fn

from gdpr.audit.events import CARD_EVENTS, KEY_EVENTS
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.fields import OptionalBlob, PlainBlob, PlainInteger, PlainText
from gdpr.vault.encoding import pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peewee import Database

_PAGE: Final = 250
_NUMBERS_END: Final = 1 << 62


class AuditEntry(Model):
    """One thing that happened at one desk; no MAC, because its actor signs it."""

    desk = PlainBlob("the installation that wrote it: 16 random bytes")
    seq = PlainInteger("its number at that desk, from 1 without a gap")
    time = PlainInteger("microseconds since 1970 UTC; the order is that of seq, not of time")
    actor = PlainBlob("the user's id")
    card_counter = PlainInteger("which issue of the user's card signed")
    event = PlainText("a code of events.py")
    object_id = OptionalBlob("a record or a party, never both")
    body = PlainText("codes and counts only")
    digests = OptionalBlob("the new running digests of the tables that changed")
    heads = OptionalBlob("heads of other desks' chains as seen then")
    rights = OptionalBlob("what a ledger line is made of: kind, reason and ids")
    prev = PlainBlob("hash of the entry before")
    hash = PlainBlob("hash over all of the above")
    sig = PlainBlob("the actor's signature of the hash")

    class Meta:
        """Kept in key order, so that a chain is read in one sweep."""

        table_name = "audit_entry"
        primary_key = CompositeKey("desk", "seq")
        without_rowid = True


AuditEntry.add_index(
    AuditEntry.index(
        AuditEntry.desk,
        AuditEntry.seq,
        name="audit_entry_rights",
        where=AuditEntry.rights.is_null(is_null=False),
    )
)


# Written out, for only then does the database see that index and question mean the same.
_ABOUT: Final = "event IN ({})"
_ABOUT_CARDS: Final = _ABOUT.format(", ".join(f"'{event.value}'" for event in sorted(CARD_EVENTS)))
_ABOUT_KEYS: Final = _ABOUT.format(", ".join(f"'{event.value}'" for event in sorted(KEY_EVENTS)))
AuditEntry.add_index(
    AuditEntry.index(
        AuditEntry.desk, AuditEntry.seq, name="audit_entry_cards", where=SQL(_ABOUT_CARDS)
    )
)
AuditEntry.add_index(
    AuditEntry.index(
        AuditEntry.desk, AuditEntry.seq, name="audit_entry_keys", where=SQL(_ABOUT_KEYS)
    )
)


class AuditCheckpoint(Model):
    """Up to where a desk's chain was verified, signed by who verified it; one for each desk."""

    desk = PlainBlob("whose chain", primary_key=True)
    seq = PlainInteger("the last entry that was verified")
    hash = PlainBlob("the hash of that entry")
    digests = PlainBlob("the running digests of every table after it")
    time = PlainInteger("microseconds since 1970 UTC")
    actor = PlainBlob("the user's id")
    card_counter = PlainInteger("which issue of the user's card signed")
    sig = PlainBlob("the actor's signature")

    class Meta:
        """The name only."""

        table_name = "audit_checkpoint"


class AuditAcknowledged(Model):
    """Which damages an entry acknowledged; no MAC, because the entry signs the hash of the list."""

    desk = PlainBlob("the desk of the entry")
    seq = PlainInteger("its number")
    damages = PlainBlob("table, row, kind and mark of each")

    class Meta:
        """Kept in key order, like the entries."""

        table_name = "audit_acknowledged"
        primary_key = CompositeKey("desk", "seq")
        without_rowid = True


MODELS: Final[tuple[type[Model], ...]] = (AuditEntry, AuditCheckpoint, AuditAcknowledged)
ENTRY_TABLE: Final = "audit_entry"
CHECKPOINT_TABLE: Final = "audit_checkpoint"
ACKNOWLEDGED_TABLE: Final = "audit_acknowledged"


class Entry(NamedTuple):
    """One entry as stored; what comes from a damaged database may have any type."""

    desk: bytes
    seq: int
    time: int
    actor: bytes
    card_counter: int
    event: str
    object_id: bytes | None
    body: str
    digests: bytes | None
    heads: bytes | None
    rights: bytes | None
    prev: bytes
    hash: bytes
    sig: bytes


class Checkpoint(NamedTuple):
    """One checkpoint as stored."""

    desk: bytes
    seq: int
    hash: bytes
    digests: bytes
    time: int
    actor: bytes
    card_counter: int
    sig: bytes


_COLUMNS: Final = tuple(getattr(AuditEntry, name) for name in Entry._fields)


def entry_name(desk: object, seq: object) -> str:
    """Name an entry where a row is asked for, the way `audit log` prints it."""
    shown = bytes(desk).hex() if isinstance(desk, (bytes, memoryview)) else "?"
    return f"{shown}:{seq if isinstance(seq, int) else '?'}"


def insert_entry(database: Database, entry: Entry) -> None:
    """Append an entry inside the transaction that is open."""
    database.execute_sql(_written(database, "insert"), entry)


def desks_in(database: Database) -> list[bytes]:
    """Return the desks that have entries, by hopping from key to key instead of reading all."""
    found: list[bytes] = []
    row = database.execute_sql(_written(database, "first_desk"), (1,)).fetchone()
    while row is not None:
        found.append(row[0])
        # As it was stored: a damaged id of another type must not hide the ids behind it.
        following = _written(database, "next_desk")
        row = database.execute_sql(following, (row[0], 1)).fetchone()
    return found


def last_of(database: Database, desk: bytes) -> tuple[int, bytes] | None:
    """Return number and hash of a desk's newest entry."""
    values = (desk, _NUMBERS_END, 1)
    row = database.execute_sql(_written(database, "last"), values).fetchone()
    return None if row is None else (row[0], row[1])


def last_columns(desk: bytes) -> tuple[Any, Any]:
    """Return the number and the hash of a desk's newest entry as columns of another question."""
    own = (AuditEntry.desk == desk) & (AuditEntry.seq < _NUMBERS_END)
    columns = (AuditEntry.seq, AuditEntry.hash)
    number, entry_hash = (
        AuditEntry.select(column).where(own).order_by(AuditEntry.seq.desc()).limit(1)
        for column in columns
    )
    return number, entry_hash


def hash_of(database: Database, desk: bytes, seq: int) -> bytes | None:
    """Return the stored hash of one entry, or None when it is not there."""
    row = database.execute_sql(_written(database, "hash"), (desk, seq)).fetchone()
    return None if row is None else row[0]


def _written(database: Database, name: str) -> str:
    """Return the text of a statement that every change needs; peewee writes it once."""
    kind: Any = type(database)
    return _compiled(kind, name)


@lru_cache(maxsize=32)
def _compiled(kind: Any, name: str) -> str:
    desks = AuditEntry.select(AuditEntry.desk).order_by(AuditEntry.desk)
    own = AuditEntry.desk == b""
    head = AuditEntry.select(AuditEntry.seq, AuditEntry.hash)
    whole = AuditEntry.select(*_COLUMNS)
    places = (AuditEntry.desk, AuditEntry.seq)
    digests = AuditEntry.select(AuditEntry.digests).where(AuditEntry.digests.is_null(is_null=False))
    at = AuditEntry.select(*places).order_by(*places)
    later = whole.where(own & (AuditEntry.seq > 0))
    notes = fn.INSTR(AuditEntry.digests, b"") > 0
    marks = AuditCheckpoint.select(*(getattr(AuditCheckpoint, one) for one in Checkpoint._fields))
    queries: dict[str, Any] = {
        "insert": AuditEntry.insert(dict.fromkeys(_COLUMNS, b"")),
        "first_desk": desks.limit(1),
        "next_desk": desks.where(AuditEntry.desk > b"").limit(1),
        # The limit keeps values of other types out, which SQLite sorts behind every number.
        "last": head.where(own & (AuditEntry.seq < 0)).order_by(AuditEntry.seq.desc()).limit(1),
        "hash": AuditEntry.select(AuditEntry.hash).where(own & (AuditEntry.seq == 0)),
        "entry": whole.where(own & (AuditEntry.seq == 0)),
        "chain": later.order_by(AuditEntry.seq),
        "noting": later.where(notes).order_by(AuditEntry.seq.desc()).limit(1),
        "checkpoints": marks.order_by(AuditCheckpoint.desk),
        "digests": digests.where(own & (AuditEntry.seq > 0)).order_by(AuditEntry.seq),
        "rights": whole.where(AuditEntry.rights.is_null(is_null=False)).order_by(*places),
        _ABOUT_CARDS: whole.where(SQL(_ABOUT_CARDS)).order_by(*places),
        _ABOUT_KEYS: whole.where(SQL(_ABOUT_KEYS)).order_by(*places),
        f"places {_ABOUT_CARDS}": at.where(SQL(_ABOUT_CARDS)),
        f"places {_ABOUT_KEYS}": at.where(SQL(_ABOUT_KEYS)),
    }
    return str(queries[name].bind(kind(None)).sql()[0])


def digests_after(database: Database, desk: bytes, seq: int) -> list[bytes]:
    """Return the digests that a desk's entries after `seq` noted, in order."""
    cursor = database.execute_sql(_written(database, "digests"), (desk, seq))
    return [row[0] for row in cursor.fetchall()]


def last_noting(database: Database, desk: bytes, after: int, table: str) -> Entry | None:
    """Return a desk's newest entry after a place that notes the digest of a table."""
    values = (desk, after, pack(table.encode()), 0, 1)
    row = database.execute_sql(_written(database, "noting"), values).fetchone()
    return None if row is None else Entry._make(row)


def entry_at(database: Database, desk: object, seq: object) -> Entry | None:
    """Return one entry, or None when it is not there or cannot be read."""
    try:
        row = database.execute_sql(_written(database, "entry"), (desk, seq)).fetchone()
    except STORAGE_ERRORS:
        return None
    return None if row is None else Entry._make(row)


def entries_of(
    database: Database, conditions: Iterable[Any], limit: int | None
) -> list[Entry] | None:
    """Return the newest entries for which all conditions hold; None where one cannot be read."""
    query = _newest(AuditEntry.select(*_COLUMNS), conditions, limit)
    try:
        return [Entry._make(row) for row in _all(database, query)]
    except STORAGE_ERRORS:
        return None


def places_of(
    database: Database, conditions: Iterable[Any], limit: int | None
) -> list[tuple[object, object]]:
    """Return desk and number of the newest entries for which all conditions hold, or of all."""
    query = _newest(AuditEntry.select(AuditEntry.desk, AuditEntry.seq), conditions, limit)
    return [(row[0], row[1]) for row in _all(database, query)]


def _newest(query: Any, conditions: Iterable[Any], limit: int | None) -> Any:
    for condition in conditions:
        query = query.where(condition)
    newest = (AuditEntry.time.desc(), AuditEntry.desk, AuditEntry.seq.desc())
    return query.order_by(*newest).limit(limit)


def entries_bearing_rights(database: Database) -> list[Entry]:
    """Return every entry that bears a right, which is what the ledger must hold as well."""
    cursor = database.execute_sql(_written(database, "rights"))
    return [Entry._make(row) for row in cursor.fetchall()]


def entries_about_cards(database: Database) -> list[Entry]:
    """Return every entry about the issue of a card, as far as they can be read."""
    return _about(database, _ABOUT_CARDS)


def entries_about_keys(database: Database) -> list[Entry]:
    """Return every entry about a key that came into use or ended, as far as they can be read."""
    return _about(database, _ABOUT_KEYS)


def _about(database: Database, condition: str) -> list[Entry]:
    try:
        rows = database.execute_sql(_written(database, condition)).fetchall()
        return [Entry._make(row) for row in rows]
    except STORAGE_ERRORS:
        places = database.execute_sql(_written(database, f"places {condition}")).fetchall()
        found = [entry_at(database, desk, seq) for desk, seq in places]
        return [entry for entry in found if entry is not None]


def chain_of(database: Database, desk: bytes, after: int = 0) -> Iterator[Entry | str]:
    """Yield a desk's entries in order; one that cannot be read comes as its name."""
    passed = after
    try:
        for row in _pages(database.execute_sql(_written(database, "chain"), (desk, after))):
            passed = row[1]
            yield Entry._make(row)
    except STORAGE_ERRORS:
        yield from _one_by_one(database, desk, passed)


def _one_by_one(database: Database, desk: bytes, after: int) -> Iterator[Entry | str]:
    query = (
        AuditEntry.select(AuditEntry.seq)
        .where((AuditEntry.desk == desk) & (AuditEntry.seq > after))
        .order_by(AuditEntry.seq)
    )
    for (seq,) in _all(database, query):
        yield entry_at(database, desk, seq) or entry_name(desk, seq)


def checkpoints(database: Database) -> dict[bytes, Checkpoint]:
    """Return the checkpoint of each desk that has one."""
    rows = database.execute_sql(_written(database, "checkpoints")).fetchall()
    return {row[0]: Checkpoint._make(row) for row in rows}


def replace_checkpoint(database: Database, checkpoint: Checkpoint) -> None:
    """Put a desk's new checkpoint in the place of the old one."""
    desk = checkpoint.desk
    AuditCheckpoint.delete().where(AuditCheckpoint.desk == desk).bind(database).execute()
    AuditCheckpoint.insert(checkpoint._asdict()).bind(database).execute()


def insert_acknowledged(database: Database, entry: Entry, damages: bytes) -> None:
    """Store the list that an entry acknowledges, inside the transaction of the entry."""
    values = {"desk": entry.desk, "seq": entry.seq, "damages": damages}
    AuditAcknowledged.insert(values).bind(database).execute()


def acknowledged_lists(database: Database) -> list[tuple[bytes, int, bytes]]:
    """Return desk and number of each acknowledging entry with the list that belongs to it."""
    this = AuditAcknowledged
    query = this.select(this.desk, this.seq, this.damages).order_by(this.desk, this.seq)
    return [(row[0], row[1], row[2]) for row in _all(database, query)]


def stream(database: Database, query: Any) -> Iterator[tuple[Any, ...]]:
    """Yield what a query finds as plain tuples, page by page."""
    statement, values = query.bind(database).sql()
    yield from _pages(database.execute_sql(statement, values))


def _pages(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while page := cursor.fetchmany(_PAGE):
        yield from page


def _all(database: Database, query: Any) -> list[tuple[Any, ...]]:
    return list(stream(database, query))
