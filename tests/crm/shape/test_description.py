"""A description that contradicts itself is found when it is loaded, not when somebody types."""

from __future__ import annotations

import re

import pytest

from crm.i18n import Words
from crm.privacy import BANK, LICENCE, PHONE
from crm.shape import description as of
from crm.shape.description import (
    RESERVED,
    Cell,
    Field,
    Misdescribed,
    Move,
    RetentionClock,
    Shape,
    States,
)
from crm.shape.tables import KeptKindRow

W = Words("word", "vārds", "parola")
TITLE = Field("title", W, item=LICENCE, required=True, column=0)
STATES = States({"open": W, "closed": W}, (Move("close", W, ("open",), "closed"),))


def described(*fields, **parts):
    words = dict.fromkeys(("many", "one", "new", "none", "about"), W)
    return Shape(
        **{"noun": "thing", **words, "item": LICENCE, "plain": "why", "fields": (TITLE, *fields)}
        | parts
    )


def test_a_sound_description_is_taken():
    """A day of its own, a state and a clock are taken as they are."""
    shape = described(
        Field("ends", W, of.DAY),
        states=STATES,
        clocks=(RetentionClock("contracts", "contract_end", "ends"),),
    )

    assert (shape.kept, shape.category.code, shape.states.first) == (True, "contract", "open")


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("Title", of.TEXT, {"item": LICENCE}),
        ("number", of.TEXT, {"item": LICENCE}),
        ("notes", of.TEXT, {}),
        ("notes", of.LINES, {}),
        ("kind", of.CODE, {"codes": {"a": W}}),
        ("sort", of.CODE, {}),
        ("sort", of.TEXT, {"item": LICENCE, "codes": {"a": W}}),
        ("sort", of.CODE, {"codes": {"Not a code": W}}),
        ("leads", of.REFERENCE, {}),
        ("leads", of.REFERENCE, {"to": "thing", "item": LICENCE}),
        ("leads", of.REFERENCES, {}),
        ("leads", of.REFERENCES, {"to": "thing", "item": LICENCE}),
        ("account", of.IBAN, {"item": LICENCE, "findable": True}),
        ("account", of.TEXT, {"item": BANK, "findable": True}),
        ("paid", of.MONEY, {"item": BANK}),
        ("parts", of.TEXT, {"item": LICENCE}),
        ("with", of.TEXT, {"item": LICENCE}),
        ("lines", of.ROWS, {"rows": (Cell("text", W),)}),
        ("lines", of.ROWS, {"item": LICENCE}),
        ("lines", of.ROWS, {"item": BANK, "rows": (Cell("text", W),)}),
        ("lines", of.LINES, {"item": LICENCE, "rows": (Cell("text", W),)}),
        ("lines", of.ROWS, {"item": LICENCE, "rows": (Cell("text", W), Cell("text", W))}),
        ("lines", of.ROWS, {"item": LICENCE, "rows": (Cell("phone", W, of.PHONE),)}),
        ("lines", of.ROWS, {"item": LICENCE, "rows": (Cell("leads", W, of.REFERENCE),)}),
        ("lines", of.ROWS, {"item": LICENCE, "rows": (Cell("lines", W, of.ROWS),)}),
        ("lines", of.ROWS, {"item": LICENCE, "rows": (Field("ends", W, of.DAY),)}),
    ],
)
def test_a_field_that_could_not_be_kept_is_refused(name, kind, options):
    """Free text without an item, dots in place of an amount, a token of something else: none."""
    with pytest.raises(Misdescribed):
        Field(name, W, kind, **options)


@pytest.mark.parametrize(
    "parts",
    [
        {"noun": "Thing"},
        {"plain": ""},
        {"fields": (TITLE, TITLE)},
        {"fields": (Field("phone", W, of.PHONE, item=PHONE, column=0),)},
        {"fields": (Field("title", W, item=LICENCE, required=True),)},
        {"states": States({"open": W}, (Move("close", W, ("open",), "closed"),))},
        {"states": States({"open": W}, (Move("open", W, ("open",), "open", stamps="title"),))},
        {"states": States({"open": W}, (Move("export", W, ("open",), "open"),))},
        {"clocks": (RetentionClock("contracts", "contract_end", field="title"),)},
        {"clocks": (RetentionClock("contracts", "contract_end"),)},
        {"clocks": (RetentionClock("contracts", "contract_end", state="closed"),)},
    ],
)
def test_a_part_that_names_what_is_not_there_is_refused(parts):
    """States, verbs and clocks lead to fields and states that exist."""
    with pytest.raises(Misdescribed):
        described(**parts)


def test_words_are_said_in_each_language():
    """A phrase comes whole in the language asked for, and in English where there is none."""
    assert [W.said(one) for one in ("en", "lv", "it", "de")] == ["word", "vārds", "parola", "word"]


def test_no_field_hides_what_a_row_can_do():
    """A field named like something every row has would take its place without a word."""
    own = {name for name in dir(KeptKindRow) if re.fullmatch(r"[a-z][a-z0-9_]*", name)}

    assert own <= RESERVED
