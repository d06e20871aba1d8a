"""The migration of a kind of record: the table once, columns that come later, nothing by guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.i18n import Words
from crm.models.party import Party
from crm.privacy import LICENCE, PHONE
from crm.shape import description as of
from crm.shape.description import Field, Misdescribed, Shape
from crm.shape.tables import model_of
from gdpr.store.database import create_database
from gdpr.store.upgrade import Upgrader
from tests.house.kind_migrations import step_for
from tests.migrations.test_upgrade import schema_of

W = Words("word", "vārds", "parola")
THING = Shape(
    noun="thing",
    **dict.fromkeys(("many", "one", "new", "none", "about"), W),
    item=LICENCE,
    plain="why",
    fields=(Field("title", W, item=LICENCE, required=True, column=0),),
)
LATER = replace(
    THING,
    fields=(
        *THING.fields,
        Field("phone", W, of.PHONE, item=PHONE, findable=True),
        Field("ends", W, of.DAY),
        Field("pieces", W, of.WHOLE),
    ),
)


def columns(shape):
    return {field.name for field in model_of(shape)._meta.sorted_fields}


def test_the_steps_make_the_table_of_the_description(tmp_path):
    """A kind that got further fields is what it would be had it had them from the beginning."""
    tmp_path.chmod(0o700)
    steps = tmp_path / "steps"
    steps.mkdir()
    for number, step in enumerate(
        (step_for(model_of(THING), ()), step_for(model_of(LATER), columns(THING))), 1
    ):
        (steps / f"{number:04}_{step.name}.py").write_text(step.text, "utf-8")
    made = create_database(str(tmp_path / "made.db"))
    declared = create_database(str(tmp_path / "declared.db"))

    Upgrader(made, steps).upgrade()
    with declared.bind_ctx([model_of(LATER)]):
        declared.create_tables([model_of(LATER)])

    assert schema_of(made) == schema_of(declared)


def test_nothing_is_written_for_a_table_that_is_there():
    """No step is made where no column lacks."""
    assert step_for(model_of(THING), columns(THING)) is None


def test_what_was_taken_away_is_left_to_somebody():
    """What becomes of stored values nobody can guess."""
    with pytest.raises(Misdescribed):
        step_for(model_of(THING), columns(LATER))


def test_a_column_that_must_not_be_empty_is_left_to_somebody():
    """Old rows would have nothing to hold there."""
    with pytest.raises(Misdescribed):
        step_for(Party, {"id", "rev", "mac", "number"})
