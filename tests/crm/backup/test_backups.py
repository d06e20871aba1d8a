"""A lost disk loses nothing and brings nobody back."""

from __future__ import annotations

import hashlib
import io
import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.backup.errors import (
    ForeignBackup,
    NoLedgerHere,
    NothingAside,
    NotNewestBackup,
    OlderBackup,
    PartsDiffer,
)
from crm.backup.parts import opened_parts, read_through
from crm.errors import FileMissing, FolderUnusable, NoDuty
from crm.kartoteka import Firm, Kartoteka, way_in
from crm.models.attached import FURTHER_MODELS
from crm.models.files import KnownCopy
from crm.models.party import Party
from crm.schema import SCHEMA
from crm.session.card_signers import CardSigners
from gdpr.audit.events import Event
from gdpr.audit.journal import Wanted
from gdpr.errors import ContainerChanged, KartotekaError, RootChanged, WrongPassword
from gdpr.rules.stored import GroundRow
from gdpr.store.snapshot import is_token, key_tables, shapes
from gdpr.vault.errors import ContainerCut, ContainerReordered, NotARecipient, WrongPart
from gdpr.vault.kdf import FLOOR
from tests.crm.planting import FIELDS, FURTHER, NOTE, add_marketing, plant
from tests.faults.invariants import breaches, spellings
from tests.gdpr.store.key_conditions import KeyCondition, condition

if TYPE_CHECKING:
    from crm.backup.cards import BackupMade
    from tests.crm.conftest import Cli, Hire, Place

CANARIES = [text for text in (*FIELDS.values(), NOTE, FURTHER) if len(text) > 2]
PEOPLE = int(os.environ.get("PEOPLE_IN_BACKUP", "60"))


@dataclass
class Planted:
    """Who is in the register before the backup."""

    erased: list[Party] = field(default_factory=list)
    ended: list[Party] = field(default_factory=list)
    stays: list[Party] = field(default_factory=list)


def populate(register: Kartoteka, people: int) -> Planted:
    """Plant people: a sixth will be erased, a sixth will end in part, the rest stays."""
    planted = Planted()
    with register.context.session.database.atomic():
        for number in range(people):
            fields = {
                "given_name": f"Kanarija{number}",
                "email": f"kanarija{number}@example.com",
                "phone": f"+371299{number:05}",
            }
            if number % 6 == 1:
                client = plant(register, "client", fields=fields)
                add_marketing(register, client)
                planted.ended.append(client)
            else:
                gone = planted.erased if number % 6 == 0 else planted.stays
                gone.append(plant(register, "prospect", fields=fields))
        planted.erased.append(plant(register, "prospect"))
    return planted


def let_go(register: Kartoteka, planted: Planted) -> None:
    """Erase some and end the contract of others, who keep the newsletter."""
    for party in planted.erased:
        register.subjects.erase(str(party.number), "no-longer-needed", party.number)
    for party in planted.ended:
        register.grounds.end(str(party.number), all_but=["direct_marketing"], now=True)


def dump(register: Kartoteka) -> dict[tuple[str, str], dict[str, object]]:
    """Open every row of every table but keys, copies, settings and what only grows."""
    found = {}
    for model in SCHEMA.models:
        layout = model.layout()
        if layout.table in key_tables() | {"known_copy", "setting", "sequence"}:
            continue
        sealed = {column.name for column in layout.sealed}
        for row in register.context.session.rows(model):
            values = {
                name: getattr(row, name) if name not in sealed or row.holds(name) else None
                for name in layout.columns[3:]
            }
            found[layout.table, bytes(row.id).hex()] = values
    return found


def destroy(place: Place) -> None:
    for path in place.vault.parent.iterdir():
        path.unlink()


def later(place: Place, days: int) -> None:
    """Let days pass, and confirm the leap of the clock."""
    place.clock.instant += timedelta(days=days)
    with place.open() as register:
        register.retention.run(accept=place.clock.today())


