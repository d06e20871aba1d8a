"""A damaged setting: named at every command, acted on by none, and no record is shut away by it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from gdpr.audit.events import Event
from gdpr.store.settings import Sequence, Setting, write_setting
from tests.crm.planting import plant

CLOCKS = ("grace_days", "leap_days", "year_end_month", "year_end_day")
SEEN = "last_seen_day"
READ_AT_OPENING = (*CLOCKS, SEEN, "firm_country")
OTHERS = ("firm_name", "firm_language", "recovery_confirmed", "party", "copy_days")


def table_of(name):
    """Return where a setting lies: what only grows lies apart."""
    return "sequence" if name in {SEEN, "party"} else "setting"


@pytest.fixture
def spoil(place):
    """Return what changes a setting behind the register's back, and gives its row and a client."""

    def spoilt(name):
        with place.open() as register:
            number = plant(register, "prospect", fields={"email": "a@example.com"}).number
            with register.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
                for clock in (*CLOCKS, "copy_days"):
                    write_setting(deed, clock, "10")
            desk = register.context.session
            kept = Sequence if table_of(name) == "sequence" else Setting
            row = desk.first(kept, name=name)
            if row is None:
                with register.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
                    write_setting(deed, name, "2026-03-02")
                row = desk.first(kept, name=name)
            change = f"UPDATE {table_of(name)} SET value = value || '1' WHERE name = ?"
            desk.database.execute_sql(change, (name,))
        return bytes(row.id).hex(), number

    return spoilt


@pytest.mark.parametrize("name", [*READ_AT_OPENING, *OTHERS])
def test_doctor_tells_of_a_damaged_setting(cli, spoil, name):
    """The report is printed whole, with the row in it, and the code is 7."""
    row, _number = spoil(name)
    told = cli("doctor", "--format", "json")
    assert told.exit_code == 7
    report = json.loads(told.stdout)
    assert {"table": table_of(name), "row": row, "why": "mac"} in report["damages"]
    assert {check["check"] for check in report["checks"]} >= {"unreadable", "clockless", "backup"}
    assert row in told.stderr
    verified = cli("audit", "verify", "--format", "json")
    assert verified.exit_code == 7
    assert json.loads(verified.stdout)["first_bad"]["row"] == row


@pytest.mark.parametrize("name", READ_AT_OPENING)
def test_the_records_open_beside_a_damaged_setting(cli, spoil, name):
    """Cards, lists and searches answer, and each says with 7 which row is damaged."""
    row, number = spoil(name)
    for words in (
        ("client", "show", str(number)),
        ("client", "list"),
        ("client", "find", "a@example.com"),
        ("client", "why", str(number)),
        ("retention", "due"),
        ("audit", "log"),
    ):
        told = cli(*words, "--format", "json")
        assert told.exit_code == 7, words
        assert json.loads(told.stdout) is not None
        assert table_of(name) in told.stderr
        assert told.stderr.count(row) == 1


@pytest.mark.parametrize("name", READ_AT_OPENING)
def test_nothing_is_changed_under_a_damaged_setting(place, cli, spoil, name):
    """Nobody is added, ended or forgotten by defaults that the firm never chose."""
    row, number = spoil(name)
    before = json.loads(cli("client", "list", "--format", "json").stdout)
    place.clock.instant += timedelta(days=9_000)
    for words in (
        ("client", "add", "--kind", "legal", "--name", "SIA Jauna", "--relation", "prospect"),
        ("client", "edit", str(number), "email=b@example.com"),
        ("ground", "end", str(number), "--all-but", "accounts", "--now"),
        ("retention", "run", "--accept-date", place.clock.today().isoformat()),
    ):
        told = cli(*words)
        assert told.exit_code == 7, (words, told)
        assert row in told.stderr
    assert json.loads(cli("client", "list", "--format", "json").stdout) == before


@pytest.mark.parametrize("name", OTHERS)
def test_a_setting_that_nobody_asked_for_is_in_nobodys_way(cli, spoil, name):
    """It is told with 7, for the few small tables are added up at every opening; the card opens."""
    row, number = spoil(name)
    shown = cli("client", "show", str(number), "--format", "json")
    assert shown.exit_code == 7
    assert row in shown.stderr
    assert json.loads(shown.stdout)["number"] == number
