"""What must be true of a register whatever happened to it; each breach is a sentence.

The numbers are those of the security page: I1 structure, I2 every field opens, I4 nobody is half
there, I5 keys and tokens, I6 the log, I7 nothing is left waiting. I3 (what was acknowledged is
there) and I8 (residue) need to know what was done: `spellings` and `residue` serve the latter.
"""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.session.card_signers import CardSigners
from gdpr.audit.entries import entries_bearing_rights
from gdpr.audit.ledger import LedgerState, right_of
from gdpr.errors import KartotekaError
from gdpr.rights.erasure import WHOLE
from gdpr.rules.stored import GroundRow
from gdpr.store.key_destruction import groups_wait
from gdpr.store.settings import Sequence, read_setting
from gdpr.vault.group_wraps import read_tail
from gdpr.vault.shred import part_copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from gdpr.store.record import Record
    from gdpr.store.session import Session

_SHORTEST = 4
_BLOCK = 8192


def breaches(register: Kartoteka) -> list[str]:
    """Return every way in which an opened register is not as it must be."""
    desk = register.context.session
    found = [f"I1 {problem}" for problem in structure(desk)]
    if register.damage:
        found.append(f"I6 damage met at opening: {[type(d).__name__ for d in register.damage]}")
    try:
        found += [*fields(desk), *keys(desk), *parties(desk)]
    except KartotekaError as error:
        found.append(f"I2 {type(error).__name__} {error.arguments}")
    return [*found, *secrets(desk), *rights(register), *log(register)]


def structure(desk: Session) -> list[str]:
    """I1: SQLite finds nothing wrong with the file."""
    run = desk.database.execute_sql
    checks = [row[0] for row in run("PRAGMA integrity_check").fetchall()]
    broken = run("PRAGMA foreign_key_check").fetchall()
    return [check for check in checks if check != "ok"] + [str(row) for row in broken]


def fields(desk: Session) -> Iterator[str]:
    """I2 and half of I5: every sealed field opens, and its token is that of its value."""
    for model in desk.schema.models:
        layout = model.layout()
        for row in desk.rows(model) if layout.sealed else ():
            for column in layout.sealed:
                place = f"{layout.table}.{column.name}"
                value = getattr(row, column.name) if row.holds(column.name) else None
                if value == "":
                    yield f"I2 {place} is blank"
                if column.token_position < 0:
                    continue
                stored = row.__data__[layout.columns[column.token_position]]
                wanted = None
                if value is not None:
                    wanted = desk.seals[layout.table].token(column, column.normalise(value))
                if (None if stored is None else bytes(stored)) != wanted:
                    yield f"I5 {place} has the wrong token"


def keys(desk: Session) -> Iterator[str]:
    """I5: one key row for each owner, with a key for exactly the categories that are filled."""
    filled: dict[bytes, set[str]] = defaultdict(set)
    for model in desk.schema.models:
        for row in desk.rows(model) if model.layout().sealed else ():
            held = {c.category for c in model.layout().sealed if row.holds(c.name)}
            if held:
                filled[row.owner] |= held
    stored: dict[bytes, set[str]] = {}
    for row in desk.rows(desk.key_model):
        names = [name for name in desk.key_model.layout().columns if name.startswith("key_")]
        if bytes(row.id) in stored:
            yield "I5 an owner has two key rows"
        stored[bytes(row.id)] = {
            name.removeprefix("key_") for name in names if row.__data__[name] is not None
        }
    for owner in filled.keys() | stored.keys():
        if filled.get(owner, set()) != stored.get(owner, set()):
            yield (
                f"I5 {owner.hex()} has keys for {sorted(stored.get(owner, ()))}"
                f" and fields of {sorted(filled.get(owner, ()))}"
            )


def secrets(desk: Session) -> Iterator[str]:
    """I1 and I7 of the shred file: two equal copies, no old secret, and each owner in a group."""
    file = desk.groups.file
    if desk.groups.waits():
        yield f"I7 old secrets wait in the shred file: {sorted(file.pages.pending)}"
    if groups_wait(desk):
        yield "I7 a destroyed key still waits for its group's new secret"
    first, second = part_copies(file.path.read_bytes())
    if first != second:
        yield "I1 the copies of the shred file differ"
    for row in desk.rows(desk.key_model):
        for name in (name for name in desk.key_model.layout().columns if name.startswith("key_")):
            stored = row.__data__[name]
            if stored is not None and read_tail(bytes(stored)).group != row.shred_group:
                yield f"I5 {bytes(row.id).hex()} is in another group than it says"


def opened_outside(desk: Session, wraps: Iterable[tuple[str, bytes, bytes]]) -> list[str]:
    """Return which stored keys, by category and owner, the secrets of now still open."""
    found = []
    for category, owner, stored in wraps:
        try:
            desk.ring.open_data_key(category, owner, desk.groups.wraps.open(stored))
        except KartotekaError:
            continue
        found.append(f"{owner.hex()} {category}")
    return found


def stored_keys(desk: Session, owner: bytes) -> list[tuple[str, bytes, bytes]]:
    """Return the wrapped keys of an owner, as an old copy of the database keeps them."""
    return [(code, owner, wrapped) for code, wrapped in desk.keys_of(owner).wrapped.items()]


