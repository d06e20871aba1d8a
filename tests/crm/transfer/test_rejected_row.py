"""What a screen asks of files before, while and after rows come in: columns, one row, a stop."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm.transfer.cards import ImportOrder
from crm.transfer.errors import RowElsewhere
from gdpr.errors import NoKey, NoRight
from tests.crm.client_lists import IBAN, firm, latvian, many, table

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place

BAD = "LV00BANK0000435195001"
ORDER = ImportOrder(relation="client")


def listed(place: Place, *rows: dict[str, str]) -> Path:
    """Write a client list as a spreadsheet would."""
    path = place.folder / "clients.csv"
    path.write_bytes(latvian(*rows))
    return path


def test_a_row_that_moved_is_not_mended(place: Place) -> None:
    """When the file was changed meanwhile, nobody mends another row than the one listed."""
    path = listed(place, firm(1), firm(2, iban=BAD))
    with place.open() as register:
        found = register.imports.rejected_row(path, ORDER, 3)
        assert BAD in found.cells
        path.write_bytes(latvian(firm(1), firm(2)))
        with pytest.raises(RowElsewhere):
            register.imports.rejected_row(path, ORDER, 3)


def test_a_mended_row_keeps_every_letter(place: Place) -> None:
    """Quotes, delimiters, formulas and line feeds in a mended row come in as they were typed."""
    notes = "=1+1;\n\"x\", 'y'"
    path = listed(place, firm(1, iban=BAD, notes=notes))
    with place.open() as register:
        found = register.imports.rejected_row(path, ORDER, 2)
        cells = tuple("" if cell == BAD else cell for cell in found.cells)
        assert register.imports.faults(found.headings, cells, ORDER) == ()
        assert register.imports.mend(found.headings, cells, ORDER).created == 1
        card = next(one for one in register.clients.list() if one.name == "SIA Upmalas Dati 1")
        assert register.notes.list(str(card.number))[0].text == notes


def test_everything_wrong_with_a_row_is_told(place: Place) -> None:
    """A row with two bad values names both, each with its column."""
    path = listed(place, firm(1, iban=BAD, email="nobody"))
    with place.open() as register:
        found = register.imports.rejected_row(path, ORDER, 2)
        assert {column for column, _why in found.faults} == {"Konts (IBAN)", "E-pasts"}
        assert BAD not in repr(found)


def test_columns_are_told_without_a_row(register: Kartoteka) -> None:
    """Looking at a file says what is lacking instead of refusing it, so that it can be mended."""
    unknown = table(("Zaļais", "Zilais"), [("a", "b")])
    assert register.imports.look(io.BytesIO(unknown), ORDER).lacks == "known"
    nameless = table(("E-mail",), [("a@example.com",)])
    assert register.imports.look(io.BytesIO(nameless), ORDER).lacks == "name"
    whole = register.imports.look(io.BytesIO(latvian(firm(1))), ORDER)
    assert whole.lacks is None
    assert [use.field for use in whole.columns][2] == "name"
    assert register.clients.list() == ()


def test_a_stop_leaves_whole_batches_and_the_next_run_goes_on(register: Kartoteka) -> None:
    """Asked to stop after the first batch, it stores that one; repeated, it stores the rest."""
    content = table(("Name", "E-mail"), many(1_200))
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    first = register.imports.take(io.BytesIO(content), ORDER, stop=stop)
    assert (first.created, first.stopped) == (500, True)
    second = register.imports.take(io.BytesIO(content), ORDER)
    assert (second.created, second.duplicates, second.stopped) == (700, 500, False)


def test_a_stop_after_the_last_row_is_none(register: Kartoteka) -> None:
    """What was asked to stop and had nothing left to do has not been stopped."""
    content = table(("Name", "E-mail"), many(3))
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    assert not register.imports.take(io.BytesIO(content), ORDER, stop=stop).stopped


def test_an_export_tells_its_progress_and_leaves_nothing_when_that_fails(place: Place) -> None:
    """Every client is counted once; what the callback raises ends it without file or copy."""
    path = place.folder / "out.csv"
    with place.open() as register:
        register.imports.take(io.BytesIO(table(("Name", "E-mail"), many(250))), ORDER)
        told: list[int] = []
        register.exports.clients(io.BytesIO(), "rfc4180", progress=told.append)
        assert told == [100, 100, 50]

        def halt(more: int) -> None:
            raise InterruptedError(more)

        with pytest.raises(InterruptedError):
            register.exports.clients(path, "rfc4180", progress=halt)
        assert not [*place.folder.glob("*out.csv*")]
        assert register.copies.list() == ()


def test_the_whole_tells_its_progress(place: Place) -> None:
    """Every row of every table is counted while everything is written out."""
    told: list[int] = []
    with place.open() as register:
        done = register.full_export.write(place.folder / "all", progress=told.append)
    assert sum(told) == done.rows


def test_contents_are_those_of_the_users_keys(place: Place, hire: Hire) -> None:
    """Who has no key for accounts is told of no such column, and an auditor of nothing."""
    technician, auditor = hire("technician"), hire("auditor")
    with place.open() as register:
        assert "iban" in register.exports.contents("rfc4180").headings
    with place.open(technician) as register:
        assert "iban" not in register.exports.contents("rfc4180").headings
    with place.open(auditor) as register:
        with pytest.raises(NoKey):
            register.exports.contents("rfc4180")
        with pytest.raises(NoRight):
            register.imports.faults(("Name",), (IBAN,), ORDER)


def test_backups_are_listed_in_pairs(place: Place) -> None:
    """Each backup is one line with its age, and a lost part is told; the newest is never due."""
    with place.open() as register:
        first = register.backups.create(place.folder / "backups")
        (place.folder / "backups" / first.keys.rpartition("/")[2]).unlink()
    for _week in range(6):
        place.clock.instant += timedelta(days=7)
        with place.open():
            pass
    with place.open() as register:
        second = register.backups.create(place.folder / "backups")
        newest, oldest = register.backups.overview().lines
        assert (newest.data, newest.age, newest.state, newest.due) == (
            second.data,
            0,
            "whole",
            False,
        )
        assert (oldest.age, oldest.state, oldest.due) == (42, "no-keys", True)
        assert register.backups.overview().reminders == ("backup-one-place",)
