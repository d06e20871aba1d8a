"""The six works that are killed at a random moment, each in a process of its own.

Three of them are those that are killed at every point; here are the other three: a backup brought
back over the register, the register upgraded, and the shred file lost, brought back, renewed in
several groups and grown.
"""

from __future__ import annotations

import shutil
import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from peewee import SqliteDatabase

import crm.opening.opening
import crm.opening.unlocking
import crm.schema
from crm.kartoteka import Kartoteka, migrations, way_in
from crm.models.party import Party
from gdpr.errors import Damaged
from gdpr.store.errors import ShredFileMissing
from gdpr.store.schema_check import things_in
from gdpr.store.shred_groups import GROUP, OWNERS
from gdpr.store.upgrade import Upgrader
from tests.crm.planting import FIELDS, plant
from tests.faults.invariants import about, opened_outside, sealed_bytes, stored_keys
from tests.faults.keeping_works import Rotating, everything
from tests.faults.works import OTHERS, Erasing, Importing, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crm.conftest import Place
    from tests.faults.works import Tell

NEWER = "jaunaks@example.com"
STEP = """
from peewee import TextField


def up(migrator, db):
    migrator.migrate(migrator.add_column("party", "nickname", TextField(null=True)))
    migrator.migrate(migrator.add_column("note", "colour", TextField(null=True)))
"""


class Alone(Work, ABC):
    """A work that opens the register by itself, or changes it while nobody has it open."""

    @abstractmethod
    def do_alone(self, place: Place, tell: Tell) -> None:
        """Do the work."""

    def again(self, place: Place) -> None:
        """Do what somebody does who was interrupted, before the register is opened again."""


class Restoring(Alone):
    """A backup is brought back over the register, from which somebody was erased since."""

    canaries: ClassVar[list[str]] = [*Work.canaries, NEWER]

    def plant(self, register: Kartoteka, place: Place) -> None:
        party, gone = plant(register, "prospect"), plant(register, "prospect", fields=OTHERS)
        made = register.backups.create(place.folder / "drive")
        self.parts = (Path(made.data), Path(made.keys))
        self.number, self.erased = str(party.number), bytes(gone.id)
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
        register.clients.edit(self.number, {"email": NEWER})

    def do_alone(self, place: Place, tell: Tell) -> None:
        way = way_in(place.owner.name, lambda: place.owner.password)
        Kartoteka.restore(str(place.vault), self.parts, way, clock=place.clock, accept_older=True)
        tell("restored")

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        found = {bytes(row.id): row.email for row in register.context.session.rows(Party)}
        if self.erased in found:
            yield "I2 who was erased since the backup came back with it"
        if list(found.values()) not in ([FIELDS["email"]], [NEWER]):
            yield f"I4 neither the register before nor the one of the backup: {len(found)}"
        if told and list(found.values()) != [FIELDS["email"]]:
            yield "I3 acknowledged as restored and the register of before is there"

    def again(self, place: Place) -> None:
        """Bring the backup back once more, as somebody does who was interrupted."""
        self.do_alone(place, lambda _: None)

    def finish(self, register: Kartoteka, place: Place) -> None:
        register.notes.add(self.number, "pēc atjaunošanas")


