"""Old copies forget too: whoever kept the database of any day opens nobody who was erased since."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crm.grounds.ground_endings import end_grounds
from crm.models.party import Party
from crm.transfer.cards import ImportOrder
from gdpr.audit.ledger import LedgerState
from gdpr.vault.group_wraps import read_tail
from tests.faults.invariants import residue, spellings

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place

SCRIPT = Path(__file__).with_name("old_copies.py")
# The long form has a thousand persons.
PEOPLE = 1_000 if os.environ.get("KARTOTEKA_FAULTS") == "long" else 100
ERASURES = 20


class Copy(NamedTuple):
    """A copy of the database, the shred file of that day, and who was in which generation."""

    database: Path
    shred: Path
    generations: dict[bytes, tuple[int, int]]


def shred_of(place: Place) -> Path:
    return place.vault.with_name(place.vault.name + ".shred")


def generations(register: Kartoteka) -> dict[bytes, tuple[int, int]]:
    """Return each owner's group with the generation its keys lie under."""
    desk = register.context.session
    found = {}
    for row in desk.rows(desk.key_model):
        for name, value in row.__data__.items():
            if name.startswith("key_") and value is not None:
                found[bytes(row.id)] = read_tail(bytes(value))[:2]
    return found


def keep(place: Place, register: Kartoteka, name: str) -> Copy:
    """Copy the file and its log while it is open, as a snapshot of the disk does."""
    folder = place.folder.parent / "kept" / name
    folder.mkdir(parents=True, mode=0o700)
    for ending in ("", "-wal"):
        source = place.vault.with_name(place.vault.name + ending)
        if source.exists():
            shutil.copyfile(source, folder / source.name)
    shutil.copyfile(shred_of(place), folder / "that-day.shred")
    return Copy(folder / place.vault.name, folder / "that-day.shred", generations(register))


def everything_but(copies: list[Copy], register: Kartoteka, shred: Path | None) -> list[dict]:
    """Let the script open what it can of copies, with every key of every role."""
    ring = register.context.session.ring
    wish = {
        "vault": ring.vault_id.hex(),
        "keys": {
            category: [key.hex() for key in versions.values()]
            for category, versions in ring._keys.items()
        },
        "shred": None if shred is None else str(shred),
        "copies": [str(copy.database) for copy in copies],
    }
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT)],
        input=json.dumps(wish), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[dict] = json.loads(done.stdout)
    return found


def take_in(register: Kartoteka, people: int = PEOPLE) -> None:
    lines = ["Vārds;Uzvārds;E-pasts;Tālrunis;Juridiskā adrese"]
    lines += [
        f"Kanārija;Spārne{n:04}x;k{n:04}x@example.com;+371 2{n:07};Kanāriju iela {n:04}x"
        for n in range(people)
    ]
    register.imports.take(io.BytesIO("\n".join(lines).encode()), ImportOrder(relation="prospect"))


def test_no_copy_of_the_database_opens_who_was_erased(place: Place) -> None:
    """Copies from before and after each erasure are noise for the erased, whoever has all keys.

    With today's shred file exactly the living open whose group has had no new secret since the
    copy; without one nobody. With the file of that day all opens, so the script can open.
    """
    chosen = random.Random(8)
    with place.open() as register:
        take_in(register)
        people = {row.number: bytes(row.id) for row in register.context.session.rows(Party)}
        assert len(people) == PEOPLE
        texts = {n: set(values_of(register, party)) for n, party in people.items()}
        erased = chosen.sample(sorted(people), ERASURES)
        copies = [keep(place, register, "first")]
        old_secrets = set()
        for number in erased:
            group = copies[-1].generations[people[number]][0]
            old_secrets.add(register.context.session.groups.file.pages.newest(group)[1])
            receipt = register.subjects.erase(str(number), "no-longer-needed", number)
            assert (receipt.state, receipt.whole) == ("shredded", True)
            copies.append(keep(place, register, str(number)))
        today = generations(register)
        found = everything_but(copies, register, shred_of(place))
        without = everything_but(copies[::7], register, None)
        (first,) = everything_but(copies[:1], register, copies[0].shred)

    gone = {people[number].hex() for number in erased}
    said = set().union(*(texts[number] for number in erased))
    for copy, opened in zip(copies, found, strict=True):
        assert not gone & set(opened["owners"])
        assert not said & set(opened["values"])
        living = {o.hex() for o, held in copy.generations.items() if today.get(o) == held}
        assert set(opened["owners"]) == living
    assert [opened["owners"] for opened in without] == [[]] * len(without)
    assert set(first["owners"]) == {party.hex() for party in people.values()}
    assert set(first["values"]) >= set().union(*texts.values())
    assert len(found[-1]["owners"]) == PEOPLE - ERASURES
    forms = {form for text in said for form in spellings(text)} | old_secrets
    assert residue(place.folder, forms) == []


def test_no_copy_opens_whom_a_run_destroyed_together(place: Place) -> None:
    """Copies from between the persons of one run are noise for all of them once it has ended.

    What is said of them before says that it waits: the ledger calls nobody shredded.
    """
    with place.open() as register:
        take_in(register, 40)
        office = register.context
        people = [bytes(row.id) for row in office.session.rows(Party)]
        due = [*people[3:6], *people[20:23]]
        for party in due:
            end_grounds(office, office.session.get(Party, party), lambda _ground: True)
        said = {text for party in due for text in values_of(register, party)}
    place.clock.instant += timedelta(90)
    with place.open() as register:
        ledger = register.context.journal.ledger
        copies: list[Copy] = []

        def between(_done: int) -> None:
            waiting = [event for event in ledger.pending() if event.subject in due]
            if len(waiting) == len(copies):
                copies.append(keep(place, register, str(len(copies))))

        result = register.retention.run(register.context.asked, between)
        copies.append(keep(place, register, "last"))
        states = {event.subject: state for event, state in ledger.events().items()}
        found = everything_but(copies, register, shred_of(place))

    assert (result.parties, len(copies)) == (len(due), len(due) + 1)
    assert {states[party] for party in due} == {LedgerState.SHREDDED}
    for opened in found:
        assert not {party.hex() for party in due} & set(opened["owners"])
        assert not said & set(opened["values"])
    assert len(found[-1]["owners"]) == len(people) - len(due)


def values_of(register: Kartoteka, party: bytes) -> list[str]:
    row = register.context.session.get(Party, party)
    names = ("family_name", "email", "phone", "legal_address")
    return [value for name in names if (value := getattr(row, name))]
