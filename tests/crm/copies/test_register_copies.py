"""Every place has a chain of its own: a copy or a restored register never harms the original."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.errors import NoDuty
from crm.kartoteka import Kartoteka, way_in
from crm.models.party import Party
from crm.opening.errors import ErasedSinceCopy, NoCopyHere, ReadOnlyCopy
from crm.session.card_signers import CardSigners
from crm.session.errors import SharedShredFile
from gdpr.errors import RegisterReplaced, RootChanged, WrongPassword
from tests.crm.planting import FIELDS, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.backup.cards import BackupMade
    from tests.crm.conftest import Cli, Hire, Login, Place

NEWER = "jaunaks@example.com"


def state_of(place: Place) -> Path:
    """Return the state folder of the original, which was the first."""
    return min((place.folder / "state" / "kartoteka").iterdir(), key=lambda one: len(one.name))


def all_of(*folders: Path) -> dict[str, str]:
    """Return the hash of every file below folders, and when its folder was last written."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "chain.lock":
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def opened_at(path: Path, place: Place, login: Login | None = None) -> Kartoteka:
    who = login or place.owner
    return Kartoteka.open(str(path), who.name, lambda: who.password, clock=place.clock)


def adopted(path: Path, place: Place, login: Login | None = None):
    who = login or place.owner
    return Kartoteka.adopt(str(path), who.name, lambda: who.password, clock=place.clock)


def copied(place: Place, name: str = "stick/office - Copy.db") -> Path:
    """Copy the register to another place, as a file manager does while nobody has it open."""
    to = place.folder / name
    to.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(place.vault, to)
    shutil.copy(secrets(place.vault), secrets(to))
    return to


def secrets(vault: Path) -> Path:
    """Return the shred file of a register, which lies beside it."""
    return vault.with_name(vault.name + ".shred")


def restored(place: Place, made: BackupMade, to: Path, **options: bool):
    to.parent.mkdir(mode=0o700, exist_ok=True)
    way = way_in(place.owner.name, lambda: place.owner.password)
    parts = (Path(made.data), Path(made.keys))
    return Kartoteka.restore(str(to), parts, way, clock=place.clock, **options)


def note(register: Kartoteka, email: str = NEWER) -> None:
    """Change somebody, as work does."""
    party = register.context.session.rows(Party)[0]
    register.clients.edit(str(party.number), {"email": email})


def verifies(register: Kartoteka) -> bool:
    found = register.context.journal.verify(CardSigners(register.context.session))
    return found.ok and register.damage == ()


@contextmanager
def untouched(*folders: Path) -> Iterator[None]:
    """Hold that nothing below these folders is another byte afterwards."""
    before = all_of(*folders)
    yield
    assert all_of(*folders) == before


@pytest.fixture
def lived_in(place: Place) -> Place:
    with place.open() as register:
        plant(register, "prospect")
    return place


def test_a_copy_is_recognised_told_and_only_read(lived_in: Place) -> None:
    """A look into a copy shows everybody, changes nothing, and the original verifies and works."""
    copy = copied(lived_in)
    everywhere = (lived_in.vault.parent, copy.parent, lived_in.folder / "state")
    with untouched(*everywhere), opened_at(copy, lived_in) as register:
        assert register.warnings == ("copy",)
        assert register.original == str(lived_in.vault)
        assert register.clients.show("1").email == FIELDS["email"]
        assert [line.number for line in register.clients.list()] == [1]
        with pytest.raises(ReadOnlyCopy):
            note(register)
        with pytest.raises(ReadOnlyCopy):
            register.backups.create(lived_in.folder / "drive")
        assert verifies(register)
    assert {path.name for path in copy.parent.iterdir()} == {copy.name, secrets(copy).name}
    with lived_in.open() as register:
        note(register)
        assert register.warnings == ()
        assert verifies(register)


def test_a_wrong_password_at_a_copy_writes_nothing(lived_in: Place) -> None:
    """Even the count of wrong passwords stays as it is for the original."""
    copy = copied(lived_in)
    everywhere = (lived_in.vault.parent, copy.parent, lived_in.folder / "state")
    with untouched(*everywhere), pytest.raises(WrongPassword):
        Kartoteka.open(str(copy), "anna", lambda: "not at all", clock=lived_in.clock)


