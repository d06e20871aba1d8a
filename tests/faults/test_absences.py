"""A row that is gone or was put back as it was: told, and nobody is destroyed upon the rest."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import peewee
import pytest

from crm.models.attached import Employment
from crm.schema import SCHEMA
from gdpr.audit.events import Event
from gdpr.papers.stored import NoticeRow, NoticeTextRow
from gdpr.rights.stored import Disclosure
from gdpr.store.ids import new_id
from gdpr.store.layout import layout_of
from gdpr.store.settings import write_setting
from tests.crm.consenting import add_wording, agree
from tests.crm.planting import employ, plant
from tests.faults.everything import fill

sqlite3 = peewee.sqlite3
TABLES = {layout_of(model).table: model for model in SCHEMA.all_models()}


def about(model, party):
    """Say which rows of a class are about a person, as far as any is about anybody."""
    column = model.keeps or model.subject
    if layout_of(model).table in ("holding", "owner_key"):
        column = "id"
    return {column: party} if column else {}


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Where the full register lies once it was made, for each test to begin with a copy of."""
    return {"folder": tmp_path_factory.mktemp("absences") / "place"}


@pytest.fixture
def full(place, cli, hire, kept):
    """Somebody of whom everything is stored, in a register with rows in every table."""
    if "person" in kept:
        shutil.rmtree(place.folder)
        shutil.copytree(kept["folder"], place.folder)
        return place, kept["person"]
    colleague = hire("office")
    with place.open() as register:
        office = register.context
        person = fill(register, "client")
        gone = str(plant(register, "prospect").number)
        add_wording(register)
        agree(register, person.number, note="uz papīra")
        with office.journal.audited_change(Event.SETTING_CHANGED) as deed:
            for model, values in MADE_UP.items():
                subject = {model.subject: person.party} if model.subject else {}
                deed.insert(model(id=new_id(), **values, **subject))
    assert cli("user", "roles", colleague.name, "--role", "technician").exit_code == 0
    assert cli("key", "rotate", "contact").exit_code == 0
    assert cli("subject", "erase", gone, "--confirm", gone).exit_code == 0
    assert cli("backup", "create", "--to", "kept").exit_code == 0
    shutil.copytree(place.folder, kept["folder"])
    kept["person"] = person
    return place, person


MADE_UP = {
    Disclosure: {
        "kind": "access", "made": 0, "channel": "file", "recipient": "person",
        "article": "15", "file_hash": "0",
    },
    NoticeRow: {
        "version": 1, "published": "2026-03-02", "effective": "2026-03-02", "material": 0,
        "covers": "{}", "text_hash": "0",
    },
    NoticeTextRow: {
        "version": 1, "kind": 13, "language": "lv", "form": "md", "body": "-", "text_hash": "0",
    },
    TABLES["confirmation"]: {"purpose": "accounting", "version": 1, "confirmed": "2026-03-02"},
    TABLES["root_step"]: {
        **dict.fromkeys(("old_public", "new_public", "old_signature", "new_signature"), b"0"),
        "number": 9, "created": 0,
    },
    TABLES["suppression"]: {
        "kind": "email", "why": "objected", "scope": "marketing", "day": "2026-03-02", "at": 0,
    },
    TABLES["imported_file"]: {"fingerprint": b"f" * 16, "lines": b"\x01", "imported": 0},
}  # fmt: skip


def raw(place, statement, *values):
    database = sqlite3.connect(str(place.vault))
    found = database.execute(statement, values).fetchall()
    database.commit()
    database.close()
    return found


def rows_of(place, *tables):
    return [raw(place, f"SELECT * FROM {table} ORDER BY 1") for table in tables]


def deleted(place, table, old):
    raw(place, f"DELETE FROM {table} WHERE id = ?", old[0])


def put_back(place, table, old):
    raw(place, f"DELETE FROM {table} WHERE id = ?", old[0])
    raw(place, f"INSERT INTO {table} VALUES ({', '.join('?' * len(old))})", *old)


