"""The commands of every kind of record: typed, given as JSON, answered in words and in codes."""

from __future__ import annotations

import json

import pytest

from crm import i18n
from crm.oversight.audit_details import told_value
from crm.shape.description import FieldType
from gdpr.audit.events import Event
from tests.crm.records.samples import as_json, as_text, first_text, sample


@pytest.fixture
def who(place, enter):
    with place.open() as register:
        return enter(register)


def switches(shape, typed):
    return [word for name, text in typed.items() for word in (shape.field(name).switch, text)]


def test_a_record_is_typed_shown_and_given_back_as_json(cli, shape, who):
    """Options and JSON make the same record, and what `show` answers can be given to `add`."""
    typed, stored = sample(shape)

    added = cli(shape.noun, "add", who, *switches(shape, typed), "--format", "json")
    shown = cli(shape.noun, "show", "1", "--reveal", "--format", "json")
    again = cli(shape.noun, "add", who, "-", "--format", "json", stdin=shown.stdout)

    assert (added.exit_code, shown.exit_code, again.exit_code) == (0, 0, 0), again.stderr
    told = json.loads(shown.stdout)
    assert {name: told[name] for name in stored} == as_json(shape, stored)
    assert (told["number"], told["client"]) == (1, int(who))
    second = json.loads(cli(shape.noun, "show", "2", "--reveal", "--format", "json").stdout)
    assert {**second, "number": 1} == told


def test_an_edit_says_what_somebody_has_seen(cli, shape, who):
    """A field changed since is not overwritten: exit 1, and the fields are named."""
    typed, stored = sample(shape)
    name = first_text(shape).name
    cli(shape.noun, "add", who, *switches(shape, typed))

    first = cli(shape.noun, "edit", "1", f"{name}=Cita", "--seen", f"{name}={stored[name]}")
    late = cli(shape.noun, "edit", "1", f"{name}=Trešā", "--seen", f"{name}={stored[name]}")
    piped = cli(shape.noun, "edit", "1", "-", stdin=json.dumps({name: "Ceturtā"}))
    wrong = cli(shape.noun, "edit", "1", "no_such_field=x")

    codes = [one.exit_code for one in (first, late, piped, wrong)]
    assert codes == [0, 1, 0, 2]
    assert name in late.stderr
    assert "Ceturtā" in piped.stdout


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_a_list_speaks_the_language_of_its_reader(cli, shape, who, language):
    """Headings, codes and states stand in a table in words, and as codes in what scripts read."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, *switches(shape, typed))

    table = cli("--lang", language, shape.noun, "list").stdout
    lines = cli("--lang", language, shape.noun, "list", "--format", "jsonl").stdout

    for field in shape.columns:
        assert field.label.said(language) in table.splitlines()[0]
        if field.codes:
            assert field.codes[stored[field.name]].said(language) in table
    if shape.states is not None:
        assert shape.states.words[shape.states.first].said(language) in table
        assert json.loads(lines)["state"] == shape.states.first
    assert shape.about.said(language) in cli("--lang", language, shape.noun, "--help").stdout
    page = cli("--lang", language, shape.noun, "add", "--help").stdout
    assert all(one.label.said(language) in page for one in shape.fields)


def test_a_list_is_narrowed_and_sorted_by_its_options(cli, shape, who):
    """By client, state, code, field and page; an order nobody knows is exit 2."""
    for which in (0, 1):
        cli(shape.noun, "add", who, *switches(shape, sample(shape, which)[0]))

    def numbers(*words):
        told = json.loads(cli(shape.noun, "list", *words, "--format", "json").stdout)
        return [one["number"] for one in told]

    assert numbers(who) == [1, 2]
    assert numbers("--descending", "--limit", "1") == [2]
    assert numbers("--start", "1") == [2]
    for field in (one for one in shape.fields if one.type is FieldType.CODE):
        assert numbers("--where", f"{field.name}={list(field.codes)[1]}") == [2]
    if shape.states is not None:
        assert numbers("--state", shape.states.first) == [1, 2]
    assert cli(shape.noun, "list", "--sort", "colour_of_the_sky").exit_code == 2
    assert "2" in cli(shape.noun, "list", "--limit", "1").stderr


def test_a_record_is_found_and_moved(cli, shape, who):
    """A part of its text finds it; the verbs of its states move it."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, *switches(shape, typed))
    part = stored[first_text(shape).name].split()[1]

    found = json.loads(cli(shape.noun, "find", part, "--format", "json").stdout)

    assert [one["number"] for one in found] == [1]
    for move in shape.states.moves if shape.states else ():
        possible = shape.states.first in move.before
        done = cli(shape.noun, move.verb.replace("_", "-"), "1", "--format", "json")
        assert done.exit_code == (0 if possible else 2)
        if possible:
            assert json.loads(done.stdout)["state"] == move.after
            break
    assert cli(shape.noun, "show", "99").exit_code == 3


