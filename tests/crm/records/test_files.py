"""Files of every kind of record: written for spreadsheets, taken in, mended and taken in again."""

from __future__ import annotations

import csv
import io
import json

import pytest

from crm.privacy import MASKED
from crm.shape.cards import RecordQuery
from crm.shape.description import FieldType
from crm.shape.tables import model_of
from tests.crm.records.samples import first_text, sample

PROFILES = {"excel-lv": "lv", "excel-it": "it", "rfc4180": None}


@pytest.fixture
def who(place, enter):
    with place.open() as register:
        return enter(register)


def table(rows, headings):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()


def heading(name, language):
    return name.label.said(language) if language else name.name


def values_of(place, shape):
    with place.open() as register:
        rows = register.context.session.rows(model_of(shape))
        return [{one.name: row.value(one) for one in shape.fields} for row in rows]


@pytest.mark.parametrize("profile", PROFILES)
def test_our_own_file_taken_in_again_changes_nothing(cli, place, shape, who, tmp_path, profile):
    """Every cell is read back as what is stored, in each form, and counts as known."""
    for which in (0, 1):
        typed, _stored = sample(shape, which)
        cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    before = values_of(place, shape)
    out = tmp_path / "out.csv"

    written = cli(shape.noun, "export", "--profile", profile, "--out", str(out))
    (tmp_path / "again.csv").write_bytes(out.read_bytes() + b"\r\n")
    again = cli(shape.noun, "import", str(tmp_path / "again.csv"), "--update", "--format", "json")

    assert (written.exit_code, again.exit_code) == (0, 0), again.stderr
    told = json.loads(again.stdout)
    counts = {name: told[name] for name in ("read", "created", "updated", "duplicates")}
    assert counts == {"read": 2, "created": 0, "updated": 0, "duplicates": 2}
    assert (told["left_out"], told["changes"]) == ({}, [])
    assert values_of(place, shape) == before
    first = out.read_text("utf-8-sig").splitlines()[0]
    for field in shape.fields:
        assert heading(field, PROFILES[profile]).casefold() in first.casefold()
    listed = cli("files", "list", "--format", "json").stdout
    assert "out.csv" in listed


def test_references_are_filed_and_given_as_numbers(cli, place, shape, who, tmp_path):
    """A list of numbers in JSON, numbers with commas in a file; the whole export has the list."""
    own = [one for one in shape.fields if one.to == shape.noun and one.several]
    typed, _stored = sample(shape)
    for _turn in range(2):
        cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    for field in own:
        given = json.dumps({**typed, field.name: [2, 1]})
        card = json.loads(cli(shape.noun, "add", who, "-", "--format", "json", stdin=given).stdout)
        assert card[field.name] == [2, 1]
        assert "2, 1" in cli(shape.noun, "show", "3").stdout
        out = tmp_path / "out.csv"
        for profile in PROFILES:
            cli(shape.noun, "export", "--profile", profile, "--out", str(out))
            assert '"2, 1"' in out.read_text("utf-8-sig")
            again = cli(shape.noun, "import", str(out), "--update", "--format", "json")
            assert json.loads(again.stdout)["changes"] == []
            out.unlink()
        out.write_text(table([["3", "1,  2 ,2"]], ["number", field.name]), "utf-8")
        cli(shape.noun, "import", str(out), "--update")
        assert values_of(place, shape)[2][field.name] == "1, 2"
        out.write_text(table([["3", "1, divi"]], ["number", field.name]), "utf-8")
        wrong = cli(shape.noun, "import", str(out), "--update", "--format", "json")
        assert json.loads(wrong.stdout)["rejects"][0]["reason"] == "references"
        with place.open() as register:
            register.full_export.write(tmp_path / "all")
        rows = json.loads((tmp_path / "all" / f"{shape.noun}.json").read_text("utf-8"))
        assert [row[field.name] for row in rows] == [None, None, [1, 2]]


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_a_file_is_read_by_its_headings_in_any_language(cli, place, shape, who, tmp_path, language):
    """Headings and codes in words make the same record as options do; the file again, nothing."""
    typed, stored = sample(shape)
    names = [one for one in shape.fields if typed.get(one.name)]
    cells = [one.codes[typed[one.name]].said(language) if one.codes else typed[one.name]
             for one in names]  # fmt: skip
    file = tmp_path / "in.csv"
    headings = [{"en": "Client", "lv": "Klients", "it": "Cliente"}[language]]
    text = table([[who, *cells]], [*headings, *(one.label.said(language) for one in names)])
    file.write_text(text, "utf-8")

    tried = json.loads(cli(shape.noun, "import", str(file), "--dry-run", "--format", "json").stdout)
    assert (tried["created"], values_of(place, shape)) == (1, [])
    first = json.loads(cli(shape.noun, "import", str(file), "--format", "json").stdout)
    second = json.loads(cli(shape.noun, "import", str(file), "--format", "json").stdout)
    file.write_text(text + "\n", "utf-8")  # another file, the same row
    third = json.loads(cli(shape.noun, "import", str(file), "--format", "json").stdout)

    assert [(one["created"], one["duplicates"]) for one in (first, second, third)] == [
        (1, 0),
        (0, 1),
        (0, 1),
    ]
    assert values_of(place, shape) == [stored]


