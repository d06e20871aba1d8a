"""The same register without any protection, in three ways: what ours is measured against."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import peewee
from people import TEXTS

from crm.models.party import Party
from gdpr.rules.stored import GroundRow
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from people import Person

# As many rows as fit into one statement of peewee's.
_BATCH = 500
_PRAGMAS = {
    "secure_delete": 1,
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "temp_store": 2,
    "cache_size": -64_000,
}
PLAIN = ("id", "number", "kind", "country", "status", "created", "last_activity", "import_token")
COLUMNS = (*PLAIN, *TEXTS)
GROUND_COLUMNS = ("id", "party", "purpose", "version", "kind", "since", "evidence")


Pair: TypeAlias = "tuple[tuple[Any, ...], tuple[Any, ...]]"


class PlainClient(peewee.Model):
    """A client with every field in the open, indexed like ours."""

    id = peewee.BlobField(primary_key=True)
    number = peewee.IntegerField(unique=True)
    kind = peewee.TextField()
    country = peewee.TextField()
    status = peewee.TextField()
    created = peewee.IntegerField()
    last_activity = peewee.TextField()
    import_token = peewee.BlobField(null=True, index=True)
    name = peewee.TextField(null=True)
    given_name = peewee.TextField(null=True)
    family_name = peewee.TextField(null=True)
    reg_no = peewee.TextField(null=True, unique=True)
    vat_no = peewee.TextField(null=True, unique=True)
    personal_code = peewee.TextField(null=True, unique=True)
    trader_vat_no = peewee.TextField(null=True, unique=True)
    language = peewee.TextField(null=True)
    email = peewee.TextField(null=True, index=True)
    phone = peewee.TextField(null=True, index=True)
    iban = peewee.TextField(null=True, index=True)
    legal_address = peewee.TextField(null=True)
    delivery_address = peewee.TextField(null=True)


class PlainGround(peewee.Model):
    """Why a client is kept, indexed like ours."""

    id = peewee.BlobField(primary_key=True)
    party = peewee.BlobField(index=True)
    purpose = peewee.TextField()
    version = peewee.IntegerField()
    kind = peewee.TextField()
    since = peewee.TextField()
    evidence = peewee.TextField()


MODELS = (PlainClient, PlainGround)


def same_indexes() -> bool:
    """Tell whether the plain table still has an index for each of ours, else the rows mislead."""
    layout = Party.layout()
    tokens = {column.name for column in layout.sealed if column.findable}
    fields: Any = Party._meta.fields
    open_ones = {name for name, f in fields.items() if getattr(f, "index", 0) or f.unique}
    ours = tokens | {name for name in open_ones if name not in layout.tokens and name != "id"}
    plain: Any = PlainClient._meta.fields
    theirs = {name for name, field in plain.items() if field.index or field.unique}
    grounds: Any = GroundRow._meta.fields
    return theirs - {"id"} == ours and bool(grounds["party"].index)


class Plain:
    """One unprotected database."""

    def __init__(self, database: peewee.SqliteDatabase) -> None:
        self.database = database
        database.connect()
        with database.bind_ctx(MODELS):
            database.create_tables(MODELS)

    def insert_many(self, rows: Sequence[Pair]) -> None:
        """Store all with peewee's own way of storing many."""
        with self.database.bind_ctx(MODELS), self.database.atomic("IMMEDIATE"):
            for start in range(0, len(rows), _BATCH):
                clients, grounds = zip(*rows[start : start + _BATCH], strict=True)
                _insert(PlainClient, COLUMNS, clients)
                _insert(PlainGround, GROUND_COLUMNS, grounds)

    def execute_many(self, rows: Sequence[Pair]) -> None:
        """Store all as fast as the driver can."""
        cursor = self.database.connection().cursor()
        with self.database.atomic("IMMEDIATE"):
            for table, columns, place in (
                ("plainclient", COLUMNS, 0),
                ("plainground", GROUND_COLUMNS, 1),
            ):
                marks = ", ".join("?" * len(columns))
                insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
                cursor.executemany(insert, (pair[place] for pair in rows))

    def by_vat(self, vat_no: str) -> str | None:
        """Look a client up by its VAT number and return its name."""
        found: PlainClient = PlainClient.get(PlainClient.vat_no == vat_no)
        name: str | None = found.name
        return name

    def page(self, start: int, count: int) -> list[PlainClient]:
        """Read whole clients for a list."""
        query = PlainClient.select().where(PlainClient.number > start)
        return list(query.order_by(PlainClient.number).limit(count))

    def delete_all(self, parties: Iterable[bytes]) -> None:
        """Delete clients and their grounds, each in a transaction of its own."""
        for party in parties:
            with self.database.atomic("IMMEDIATE"):
                PlainGround.delete().where(PlainGround.party == party).execute()
                PlainClient.delete().where(PlainClient.id == party).execute()

    def close(self) -> None:
        """Fold the log into the file and close it."""
        self.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.close()


def plain_database(path: Path) -> Plain:
    """Make an unprotected database with the pragmas of ours."""
    return Plain(peewee.SqliteDatabase(str(path), pragmas=_PRAGMAS))


def whole_file(path: Path) -> Plain | None:
    """Make a database that SQLCipher encrypts as a whole, or None where it cannot be had."""
    with suppress(ImportError):
        cipher = importlib.import_module("playhouse.sqlcipher_ext")
        words = "correct horse battery staple"
        return Plain(cipher.SqlCipherDatabase(str(path), passphrase=words, pragmas=_PRAGMAS))
    return None


def plain_rows(people: Sequence[Person]) -> list[Pair]:
    """Make each client's row and its ground's, ids included.

    The plain sides find them ready: making ids is counted against ours alone.
    """
    found: list[Pair] = []
    for number, person in enumerate(people, 1):
        party = new_id()
        fixed = (party, number, person.kind, person.country, "active", 0, "2026-11-22", party)
        ground = (new_id(), party, "contracts", 1, "prospect", "2026-11-22", "notice")
        found.append(((*fixed, *person[2:]), ground))
    return found


def _insert(
    model: type[peewee.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    model.insert_many(rows, fields=[getattr(model, name) for name in names]).execute()