def restore(place: Place, made: BackupMade, **how: object) -> object:
    password = str(how.pop("password", place.owner.password))
    return Kartoteka.restore(
        str(how.pop("to", place.vault)),
        (Path(str(how.pop("data", made.data))), Path(str(how.pop("keys", made.keys)))),
        how.pop("way", way_in("anna", lambda: password)),
        clock=place.clock,
        **how,
    )


def verified(register: Kartoteka) -> bool:
    return register.context.journal.verify(CardSigners(register.context.session)).ok


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "chain.lock"
    }


@pytest.mark.parametrize("months", [0, 7])
def test_a_lost_disk_brings_back_all_but_those_who_left(place: Place, months: int) -> None:
    """After erasures and endings a destroyed vault comes back without what had gone."""
    with place.open() as register:
        planted = populate(register, PEOPLE)
        made = register.backups.create(place.folder / "drive")
    if months:
        later(place, months * 30)
    with place.open() as register:
        let_go(register, planted)
        expected = dump(register)
    destroy(place)

    told = restore(place, made)

    assert len(told.replayed) == len(planted.erased) + len(planted.ended)
    assert told.lost_entries > 0
    assert told.old_vault is None
    left = {path.name for path in place.vault.parent.iterdir()}
    assert left == {place.vault.name, place.vault.name + ".shred"}
    with place.open() as register:
        assert register.damage == ()
        found = dump(register)
        assert {key: row for key, row in found.items() if key[0] != "ground"} == {
            key: row for key, row in expected.items() if key[0] != "ground"
        }
        assert running(found) == running(expected)
        assert verified(register)
        ids = {bytes(party.id) for party in planted.erased}
        assert not [row for row in register.context.session.rows(Party) if bytes(row.id) in ids]
        for party in planted.erased:
            assert not register.context.session.keys_of(bytes(party.id)).wrapped
        (entry,) = register.context.journal.entries(Wanted(event=Event.VAULT_RESTORED.value))
        assert "lost_seq=" in entry.body
        assert entry.heads is not None
    with place.open() as register:
        assert register.damage == ()


def running(found: dict[tuple[str, str], dict[str, object]]) -> set[tuple[str, str]]:
    return {key for key, row in found.items() if key[0] == "ground" and row["ended_on"] is None}


