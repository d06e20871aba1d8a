"""The two parts of a backup as files: opened together, checked against each other, or refused."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, Final

from peewee import SqliteDatabase

from crm.backup.cards import BackupChecked
from crm.backup.errors import PartsDiffer
from crm.errors import FileMissing, FileUnreadable
from crm.files.overwriting import read_plain
from gdpr.audit.entries import ENTRY_TABLE
from gdpr.clock import instant_of
from gdpr.errors import BadSignature, KartotekaError, MalformedStream
from gdpr.store.accounts import read_card, read_keys
from gdpr.store.rowstream import Columns, StreamNote, StreamReader
from gdpr.store.snapshot import Fit, check_counts
from gdpr.store.stepwise import stepwise
from gdpr.store.upgrade import Upgrader
from gdpr.vault.container import BackupPart, Container
from gdpr.vault.encoding import label, pack, unpack
from gdpr.vault.opening import open_with_bundle
from gdpr.vault.recipients import open_door, open_stanza
from gdpr.vault.recovery import RECOVERY_ID, parse_recovery_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from peewee import Database

    from gdpr.store.accounts import VaultFacts
    from gdpr.store.rowstream import Frame
    from gdpr.vault.bundle import Bundle
    from gdpr.vault.container import ContainerHead, ContainerReader
    from gdpr.vault.keyring import Keyring
    from gdpr.vault.opening import VaultKeys

HEADS: Final = "heads"
MIGRATIONS: Final = "migrations"
DATA_HASH: Final = "data"
MAKER: Final = "maker"
SIGNATURE: Final = "signature"
DAMAGES: Final = "damages"
# Everything beside the rows that the maker of a backup signs.
_SIGNED: Final = (
    "counts", HEADS, MIGRATIONS, DATA_HASH, MAKER, DAMAGES, "ledger", "anchor", "desk", "shred"
)  # fmt: skip
_MADE: Final = label("backup made")


@dataclass(frozen=True, slots=True)
class WayIn:
    """How somebody opens a backup: a login name and its password, or the recovery key.

    `secret` is asked only once both files turned out to be parts of one backup.
    """

    user: str | None
    secret: Callable[[], str]
    recovery: bool = False

    def open(self, head: ContainerHead) -> tuple[bytes, Bundle]:
        """Return who opens, and their key pairs."""
        if self.recovery:
            return RECOVERY_ID, parse_recovery_key(self.secret()).bundle(head.vault_id)
        return open_door(head, self.user, self.secret())


@dataclass(frozen=True, slots=True)
class KeysPart:
    """A keys part alone, opened but not read yet."""

    head: ContainerHead
    user_id: bytes
    bundle: Bundle
    keys: ContainerReader

    def unlock(
        self, database: Database, facts: VaultFacts, pin: bytes | None
    ) -> tuple[Keyring, VaultKeys, tuple[str, ...]]:
        """Open a vault with what opened the backup; the recovery key counts as an owner's."""
        card, signature = read_card(database, facts.vault_id, self.user_id)
        keys = read_keys(database, facts, self.user_id, pin)
        roles = ("owner",) if self.user_id == RECOVERY_ID else card.roles
        return open_with_bundle(card, signature, keys, self.bundle), keys, roles


@dataclass(frozen=True, slots=True)
class Parts(KeysPart):
    """Both parts, opened but not read yet; the data part comes first."""

    data: ContainerReader


@contextmanager
def opened_parts(data: Path, keys: Path, way_in: WayIn) -> Iterator[Parts]:
    """Open both parts of one backup."""
    with ExitStack() as files:
        first = Container(files.enter_context(_file(data)), BackupPart.DATA)
        second = Container(files.enter_context(_file(keys)), BackupPart.KEYS)
        mine, theirs = first.head, second.head
        if (mine.vault_id, mine.backup_id) != (theirs.vault_id, theirs.backup_id):
            raise PartsDiffer
        user_id, bundle = way_in.open(theirs)
        data_part, keys_part = (
            each.unlock(open_stanza(each.head, user_id, bundle)) for each in (first, second)
        )
        yield Parts(theirs, user_id, bundle, keys_part, data_part)


@contextmanager
def opened_keys(keys: Path, way_in: WayIn) -> Iterator[KeysPart]:
    """Open the keys part of a backup without its data part."""
    with _file(keys) as stream:
        part = Container(stream, BackupPart.KEYS)
        user_id, bundle = way_in.open(part.head)
        opened = part.unlock(open_stanza(part.head, user_id, bundle))
        yield KeysPart(part.head, user_id, bundle, opened)