def parties(desk: Session) -> Iterator[str]:
    """I4: who is there has a name, a number and a ground; nothing is about somebody who is not."""
    there = {bytes(row.id): row for row in desk.rows(Party)}
    grounds = Counter(bytes(row.party) for row in desk.rows(GroundRow))
    last = int(read_setting(desk, "party", "0", kept=Sequence))
    for party_id, party in there.items():
        if not party.display_name():
            yield f"I4 party {party.number} has no name"
        if not 0 < party.number <= last:
            yield f"I4 party {party.number} is outside the sequence, which stands at {last}"
        if not grounds[party_id]:
            yield f"I4 party {party.number} has no ground"
    yield from (f"I4 a ground of nobody: {one.hex()}" for one in grounds if one not in there)
    for model in desk.schema.models:
        for column in filter(None, {model.subject, model.needs} - {"id"}):
            for row in [] if model.kept else desk.rows(model):
                if bytes(getattr(row, column)) not in there:
                    yield f"I4 {model.layout().table}.{column} leads to nobody"


def rights(register: Kartoteka) -> Iterator[str]:
    """I2 and I7: the ledger knows every right, nobody it erased is here, nothing waits."""
    office = register.context
    ledger = office.journal.ledger
    try:
        events = ledger.events(CardSigners(office.session))
    except KartotekaError as error:
        yield f"I6 {type(error).__name__} {error.arguments}"
        return
    if ledger.torn:
        yield "I6 the ledger's last line is torn"
    borne = {right_of(entry) for entry in entries_bearing_rights(office.session.database)}
    for event in borne ^ events.keys():
        if events.get(event) is LedgerState.REPLAYED:
            continue  # a restore took its entry away, and it took effect again
        yield f"I6 {event.kind} at entry {event.seq} is not both in log and ledger"
    if waiting := [event.seq for event, state in events.items() if state is LedgerState.LOGGED]:
        yield f"I7 entries {waiting} wait to be shredded"
    there = {bytes(row.id) for row in office.session.rows(Party)}
    for event in events:
        if event.kind == WHOLE and event.subject in there:
            yield f"I2 {event.subject.hex()} was erased and is there"


def log(register: Kartoteka) -> Iterator[str]:
    """I6: gapless, linked, signed, not behind its anchor, and the rows add up."""
    found = register.audit.verify()
    for damage in found.damages:
        yield f"I6 {damage.table} {damage.row} {damage.why}"
    anchor, head = register.context.journal.anchors.read(), register.audit.head()
    if anchor is None or head is None or anchor.seq < head.seq:
        yield "I6 the anchor is behind the log it closed"


def about(desk: Session, subject: bytes) -> dict[tuple[str, bytes, str], str | None]:
    """Open everything that is stored about one subject."""
    found: dict[tuple[str, bytes, str], str | None] = {}
    for model in desk.schema.models:
        layout = model.layout()
        if not model.subject:
            continue
        for row in desk.rows(model, **{model.subject: subject}):
            found[layout.table, bytes(row.id), ""] = None
            for column in layout.sealed:
                if row.holds(column.name):
                    found[layout.table, bytes(row.id), column.name] = getattr(row, column.name)
    return found


def sealed_bytes(desk: Session, subject: bytes) -> set[bytes]:
    """Return every ciphertext, token and wrapped key of a subject as stored now."""
    found: set[bytes] = set()
    for model in desk.schema.all_models():
        column = "id" if model is desk.key_model else model.subject
        for row in desk.rows(model, **{column: subject}) if column else ():
            found |= set(_secret_columns(row))
    return found


def _secret_columns(row: Record) -> Iterator[bytes]:
    layout = type(row).layout()
    names = [column.name for column in layout.sealed] + list(layout.tokens)
    names += [name for name in layout.columns if name.startswith("key_")]
    yield from (bytes(row.__data__[name]) for name in names if row.__data__[name] is not None)


def spellings(text: str) -> set[bytes]:
    """Write a value in every way in which it might lie in a file."""
    forms: set[bytes] = set()
    for variant in {text, text.casefold(), text[::-1]}:
        plain = variant.encode()
        forms |= {plain, variant.encode("utf-16-le"), variant.encode("utf-16-be")}
        forms |= {plain.hex().encode(), plain.hex().upper().encode()}
        # In base64 a value looks three ways, by where it begins; its edges mix with neighbours.
        for before in range(3):
            coded = base64.b64encode(bytes(before) + plain)
            forms.add(coded[(before * 8 + 5) // 6 : len(coded) - 4])
    return {form for form in forms if len(form) >= _SHORTEST}


def residue(folder: Path, wanted: Iterable[bytes]) -> list[tuple[str, bytes]]:
    """Return each file below a folder with what it must not hold."""
    forms = frozenset(wanted)
    overlap = max(map(len, forms), default=1) - 1
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            name = str(path.relative_to(folder))
            held = {form for form in forms if form in name.encode()}
            for start in range(0, len(content), _BLOCK):
                held |= _held(content[start : start + _BLOCK + overlap], forms)
            found += [(name, form) for form in sorted(held)]
    return found


@lru_cache(maxsize=4096)
def _held(block: bytes, forms: frozenset[bytes]) -> frozenset[bytes]:
    """Search a piece of a file once: most of a file stays as it was from one look to the next."""
    return frozenset(form for form in forms if form in block)
