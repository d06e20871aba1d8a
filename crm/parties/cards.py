"""What services answer about the people in the register: frozen values, never rows.

A field that the user's role may not read is None here, as if it were empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

from crm.kinds.party import FURTHER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFields:
    """The fields of a party for a type checker; `crm/kinds/party.py` says what they are.

    `more` holds those that are described there and not named here.
    """

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    reg_no: str | None = None
    vat_no: str | None = None
    personal_code: str | None = None
    email: str | None = None
    phone: str | None = None
    iban: str | None = None
    legal_address: str | None = None
    delivery_address: str | None = None
    language: str | None = None
    channel: str | None = None
    provenance: str | None = None
    more: Mapping[str, str | None] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """Return what a field holds, wherever it stands."""
        value: str | None = getattr(self, name, None)
        return self.more.get(name) if value is None else value


NAMED: Final = frozenset(one.name for one in fields(PartyFields)) - {"more"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entered(PartyFields):
    """What is told beside the fields of whoever is entered.

    `since` is the first day of the relation, `informed` the day on which a person was told of it,
    or `unknown`. `own_wish` says that who was erased on request asks to be here again.
    """

    since: date | None = None
    informed: date | str | None = None
    own_wish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient(_Entered):
    """What is known of a party to be entered, as typed; the services clean and check it.

    `relation` or `purposes` says why the party may be kept; `evidence` what shows it.
    """

    kind: str | None = None
    country: str | None = None
    relation: str | None = None
    purposes: tuple[str, ...] = ()
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact(_Entered):
    """A contact person to be entered at a company; `person` is the number of one known already."""

    person: str | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class Further:
    """One further phone, email, address or iban of a party, to be added or to be removed."""

    kind: str
    value: str
    remove: bool = False


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """What a form asks for: a field, whose key and item it is, the codes it takes, if only these.

    `masked` says that it is shown as dots; `lines` that it may have several.
    """

    name: str
    category: str
    item: str
    codes: tuple[str, ...] = ()
    masked: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class CheckedField:
    """A typed value as it would be stored; `to_check` says that its form could not be checked.

    `reg_no` is the registration number that a VAT number holds.
    """

    stored: str | None
    to_check: bool = False
    reg_no: str | None = None


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A party as lists show it; the names of these fields are fixed, because scripts read them."""

    id: str
    number: int
    kind: str
    name: str | None
    reg_no: str | None
    vat_no: str | None
    email: str | None
    phone: str | None
    status: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search: `alike` when nothing fits and the lines are only similar.

    `proofs` are the purposes of which a proof of consent is kept under these very words, of
    somebody who is no client any more.
    """

    lines: tuple[ClientLine, ...]
    more: bool
    alike: bool
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact person of a company; `left` is the last day, empty while the work lasts."""

    number: int
    name: str | None
    position: str | None
    email: str | None
    phone: str | None
    since: str
    left: str | None


@dataclass(frozen=True, slots=True)
class Workplace:
    """A company whose contact person somebody is."""

    number: int
    name: str | None
    position: str | None
    since: str
    left: str | None


@dataclass(frozen=True, slots=True)
class GoingLine:
    """A field that is used for nothing any more, with the last day on which it is there."""

    table: str
    field: str
    until: str


@dataclass(frozen=True, slots=True)
class MendLine:
    """A value of an imported row that failed its check and waits to be mended."""

    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Other parties, by number, that share a field or nearly a name: perhaps the same one."""

    field: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCard(PartyFields):
    """Everything a user may see of one party; what `masked` names is shown as dots.

    `phones` and the like are the further ones.
    """

    id: str
    number: int
    kind: str
    status: str
    country: str
    relations: tuple[str, ...]
    created: str
    last_activity: str
    phone_to_check: bool
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    addresses: tuple[str, ...]
    ibans: tuple[str, ...]
    notes: int | None
    contacts: tuple[ContactLine, ...]
    works_at: tuple[Workplace, ...]
    to_mend: tuple[MendLine, ...]
    going: tuple[GoingLine, ...]
    masked: tuple[str, ...]
    warnings: tuple[Likeness, ...] = ()
    partly_erased: bool = False
    to_check: tuple[str, ...] = ()

    def further(self, kind: str) -> tuple[str, ...]:
        """Return the second and more values of a kind, such as phone."""
        values: tuple[str, ...] = getattr(self, FURTHER[kind].several)
        return values


@dataclass(frozen=True, slots=True)
class Departure:
    """A contact person who left: when, and whether and until when their data are going."""

    number: int
    left: str
    still_at: tuple[int, ...]
    grounds_ended: int
    going_until: str | None


@dataclass(frozen=True, slots=True)
class NoteCard:
    """What somebody of the firm wrote down about a party."""

    id: str
    number: int
    written: str
    author: str
    text: str
