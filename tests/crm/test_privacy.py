"""The page a data protection officer reads says what the design decided."""

from __future__ import annotations

import re

import pytest

from crm.privacy import (
    CATEGORIES,
    FINDABLE,
    ITEMS,
    MASKED,
    PRESETS,
    ROLES,
    SMALL_OFFICE,
    AccessLevel,
    Duty,
)

TABLE = """
category  owner privacy office technician accountant auditor
identity  rw    rw      rw     r          r          -
contact   rw    rw      rw     r          r          -
contract  rw    rw      rw     r          rw         -
billing   rw    rw      rw     -          rw         -
support   rw    rw      rw     rw         -          -
marketing rw    rw      rw     -          -          -
evidence  rw    rw      rw     -          -          -
case      rw    rw      -      -          -          -
register  rw    rw      r      r          r          r
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (category, role, cell.replace("-", ""))
    for category, *cells in ROWS[1:]
    for role, cell in zip(ROWS[0][1:], cells, strict=True)
]


@pytest.mark.parametrize(("category", "role", "expected"), CELLS)
def test_a_role_has_the_access_of_the_table(category, role, expected):
    """Each of the 54 cells is as decided."""
    access = {one.code: given for one, given in ROLES[role].access.items()}

    assert (access | {"register": ROLES[role].register})[category] == expected


def test_roles_and_categories_are_those_of_the_table():
    """There is no ninth category and no seventh role."""
    assert list(ROLES) == ROWS[0][1:]
    assert {category.code for category in CATEGORIES} == {row[0] for row in ROWS[1:-1]}


def test_reading_comes_before_writing():
    """Nobody writes what they cannot read, and an auditor reads no personal category."""
    for role in (*ROLES.values(), *PRESETS.values()):
        for category in CATEGORIES:
            assert role.reads(category) or not role.writes(category)
    assert not any(ROLES["auditor"].reads(category) for category in CATEGORIES)


def test_duties_are_few():
    """Keys and users are the owner's; erasure and purposes the privacy contact's too."""
    holders = {duty: {role.code for role in ROLES.values() if duty in role.duties} for duty in Duty}

    for duty in (Duty.USERS, Duty.KEYS, Duty.BACKUP):
        assert holders[duty] == {"owner"}
    for duty in (Duty.ERASURE, Duty.PURPOSES, Duty.HOLDS):
        assert holders[duty] == {"owner", "privacy"}


def test_a_small_office_gives_everyone_all_but_keys_and_holds():
    """The preset reads and writes everything and touches neither keys nor holds."""
    assert set(SMALL_OFFICE.access.values()) == {AccessLevel.WRITE}
    assert frozenset(Duty) - SMALL_OFFICE.duties == {Duty.KEYS, Duty.HOLDS}


def test_items_are_well_named():
    """Codes are words, terms are full addresses of the vocabulary, and every category has items."""
    for code, item in ITEMS.items():
        assert item.code == code
        assert re.fullmatch(r"[a-z][a-z_]*", code)
        assert re.fullmatch(r"https://w3id\.org/dpv(/pd|/legal/eu/gdpr)?#[A-Z]\w+", item.dpv)
    assert {item.category for item in ITEMS.values()} == set(CATEGORIES)


@pytest.mark.parametrize(
    ("item", "category"),
    [
        ("language", "identity"),
        ("position", "contact"),
        ("channel", "contact"),
        ("official_number", "billing"),
        ("time", "billing"),
        ("licence", "contract"),
        ("correspondence", "support"),
        ("feedback", "support"),
        ("attendance", "marketing"),
        ("provenance", "evidence"),
        ("id_check", "case"),
    ],
)
def test_items_live_in_the_decided_category(item, category):
    """The category decides who may read an item, so none wanders."""
    assert ITEMS[item].category.code == category


def test_masked_and_findable_are_items():
    """Official numbers and accounts are masked; blind indexes exist for exact numbers only."""
    assert {item.code for item in MASKED} == {"official_number", "bank"}
    assert ITEMS["name"] not in FINDABLE
    assert set(ITEMS.values()) >= FINDABLE | MASKED