def test_the_log_says_which_kind_it_was(cli, shape, who):
    """An entry names the kind of record in the reader's words, and no value of it."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, *switches(shape, typed))

    log = cli("audit", "log", "--event", Event.RECORD_ADDED.value, "--format", "json").stdout

    (entry,) = json.loads(log)
    i18n.use("lv")
    assert told_value(entry["told"]["noun"], {}) == shape.one.lv
    assert not any(text in log for text in stored.values() if text and len(text) > 8)


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_rows_are_shown_under_their_headings(cli, shape, who, language):
    """A record is shown with its rows as a table in words; a list says how many there are."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, *switches(shape, typed))

    page = cli("--lang", language, shape.noun, "show", "1").stdout
    listed = cli("--lang", language, shape.noun, "list").stdout

    for field in (one for one in shape.fields if one.rows):
        text = page.partition(f"\n{field.label.said(language)}\n")[2]
        assert all(one.label.said(language) in text.splitlines()[0] for one in field.rows)
        for row in as_json(shape, stored)[field.name]:
            for column in field.rows:
                said = column.word(row[column.name])
                assert (said.said(language) if column.codes and said else said) in text
        assert stored[field.name] not in listed
        if field.column is not None:
            assert field.label.said(language) in listed.splitlines()[0]


def test_rows_are_given_as_a_list_of_objects(cli, shape, who):
    """What `show` answers says what was seen, and lines in another language are the same rows."""
    fields = [one for one in shape.fields if one.rows]
    typed, stored = sample(shape)
    for field in fields:
        rows = as_json(shape, stored)[field.name]
        other = sample(shape, 1)[1]
        text = as_text(shape, other, "lv")[field.name]
        cli(shape.noun, "add", who, "-", stdin=json.dumps({**typed, field.name: rows}))
        edited = cli(
            shape.noun, "edit", "1", f"{field.name}={text}",
            "--seen", f"{field.name}={json.dumps(rows)}", "--format", "json",
        )  # fmt: skip
        assert edited.exit_code == 0, edited.stderr
        assert json.loads(edited.stdout)[field.name] == as_json(shape, other)[field.name]
        wrong = cli(shape.noun, "edit", "1", "-", stdin=json.dumps({field.name: [[1]]}))
        assert (wrong.exit_code, f"{field.label}, 1" in wrong.stderr) == (2, True)
        gone = cli(shape.noun, "edit", "1", f"{field.name}=", "--format", "json")
        assert json.loads(gone.stdout)[field.name] is None


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_what_is_kept_of_a_record_is_named_by_its_number_and_field(cli, shape, who, language):
    """`why` and the preview of an erasure call a record as its lists do, not by an item."""
    typed, stored = sample(shape)
    cli(shape.noun, "add", who, *switches(shape, typed))
    sealed = {one.name: one for one in shape.fields if one.item is not None and stored[one.name]}

    why = cli("--lang", language, "client", "why", who).stdout
    preview = cli("--lang", language, "subject", "erase", who, "--preview").stdout
    goes = json.loads(cli("subject", "erase", who, "--preview", "--format", "json").stdout)
    data = json.loads(cli("client", "why", who, "--format", "json").stdout)["data"]

    record = f"{shape.one.said(language)} 1"
    assert record in preview
    for field in sealed.values():
        assert f"{field.label.said(language)} ({record})" in why
        assert field.label.said(language) in preview
    assert {one["field"] for one in data if one.get("number") == 1} == set(sealed)
    lines = [*goes["goes"], *goes["stays"]]
    assert {name for one in lines for name in one.get("fields", ())} == set(sealed)


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_a_record_needs_a_client_and_its_required_fields(cli, shape, who, language):
    """Without a client the field of the client is named, and the help says what must be given."""
    typed, _stored = sample(shape)
    label, mark = {
        "en": ("client", "[required]"), "lv": ("klients", "[obligāts]"),
        "it": ("cliente", "[obbligatorio]"),
    }[language]  # fmt: skip

    for nobody in ("", " ", "\u200b"):
        done = cli("--lang", language, shape.noun, "add", nobody, *switches(shape, typed))
        assert (done.exit_code, label in done.stderr.lower()) == (2, True), done.stderr
    page = cli("--lang", language, shape.noun, "add", "--help").stdout
    lines = " ".join(page.split()).split(" --")
    for field in shape.fields:
        (line,) = [one for one in lines if one.startswith(f"{field.switch.removeprefix('--')} ")]
        assert (mark in line) is field.required
