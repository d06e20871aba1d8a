"""What the law wants of every kind of record: explained, packed, kept on time and forgotten."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.errors import ReviewNeeded
from crm.packages.cards import Packing
from crm.parties.cards import NewClient
from crm.records.errors import NoSuchRecord, RecordOutlives
from crm.shape.description import FieldType
from crm.shape.tables import model_of
from crm.transfer.listed_people import ListedPerson, who_is_named
from tests.crm.records.samples import as_json, as_text, first_text, sample
from tests.faults.invariants import breaches, residue, spellings

LATER = datetime(2050, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def entered(register, shape, enter):
    """Enter a record, and return its client's number and what is stored in it."""
    who = enter(register)
    typed, stored = sample(shape)
    register.records(shape).add(who, typed)
    return who, stored


def personal(shape):
    return [one.name for one in shape.fields if one.item is not None]


def seals(register, shape):
    """Return what lies in the file of the only record, and of the keys it is sealed with."""
    (row,) = register.context.session.rows(model_of(shape))
    held = [row.__data__[name] for name in personal(shape)]
    keys = register.context.session.keys_of(row.owner).wrapped.values() if shape.kept else ()
    return {bytes(value) for value in (*held, *keys) if value is not None}


def test_every_field_is_explained(register, shape, entered):
    """`why` names purpose, article and day for each personal field of a record."""
    who, _stored = entered
    told = [one for one in register.clients.why(who)["data"] if one["table"] == shape.noun]

    assert sorted(one["field"] for one in told) == sorted(personal(shape))
    assert all(one["purpose"] and one["article"] and one["until"] for one in told)
    items = {one.name: one.item.code for one in shape.fields if one.item}
    assert {one["field"]: one["item"] for one in told} == items


def test_a_preview_says_what_becomes_of_records(register, shape, entered):
    """Each item of a record is among what goes or what stays, with the purpose it stays for."""
    who, _stored = entered
    preview = register.subjects.preview(who)

    lines = [one for one in (*preview.goes, *preview.stays) if one["table"] == shape.noun]
    assert {one["item"] for one in lines} == {one.item.code for one in shape.fields if one.item}


def test_an_access_package_holds_every_field(register, shape, entered, tmp_path):
    """All personal fields are in the copy, all plain ones in the report, in words on the sheet."""
    who, stored = entered
    for language in ("en", "lv", "it"):
        made = register.packages.access(
            who, tmp_path / language, _reviewed(register, who, language)
        )
        folder = tmp_path / language
        document = json.loads((folder / "my-data.json").read_text("utf-8"))
        values = {d["field"]: d["value"] for d in document["data"] if d["table"] == shape.noun}
        facts = [
            one["facts"] for one in document["report"]["records"] if one["table"] == shape.noun
        ]
        sheet = next(folder.glob("*.html")).read_text("utf-8")

        assert made.path == str(folder)
        assert values == {name: as_text(shape, stored)[name] for name in personal(shape)}
        rows = {d["field"]: d["rows"] for d in document["data"] if "rows" in d}
        assert rows == {f.name: as_json(shape, stored)[f.name] for f in shape.fields if f.rows}
        for field in (one for one in shape.fields if one.rows):
            headings = as_text(shape, stored, language)[field.name].splitlines()[0]
            assert headings in sheet
        for field in shape.fields:
            if stored[field.name] is None:
                continue
            assert field.label.said(language) in sheet, (language, field.name)
            if field.item is None:
                assert str(facts[0][field.name]) == stored[field.name]
        assert shape.one.said(language) in sheet


def test_a_portable_package_holds_what_rests_on_a_contract(register, shape, entered, tmp_path):
    """What the person gave for a contract may be taken along."""
    who, stored = entered
    register.packages.portable(who, tmp_path / "p", _reviewed(register, who, "en"))
    document = json.loads((tmp_path / "p" / "my-data.json").read_text("utf-8"))

    taken = {d["field"]: d["value"] for d in document["data"] if d["table"] == shape.noun}
    left = {d["field"] for d in document["excluded"] if d["table"] == shape.noun}
    assert {*taken, *left} == set(personal(shape))
    assert all(as_text(shape, stored)[name] == value for name, value in taken.items())


