"""A product of three tables for the tests of the kernel, which knows no real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from peewee import SqliteDatabase

from gdpr.audit.entries import MODELS
from gdpr.audit.events import Event
from gdpr.audit.journal import Journal
from gdpr.category import Category, Item, Origin
from gdpr.clock import FixedClock
from gdpr.store.database import create_database, open_database
from gdpr.store.fields import OptionalInteger, Personal, PlainBlob, PlainText
from gdpr.store.record import Record
from gdpr.store.schema_check import things_in
from gdpr.store.session import Schema, Session
from gdpr.store.shred_file import ShredFile, default_place
from gdpr.store.warrant import Warrant
from gdpr.vault.founding import Member, Owner, found_vault, new_user
from gdpr.vault.kdf import FLOOR
from gdpr.vault.opening import VaultKeys, open_keyring

if TYPE_CHECKING:
    from pathlib import Path

ALPHA = Category("alpha")
BETA = Category("beta")
NAME = Item("name", ALPHA, "https://w3id.org/dpv/pd#Name")
NUMBER = Item("number", ALPHA, "https://w3id.org/dpv/pd#Identifying")
REMARK = Item("remark", BETA, "https://w3id.org/dpv/pd#Opinion")
ITEMS = frozenset({"name", "number", "remark"})
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Person(Record):
    """A data subject: the row is the subject."""

    subject = "id"

    name = Personal(NAME, Origin.PROVIDED)
    number = Personal(NUMBER, Origin.PUBLIC, findable="number", unique=True)
    remark = Personal(REMARK, Origin.OBSERVED)
    level = OptionalInteger("a number for the tests")
    kind = PlainText("a code", default="natural")

    class Meta:
        table_name = "person"


class Remark(Record):
    """A further row about a person, sealed with the person's keys."""

    subject = "person"

    person = PlainBlob("whose row", index=True)
    text = Personal(REMARK, Origin.OBSERVED)

    class Meta:
        table_name = "remark"


class Paper(Record):
    """A kept record: data keys of its own, and it outlives its subject."""

    subject = "person"
    kept = True

    person = PlainBlob("whose paper", index=True)
    name = Personal(NAME, Origin.PROVIDED)
    issued = OptionalInteger("a day, as a number")

    class Meta:
        table_name = "paper"


def declared_by(categories, *models):
    """Return a schema of these classes, and as declared what a database of them has."""
    schema = Schema(categories, models, frozenset())
    tables = (*schema.all_models(), *MODELS)
    database = SqliteDatabase(":memory:")
    with database.bind_ctx(tables):
        database.create_tables(tables)
    return replace(schema, declared=things_in(database))


SCHEMA = declared_by(("alpha", "beta"), Person, Remark, Paper)
_ids = count(1)


def fresh_id() -> bytes:
    """Return an id that no other row of this process has."""
    return next(_ids).to_bytes(16, "big")


class Cards:
    """The users' cards as the product would look them up."""

    def __init__(self):
        self.keys = {}
        self.forbidden = set()

    def add(self, card):
        self.keys[card.user_id, card.counter] = card.ed_public

    def may(self, user_id, card_counter, event, tables=()):
        """Let everybody do everything but what a test forbids, by user, event and table."""
        asked = {(user_id, event)} | {(user_id, table) for table in tables}
        return (user_id, card_counter) in self.keys and not asked & self.forbidden

    def public_key(self, user_id, card_counter):
        return self.keys.get((user_id, card_counter))


class KernelVault:
    """A vault with two users who hold every key; made once, because argon2 is slow."""

    def __init__(self):
        self.password = "correct horse battery staple nine"
        owner = Owner(b"o" * 16, ("owner",), self.password)
        self.founded = found_vault(SCHEMA.categories, {"number": "alpha"}, owner, FLOOR, b"v" * 16)
        self.ring = self.founded.keyring
        member = Member(b"m" * 16, ("office",), frozenset(SCHEMA.categories))
        colleague = new_user(self.ring, member, cost=FLOOR, language="en")
        keys = VaultKeys(
            self.ring.vault_id,
            self.founded.root_public,
            None,
            colleague.slots,
            self.founded.secrets,
        )
        self.colleague = open_keyring(colleague.account, keys, colleague.password)
        self.cards = Cards()
        self.cards.add(self.founded.account.card)
        self.cards.add(colleague.account.card)


class Place:
    """One vault on disk: its database file and any number of desks that open it."""

    def __init__(self, folder: Path, vault: KernelVault) -> None:
        self.folder = folder
        self.vault = vault
        self.path = folder / "vault.db"
        self.clock = FixedClock(NOON)
        if self.path.exists():
            self.opened = [open_database(str(self.path))]
            return
        database = create_database(str(self.path))
        tables = (*SCHEMA.all_models(), *MODELS)
        with database.bind_ctx(tables):
            database.create_tables(tables)
        ShredFile.create(default_place(str(self.path)), vault.ring.vault_id, vault.ring.integrity)
        self.opened = [database]

    def desk(self, ring=None):
        """Open the vault once more."""
        if ring is None and len(self.opened) == 1:
            database = self.opened[0]
        else:
            database = open_database(str(self.path))
            self.opened.append(database)
        return Session(database, ring or self.vault.ring, SCHEMA, frozenset(SCHEMA.categories))

    def journal(self, desk=None, state="state"):
        """Return the journal of an installation, named by its state folder."""
        return Journal(desk or self.desk(), self.folder / state, self.clock)

    def close(self):
        for database in self.opened:
            database.close()


def add_person(journal, name="Anna", number=None, **columns):
    """Add a person as a service would: one deed, one warrant."""
    person = Person(id=fresh_id(), name=name, number=number, **columns)
    with journal.audited_change(Event.PARTY_ADDED, person.id) as deed:
        deed.insert(person, Warrant(person.id, ITEMS))
    return bytes(person.id)