def test_on_a_new_machine_the_recovery_key_is_enough(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without desk, state and password a backup and the paper bring the register back."""
    made, paper = Kartoteka.create(
        str(place.folder / "second" / "new.kartoteka"),
        Firm("SIA Otrs birojs", "LV", "40003798684", "Brīvības iela 2, Rīga", "b@example.com"),
        ("anna", place.owner.password),
        clock=place.clock,
        cost=FLOOR,
    )
    with made as register:
        stays = plant(register, "prospect")
        backup = register.backups.create(place.folder / "drive")
    for name, folder in place.environment.items():
        monkeypatch.setenv(name, folder + "-of-the-new-machine")
    target = tmp_path / "x" / "r.kartoteka"
    with pytest.raises(NotARecipient):
        restore(place, backup, to=target, way=recovery("-".join(["0000"] * 13)))
    # Nobody there knows who was erased since, which has to be said.
    with pytest.raises(NoLedgerHere):
        restore(place, backup, to=target, way=recovery(paper.printed()))
    told = restore(place, backup, to=target, way=recovery(paper.printed()), without_ledger=True)

    assert told.first_time
    login = ("anna", lambda: place.owner.password)
    with Kartoteka.open(str(target), *login, clock=place.clock) as opened:
        assert opened.context.session.get(Party, bytes(stays.id)).email == FIELDS["email"]
        assert opened.context.journal.entries(Wanted(event=Event.RECOVERY_USED.value))
        assert verified(opened)
        assert warned_of_the_typed_key(opened) == [place.clock.today().isoformat()]
        opened.keys.confirm_recovery(paper)
        assert warned_of_the_typed_key(opened)
        opened.recovery.renew()
        assert warned_of_the_typed_key(opened) == []


def warned_of_the_typed_key(opened: Kartoteka) -> list[str]:
    checks = opened.doctor.examine().checks
    return [day for one in checks if one.check == "recovery-used" for day in one.detail]


def recovery(typed: str) -> object:
    return way_in(None, lambda: typed, recovery=True)


@pytest.fixture
def backed(place: Place) -> tuple[Place, BackupMade]:
    """Make a register with a backup as new as itself."""
    with place.open() as register:
        plant(register, "prospect")
        made = register.backups.create(place.folder / "drive")
    return place, made


def test_the_data_part_alone_tells_nothing(backed: tuple[Place, BackupMade]) -> None:
    """Neither the file nor what an owner's key opens of it holds a canary, a key or a token."""
    place, made = backed
    with place.open() as register:
        rows = register.context.session.database.execute_sql("select * from owner_key").fetchall()
        keys = {bytes(v) for row in rows for v in row[3:] if isinstance(v, bytes)}
        party = register.context.session.rows(Party)[0]
        tokens = {
            bytes(value)
            for name, value in party.__data__.items()
            if is_token(name) and value is not None
        }
    assert keys
    assert len(tokens) >= 2
    spelled = {form for canary in CANARIES for form in spellings(canary)}
    whole = Path(made.data).read_bytes()
    with opened_parts(
        Path(made.data), Path(made.keys), way_in("anna", lambda: place.owner.password)
    ) as parts:
        opened = io.BytesIO()
        while True:
            try:
                opened.write(parts.data.read(1))
            except ContainerCut:
                break
    for content in (whole, opened.getvalue()):
        assert not [form for form in spelled if form in content]
        assert not [secret for secret in keys | tokens if secret in content]
    assert len(opened.getvalue()) > 1_000


def test_every_token_column_can_be_kept_apart(place: Place) -> None:
    """No table has a search token that must be there, for such a one would stay in the data."""
    with place.open() as register:
        database = register.context.session.database
        for shape in shapes(database):
            assert not [name for name in shape.kept if is_token(name)], shape.table
        assert {s.table for s in shapes(database) if not s.kept} == key_tables()


def test_files_are_private_and_known(backed: tuple[Place, BackupMade]) -> None:
    """Both parts are 0600, listed as copies with their end, and made and read back on record."""
    place, made = backed
    for path in (made.data, made.keys):
        assert Path(path).stat().st_mode & 0o777 == 0o600
    assert sorted(path.suffix for path in (place.folder / "drive").iterdir()) == [".data", ".keys"]
    with place.open() as register:
        kinds = {row.path: (row.kind, row.gone) for row in register.context.session.rows(KnownCopy)}
        assert kinds == {made.data: ("backup", None), made.keys: ("backup-keys", None)}
        assert len(register.context.journal.entries(Wanted(event="vault:backup"))) == 2
    checked = Kartoteka.check_backup(
        (Path(made.data), Path(made.keys)), way_in("anna", lambda: place.owner.password)
    )
    assert (checked.backup, checked.rows) == (made.backup, made.rows)


def test_three_generations_of_keys(place: Place) -> None:
    """The fourth backup in a place destroys the first keys part, so its data part is noise."""
    with place.open() as register:
        made = []
        for _day in range(5):
            place.clock.instant += timedelta(days=1)
            made.append(register.backups.create(place.folder / "drive"))
        elsewhere = register.backups.create(place.folder / "safe")
        keys = {Path(each.keys) for each in made}
        assert [path.exists() for path in sorted(keys)] == [False, False, True, True, True]
        assert all(Path(each.data).exists() for each in made)
        assert made[4].retired == (Path(made[1].keys).name,)
        assert (made[4].places, elsewhere.places) == (1, 2)
        gone = [row.path for row in register.context.session.rows(KnownCopy) if row.gone]
        assert sorted(gone) == sorted(each.keys for each in made[:2])
        assert register.backups.reminders() == ()


def test_a_keeper_is_reminded(place: Place) -> None:
    """No backup, one place, an old one, a lost one: each is said; tidying spares the newest."""
    with place.open() as register:
        assert register.backups.reminders() == ("backup-never",)
        made = register.backups.create(place.folder / "drive")
        assert register.backups.reminders() == ("backup-one-place",)
        place.clock.instant += timedelta(days=8)
        assert "backup-old" in register.backups.reminders()
        states = {check.check: check.state for check in register.doctor.examine().checks}
        assert (states["backup"], states["places"]) == ("warning", "warning")
    later(place, 28)
    with place.open() as register:
        assert register.copies.shred(due=True) == ()
        newer = register.backups.create(place.folder / "drive")
        gone = {line.path for line in register.copies.shred(due=True)}
        assert gone == {made.data, made.keys}
        Path(newer.keys).unlink()
        assert register.backups.reminders() == ("backup-never",)


def test_who_may_and_where(place: Place, hire: Hire) -> None:
    """Backups are for owners; a folder that is none and a full disk leave nothing behind."""
    login = hire("office")
    with place.open(login) as register, pytest.raises(NoDuty):
        register.backups.create(place.folder / "drive")
    with place.open() as register:
        for folder in (place.vault, place.folder / "no" / "such"):
            with pytest.raises(FolderUnusable):
                register.backups.create(folder)
        with pytest.raises(NothingAside):
            register.backups.forget_old()


def flipped(blob: bytes, at: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


@pytest.mark.parametrize("part", ["data", "keys"])
def test_damaged_and_foreign_containers(
    backed: tuple[Place, BackupMade], part: str, tmp_path: Path
) -> None:
    """Whatever is wrong with a container, it is refused by name and the live vault is untouched."""
    place, made = backed
    with place.open() as register:
        second = register.backups.create(place.folder / "drive")
    path = {"data": made.data, "keys": made.keys}[part]
    whole = Path(path).read_bytes()
    start = 14 + int.from_bytes(whole[10:14], "big") + 32
    before = fingerprint(place.folder / "register"), fingerprint(place.folder / "state")
    bad = tmp_path / "bad"
    cases = [
        (whole[: len(whole) // 2], ContainerCut),
        (whole[:-1], ContainerCut),
        (b"", KartotekaError),
        (b"not a backup at all, but a text file", KartotekaError),
        (flipped(whole, start + 20), ContainerChanged),
        (flipped(whole, len(whole) - 20), ContainerChanged),
        (flipped(whole, 40), KartotekaError),
        (Path({"data": second.data, "keys": second.keys}[part]).read_bytes(), PartsDiffer),
        (Path({"data": made.keys, "keys": made.data}[part]).read_bytes(), WrongPart),
    ]
    size = 65_536 + 16
    if len(whole) > start + 2 * size:
        one, two = whole[start : start + size], whole[start + size : start + 2 * size]
        order = whole[:start] + two + one + whole[start + 2 * size :]
        cases.append((order, ContainerReordered))
    for content, error in cases:
        bad.write_bytes(content)
        with pytest.raises(error):
            restore(place, made, **{part: bad})
    with pytest.raises(FileMissing):
        restore(place, made, **{part: tmp_path / "nowhere"})
    with pytest.raises(WrongPassword):
        restore(place, made, password="cits pareizs zirgs baterija skava")
    with pytest.raises(NotARecipient):
        restore(place, made, way=way_in("bruno", lambda: place.owner.password))
    assert before == (fingerprint(place.folder / "register"), fingerprint(place.folder / "state"))


def test_a_backup_of_another_vault(place: Place, tmp_path: Path) -> None:
    """It never takes the place of this one, and its data part does not fit our keys part."""
    other, _paper = Kartoteka.create(
        str(place.folder / "second" / "new.kartoteka"),
        Firm("SIA Otrs birojs", "LV", "40003798684", "Brīvības iela 2, Rīga", "b@example.com"),
        ("anna", place.owner.password),
        clock=place.clock,
        cost=FLOOR,
    )
    with other as register:
        foreign = register.backups.create(place.folder / "foreign")
    with place.open() as register:
        made = register.backups.create(place.folder / "drive")
    before = fingerprint(place.folder / "register"), fingerprint(place.folder / "state")
    with pytest.raises(ForeignBackup):
        restore(place, foreign)
    with pytest.raises(PartsDiffer):
        restore(place, made, data=foreign.data)
    assert before == (fingerprint(place.folder / "register"), fingerprint(place.folder / "state"))
    state = place.folder / "state" / "kartoteka"
    pin = next(p / "root.pin" for p in state.iterdir() if (p / "backup").exists())
    for folder in state.iterdir():
        (folder / "root.pin").write_text("00" * 32 + "\n")
    assert pin.exists()
    with pytest.raises(RootChanged):
        restore(place, foreign, to=tmp_path / "elsewhere" / "v")


def test_going_back_is_never_silent(backed: tuple[Place, BackupMade]) -> None:
    """Newer changes or a newer backup refuse; when it is meant, what is lost is listed and kept."""
    place, made = backed
    with place.open() as register:
        (party,) = register.context.session.rows(Party)
        register.clients.edit(str(party.number), {"email": "cits@example.com"})
        added = plant(register, "prospect", fields={"given_name": "Vēlāk"})
        erased = plant(register, "prospect", fields={"given_name": "Dzēstais"})
        register.subjects.erase(str(erased.number), "no-longer-needed", erased.number)
    before = fingerprint(place.folder / "register")
    with pytest.raises(OlderBackup) as refused:
        restore(place, made)
    assert refused.value.arguments["count"] >= 3
    assert fingerprint(place.folder / "register") == before

    told = restore(place, made, accept_older=True)

    lost = {(line.table, line.number, line.what) for line in told.lost}
    assert ("party", party.number, "changed") in lost
    assert ("party", added.number, "added") in lost
    assert told.old_vault is not None
    aside = Path(told.old_vault)
    with place.open() as register:
        assert register.context.session.get(Party, bytes(party.id)).email == FIELDS["email"]
        assert verified(register)
        (old,) = (
            row for row in register.context.session.rows(KnownCopy) if row.kind == "old-vault"
        )
        assert (old.path, old.gone) == (told.old_vault, None)
        assert aside.exists()
        assert register.backups.forget_old() == (told.old_vault,)
        assert not aside.exists()
        place.clock.instant += timedelta(seconds=1)
        newer = register.backups.create(place.folder / "drive")
    destroy(place)
    with pytest.raises(NotNewestBackup):
        restore(place, made)
    assert not list(place.vault.parent.iterdir())
    restore(place, newer)
    with place.open() as register:
        assert register.damage == ()


def test_the_same_again_needs_no_word(backed: tuple[Place, BackupMade]) -> None:
    """A backup that lacks nothing goes back without a question, twice, and stays verified."""
    place, made = backed
    for _time in range(2):
        told = restore(place, made)
        assert told.lost == ()
        with place.open() as register:
            assert register.damage == ()
            assert verified(register)
            desks = {entry.desk for entry in register.context.journal.entries(Wanted(limit=500))}
    assert len(desks) == 2


def test_what_was_replayed_once_is_replayed_again(place: Place) -> None:
    """A right that a first restore had nothing to do for takes effect in the next one."""
    with place.open() as register:
        early = register.backups.create(place.folder / "early")
        gone = plant(register, "prospect")
        late = register.backups.create(place.folder / "late")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    destroy(place)
    restore(place, early, accept_older=True)
    with place.open() as register:
        assert register.damage == ()
    destroy(place)

    told = restore(place, late)

    assert gone.id.hex() in {event["subject"] for event in told.replayed}
    with place.open() as register:
        assert register.context.session.rows(Party) == []
        assert register.context.session.rows(GroundRow) == []
        assert verified(register)


def test_read_through_counts(backed: tuple[Place, BackupMade]) -> None:
    """Both parts say how many rows they hold, and hold as many."""
    place, made = backed
    with opened_parts(
        Path(made.data), Path(made.keys), way_in("anna", lambda: place.owner.password)
    ) as parts:
        kept, notes, _hash = read_through(parts.data)
        opening, more, _hash = read_through(parts.keys)
    assert kept.counts["party"] == 1
    assert opening.counts["party"] == 1  # its tokens
    assert set(notes) == {"counts", "heads", "migrations"}
    assert {"ledger", "desk", "anchor", "shred", "signature", "maker"} >= set(more) - {
        "counts", "heads", "migrations", "data", "damages"
    }  # fmt: skip


def test_what_a_clerk_took_away_since_does_not_come_back(backed: tuple[Place, BackupMade]) -> None:
    """A key that was destroyed in the register in place is refused from an older backup."""
    place, made = backed
    with place.open() as register:
        (party,) = register.context.session.rows(Party)
        assert party.phone == FIELDS["phone"]
        contact = {"email": "", "phone": "", "legal_address": "", "delivery_address": ""}
        for line in register.context.session.rows(FURTHER_MODELS["phone"]):
            with register.context.journal.audited_change(
                Event.PARTY_EDITED, bytes(party.id)
            ) as deed:
                deed.delete(line)
        register.clients.edit(str(party.number), {**contact, "channel": ""})
        assert "contact" not in register.context.session.keys_of(bytes(party.id)).wrapped

    restore(place, made, accept_older=True)

    with place.open() as register:
        back = register.context.session.get(Party, bytes(party.id))
        assert (back.phone, back.email, back.given_name) == (None, None, FIELDS["given_name"])
        keys = register.context.session.keys_of(bytes(party.id))
        assert condition(keys, "contact", filled=False) is KeyCondition.DESTROYED
        assert breaches(register) == []
        assert verified(register)


def test_a_lost_shred_file_comes_back_from_the_keys_part(
    backed: tuple[Place, BackupMade], cli: Cli
) -> None:
    """Without it the register says what is missing; out of a backup it opens everybody again."""
    place, made = backed
    shred = place.vault.with_name(place.vault.name + ".shred")
    arguments = ("key", "shred-file", "--keys", made.keys)
    assert cli(*arguments).exit_code == 1  # it is there and in order
    shred.unlink()
    told = cli("client", "list")
    assert (told.exit_code, "key shred-file" in told.stderr) == (7, True)
    assert cli("doctor").exit_code == 7

    assert cli(*arguments).exit_code == 0

    with place.open() as register:
        (party,) = register.context.session.rows(Party)
        assert party.phone == FIELDS["phone"]
        assert breaches(register) == []
    raw = bytearray(shred.read_bytes())
    for copy in (0, 1):
        raw[(2 + copy) * 4096 + 20] ^= 1
    shred.write_bytes(raw)
    assert cli("client", "list").exit_code == 7
    assert cli(*arguments).exit_code == 0
    assert cli("client", "list").exit_code == 0


def test_a_shred_file_from_before_an_erasure_says_how_many_stay_shut(
    backed: tuple[Place, BackupMade], cli: Cli
) -> None:
    """Whose group has a newer secret stays shut, and nobody who was erased comes back."""
    place, made = backed
    shred = place.vault.with_name(place.vault.name + ".shred")
    old = shred.read_bytes()
    with place.open() as register:
        gone = plant(register, "prospect", fields={"given_name": "Dzēstais"})
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    shred.write_bytes(old)
    assert cli("client", "list").exit_code == 7

    told = cli("key", "shred-file", "--keys", made.keys, "--format", "json")

    assert told.exit_code == 7
    assert json.loads(told.stdout)["shut"] > 0
