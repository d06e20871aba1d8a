"""A natural or legal person in the register, contact persons included: one wide sealed row."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from crm.kinds.party import FIELDS
from crm.privacy import SubjectKind
from crm.shape.tables import sealed_column
from gdpr.store.fields import OptionalBlob, OptionalText, PlainInteger, PlainText
from gdpr.store.record import Record

if TYPE_CHECKING:
    from crm.parties.cards import PartyFields

    class _Described(Record, PartyFields):
        """What a type checker knows of the columns that the description gives."""

        trader_vat_no: str | None
else:
    _Described = Record


class PartyKind(StrEnum):
    """Whether a party is a data subject or a legal person."""

    NATURAL = "natural"
    LEGAL = "legal"


class Status(StrEnum):
    """Where a party stands with the firm; the grounds decide what may be kept, not this word."""

    ACTIVE = "active"
    FORMER = "former"
    PROSPECT = "prospect"
    CONTACT = "contact"


# Where somebody stands whose first ground is of this kind; everybody else is an active client.
STATUS_OF = {
    SubjectKind.CONTACT.value: Status.CONTACT,
    SubjectKind.PROSPECT.value: Status.PROSPECT,
    SubjectKind.SUBSCRIBER.value: Status.PROSPECT,
}


def called(kind: str, name: str | None, given: str | None, family: str | None) -> str:
    """Make the name of a natural person from its parts, as there is no other source of it."""
    parts = " ".join(part for part in (given, family) if part)
    if kind != PartyKind.NATURAL or not parts:
        return name or parts
    return f"{parts} ({name})" if name else parts


class Party(_Described):
    """One party; a legal person has `name`, a natural one given and family name (or `name` alone).

    Numbers of a natural person are official numbers, which identify a human being; those of a
    legal person are public.
    """

    number = PlainInteger("the register's own sequence", unique=True)
    kind = PlainText("natural or legal")
    country = PlainText("ISO country code of the party")
    status = PlainText("relation in one word")
    created = PlainInteger("when the party was entered, µs UTC")
    last_activity = PlainText("day of the last contact, for review clocks")
    phone_unchecked = PlainInteger("1 when the phone's format could not be checked")
    to_check = OptionalText("codes of fields that were guessed or taken unchecked")
    import_token = OptionalBlob("keyed hash of the imported row; dies with it", index=True)
    vars().update({one.name: sealed_column(one, unique=one.unique) for one in FIELDS})

    subject = "id"
    wide = True

    def is_legal_person(self) -> bool:
        """Tell whether the party is outside the law on personal data (rec. 14)."""
        return self.kind == PartyKind.LEGAL

    def active_on(self) -> date:
        """Return the day of the last contact, from which reviews are counted."""
        return date.fromisoformat(self.last_activity)

    def marks(self) -> tuple[str, ...]:
        """Return the fields that an import guessed or nobody could check."""
        told = (self.to_check or "").split()
        unchecked = ["phone"] if self.phone_unchecked else []
        return tuple(dict.fromkeys([*told, *unchecked]))

    def display_name(self) -> str:
        """Return the name as people say it; that of a sole trader's business stands behind."""
        return called(self.kind, self.name, self.given_name, self.family_name)