def test_what_cannot_be_stored_stays_outside_and_is_mended(cli, place, shape, who, tmp_path):
    """Each bad row is listed with line, column and reason; the mended rejects file takes it in."""
    field = first_text(shape)
    typed, _stored = sample(shape)
    names = [one.name for one in shape.fields if typed.get(one.name)]
    good = [who, *(typed[name] for name in names)]
    nobody = ["999", *good[1:]]
    empty = [who, *("" if name == field.name else typed[name] for name in names)]
    rows = [good, nobody, empty]
    bad = {FieldType.DAY: "31.02.2026", FieldType.MONEY: "12.345", FieldType.IBAN: "LV00BANK"}
    for kind, wrong in bad.items():
        name = next((one.name for one in shape.fields if one.type is kind), None)
        if name is not None:
            rows.append([who, *(wrong if one == name else typed[one] for one in names)])
    file, rejects = tmp_path / "in.csv", tmp_path / "rejects.csv"
    file.write_text(table(rows, ["client", *names]), "utf-8")

    done = cli(shape.noun, "import", str(file), "--rejects", str(rejects), "--format", "json")

    told = json.loads(done.stdout)
    assert (done.exit_code, told["created"], told["rejected"]) == (8, 1, len(rows) - 1)
    reasons = [(one["line"], one["column"], one["reason"]) for one in told["rejects"]]
    assert reasons[:2] == [_at(text, rows, 2, "client", "client") for text in ("",)] + [
        (4 + _breaks(rows, 2), field.name, "required")
    ]
    spoken = cli("--lang", "lv", shape.noun, "import", str(file), "--dry-run").stdout
    assert "Aizpildiet" in spoken
    text = rejects.read_text("utf-8-sig")
    mended = text.replace('"999"', f'"{who}"').replace("31.02.2026", "15.01.2026")
    (tmp_path / "mended.csv").write_text(mended, "utf-8")
    again = json.loads(
        cli(shape.noun, "import", str(tmp_path / "mended.csv"), "--format", "json").stdout
    )
    # Both are now equal to the good row, and so nothing new.
    assert (again["created"], again["duplicates"]) == (0, 1 + (FieldType.DAY in _kinds(shape)))


def test_a_wrong_cell_of_rows_is_named_by_row_and_column(cli, place, shape, who, tmp_path):
    """A row of rows that cannot be read costs its record alone; what is wrong is said with it."""
    typed, _stored = sample(shape)
    for field in (one for one in shape.fields if one.rows):
        least = [one for one in field.rows if one.required]
        money = next(one for one in field.rows if one.type is FieldType.MONEY)
        heads = "; ".join(one.label.lv for one in (money, *least))
        given = {**typed, field.name: f"{heads}\n1; labs\n12.345; slikts"}
        file = tmp_path / "in.csv"
        file.write_text(table([[who, *given.values()]], ["client", *given]), "utf-8")

        done = cli(shape.noun, "import", str(file), "--format", "json")
        typed_one = cli(shape.noun, "add", who, "-", stdin=json.dumps(given))

        (reject,) = json.loads(done.stdout)["rejects"]
        assert (done.exit_code, reject["reason"]) == (8, "money")
        assert reject["column"] == f"{field.name}.2.{money.name}"
        assert typed_one.exit_code == 2
        assert f"{field.label}, 2, {money.label}" in typed_one.stderr
        given[field.name] = f"1; labs\n{';' * len(field.rows)}x"
        assert cli(shape.noun, "add", who, "-", stdin=json.dumps(given)).exit_code == 2
        assert values_of(place, shape) == []


def _kinds(shape):
    return {one.type for one in shape.fields}


def _breaks(rows, count):
    """Count the line breaks within the cells of the first rows."""
    return sum(cell.count("\n") for row in rows[:count] for cell in row)


def _at(_text, rows, row, column, reason):
    return (row + 1 + _breaks(rows, row - 1), column, reason)


def test_an_update_takes_over_what_differs(cli, place, shape, who, tmp_path):
    """The record with the number is corrected field by field; empty cells change nothing."""
    typed, stored = sample(shape)
    other, other_stored = sample(shape, 1)
    cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    field = first_text(shape)
    names = [one.name for one in shape.fields if typed.get(one.name)]
    changed = [field.name, *(one.name for one in shape.fields if one.item in MASKED)]
    cells = [other[name] if name in changed else "" for name in names]
    file = tmp_path / "in.csv"
    file.write_text(table([["1", *cells]], ["number", *names]), "utf-8")

    tried = json.loads(
        cli(shape.noun, "import", str(file), "--update", "--dry-run", "--format", "json").stdout
    )
    assert values_of(place, shape) == [stored]
    plainly = json.loads(cli(shape.noun, "import", str(file), "--format", "json").stdout)
    assert (plainly["duplicates"], plainly["updated"]) == (1, 0)
    done = json.loads(cli(shape.noun, "import", str(file), "--update", "--format", "json").stdout)

    assert tried["updated"] == done["updated"] == 1
    assert tried["changes"] == done["changes"]
    assert {one["field"] for one in done["changes"]} == set(changed)
    for one in done["changes"]:
        if one["field"] != field.name:
            assert one["becomes"].startswith("••••")
    expected = {**stored, **{name: other_stored[name] for name in changed}}
    assert values_of(place, shape) == [expected]


