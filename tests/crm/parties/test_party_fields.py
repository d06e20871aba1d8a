"""The fields of a party are said once, and what repeats their names for a type checker agrees."""

from __future__ import annotations

from crm.kinds.party import ADDRESSES, BY_NAME, FIELDS, FURTHER, IN_FORMS, ON_CARDS, TYPED
from crm.models.attached import FURTHER_MODELS, ToMend
from crm.models.party import Party
from crm.parties.cards import NAMED, ClientCard


def test_the_typed_fields_are_those_of_the_description() -> None:
    """Whoever adds a field to one of the two and misspells it in the other is told."""
    assert sorted(one.name for one in FIELDS if one.asked) == sorted(NAMED)


def test_every_field_has_its_column_and_its_place_everywhere() -> None:
    """Columns stand in the order of the description; forms, commands and cards leave none out."""
    assert [one.name for one in FIELDS] == [one.name for one in Party.layout().sealed]
    asked = sorted(one.name for one in FIELDS if one.asked)
    assert [sorted(order) for order in (TYPED, IN_FORMS, ON_CARDS)] == [asked] * 3
    assert len(ADDRESSES) == 2


def test_what_a_field_leads_to_is_there() -> None:
    """Further values have a table and a list on the card, values set aside a column."""
    for field in FIELDS:
        assert {field.natural_as or field.name, field.legal_as or field.name} <= set(BY_NAME)
        assert not field.further or field.further in FURTHER
        assert not field.aside or ToMend.layout().column(field.aside)
    for kind, one in FURTHER.items():
        layout = FURTHER_MODELS[kind].layout()
        assert (layout.table, layout.column(kind).item) == (one.table, one.item.code)
        assert one.several in ClientCard.__slots__