def stored(register, model, party):
    """Return a row of a class, about the person where it can be, never whoever is at the desk."""
    rows = register.context.session.rows(model, **about(model, party))
    me = register.context.user
    others = [row for row in rows if me not in (bytes(row.id), getattr(row, "user_id", b""))]
    return (others or rows)[0]


# Told by verifying only: no decision rests on an older wrap or on a signed link that is there, and
# a mark of somebody's no that the register lost is put back from the desk's own copy at opening.
TOLD_ONLY = {
    *(("suppression", deleted), ("suppression", put_back)),
    *(("owner_key", put_back), ("consent_event", put_back)),
    *(("destroyed_key", deleted), ("destroyed_key", put_back)),
}


@pytest.mark.parametrize("fault", [deleted, put_back], ids=["deleted", "put back"])
@pytest.mark.parametrize("table", TABLES)
def test_what_is_missing_is_told_and_destroys_nobody(full, cli, table, fault):
    """A row of any table deleted or put back: verify and doctor give 7, and no one is erased.

    Where the erasure of this person rests on the row it is refused with 7 and nothing is changed.
    """
    place, person = full
    model = TABLES[table]
    with place.open() as register:
        old = stored(register, model, person.party).stored
        if fault is put_back:
            with register.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
                row = stored(register, model, person.party)
                keys = deed.session.keys_of(row.owner) if layout_of(model).sealed else None
                deed._replace(model, row.stored, list(row.stored), keys, frozenset())
    fault(place, table, old)
    before = rows_of(place, "party", "owner_key", "ground")
    told = cli("audit", "verify", "--format", "json")
    assert told.exit_code == 7, told
    if told.stdout:
        assert table in {one["table"] for one in json.loads(told.stdout)["damages"]}, told
    assert cli("doctor").exit_code == 7
    if (table, fault) in TOLD_ONLY:
        return
    number = str(person.number)
    erased = cli("subject", "erase", number, "--confirm", number)
    assert erased.exit_code == (3 if (table, fault) == ("party", deleted) else 7), erased
    assert rows_of(place, "party", "owner_key", "ground") == before


GONE = {
    "other grounds": (
        "DELETE FROM ground WHERE purpose <> 'communication' AND party ="
        " (SELECT id FROM party WHERE number = ?)"
    ),
    "sums as well": "DELETE FROM holding WHERE id = (SELECT id FROM party WHERE number = ?)",
}


def test_deleted_grounds_destroy_nobody(place, cli):
    """With every other ground taken out, the end of the last destroys no client: it gives 7."""
    with place.open() as register:
        number = plant(register, "client").number
    before = rows_of(place, "party", "owner_key")
    raw(place, GONE["other grounds"], number)
    end = ("ground", "end", str(number), "--purpose", "communication", "--now")
    for words in (end, (*end[:-1], "--preview"), ("client", "why", str(number))):
        told = cli(*words)
        assert told.exit_code == 7, told
        assert "ground" in told.stderr
    raw(place, GONE["sums as well"], number)
    assert cli(*end).exit_code == 7
    assert rows_of(place, "party", "owner_key") == before


@pytest.mark.parametrize("lost", GONE)
def test_what_an_owner_signed_for_keeps_nobody_for_ever(place, cli, lost):
    """Without a backup a person of whom rows are lost can be erased, once an owner signed for it.

    More that is lost of another is new, and destroys nobody.
    """
    with place.open() as register:
        one, other = (plant(register, "prospect").number for _ in range(2))
    raw(place, GONE[lost], one)
    erase = ("subject", "erase", str(one), "--confirm", str(one))
    told = cli(*erase)
    assert told.exit_code == 7, told
    assert "kartoteka audit acknowledge" in cli("audit", "verify").stderr
    assert cli("audit", "acknowledge", "--count", "1").exit_code == 0
    assert cli("audit", "verify").exit_code == 0
    raw(place, GONE["other grounds"], other)
    assert cli("ground", "end", str(other), "--all-but", "accounts").exit_code == 7
    cli(*erase)
    assert raw(place, "SELECT number FROM party ORDER BY 1")[-1:] == [(other,)]
    assert raw(place, "SELECT count(*) FROM party WHERE number = ?", one) == [(0,)]


