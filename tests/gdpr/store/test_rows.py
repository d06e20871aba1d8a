"""Rows: sealed as declared, written only under deed and warrant, merged or refused, never lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import IntegrityError, TextField

from gdpr.audit.events import Event
from gdpr.errors import Conflict, NoLawfulBasis, NoRight, NotFound, Unreadable
from gdpr.store.errors import AlreadyKnown, PlaintextRefused, UndeclaredColumn
from gdpr.store.fields import Ciphertext, Plain
from gdpr.store.record import Record
from gdpr.store.sealing import RowSeal
from gdpr.store.session import Session
from gdpr.store.transaction import Transaction
from gdpr.store.warrant import Warrant
from gdpr.vault.fields import draw_nonces
from tests.gdpr.kernel import (
    ITEMS,
    SCHEMA,
    Paper,
    Person,
    Remark,
    add_person,
    fresh_id,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


def test_a_row_on_disk_holds_no_plaintext(place, journal):
    """What is personal is ciphertext in the file from the first write on."""
    add_person(journal, name="Kanārija", number="LV-777-CANARY", remark="dzied no rīta")

    content = b"".join(p.read_bytes() for p in place.folder.rglob("*") if p.is_file())

    for text in ("Kanārija", "LV-777-CANARY", "dzied no rīta"):
        assert text.encode() not in content


def test_every_value_comes_back_through_the_desk_that_read_it(journal, kernel_desk):
    """A record opens its fields with the keys of its desk and through nothing else."""
    person = add_person(journal, name="Anna", number="7", remark="x")

    read = journal.session.get(Person, person)

    assert (read.name, read.number, read.remark) == ("Anna", "7", "x")
    assert "Anna" not in repr(read)
    assert isinstance(read.__data__["name"], bytes)


def test_nothing_personal_is_stored_without_a_warrant(journal):
    """A missing, narrower or foreign warrant refuses the row, and nothing of it is left."""
    for warrant in (
        None,
        Warrant(b"x" * 16, ITEMS),
        Warrant(b"p" * 16, frozenset({"number", "remark"})),
    ):
        with pytest.raises(NoLawfulBasis), journal.audited_change(Event.PARTY_ADDED) as deed:
            deed.insert(Person(id=b"p" * 16, name="Anna"), warrant)

    assert not journal.session.rows(Person)
    assert not journal.session.rows(journal.session.key_model)


def test_a_transaction_without_its_last_word_cannot_be_made():
    """There is no way to write that does not conclude with an entry."""
    with pytest.raises(TypeError):
        Transaction(None)


def test_a_query_built_by_hand_cannot_put_or_seek_plaintext(kernel_desk):
    """Peewee's own insert, update and where refuse an unsealed value."""
    with bound(kernel_desk):
        for query in (
            Person.insert(id=fresh_id(), rev=1, mac=b"", kind="natural", name="Anna"),
            Person.update(name="Anna"),
            Person.select().where(Person.name == "Anna"),
        ):
            with pytest.raises(PlaintextRefused):
                query.execute()


def bound(desk):
    return desk.database.bind_ctx(list(SCHEMA.all_models()))


def test_the_schema_itself_refuses_an_unsealed_value(journal):
    """Raw SQL cannot put plaintext into a sealed column either."""
    person = add_person(journal)

    for value in (b"Anna", b"\x02" + b"x" * 60, "x" * 60):
        with pytest.raises(IntegrityError):
            journal.session.database.execute_sql(
                "UPDATE person SET name = ? WHERE id = ?", (value, person)
            )


def test_a_class_with_an_undeclared_column_is_refused():
    """A column that names neither an item nor a reason does not work."""

    class Sloppy(Record):
        nickname = TextField()

        class Meta:
            table_name = "sloppy"

    with pytest.raises(UndeclaredColumn):
        Sloppy.layout()