class Upgrading(Alone):
    """The program of tomorrow opens the register, and adds two columns to it."""

    def plant(self, register: Kartoteka, place: Place) -> None:
        for fields in (None, OTHERS):
            plant(register, "prospect", fields=fields)
        self.values = everything(register)
        self.steps = place.folder.with_name("steps")
        shutil.copytree(migrations(), self.steps)
        (self.steps / "0099_later.py").write_text(STEP)

    def enter(self, place: Place) -> Kartoteka:
        """Open the register with the program of tomorrow."""
        database = SqliteDatabase(":memory:")
        steps = [path.stem for path in self.steps.glob("[0-9]*.py")]
        Upgrader(database, self.steps).install(steps)
        later = replace(crm.schema.SCHEMA, declared=things_in(database))
        database.close()
        for module in (crm.schema, crm.opening.opening, crm.opening.unlocking):
            module.SCHEMA = later
        crm.opening.opening.migrations = lambda: self.steps
        return place.open()

    def do_alone(self, place: Place, tell: Tell) -> None:
        with self.enter(place):
            tell("upgraded")

    def before_opening(self, place: Place, state: Path, told: list[str]) -> Iterator[str]:
        copy = place.folder.with_name("looked at")
        shutil.copytree(place.vault.parent, copy)
        with closing(sqlite3.connect(copy / place.vault.name)) as raw:
            steps = raw.execute("SELECT count(*) FROM schema_migration").fetchone()[0]
            columns = [
                bool(raw.execute(
                    "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table, name)
                ).fetchone())
                for table, name in (("party", "nickname"), ("note", "colour"))
            ]  # fmt: skip
        shutil.rmtree(copy)
        if columns != [steps == len(list(self.steps.glob("[0-9]*.py")))] * 2:
            yield f"I4 half upgraded: {steps} steps, {columns}"
        if told and not all(columns):
            yield "I3 acknowledged as upgraded and the old schema is there"

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        now = everything(register)
        if {place: now.get(place) for place in self.values} != self.values:
            yield "I2 something reads otherwise than before"
        file = Path(register.door.target if register.door else "")
        if list(file.parent.glob("*.before-*")):
            yield "I7 a copy from before the upgrade is still there"

    def finish(self, register: Kartoteka, place: Place) -> None:
        register.notes.add("1", "pēc jauninājuma")


class Renewing(Alone):
    """The shred file is lost and brought back; then it is renewed in three groups, and grows."""

    many: ClassVar[int] = 2 * OWNERS + 4

    def plant(self, register: Kartoteka, place: Place) -> None:
        desk = register.context.session
        for n in range(self.many):
            plant(register, "prospect", fields={"given_name": f"Paliek {n}"})
        groups: dict[int, int] = {}
        held = {bytes(row.id): getattr(row, GROUP) for row in desk.rows(desk.key_model)}
        for row in desk.rows(Party):
            groups.setdefault(held[bytes(row.id)], row.number)
        doomed = list(groups.values())[:3]
        self.people = {str(n): bytes(desk.rows(Party, number=n)[0].id) for n in doomed}
        self.was = {number: about(desk, party) for number, party in self.people.items()}
        self.copy = {number: stored_keys(desk, party) for number, party in self.people.items()}
        others = [row for row in desk.rows(Party) if str(row.number) not in self.people]
        self.others = {bytes(row.id): row.given_name for row in others}
        made = register.backups.create(place.folder / "drive")
        self.keys = Path(made.keys)
        self.gone = set().union(*(sealed_bytes(desk, party) for party in self.people.values()))

    def _bring_back(self, place: Place) -> None:
        way = way_in(place.owner.name, lambda: place.owner.password)
        Kartoteka.bring_secrets_back(str(place.vault), self.keys, way, clock=place.clock)

    def enter(self, place: Place) -> Kartoteka:
        """Open the register, with the shred file out of the backup if it is not whole yet."""
        try:
            return place.open()
        except (ShredFileMissing, Damaged):
            self._bring_back(place)
        return place.open()

    def do_alone(self, place: Place, tell: Tell) -> None:
        place.vault.with_name(place.vault.name + ".shred").unlink()
        self._bring_back(place)
        with place.open() as register:
            for number in self.people:
                register.subjects.erase(number, "no-longer-needed", int(number))
                tell(number)
                plant(register, "prospect", fields={"given_name": "Jauns"})

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        for number, party in self.people.items():
            left = about(desk, party)
            if left and {number, "*"} & set(told):
                yield f"I3 party {number} was acknowledged erased and is there"
            if left not in ({}, self.was[number]):
                yield f"I4 party {number} is half erased: {len(left)} of {len(self.was[number])}"
            if not left and opened_outside(desk, self.copy[number]):
                yield f"I2 an old copy of the database opens {number}, who was erased"
        there = {bytes(row.id): row.given_name for row in desk.rows(Party)}
        if {party: there.get(party) for party in self.others} != self.others:
            yield "I4 somebody else lost something"

    def finish(self, register: Kartoteka, place: Place) -> None:
        for number, party in self.people.items():
            if register.context.session.first(Party, id=party) is not None:
                register.subjects.erase(number, "no-longer-needed", int(number))


SIX: dict[str, type[Work]] = {
    "import": Importing,
    "erase": Erasing,
    "rotate": Rotating,
    "restore": Restoring,
    "upgrade": Upgrading,
    "shred file": Renewing,
}