class EmptyTables:
    """The empty tables of the day of a backup, to see that everything in it has its place."""

    def __init__(self, migrations: Path) -> None:
        """Make them from the files in `migrations`, once the backup says which it had."""
        self._migrations = migrations
        self._fit: Fit | None = None

    def check(self, frame: Frame) -> None:
        """Refuse what a restore would refuse: unknown migrations, tables and columns."""
        if isinstance(frame, StreamNote) and frame.name == MIGRATIONS and self._fit is None:
            database = SqliteDatabase(":memory:")
            Upgrader(database, self._migrations).install(_names_in(frame))
            self._fit = Fit(database)
            database.close()
        elif isinstance(frame, Columns):
            if self._fit is None:
                raise MalformedStream(table=MIGRATIONS)
            self._fit.check(frame)


def read_through(
    reader: ContainerReader,
    progress: Callable[[int], None] | None = None,
    shelf: EmptyTables | None = None,
) -> tuple[StreamReader, dict[str, bytes], bytes]:
    """Read a part to its end; return its counted rows, its notes and the hash of the file.

    `progress` is told of its pieces as they are read; with a `shelf` each must have its place.
    """
    rows = StreamReader(reader)
    notes: dict[str, bytes] = {}
    for frame in stepwise(rows.frames, progress):
        if shelf is not None:
            shelf.check(frame)
        if isinstance(frame, StreamNote):
            notes[frame.name] = frame.content
    check_counts(rows.counts, notes)
    return rows, notes, reader.close()


def check_pair(notes: Mapping[str, bytes], data_hash: bytes) -> None:
    """Refuse a data part that is not the one the keys part was written with."""
    if notes.get(DATA_HASH) != data_hash:
        raise PartsDiffer


def made_message(head: ContainerHead, notes: Mapping[str, bytes]) -> bytes:
    """Return the bytes that whoever makes a backup signs."""
    hashes = (sha256(notes.get(name, b"")).digest() for name in _SIGNED)
    return pack(_MADE, head.vault_id, head.backup_id, sha256(head.packed()).digest(), *hashes)


def maker_of(notes: Mapping[str, bytes]) -> tuple[bytes, int]:
    """Return the user and the issue of the card that signed."""
    try:
        user_id, counter = unpack(notes[MAKER])
    except (KeyError, ValueError):
        raise BadSignature from None
    return user_id, int.from_bytes(counter, "big")


def damages_of(notes: Mapping[str, bytes]) -> int:
    """Return how many damages the vault had when the backup was made."""
    return int.from_bytes(notes.get(DAMAGES, b""), "big")


def migrations_of(rows: StreamReader) -> list[str]:
    """Read the names of the migrations that the vault of the backup had, from the first frame."""
    first = next(rows.frames, None)
    if not isinstance(first, StreamNote) or first.name != MIGRATIONS:
        raise MalformedStream(table=MIGRATIONS)
    return _names_in(first)


def _names_in(note: StreamNote) -> list[str]:
    try:
        return [name.decode() for name in unpack(note.content)]
    except ValueError:
        raise MalformedStream(table=MIGRATIONS) from None


def head_of(path: Path) -> ContainerHead | None:
    """Return the open head of a keys part, or None when the file is none."""
    try:
        with read_plain(path) as stream:
            return Container(stream, BackupPart.KEYS).head
    except (OSError, KartotekaError):
        return None


def _file(path: Path) -> BinaryIO:
    if not path.exists():
        raise FileMissing
    try:
        return read_plain(path, by_link=True)
    except OSError:
        raise FileUnreadable from None


def check_backup(data: Path, keys: Path, way_in: WayIn, migrations: Path) -> BackupChecked:
    """Open both parts from end to end, and see that a restore would find a place for everything.

    Whether the rows verify is proved by restoring them.
    """
    shelf = EmptyTables(migrations)
    with opened_parts(data, keys, way_in) as parts:
        kept, _notes, digest = read_through(parts.data, shelf=shelf)
        _opening, notes, _digest = read_through(parts.keys, shelf=shelf)
        check_pair(notes, digest)
        head = parts.head
    return BackupChecked(
        backup=head.backup_id.hex(),
        vault=head.vault_id.hex(),
        made=instant_of(head.made).isoformat(timespec="seconds"),
        rows=sum(kept.counts.values()),
        tables=len(kept.counts),
        entries=kept.counts.get(ENTRY_TABLE, 0),
    )
