"""Known copies: what the register says of them is true, and says nothing to whoever has no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.models.files import KnownCopy
from gdpr.errors import Damaged
from tests.crm.services.test_exports import fill

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place

NAME = "Kalniņas-prasība"


def test_where_a_copy_lies_tells_nobody_without_a_key(place: Place, tmp_path: Path) -> None:
    """The name of a file may be a person's: it stands sealed in the database and in its log."""
    target = tmp_path / f"{NAME}.csv"
    with place.open() as register:
        fill(register)
        register.exports.clients(target, "rfc4180")
        register.copies.list()

    left = b"".join(path.read_bytes() for path in place.vault.parent.iterdir())
    assert NAME.encode() not in left
    assert str(tmp_path).encode() not in left
    with place.open() as register:
        assert [line.path for line in register.copies.list()] == [str(target)]


def test_a_place_moved_to_another_row_does_not_open(register: Kartoteka, tmp_path: Path) -> None:
    """What is sealed for one copy says nothing about another."""
    fill(register)
    for name in ("one.csv", "two.csv"):
        register.exports.clients(tmp_path / name, "rfc4180")
    one, two = register.office.desk.rows(KnownCopy)
    stolen = KnownCopy.from_row(
        (two.id, *(two.stored or ())[1:4], (one.stored or ())[4], *(two.stored or ())[5:]),
        register.office.desk.keys_of(bytes(two.id)),
    )
    assert KnownCopy.layout().position("path") == 4
    try:
        found = stolen.path
    except Damaged:
        found = None
    assert found is None