def test_a_copy_with_another_root_is_not_trusted(lived_in: Place) -> None:
    """What this desk pinned for the original holds for its copies too."""
    copy = copied(lived_in)
    pin = state_of(lived_in) / "root.pin"
    pin.write_text("00" * 32 + "\n")
    with pytest.raises(RootChanged):
        opened_at(copy, lived_in)


def test_commands_at_a_copy_say_what_it_is(lived_in: Place, cli: Cli) -> None:
    """Reading gives 0 and says where the original is; writing gives 5 and says what to do."""
    copy = str(copied(lived_in))
    shown = cli("--vault", copy, "client", "show", "1", "--format", "json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["email"] == FIELDS["email"]
    assert str(lived_in.vault) in shown.stderr
    assert "not logged" in shown.stderr
    for words in (
        ("note", "add", "1", "x"),
        ("client", "edit", "1", "phone=+37120000000"),
    ):
        refused = cli("--vault", copy, *words)
        assert refused.exit_code == 5, refused
        assert "backup adopt" in refused.stderr
    assert cli("--vault", copy, "audit", "verify").exit_code == 0
    assert cli("--vault", copy, "doctor").exit_code == 0
    told = json.loads(cli("--vault", copy, "info", "--format", "json").stdout)
    assert told["copy_of"] == str(lived_in.vault)
    assert told["shred_file"] == str(secrets(Path(copy)))
    assert told["shred_file_exists"] is True
    assert cli("audit", "verify").exit_code == 0


@pytest.mark.parametrize("way", ["file", "folder", "both, with its state"])
def test_a_moved_register_goes_on(lived_in: Place, monkeypatch, way: str) -> None:
    """Who moves the file, its folder or everything works on with the same chain, unasked."""
    with lived_in.open() as register:
        desk = register.context.journal.desk_id
    target = lived_in.folder / "moved" / "office.db"
    if way == "file":
        target.parent.mkdir(mode=0o700)
        lived_in.vault.rename(target)
        secrets(lived_in.vault).rename(secrets(target))
    elif way == "folder":
        lived_in.vault.parent.rename(target.parent)
        target = target.with_name(lived_in.vault.name)
    else:
        target = lived_in.folder.with_name("elsewhere") / "register" / lived_in.vault.name
        lived_in.folder.rename(lived_in.folder.with_name("elsewhere"))
        monkeypatch.setenv("XDG_STATE_HOME", str(lived_in.folder.with_name("elsewhere") / "state"))
    for _again in range(2):
        with opened_at(target, lived_in) as register:
            assert register.warnings == ()
            assert register.context.journal.desk_id == desk
            note(register)
            assert verifies(register)


def test_a_copy_goes_on_once_the_original_is_gone(lived_in: Place) -> None:
    """Whoever copies and then removes the original has moved it."""
    copy = copied(lived_in)
    with opened_at(copy, lived_in) as register:
        assert register.warnings == ("copy",)
    lived_in.vault.unlink()
    with opened_at(copy, lived_in) as register:
        assert register.warnings == ()
        note(register)
        assert verifies(register)


def test_an_original_on_a_drive_that_is_away_is_not_taken_for_gone(lived_in: Place) -> None:
    """A stick that is not plugged in may come back, so its copy is still a copy."""
    copy = copied(lived_in)
    kept = lived_in.folder / "drawer"
    lived_in.vault.parent.rename(kept)
    place = state_of(lived_in) / "place"
    record = json.loads(place.read_bytes())
    place.write_text(json.dumps(record | {"device": record["device"] + 1}))
    with opened_at(copy, lived_in) as register:
        assert register.warnings == ("copy",)
    kept.rename(lived_in.vault.parent)
    with lived_in.open() as register:
        note(register)
        assert register.warnings == ()
        assert verifies(register)


def test_an_adopted_copy_is_a_register_of_its_own(lived_in: Place) -> None:
    """An owner makes the copy a desk of its own; both are worked in, both verify, both rotate."""
    copy = copied(lived_in)
    with untouched(lived_in.vault.parent, state_of(lived_in)):
        told = adopted(copy, lived_in)
        assert (told.original, told.replayed) == (str(lived_in.vault), 0)
        with opened_at(copy, lived_in) as register:
            assert register.warnings == ()
            own = register.context.journal.desk_id
            note(register)
            assert register.rotation.run(("contact",))
            assert verifies(register)
    with lived_in.open() as register:
        assert register.context.journal.desk_id != own
        assert register.clients.show("1").email == FIELDS["email"]
        note(register, "cits@example.com")
        assert register.rotation.run(("contact",))
        assert verifies(register)
    with pytest.raises(NoCopyHere):
        adopted(copy, lived_in)
    with pytest.raises(NoCopyHere):
        adopted(lived_in.vault, lived_in)


def test_two_registers_share_no_shred_file(
    lived_in: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a chosen folder a copy of the same name would overwrite the original's secrets: refused.

    Neither adopting nor restoring elsewhere; under another name, with its own file, both may.
    """
    with lived_in.open() as register:
        made = register.backups.create(lived_in.folder / "drive")
    same, chosen = copied(lived_in, f"stick/{lived_in.vault.name}"), lived_in.folder / "secrets"
    chosen.mkdir(mode=0o700)
    secrets(lived_in.vault).rename(secrets(chosen / lived_in.vault.name))
    monkeypatch.setenv("KARTOTEKA_SHRED", str(chosen))
    with untouched(lived_in.vault.parent, state_of(lived_in), chosen):
        with pytest.raises(SharedShredFile):
            adopted(same, lived_in)
        with pytest.raises(SharedShredFile):
            restored(lived_in, made, lived_in.folder / "drill" / lived_in.vault.name)
    other = same.rename(same.with_name("second.db"))
    shutil.copyfile(secrets(chosen / lived_in.vault.name), secrets(chosen / other.name))
    secrets(chosen / other.name).chmod(0o600)
    adopted(other, lived_in)
    with opened_at(other, lived_in) as register:
        register.subjects.erase("1", "no-longer-needed", 1)
    with lived_in.open() as register:
        assert register.clients.show("1").email == FIELDS["email"]


def test_a_copy_of_an_adopted_copy_is_a_copy_of_that(lived_in: Place) -> None:
    """The one who wrote last in a file is the one whose copy it is."""
    first = copied(lived_in)
    adopted(first, lived_in)
    with opened_at(first, lived_in) as register:
        note(register)
    second = first.with_name("again.db")
    shutil.copy(first, second)
    shutil.copy(secrets(first), secrets(second))
    with opened_at(second, lived_in) as register:
        assert register.warnings == ("copy",)
        assert register.original == str(first)


def test_only_who_keeps_backups_may_adopt(lived_in: Place, hire: Hire) -> None:
    """A clerk with a copy has a copy, and no register of the same people."""
    clerk = hire("office")
    copy = copied(lived_in)
    with pytest.raises(NoDuty):
        adopted(copy, lived_in, clerk)
    with opened_at(copy, lived_in, clerk) as register:
        assert register.warnings == ("copy",)


def test_an_adoption_claims_no_erasure_that_was_kept_from_it(lived_in: Place, cli: Cli) -> None:
    """A planted trigger stops the destruction: neither the answer nor the alarm calls it done."""
    copy = copied(lived_in)
    with lived_in.open() as register:
        register.subjects.erase("1", "no-longer-needed", 1)
    with closing(sqlite3.connect(copy)) as planted, planted:
        planted.execute("CREATE TRIGGER seen BEFORE DELETE ON owner_key BEGIN SELECT 1; END")

    told = cli("--vault", str(copy), "backup", "adopt", "--format", "json")
    answer = json.loads(told.stdout)
    assert (told.exit_code, answer["replayed"], answer["waiting"]) == (7, 0, 1)
    listed = cli("--vault", str(copy), "client", "list")
    assert (listed.exit_code, "were repeated" in listed.stderr) == (7, False)

    cli("--vault", str(copy), "doctor", "--mend")
    assert cli("--vault", str(copy), "client", "show", "1").exit_code == 3


def test_who_was_erased_since_is_not_shown_by_a_copy(lived_in: Place, cli: Cli) -> None:
    """An older copy opens for nobody until an owner adopts it, and then it forgets them too."""
    with lived_in.open() as register:
        gone = plant(register, "prospect", fields={"given_name": "Zeltžubīte"})
    copy = copied(lived_in)
    with lived_in.open() as register:
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    with untouched(lived_in.vault.parent, copy.parent, lived_in.folder / "state"):
        with pytest.raises(ErasedSinceCopy):
            opened_at(copy, lived_in)
        refused = cli("--vault", str(copy), "client", "list")
        assert (refused.exit_code, "17" in refused.stderr) == (4, True)
    told = cli("--vault", str(copy), "backup", "adopt", "--format", "json")
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout)["replayed"] == 1
    with opened_at(copy, lived_in) as register:
        assert register.warnings == ()
        assert [row.number for row in register.context.session.rows(Party)] == [1]
        assert verifies(register)


def test_a_restore_elsewhere_leaves_the_register_as_it_is(lived_in: Place) -> None:
    """A drill at another place, with a note there, and the live one is the same byte for byte."""
    with lived_in.open() as register:
        made = register.backups.create(lived_in.folder / "drive")
        note(register)
    drill = lived_in.folder / "drill" / "other.db"
    with untouched(lived_in.vault.parent, state_of(lived_in), lived_in.folder / "drive"):
        told = restored(lived_in, made, drill)
        assert told.elsewhere == (str(lived_in.vault),)
        with opened_at(drill, lived_in) as register:
            assert register.warnings == ()
            note(register, "drill@example.com")
            assert verifies(register)
    with lived_in.open() as register:
        assert register.warnings == ()
        note(register, "cits@example.com")
        assert verifies(register)
        assert register.rotation.run(("contact",))
        elsewhere = next(c for c in register.doctor.examine().checks if c.check == "elsewhere")
        assert (elsewhere.state, elsewhere.detail) == ("warning", (str(drill),))


def test_a_refused_restore_elsewhere_leaves_no_state(lived_in: Place) -> None:
    """A wrong password or a broken backup leaves nothing at the place and nothing at the desk."""
    with lived_in.open() as register:
        made = register.backups.create(lived_in.folder / "drive")
    drill = lived_in.folder / "drill" / "other.db"
    drill.parent.mkdir(mode=0o700)
    way = way_in("anna", lambda: "not at all")
    with untouched(lived_in.folder), pytest.raises(WrongPassword):
        Kartoteka.restore(str(drill), (Path(made.data), Path(made.keys)), way, clock=lived_in.clock)
    assert len(list((lived_in.folder / "state" / "kartoteka").iterdir())) == 1


def test_what_was_erased_since_stays_erased_in_a_restore_elsewhere(lived_in: Place) -> None:
    """The ledger of the original is read, and not written, where a backup is brought back."""
    with lived_in.open() as register:
        gone = plant(register, "prospect", fields={"given_name": "Zeltžubīte"})
        made = register.backups.create(lived_in.folder / "drive")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    drill = lived_in.folder / "drill" / "other.db"
    with untouched(lived_in.vault.parent, state_of(lived_in)):
        told = restored(lived_in, made, drill)
        assert len(told.replayed) == 1
        with opened_at(drill, lived_in) as register:
            assert [row.number for row in register.context.session.rows(Party)] == [1]


def test_a_restore_without_a_ledger_is_told(lived_in: Place, cli: Cli) -> None:
    """On a new machine nobody knows who was erased since: exit 6, unless somebody says so."""
    with lived_in.open() as register:
        gone = plant(register, "prospect", fields={"given_name": "Zeltžubīte"})
        made = register.backups.create(lived_in.folder / "drive")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    shutil.rmtree(lived_in.vault.parent)
    shutil.rmtree(lived_in.folder / "state")
    lived_in.vault.parent.mkdir(mode=0o700)
    words = ("--data", made.data, "--keys", made.keys, "--to", str(lived_in.vault))
    told = cli("backup", "restore", *words)
    assert told.exit_code == 6, told.stderr
    assert "since 2 March 2026" in told.stderr
    assert "--without-ledger" in told.stderr
    assert list(lived_in.vault.parent.iterdir()) == []
    assert list((lived_in.folder / "state" / "kartoteka").iterdir()) == []
    assert cli("backup", "restore", *words, "--without-ledger").exit_code == 0
    with lived_in.open() as register:
        assert len(register.context.session.rows(Party)) == 2, "as was said"
        assert verifies(register)


def test_a_ledger_of_any_place_of_this_desk_is_enough(lived_in: Place) -> None:
    """Who lost the register but has its state folder repeats every erasure, elsewhere too."""
    with lived_in.open() as register:
        gone = plant(register, "prospect", fields={"given_name": "Zeltžubīte"})
        made = register.backups.create(lived_in.folder / "drive")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    shutil.rmtree(lived_in.vault.parent)
    told = restored(lived_in, made, lived_in.folder / "new" / "office.db")
    assert len(told.replayed) == 1


def replaced(vault: Path, by: Path) -> None:
    by.replace(vault)


def overwritten(vault: Path, by: Path) -> None:
    for ending in ("-wal", "-shm"):
        vault.with_name(vault.name + ending).unlink(missing_ok=True)
    with vault.open("r+b") as file:
        file.truncate()
        file.write(by.read_bytes())


def moved_away(vault: Path, by: Path) -> None:
    by.unlink()
    vault.rename(vault.with_name("away.db"))


@pytest.mark.parametrize("how", [replaced, moved_away])
def test_a_file_replaced_under_an_open_register_is_not_written(lived_in: Place, how) -> None:
    """Another file under the name, or none, is told before the next change, and nothing written."""
    older = copied(lived_in)
    with lived_in.open() as register:
        note(register)
        register.context.journal.shred()
        how(lived_in.vault, older)
        before = all_of(lived_in.vault.parent, state_of(lived_in))
        with pytest.raises(RegisterReplaced) as told:
            note(register, "cits@example.com")
        assert told.value.exit_code == 7
        assert all_of(lived_in.vault.parent, state_of(lived_in)) == before
        assert register.clients.show is not None


def test_older_content_under_an_open_register_is_not_written(lived_in: Place) -> None:
    """A file that was put back to what it was, under the same name, is told as well."""
    older = copied(lived_in)
    with lived_in.open() as register:
        note(register)
        register.context.session.database.close()
        overwritten(lived_in.vault, older)
        register.context.session.database.connect()
        before = all_of(state_of(lived_in))
        with pytest.raises(RegisterReplaced):
            note(register, "cits@example.com")
        assert all_of(state_of(lived_in)) == before
    with opened_at(lived_in.vault, lived_in) as register:
        assert [damage.exit_code for damage in register.damage] == [7]


def test_the_end_of_a_run_writes_nothing_into_another_file(lived_in: Place) -> None:
    """Closing a register whose file was replaced leaves the new file alone."""
    older = copied(lived_in)
    register = lived_in.open()
    with register:
        note(register)
        register.context.journal.shred()
        older.replace(lived_in.vault)
        before = lived_in.vault.read_bytes()
    assert lived_in.vault.read_bytes() == before


def test_a_shred_file_left_beside_the_register_is_named(
    lived_in: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moving means moving: no erasure reaches a copy that stayed, so `doctor` names it."""
    beside, chosen = secrets(lived_in.vault), lived_in.folder / "secrets"
    chosen.mkdir(mode=0o700)
    shutil.copyfile(beside, secrets(chosen / lived_in.vault.name))
    secrets(chosen / lived_in.vault.name).chmod(0o600)
    monkeypatch.setenv("KARTOTEKA_SHRED", str(chosen))

    def left() -> tuple[str, tuple[str, ...]]:
        with lived_in.open() as register:
            checks = register.doctor.examine().checks
        found = next(one for one in checks if one.check == "left-behind")
        return found.state, found.detail

    assert left() == ("warning", (str(beside),))
    beside.unlink()
    assert left() == ("ok", ())