def test_a_whole_export_has_the_table(register, shape, entered, tmp_path):
    """Who leaves the program takes every record along."""
    _who, stored = entered
    register.full_export.write(tmp_path / "out")
    text = (tmp_path / "out" / f"{shape.noun}.json").read_text("utf-8")

    assert stored[first_text(shape).name] in text
    (row,) = json.loads(text)
    for field in (one for one in shape.fields if one.rows):
        assert row[field.name] == as_json(shape, stored)[field.name]


def test_no_value_lies_open_and_none_is_left(register, place, shape, entered, leave):
    """No file holds a value; once nothing keeps the record, not even its seals are left."""
    who, stored = entered
    rows = [row for f in shape.fields if f.rows for row in as_json(shape, stored)[f.name]]
    # A day or an amount may stand in a plain field as well.
    cells = [value for row in rows for value in row.values() if value and " " in value]
    words = [stored[name] for name in personal(shape)] + cells
    words = [value for value in words if value and len(value) > 8]
    forms = {form for word in words for form in spellings(word)}
    register.clients.show(who)
    register.records(shape).find(words[0])
    assert residue(place.folder, forms) == []
    sealed = seals(register, shape)

    leave(register, who)
    _forget(register, place, shape)

    assert residue(place.folder, forms | sealed) == []
    with place.open() as again:
        assert breaches(again) == []


def test_a_kept_record_outlives_its_client_and_goes_on_its_day(
    register, place, shape, entered, leave
):
    """The client is gone, the record is there, unchanged, under an id that leads nowhere."""
    who, stored = entered
    if not shape.kept:
        pytest.skip("goes with its client")
    records = register.records(shape)

    leave(register, who)
    card = records.show(1, reveal=True)
    assert (card.client, card.client_name, dict(card.values)) == (None, None, stored)
    with pytest.raises(RecordOutlives):
        records.edit(1, {first_text(shape).name: "x"})
    assert records.list().total == 1

    due = register.retention.due(on=date(2049, 1, 1))
    assert [(one.number, one.what) for one in due] == [(0, "ran-out")]
    _forget(register, place, shape)


def test_a_list_does_not_name_whom_only_a_kept_record_knows(register, shape, entered, leave):
    """The phone of somebody who is gone stands in a record, and leads to nobody."""
    who, stored = entered
    phones = [one.name for one in shape.fields if one.findable and one.type is FieldType.PHONE]
    if not (shape.kept and phones):
        pytest.skip("has no phone that outlives its client")
    named = ListedPerson(1, (), (stored[phones[0]],))
    assert [one.number for one in who_is_named(register.context, named)[0]] == [1]

    leave(register, who)

    assert who_is_named(register.context, named) == ([], True, False)


def test_a_kept_record_waits_its_days_of_grace(register, place, shape, entered, leave):
    """The first run after the end shows it as going, and only one after those days destroys it."""
    who, _stored = entered
    if not shape.kept:
        pytest.skip("goes with its client")
    leave(register, who)
    place.clock.instant = LATER
    with place.open() as opened:
        opened.retention.run(LATER.date())
        going = opened.records(shape).show(1).going
        assert going == (LATER.date() + timedelta(14)).isoformat()
        assert not opened.retention.due()
    for days in (5, 10, 15):
        place.clock.instant = LATER + timedelta(days)
        with place.open() as opened:
            assert [one.what for one in opened.retention.due()] == ["goes"] * (days == 15)