def test_a_cell_of_invisible_letters_is_empty(cli, place, shape, who, tmp_path):
    """It empties no field of a record that is there, and is no value of a new one, nor a client."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    names = [one.name for one in shape.fields if typed.get(one.name)]
    optional = [one.name for one in shape.fields if one.name in names and not one.required]
    file, fresh = tmp_path / "known.csv", tmp_path / "fresh.csv"
    hidden = [" \u200b\ufeff "] * len(names)
    file.write_text(table([["1", *hidden]], ["number", *names]), "utf-8")
    cells = [hidden[0] if name in optional else typed[name] for name in names]
    fresh.write_text(table([[who, *cells], [hidden[0], *cells]], ["client", *names]), "utf-8")

    known = cli(shape.noun, "import", str(file), "--update", "--format", "json")
    new = json.loads(cli(shape.noun, "import", str(fresh), "--format", "json").stdout)

    assert (known.exit_code, json.loads(known.stdout)["updated"]) == (0, 0), known.stderr
    assert (new["created"], [one["reason"] for one in new["rejects"]]) == (1, ["required"])
    bare = {name: None if name in optional else value for name, value in stored.items()}
    assert values_of(place, shape) == [stored, bare]


def test_a_reference_to_itself_stays_outside(cli, shape, who, tmp_path):
    """A row that would lead its record to itself is listed, in a dry run as well."""
    typed, _stored = sample(shape)
    field = next(one for one in shape.fields if one.to == shape.noun)
    cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    file = tmp_path / "in.csv"
    file.write_text(table([["1", "1"]], ["number", field.name]), "utf-8")

    for dry in ((), ("--dry-run",)):
        done = cli(shape.noun, "import", str(file), "--update", *dry, "--format", "json")
        (reject,) = json.loads(done.stdout)["rejects"]
        assert (reject["column"], reject["reason"]) == (field.name, "itself")


def test_a_record_of_somebody_else_is_not_taken_over(cli, place, shape, who, enter, tmp_path):
    """A number that belongs to another client's record costs its row."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    with place.open() as register:
        strange = enter(register, legal=True)
    name = first_text(shape).name
    file = tmp_path / "in.csv"
    file.write_text(table([["1", strange, "Cits"]], ["number", "client", name]), "utf-8")

    done = cli(shape.noun, "import", str(file), "--update", "--format", "json")

    assert done.exit_code == 8
    assert json.loads(done.stdout)["rejects"][0]["reason"] == "another client"
    assert values_of(place, shape) == [stored]


def test_a_row_that_no_purpose_names_stays_outside(cli, place, shape, who, leave, tmp_path):
    """Of a client who is going nothing is taken in, and what is there is not changed."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, "-", stdin=json.dumps(typed))
    with place.open() as register:
        leave(register, who, now=False)
    name = first_text(shape).name
    required = [one.name for one in shape.fields if one.required]
    cells = ["Cits" if one == name else typed[one] for one in required]
    file = tmp_path / "in.csv"
    file.write_text(
        table([["", who, *cells], ["1", who, *cells]], ["number", "client", *required]), "utf-8"
    )

    done = cli(shape.noun, "import", str(file), "--update", "--format", "json")

    told = json.loads(done.stdout)
    assert {one["reason"] for one in told["rejects"]} == {"purpose"}
    assert values_of(place, shape) == [stored]
    out = tmp_path / "out.csv"
    cli(shape.noun, "export", "--profile", "rfc4180", "--out", str(out))
    assert len(out.read_text("utf-8").splitlines()) == 1


def test_a_role_sees_and_brings_what_it_may(register, place, shape, who, hire, tmp_path):
    """A column of a category somebody does not read is not in the file, nor taken from one."""
    typed, stored = sample(shape)
    register.records(shape).add(who, typed)
    for role in ("technician", "accountant"):
        with place.open(hire(role)) as opened:
            access = opened.context.access
            if shape.category.code not in access.reads:
                continue
            stream = io.BytesIO()
            opened.records(shape).export(stream, "rfc4180", RecordQuery())
            (row,) = csv.DictReader(io.StringIO(stream.getvalue().decode()))
            for field in shape.fields:
                readable = field.item is None or field.item.category.code in access.reads
                assert (field.name in row) == readable, (role, field.name)
                if field.type is FieldType.TEXT and readable:
                    assert row[field.name] == stored[field.name]