def test_changes_of_different_fields_merge_and_of_the_same_conflict(journal):
    """Two desks that change other fields both win; the same field tells the second."""
    person = add_person(journal, name="Anna", remark="a")
    first, second, third = (journal.session.get(Person, person) for _ in range(3))
    warrant = Warrant(person, ITEMS)
    first.name, second.remark, third.name = "Ilze", "b", "Zane"

    for record in (first, second):
        with journal.audited_change(Event.PARTY_EDITED, person) as deed:
            deed.update(record, warrant)
    with pytest.raises(Conflict), journal.audited_change(Event.PARTY_EDITED, person) as deed:
        deed.update(third, warrant)

    now = journal.session.get(Person, person)
    assert (now.name, now.remark, now.rev) == ("Ilze", "b", 3)


def test_a_blocking_number_is_refused_by_name_of_column_only(journal):
    """A second row with the same unique number is refused, and the error shows no value."""
    add_person(journal, number="SECRET-1")

    with pytest.raises(AlreadyKnown) as refused:
        add_person(journal, number="secret-1")

    assert "number" in str(refused.value)
    assert "secret" not in str(refused.value).lower()


def test_a_role_that_may_only_read_changes_nothing(place, journal):
    """Without the right to write a category no field of it changes."""
    person = add_person(journal, name="Anna")
    reader = Session(journal.session.database, place.vault.ring, SCHEMA, frozenset({"beta"}))
    record = reader.get(Person, person)
    record.name = "Ilze"

    with (
        pytest.raises(NoRight),
        place.journal(reader).audited_change(Event.PARTY_EDITED, person) as deed,
    ):
        deed.update(record, Warrant(person, ITEMS))

    assert reader.get(Person, person).name == "Anna"


def test_a_row_that_does_not_verify_is_never_written_again(journal):
    """Damage is reported with table and row, and no change is built on it."""
    person = add_person(journal, name="Anna")
    record = journal.session.get(Person, person)
    journal.session.database.execute_sql("UPDATE person SET kind = 'legal' WHERE id = ?", (person,))
    record.name = "Ilze"

    with (
        pytest.raises(Unreadable) as found,
        journal.audited_change(Event.PARTY_EDITED, person) as deed,
    ):
        deed.update(record, Warrant(person, ITEMS))

    assert found.value.arguments == {"table": "person", "row": person.hex()}


def test_a_category_has_a_key_exactly_while_a_field_of_it_is_filled(journal):
    """Correcting the last field of a category away takes its key along, and the token too."""
    person = add_person(journal, name="Anna", number="7", remark="x")
    record = journal.session.get(Person, person)
    record.remark = None
    record.number = None

    with journal.audited_change(Event.PARTY_EDITED, person) as deed:
        deed.update(record)

    assert set(journal.session.keys_of(person).wrapped) == {"alpha"}
    assert not journal.session.find(Person, "number", "7")


def test_a_remainder_is_sealed_anew_so_that_the_old_key_opens_nothing(journal):
    """After part of a category went, the rest lies under a fresh key in every row of the owner."""
    person = add_person(journal, name="Anna", remark="x")
    remark = Remark(id=fresh_id(), person=person, text="y")
    with journal.audited_change(Event.NOTE_ADDED, person) as deed:
        deed.insert(remark, Warrant(person, ITEMS))
    desk = journal.session
    old = desk.keys_of(person)
    old.open_key("beta")

    with journal.audited_change(Event.ERASED_PARTLY, person) as deed:
        deed.clear(desk.get(Person, person), ["remark"])
        deed.settle(desk.keys_of(person), ["beta"], renew=True)

    left = desk.get(Remark, bytes(remark.id))
    assert left.text == "y"
    with pytest.raises(Unreadable):
        old.open_field(Remark.layout(), Remark.layout().column("text"), left.id, left.stored[4])


def test_a_kept_record_has_keys_of_its_own(journal):
    """A kept record opens after the keys of its subject are gone."""
    person = add_person(journal, name="Anna")
    paper = Paper(id=fresh_id(), person=person, name="Anna", issued=1)
    desk = journal.session
    with journal.audited_change(Event.PARTY_ADDED, bytes(paper.id)) as deed:
        deed.insert(paper, Warrant(person, ITEMS))

    with journal.audited_change(Event.ERASED, person) as deed:
        deed.delete(desk.get(Person, person))
        deed.settle(desk.keys_of(person), ["alpha"], renew=True)

    with pytest.raises(NotFound):
        desk.get(Person, person)
    assert not desk.keys_of(person).wrapped
    assert desk.get(Paper, bytes(paper.id)).name == "Anna"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXTS | st.none(), number=TEXTS | st.none(), remark=TEXTS | st.none())
