"""The log, its proof, and the doctor: what they find and how they say it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.models.files import KnownCopy
from gdpr.audit.events import Event
from gdpr.store.ids import new_id
from tests.crm.planting import plant

if TYPE_CHECKING:
    from tests.crm.conftest import Cli, Hire, Place


@pytest.fixture
def planted(place: Place) -> int:
    with place.open() as register:
        return int(plant(register, "client").number)


def _sql(place: Place, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(place.vault)) as database:
        database.execute("PRAGMA ignore_check_constraints = 1")
        database.execute(statement, values)
        database.commit()


def test_a_whole_register_verifies(cli: Cli, planted: int) -> None:
    """An untouched register gives 0, counts of entries and rows, and no damage."""
    for quick in ((), ("--quick",)):
        found = cli("audit", "verify", *quick, "--format", "json")
        told = json.loads(found.stdout)

        assert 0 == found.exit_code
        assert (True, None, []) == (told["ok"], told["first_bad"], told["damages"])
        assert told["entries"] > 0
    assert 0 == told["rows"]


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("party", "UPDATE party SET status = 'former'"),
        ("party", "UPDATE party SET email = zeroblob(length(email))"),
        ("party", "DELETE FROM party"),
        ("owner_key", "UPDATE owner_key SET key_contact = zeroblob(65)"),
        ("owner_key", "DELETE FROM owner_key"),
        ("ground", "UPDATE ground SET ended_on = NULL, since = '2000-01-01'"),
        ("ground", "DELETE FROM ground WHERE purpose = 'contracts'"),
        ("note", "UPDATE note SET rev = rev + 1"),
        ("audit_entry", "UPDATE audit_entry SET time = time + 1 WHERE seq = 2"),
        ("audit_entry", "DELETE FROM audit_entry WHERE seq = 2"),
    ],
)
@pytest.mark.parametrize("command", [("audit", "verify"), ("doctor",)])
def test_tampering_is_named(
    cli: Cli, place: Place, planted: int, table: str, statement: str, command: tuple[str, ...]
) -> None:
    """Whatever is changed past the program gives 7 and names its table, from both commands."""
    _sql(place, statement)

    found = cli(*command, "--format", "json")

    assert 7 == found.exit_code
    assert table in found.stderr
    told = json.loads(found.stdout)
    assert table in {damage["table"] for damage in told["damages"]}
    assert not told["ok"]


def test_a_changed_setting_opens_nothing(cli: Cli, place: Place) -> None:
    """What the rules are counted by must be believed, so a changed setting stops with 7."""
    _sql(place, "UPDATE setting SET value = 'XX' WHERE name = 'firm_country'")

    found = cli("client", "list")

    assert 7 == found.exit_code
    assert "setting" in found.stderr


def test_a_changed_row_is_named_and_the_others_stay(cli: Cli, place: Place, planted: int) -> None:
    """The row is named by its id, and another client can still be shown."""
    with place.open() as register:
        other = plant(
            register, "prospect", fields={"given_name": "Otrais", "email": "o@example.com"}
        )
        number = other.number
    _sql(place, "UPDATE party SET status = 'x' WHERE number = ?", planted)

    first_bad = json.loads(cli("audit", "verify", "--format", "json").stdout)["first_bad"]

    assert "party" == first_bad["table"]
    assert 32 == len(first_bad["row"])
    assert "Otrais" in cli("client", "show", str(number)).stdout


def test_a_damaged_slot_closes_its_category_only(cli: Cli, place: Place, planted: int) -> None:
    """One damaged slot gives 7 naming the table, while what other keys open is still shown."""
    _sql(place, "UPDATE slot SET blob = zeroblob(length(blob)) WHERE category = 'marketing'")

    shown = cli("client", "show", str(planted))

    assert 7 == shown.exit_code
    assert "slot" in shown.stderr
    assert "Kanarija" in shown.stdout


def test_the_log_tells_who_did_what_without_a_name(cli: Cli, planted: int, hire: Hire) -> None:
    """Entries are found by event, user, client and day; no value of a person stands in them."""
    assert 0 == cli("client", "show", str(planted)).exit_code
    auditor = hire("auditor")

    log = cli("audit", "log", "--client", str(planted), "--format", "json", login=auditor)
    events = [entry["event"] for entry in json.loads(log.stdout)]

    assert ["register:party:shown", "register:party:added"] == events
    assert {planted} == {entry["number"] for entry in json.loads(log.stdout)}
    everything = cli("audit", "log", "--limit", "1000", "--format", "json", login=auditor)
    assert "Kanarija" not in everything.stdout
    mine = cli("audit", "log", "--by", "auditor", "--event", "audit", "--format", "json")
    assert {"audit:log:read"} == {entry["event"] for entry in json.loads(mine.stdout)}
    none = cli("audit", "log", "--until", "2020-01-01", "--format", "json")
    assert [] == json.loads(none.stdout)
    assert 3 == cli("audit", "log", "--by", "nobody").exit_code


def test_the_head_is_the_newest_entry(cli: Cli) -> None:
    """Three numbers go on paper; the next entry moves the head on."""
    first, second = (json.loads(cli("audit", "head", "--format", "json").stdout) for _ in "12")

    assert first["desk"] == second["desk"]
    assert first["seq"] < second["seq"]
    assert 64 == len(second["hash"])


def test_the_doctor_reminds_of_the_recovery_key(cli: Cli, planted: int) -> None:
    """What a firm owes at first are warnings: 0 without --check, 6 with it; each has a clock."""
    seen = cli("doctor", "--format", "json")
    told = json.loads(seen.stdout)

    assert 0 == seen.exit_code
    owed = {"backup", "recovery", "unpublished", "unconfirmed"}
    assert owed == {c["check"] for c in told["checks"] if c["state"] != "ok"}
    assert 0 == told["grounds_without_clock"]
    assert told["grounds"] > 0
    assert 6 == cli("doctor", "--check").exit_code


def test_the_doctor_sees_what_lies_about(cli: Cli, place: Place, planted: int) -> None:
    """Files others may read, copies past their end and failed upgrades are warnings by name."""
    with place.open() as register, register.context.journal.audited_change(Event.EXPORTED) as deed:
        yesterday = (register.context.day - timedelta(days=1)).isoformat()
        copy = KnownCopy(id=new_id(), kind="export", path="/tmp/x.csv", made=0, ends=yesterday)
        deed.insert(copy)
    left = place.vault.with_name(place.vault.name + ".before-0002")
    left.mkdir()  # a file there is destroyed at once; this one stays
    anchor = next(Path(place.environment["XDG_STATE_HOME"]).rglob("anchor"))
    anchor.parent.joinpath("chain.lock").chmod(0o644)
    secrets = place.vault.with_name(place.vault.name + ".shred")
    secrets.chmod(0o644)

    told = json.loads(cli("doctor", "--format", "json").stdout)
    found = {c["check"]: c["detail"] for c in told["checks"] if c["state"] == "warning"}

    assert ["/tmp/x.csv"] == found["copies"]
    assert [left.name] == found["upgrades"]
    assert [secrets.name, "chain.lock"] == found["modes"]


def test_a_leaping_clock_is_asked_about(cli: Cli, place: Place, planted: int) -> None:
    """Ten years ahead the doctor names the date to be confirmed, and nobody is due by it."""
    place.clock.instant += timedelta(days=3653)

    told = json.loads(cli("doctor", "--format", "json").stdout)
    states = {c["check"]: c for c in told["checks"]}

    assert [place.clock.today().isoformat()] == states["clock"]["detail"]
    assert 0 == states["due"]["count"]


def test_the_doctor_speaks_three_languages(cli: Cli) -> None:
    """Each check has its words and its advice in the user's language."""
    said = {cli("--lang", language, "doctor").stdout for language in ("en", "lv", "it")}

    assert 3 == len(said)
