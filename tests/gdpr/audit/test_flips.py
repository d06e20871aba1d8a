"""A flipped byte anywhere in the file is found, or it changed nothing that anybody reads."""

from __future__ import annotations

import random

from gdpr.audit.entries import MODELS
from gdpr.audit.events import Event
from gdpr.errors import Damaged
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.warrant import Warrant
from tests.gdpr.audit.history import copy_of, put_back
from tests.gdpr.kernel import ITEMS, SCHEMA, Paper, add_person, fresh_id

FLIPS = 60
TABLES = sorted(model._meta.table_name for model in (*SCHEMA.all_models(), *MODELS))


def content(database):
    """Return every row of every table, and every answer an index gives."""
    return [
        [
            database.execute_sql(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in TABLES
        ],
        database.execute_sql("SELECT number_token FROM person ORDER BY number_token").fetchall(),
        database.execute_sql("SELECT person FROM paper ORDER BY person").fetchall(),
    ]


def test_flipped_bytes(place, kernel_vault):
    """Every flip that changes content or an index is found; the others are harmless slack."""
    journal = place.journal()
    for n in range(70):
        person = add_person(journal, f"P{n}", f"LV{n}", remark="blue door " * 9)
        paper = Paper(id=fresh_id(), person=person, name=f"P{n}")
        with journal.audited_change(Event.PARTY_EDITED, person) as deed:
            deed.insert(paper, Warrant(person, ITEMS))
    assert journal.verify(kernel_vault.cards).ok
    copy_of(place, "good.db")
    anchor = (place.folder / "state" / "anchor").read_bytes()
    good = content(put_back(place, "good.db").database)
    size = (place.folder / "good.db").stat().st_size
    draw = random.Random(11)
    missed, harmless = [], 0
    for _ in range(FLIPS):
        at, bit = draw.randrange(size), 1 << draw.randrange(8)
        data = bytearray((place.folder / "good.db").read_bytes())
        data[at] ^= bit
        (place.folder / "bad.db").write_bytes(data)
        (place.folder / "state" / "anchor").write_bytes(anchor)
        found, same = judged(place, kernel_vault, good)
        harmless += not found
        if not found and not same:
            missed.append((at, bit))
    assert missed == []
    assert harmless < FLIPS * 2 // 3


def judged(place, vault, good):
    """Tell whether the damage was found, and whether it changed nothing."""
    try:
        desk = put_back(place, "bad.db")
    except Damaged:
        return True, False  # SQLite itself refuses a schema it cannot read
    try:
        same = content(desk.database) == good
    except STORAGE_ERRORS:
        same = False
    found = place.journal(desk).verify(vault.cards)
    if found.damages:
        named = {one.table for one in found.damages if not one.why.startswith("schema")}
        assert named <= {*TABLES, "database"}
    return not found.ok, same
