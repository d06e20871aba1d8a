"""What one row of a file comes to: a candidate for the register, or a rejection that says why.

These are named tuples, because a file has many rows and a tuple is made in a third of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from crm.numbers import CheckedNumber

# What the name of a field begins with that is about the contact person, not the client.
OF_CONTACT = "contact_"
Kind = Literal["natural", "legal"]
# Second and further phones, addresses and accounts: what each is, and as it is stored.
Further = tuple[tuple[str, str], ...]


class PartyPart(NamedTuple):
    """The client a row describes; every number is checked, every text clean.

    What the row does not say, or no chosen purpose covers, is None.
    """

    kind: Kind
    country: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    position: str | None = None
    reg_no: CheckedNumber | None = None
    vat_no: CheckedNumber | None = None
    personal_code: CheckedNumber | None = None
    email: CheckedNumber | None = None
    phone: CheckedNumber | None = None
    iban: CheckedNumber | None = None
    legal_address: str | None = None
    delivery_address: str | None = None
    language: str | None = None
    channel: str | None = None
    notes: str | None = None
    further: Further = ()


class ContactPart(NamedTuple):
    """The contact person a row names beside its client: a human, hence a party of its own."""

    given_name: str | None = None
    family_name: str | None = None
    position: str | None = None
    email: CheckedNumber | None = None
    phone: CheckedNumber | None = None
    further: Further = ()


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
    contact: ContactPart | None
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