def test_a_ground_put_back_as_it_was_destroys_nobody(place, cli):
    """Ended, then brought back: the row of the ended ground is put back, and no run acts on it."""
    with place.open() as register:
        number = str(plant(register, "prospect").number)
    assert cli("ground", "end", number, "--all-but", "accounts").exit_code == 0
    old = rows_of(place, "ground")[0]
    sums = rows_of(place, "holding")[0]
    assert cli("ground", "reopen", number).exit_code == 0
    for row in old:
        put_back(place, "ground", row)
    for days in range(0, 20, 5):
        place.clock.instant += timedelta(days=5)
        assert cli("client", "list").exit_code == 0, days
    before = rows_of(place, "party", "owner_key")
    told = cli("retention", "run")
    assert told.exit_code == 7
    assert "ground" in told.stderr
    # With the sums of that day beside them all fits together, but not with what was written since.
    for row in sums:
        put_back(place, "holding", row)
    told = cli("retention", "run")
    assert told.exit_code == 7
    assert "holding" in told.stderr
    assert rows_of(place, "party", "owner_key") == before


@pytest.mark.parametrize("name", ["last_seen_day", "firm_country", "grace_days"])
def test_a_setting_that_was_deleted_is_damage(place, cli, name):
    """The clock's guard cannot be taken away: 7 at every command, and no run acts without it."""
    with place.open() as register:
        number = str(plant(register, "prospect").number)
        with register.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
            write_setting(deed, "grace_days", "10")
    assert cli("ground", "end", number, "--all-but", "accounts").exit_code == 0
    table = "sequence" if name == "last_seen_day" else "setting"
    raw(place, f"DELETE FROM {table} WHERE name = ?", name)
    place.clock.instant += timedelta(days=9_000)
    before = rows_of(place, "party", "owner_key", "ground")
    listed = cli("client", "list", "--format", "json")
    assert listed.exit_code == 7
    assert [line["number"] for line in json.loads(listed.stdout)] == [int(number)]
    assert table in listed.stderr
    assert name in listed.stderr or name == "grace_days"
    for words in (
        ("retention", "run", "--accept-date", place.clock.today().isoformat()),
        ("subject", "erase", number, "--confirm", number),
    ):
        told = cli(*words)
        assert told.exit_code == 7, told
        assert table in told.stderr
    assert rows_of(place, "party", "owner_key", "ground") == before


def test_an_employment_that_was_deleted_ends_nobody(place, cli):
    """A contact of two firms stays when one goes, though the other place was taken out."""
    with place.open() as register:
        first, second = (
            plant(register, "client", legal=True, fields={"name": name}) for name in ("A", "B")
        )
        person = employ(register, first, "lead")
        with register.context.journal.audited_change(Event.CONTACT_ADDED, bytes(person.id)) as deed:
            row = Employment(
                id=new_id(), person=bytes(person.id), company=bytes(second.id), since="2026-03-02"
            )
            deed.insert(row)
    raw(place, "DELETE FROM employment WHERE company = ?", bytes(second.id))
    before = rows_of(place, "party", "owner_key", "ground")
    told = cli("contact", "left", str(person.number), str(first.number), "--now")
    assert told.exit_code == 7, told
    assert rows_of(place, "party", "owner_key", "ground") == before


def test_a_withdrawal_does_not_destroy_upon_what_is_left(place, cli):
    """A person's no takes effect only where nothing is missing; else 7, and the proof is there."""
    with place.open() as register:
        party = plant(register, "client")
        add_wording(register)
        agree(register, party.number)
    raw(place, "DELETE FROM ground WHERE purpose <> 'direct_marketing'")
    before = rows_of(place, "party", "owner_key", "ground", "consent", "consent_event")
    told = cli("consent", "withdraw", str(party.number), "--purpose", "direct_marketing")
    assert told.exit_code == 7, told
    assert rows_of(place, "party", "owner_key", "ground", "consent", "consent_event") == before
