"""What one row of a file comes to: a candidate for the register, or a rejection that says why.

These are named tuples, because a file has many rows and a tuple is made in a third of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crm.files.parsing import stored
from crm.kinds.party import BY_NAME, FIELDS, LEGAL, NATURAL, SHOWN_AS

if TYPE_CHECKING:
    from crm.files.parsing import PartyKindCode, Values

# What the name of a field begins with that is about the contact person, not the client.
OF_CONTACT = "contact_"
# Second and further phones, addresses and accounts: what each is, and as it is stored.
Further = tuple[tuple[str, str], ...]
# The columns of each kind in their order, and the field that is read into each.
_COLUMNS: Final = {
    kind: tuple(
        (one.name, SHOWN_AS.get(one.name, one.name))
        for one in FIELDS
        if one.name == BY_NAME[SHOWN_AS.get(one.name, one.name)].stored_as(kind)
    )
    for kind in (NATURAL, LEGAL)
}


class PartyPart(NamedTuple):
    """The client a row describes, or the contact person it names beside the client.

    `values` are its fields, every number checked and every text clean; what the row does not say,
    or no chosen purpose covers, is not there.
    """

    kind: PartyKindCode
    country: str | None
    values: Values
    notes: str | None = None
    position: str | None = None
    further: Further = ()

    def columns(self) -> dict[str, str | None]:
        """Give what is stored by column; a human being's numbers stand in their own."""
        values = self.values
        return {
            column: stored(value)
            for column, field in _COLUMNS[self.kind]
            if (value := values.get(field)) is not None
        }


class Defect(NamedTuple):
    """One value that cannot be taken as it is: its field, its column's heading and the reason."""

    field: str
    column: str
    reason: str
    value: str


class Candidate(NamedTuple):
    """A row that may enter the register.

    `to_check` names fields stored as typed, `to_mend` holds bad values set aside, `canonical` is
    equal for rows that are equal in every cell that counts. `refused` are the purposes that the
    person said no to. `before` is its canonical form when an earlier run read fewer columns.
    """

    line: int
    nr: int | str | None
    party: PartyPart
    contact: PartyPart | None
    to_check: tuple[str, ...]
    to_mend: tuple[Defect, ...]
    canonical: bytes
    refused: frozenset[str] = frozenset()
    before: bytes | None = None


class Rejection(NamedTuple):
    """A row that stays outside: where it stands, what is wrong first, and what else is.

    `nr` is the file's own running number; a file without such a column gives None, because its
    first column may hold a name. `alike` are the numbers of clients who may be the same.
    """

    line: int
    nr: int | str | None
    column: str | None
    reason: str
    cells: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()
    alike: tuple[int, ...] = ()