def test_a_clock_runs_from_its_day(register, shape, entered):
    """Once the day of its clock is there, the record is kept until that period is over."""
    who, stored = entered
    fields = [clock.field for clock in shape.clocks if clock.field]
    if not fields:
        pytest.skip("has no clock on a day")
    (name,) = fields
    records = register.records(shape)

    def until():
        told = register.clients.why(who)["data"]
        return {one["until"] for one in told if one["table"] == shape.noun}

    (first,) = until()
    records.edit(1, {name: "2026-02-15"})
    (second,) = until()

    assert date.fromisoformat(second) - date.fromisoformat(first) == timedelta(31)
    assert stored[name] == "2026-01-15"


def test_looking_on_the_day_after_all_is_over_finds_nothing(register, place, shape, entered, leave):
    """A record that went is not there any more for anybody."""
    who, _stored = entered
    leave(register, who)
    _forget(register, place, shape)

    with place.open() as opened, pytest.raises(NoSuchRecord):
        opened.records(shape).show(1)


def _reviewed(register, who, language):
    """Decide on every text: nothing of it speaks of somebody else."""
    return Packing(texts=register.packages.texts(who, language), language=language)


def _forget(register, place, shape):
    """Let years pass and run what forgets, twice, as a kept record waits its days of grace."""
    register.__exit__(None, None, None)
    for instant in (LATER, LATER + timedelta(20)):
        place.clock.instant = instant
        with place.open() as opened:
            opened.retention.run(instant.date())
    with place.open() as opened:
        assert opened.context.session.rows(model_of(shape)) == []
        assert not list(opened.retention.due())


def test_free_texts_are_looked_through_for_others(register, shape, enter, tmp_path):
    """A text that names another person's e-mail needs a decision before it is handed out."""
    texts = [
        one for one in shape.fields if one.type in {FieldType.TEXT, FieldType.LINES, FieldType.ROWS}
    ]
    who = enter(register)
    typed, _stored = sample(shape)
    register.records(shape).add(who, {**typed, texts[-1].name: "Zvanīt: cits.kads@example.com"})

    names = {one.id.rpartition("#")[2] for one in register.packages.texts(who)}
    assert {one.name for one in texts} <= names
    with pytest.raises(ReviewNeeded):
        register.packages.access(who, tmp_path / "p")


@pytest.mark.parametrize("decision", ["keep", "blank"])
def test_records_of_others_that_speak_of_an_erased_person_are_told(
    register, cli, shape, enter, decision
):
    """Preview and receipt name each text and the rows; on request the person is blanked out."""
    kinds = {FieldType.TEXT, FieldType.LINES, FieldType.ROWS}
    texts = [one for one in shape.fields if one.type in kinds]
    said = "Runāja Anna Dzeltenspārne, +371 26111222"
    new = NewClient(kind="natural", given_name="Anna", family_name="Dzeltenspārne",
                    phone="+37126111222", relation="prospect", informed="unknown")  # fmt: skip
    anna, other = register.clients.add(new).number, enter(register)
    typed, stored = sample(shape)
    cells = {one.name: f"{said}\n{said} otrreiz" if one.rows else said for one in texts}
    register.records(shape).add(other, {**typed, **cells})
    own = register.records(shape).add(other, typed).number

    found = register.subjects.preview(str(anna)).mentions
    shown = cli("subject", "erase", str(anna), "--preview").stdout
    receipt = register.subjects.erase(str(anna), "no-longer-needed", anna, mentions=decision)

    places = {(one.number, one.record, one.field) for one in found}
    assert places == {(int(other), 1, one.name) for one in texts}
    assert all(f"{one.label} ({shape.one} 1)" in shown for one in texts)
    told = ((int(other),), ()) if decision == "keep" else ((), (int(other),))
    assert (receipt.mentions_left, receipt.mentions_blanked) == told
    left = register.records(shape).show(1, reveal=True).values
    for one in texts:
        whole = left[one.name]
        assert ("Anna" in whole, "Dzeltenspārne" in whole) == ((decision == "keep"),) * 2
        assert "Runāja" in whole
        assert "26111222" in whole or decision == "blank"
    assert register.records(shape).show(own, reveal=True).values == stored
    assert breaches(register) == []
