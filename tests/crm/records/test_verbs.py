"""What every kind of record can do, walked over all there are: entered, corrected, moved, found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from crm.errors import ReferenceLost, ReferenceToItself
from crm.kartoteka import LogFilter
from crm.parties.cards import NewClient
from crm.privacy import MASKED, ROLES
from crm.records.errors import MoveImpossible, NoSuchRecord, RecordChanged
from crm.session.access import access_of
from crm.session.rights import may
from crm.shape.cards import RecordQuery
from crm.shape.description import FieldType
from crm.shape.errors import FieldOfNone, FieldRequired
from crm.shape.tables import model_of
from gdpr.audit.events import Event
from gdpr.errors import NoKey, NoLawfulBasis, NoRight
from tests.crm.records.samples import first_text, sample

# Days that a check may hold against each other.
_TIED = {FieldType.DAY}


@pytest.fixture
def records(register, shape):
    return register.records(shape)


def test_a_record_is_stored_sealed_and_read_back(register, place, records, shape, enter):
    """Each field comes back as it is stored, and what has an item lies in the file sealed."""
    who = enter(register)
    typed, stored = sample(shape)

    card = records.add(who, typed)

    revealed = records.show(card.number, reveal=True)
    assert (card.client, dict(revealed.values)) == (int(who), stored)
    sealed = [one.name for one in shape.fields if one.item is not None]
    with closing(sqlite3.connect(place.vault)) as raw:
        (row,) = raw.execute(f"SELECT {', '.join(sealed)} FROM {shape.noun}").fetchall()
    assert [value[0] for value in row] == [1] * len(sealed)


def test_numbers_of_people_are_masked_and_those_of_firms_are_not(register, records, shape, enter):
    """What may be masked shows as dots for a human being, until somebody asks to see it."""
    masked = [one.name for one in shape.fields if one.item in MASKED]
    typed, stored = sample(shape)

    human = records.add(enter(register), typed)
    company = records.add(enter(register, legal=True), typed)

    assert human.masked == tuple(masked)
    assert all("••••" in (human.values[name] or "") for name in masked)
    assert (company.masked, dict(company.values)) == ((), stored)


def test_a_field_nobody_knows_or_that_is_empty_is_refused(register, records, shape, enter):
    """A record lacks nothing that is required, and has no field that is not described."""
    who = enter(register)
    typed, _stored = sample(shape)
    required = [one.name for one in shape.fields if one.required]

    for name in required:
        with pytest.raises(FieldRequired):
            records.add(who, {**typed, name: " "})
    with pytest.raises(FieldOfNone):
        records.add(who, {**typed, "no_such_field": "x"})
    assert records.list().total == 0


def test_what_no_purpose_names_is_not_stored(register, records, shape, enter, leave):
    """Of somebody whose grounds have ended nothing new is kept: exit 4, and nothing is written."""
    who = enter(register)
    leave(register, who, now=False)
    typed, _stored = sample(shape)

    with pytest.raises(NoLawfulBasis):
        records.add(who, typed)
    assert records.list().total == 0


def test_an_edit_changes_what_differs_and_overwrites_nobody(register, records, shape, enter):
    """Only changed fields are counted in the log; what somebody else changed since stays."""
    field = first_text(shape)
    typed, stored = sample(shape)
    number = records.add(enter(register), typed).number

    edited = records.edit(number, {field.name: "Citāds", **_one_more(shape, stored, field.name)})

    assert edited.values[field.name] == "Citāds"
    assert _last(register, Event.RECORD_EDITED) == {"noun": shape.noun, "fields": 1}
    with pytest.raises(RecordChanged):
        records.edit(number, {field.name: "Vēl citāds"}, seen={field.name: stored[field.name]})
    assert records.show(number).values[field.name] == "Citāds"
    records.edit(number, {field.name: "Vēl citāds"}, seen={field.name: "Citāds"})


def test_a_masked_field_is_seen_as_dots(register, records, shape, enter):
    """Whoever saw only dots may change what is behind them, if nobody else did meanwhile."""
    masked = [one.name for one in shape.fields if one.item in MASKED]
    typed, _stored = sample(shape)
    other, _ = sample(shape, 1)
    card = records.add(enter(register), typed)

    for name in masked:
        records.edit(card.number, {name: other[name]}, seen={name: card.values[name]})
        with pytest.raises(RecordChanged):
            records.edit(card.number, {name: ""}, seen={name: card.values[name]})


def test_whatever_may_be_empty_is_emptied(register, records, shape, enter):
    """The only value of a category goes with the key it was sealed with, and may come back."""
    typed, stored = sample(shape)
    number = records.add(enter(register), typed).number
    free = [one.name for one in shape.fields if not one.required]

    for name in free:
        assert records.edit(number, {name: ""}).values[name] is None
    records.edit(number, {name: typed[name] for name in free if name in typed})

    assert dict(records.show(number, reveal=True).values) == stored


def test_a_change_is_put_back_unless_somebody_changed_it_since(register, records, shape, enter):
    """All of a correction comes back, masked or not, as an entry of its own; never over another."""
    typed, stored = sample(shape)
    other, other_stored = sample(shape, 1)
    other = {name: text for name, text in other.items() if shape.field(name).type not in _TIED}
    number = records.add(enter(register), typed).number

    edited = records.edit(number, other)
    assert repr(stored[first_text(shape).name]) not in repr(edited)
    back = records.undo(edited.undo)

    assert dict(records.show(number, reveal=True).values) == stored
    told = {"noun": shape.noun, "fields": len(edited.undo.before)}
    assert _last(register, Event.RECORD_EDITED) == told
    again = records.undo(back.undo)
    assert again.values[first_text(shape).name] == other_stored[first_text(shape).name]
    records.edit(number, {first_text(shape).name: "Citāds"})
    with pytest.raises(RecordChanged):
        records.undo(again.undo)
    assert records.show(number).values[first_text(shape).name] == "Citāds"
    assert records.edit(number, {first_text(shape).name: "Citāds"}).undo is None


def test_a_move_is_put_back_with_its_day(register, place, records, shape, enter):
    """The state, the day of it and the day that was stamped are as before, if it stayed there."""
    if shape.states is None:
        pytest.skip("has no states")
    move = next(one for one in shape.states.moves if shape.states.first in one.before)
    typed, _stored = sample(shape)
    number = records.add(
        enter(register), {name: text for name, text in typed.items() if name != move.stamps}
    ).number
    before = records.show(number)
    (row,) = register.context.session.rows(model_of(shape))
    since = row.state_since
    place.clock.instant += timedelta(days=1)

    with place.open() as later:
        moved = later.records(shape).move(number, move.verb)
    assert (moved.state, records.undo(moved.undo)) == (move.after, before)

    assert _last(register, Event.RECORD_MOVED) == {"noun": shape.noun, "state": before.state}
    (row,) = register.context.session.rows(model_of(shape))
    assert row.state_since == since
    with pytest.raises(RecordChanged):
        records.undo(moved.undo)


def test_states_lead_from_one_to_the_next(register, records, shape, enter):
    """A verb works from its states only, stamps its day, and is an entry of the log."""
    if shape.states is None:
        pytest.skip("has no states")
    typed, _stored = sample(shape)
    stamped = {move.stamps for move in shape.states.moves}
    given = {name: text for name, text in typed.items() if name not in stamped}
    number = records.add(enter(register), given).number
    state = shape.states.first

    for move in shape.states.moves:
        if state in move.before:
            card = records.move(number, move.verb)
            state = move.after
            assert card.state == state
            assert _last(register, Event.RECORD_MOVED) == {"noun": shape.noun, "state": state}
            if move.stamps:
                assert card.values[move.stamps] == register.context.day.isoformat()
        else:
            with pytest.raises(MoveImpossible):
                records.move(number, move.verb)


def test_a_way_back_takes_its_day_along(register, records, shape, enter):
    """What may happen once more has not happened: its day goes, and the clock on that day."""
    pairs = [
        (there, back)
        for there in (shape.states.moves if shape.states else ())
        for back in shape.states.moves
        if there.stamps and shape.states.first in there.before
        if (there.after in back.before and back.after in there.before)
    ]
    if not pairs:
        pytest.skip("no state of this kind is left and entered again")
    there, back = pairs[0]
    typed, _stored = sample(shape)
    number = records.add(
        enter(register), {name: text for name, text in typed.items() if name != there.stamps}
    ).number

    gone = records.move(number, there.verb)
    again = records.move(number, back.verb)

    assert gone.values[there.stamps] == register.context.day.isoformat()
    assert again.values[there.stamps] is None


def test_a_reference_leads_to_a_record_of_the_same_client(register, records, shape, enter):
    """No record leads to one of somebody else, or to none."""
    references = [one for one in shape.fields if one.to]
    one, other = enter(register), enter(register, legal=True)
    typed, _stored = sample(shape)
    first, strange = records.add(one, typed).number, records.add(other, typed).number

    for field in references:
        target = first if field.to == shape.noun else None
        if target is None:
            continue
        card = records.add(one, {**typed, field.name: str(target)})
        assert card.values[field.name] == str(target)
        for wrong in (strange, 999):
            with pytest.raises(ReferenceLost):
                records.edit(card.number, {field.name: str(wrong)})
        with pytest.raises(ReferenceToItself) as itself:
            records.edit(card.number, {field.name: str(card.number)})
        assert itself.value.called["field"] == (field.label,)
        if field.several:
            second = records.add(one, typed).number
            edited = records.edit(card.number, {field.name: [second, first, first]})
            assert edited.values[field.name] == f"{second}, {first}"
            with pytest.raises(ReferenceToItself):
                records.edit(card.number, {field.name: [first, card.number]})
            with pytest.raises(RecordChanged):
                records.edit(card.number, {field.name: ""}, seen={field.name: str(first)})
            for wrong in (f"{first}, {strange}", f"{first}; 999"):
                with pytest.raises(ReferenceLost):
                    records.edit(card.number, {field.name: wrong})
            seen = {field.name: f"[{second},{first}]"}
            assert (
                records.edit(card.number, {field.name: " "}, seen=seen).values[field.name] is None
            )


def test_lists_are_narrowed_sorted_and_paged(register, records, shape, enter):
    """Of a client, in a state, by a code, holding a text, in any order, a page at a time."""
    one, other = enter(register), enter(register, legal=True)
    for which, who in enumerate((one, other, one)):
        records.add(who, sample(shape, which % 2)[0])
    text = sample(shape, 1)[1][first_text(shape).name]

    def numbers(**wanted):
        return [card.number for card in records.list(RecordQuery(**wanted)).cards]

    assert numbers() == [1, 2, 3]
    assert numbers(who=one) == [1, 3]
    assert numbers(text=text.upper()) == [2]
    assert numbers(text="SIA Žubītes") == [2]
    assert numbers(sort="client", descending=True)[0] == 2
    assert (numbers(start=1, limit=1), records.list(RecordQuery(limit=1)).total) == ([2], 3)
    for field in shape.fields:
        values = [sample(shape, which)[1][field.name] for which in (0, 1, 0)]
        found = numbers(sort=field.name)
        assert sorted(found) == [1, 2, 3], field.name
        if field.type in {FieldType.DAY, FieldType.TEXT, FieldType.MONEY, FieldType.WHOLE}:
            smallest = min(range(3), key=lambda place: _order(field, values[place]))
            assert values[found[0] - 1] == values[smallest], field.name
        if field.codes:
            code = list(field.codes)[1]
            assert numbers(equals={field.name: code}) == [2]
    if shape.states is not None:
        assert numbers(state=shape.states.first) == [1, 2, 3]


def test_a_number_is_found_however_it_is_written(register, records, shape, enter):
    """What is found by a token is found whole, masked or not, and by another spelling too."""
    typed, stored = sample(shape)
    records.add(enter(register), typed)
    records.add(enter(register), {first_text(shape).name: "Bez nekā", **_required(shape, typed)})

    for field in (one for one in shape.fields if one.findable):
        for spelling in (typed[field.name], stored[field.name]):
            assert [card.number for card in records.find(spelling).cards] == [1], field.name


def test_roles_read_and_write_what_they_may(register, place, shape, enter, hire):
    """Whoever does not read the category sees no record, and a field of another one is hidden."""
    typed, stored = sample(shape)
    who = enter(register)
    register.records(shape).add(who, typed)
    for role in ("technician", "accountant", "auditor", "office"):
        with place.open(hire(role)) as opened:
            access, records = opened.context.access, opened.records(shape)
            if shape.category.code not in access.reads:
                with pytest.raises(NoKey):
                    records.list()
                continue
            card = records.show(1, reveal=True)
            for field in shape.fields:
                readable = field.item is None or field.item.category.code in access.reads
                expected = stored[field.name] if readable else None
                assert card.values[field.name] == expected, (role, field.name)
            if shape.category.code not in access.writes:
                with pytest.raises(NoRight):
                    records.add(who, typed)


def test_the_log_believes_only_who_may_write_the_kind(shape):
    """An entry about records is damage where its signer may not write them, or changed more."""
    for role in ROLES:
        may_write = shape.category.code in access_of([role]).writes
        for event in (Event.RECORD_ADDED, Event.RECORD_EDITED, Event.RECORDS_IMPORTED):
            assert may((role,), event.value, [shape.noun]) == may_write, (role, event)
            assert not may((role,), event.value, [shape.noun, "setting"])
        assert not may((role,), Event.RECORD_SHOWN.value, [shape.noun])


def test_a_record_that_is_not_there_is_said_so(register, records, shape):
    """A number that was never given is exit 3."""
    for verb in (records.show, lambda number: records.edit(number, {first_text(shape).name: "x"})):
        with pytest.raises(NoSuchRecord):
            verb(17)


def test_a_number_of_somebody_gone_stops_nobody(register, records, shape, enter, leave):
    """Who is entered after an erasure is not compared with people who are not there any more."""
    typed, _stored = sample(shape)
    who = enter(register)
    records.add(who, typed)
    leave(register, who)
    phones = [one for one in shape.fields if one.type is FieldType.PHONE and one.findable]
    for field in phones:
        new = NewClient(kind="legal", name="SIA Citi", relation="client", phone=typed[field.name])
        assert register.clients.add(new).number


def _one_more(shape, stored, name):
    """Give one further field as it is already."""
    for field in shape.fields:
        if field.name != name and field.type is FieldType.TEXT:
            return {field.name: stored[field.name]}
    return {}


def _required(shape, typed):
    return {
        one.name: typed[one.name]
        for one in shape.fields
        if one.required and one is not first_text(shape)
    }


def _order(field, value):
    return float(value) if field.type in {FieldType.MONEY, FieldType.WHOLE} else value.casefold()


def _last(register, event):
    return register.audit.log(LogFilter(event=event.value, limit=1))[0].told


def test_the_table_is_there(register, shape):
    """The class of a kind of record is one of the schema's, or no rule would reach it."""
    assert model_of(shape) in register.context.session.schema.models