def test_both_paths_make_the_same_bytes(kernel_vault, name, number, remark):
    """Given the same nonces, a single row and a bulk row are equal to the byte."""
    layout = Person.layout()
    ring = kernel_vault.ring
    owner = b"i" * 16
    keys = {code: ring.new_data_keys([code], owner)[code][0] for code in SCHEMA.categories}
    nonces = draw_nonces(3)
    values = {"name": name, "number": number, "remark": remark, "kind": "natural"}
    rows = []
    for _ in range(2):
        row = [owner, 1, b"", *(values.get(column) for column in layout.columns[3:])]
        RowSeal(layout, ring).seal_row(row, owner, keys, nonces)
        rows.append(row)

    assert rows[0] == rows[1]


def test_bulk_rows_read_back_like_single_ones(journal):
    """Rows of the compiled path verify, open and are found exactly like the others."""
    ids = [fresh_id() for _ in range(1_201)]
    with journal.audited_change(Event.IMPORTED, rows=len(ids)) as deed:
        writer = deed.bulk(Person, ("name", "number", "kind"))
        keys = deed.bulk(journal.session.key_model, ())
        for place, owner in enumerate(ids):
            owned = writer.new_keys(owner)
            values = (f"Nr {place}", str(place), "natural")
            writer.add(owner, values, owned, Warrant(owner, ITEMS))
            keys.add_keys(owned)

    assert journal.session.find(Person, "number", "1200")[0].name == "Nr 1200"
    assert len(journal.session.rows(Person)) == len(ids)
    names = {row[2] for row in journal.session.scan(Person, ["kind"], ["name"])}
    assert names == {f"Nr {place}" for place in range(len(ids))}


def test_the_bulk_path_obeys_the_warrant_too(journal):
    """A bulk row with an item the warrant does not name is refused, and the batch is undone."""
    owner = fresh_id()

    warrant = Warrant(owner, frozenset({"remark"}))

    def write():
        with journal.audited_change(Event.IMPORTED) as deed:
            writer = deed.bulk(Person, ("name", "kind"))
            writer.add(owner, ("Anna", "natural"), writer.new_keys(owner), warrant)

    with pytest.raises(NoLawfulBasis):
        write()

    assert not journal.session.rows(Person)


def test_a_damaged_row_hides_no_other_from_the_directory(journal):
    """A list leaves out the row that does not open, says so, and shows the rest."""
    bad, good = add_person(journal, name="Anna"), add_person(journal, name="Ilze")
    journal.session.database.execute_sql(
        "UPDATE owner_key SET key_alpha = (SELECT key_alpha FROM owner_key WHERE id = ?)"
        " WHERE id = ?",
        (good, bad),
    )

    names = [row[2] for row in journal.session.scan(Person, ["kind"], ["name"])]

    assert names == ["Ilze"]
    assert [type(damage) for damage in journal.session.damage]


def test_sealed_text_is_marked_so_that_columns_can_tell(journal):
    """A stored field is bytes with a type of their own, never a str."""
    person = add_person(journal, name="Anna")
    field = Person._meta.fields["name"]

    sealed = field.python_value(journal.session.get(Person, person).stored[3])

    assert isinstance(sealed, Ciphertext)
    assert field.db_value(sealed) == sealed


def test_two_writers_take_turns(place, journal):
    """A second connection waits for the first instead of failing or losing its change."""
    other = place.journal(place.desk())
    add_person(journal, name="Anna")
    add_person(other, name="Ilze")

    assert len(journal.session.rows(Person)) == 2


def test_plain_columns_say_why():
    """Every plain column of every table carries its reason, from which the data map is made."""
    plain = [f for model in SCHEMA.all_models() for f in model._meta.sorted_fields]

    reasons = [f.reason for f in plain if isinstance(f, Plain)]

    assert reasons
    assert all(reasons)
