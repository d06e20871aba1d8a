"""From typed fields to columns, by the same reading that a file gets, and what forms ask for.

Numbers of a natural person are official numbers and land in their own columns, whatever the field
they were typed into promised; a company's tax code is its registration number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm import numbers
from crm.errors import InvalidNumber, NoName, NotAmong, UnknownCountry
from crm.files.errors import WordUnknown
from crm.files.parsing import Who, country_in, made_of, plain, read_party
from crm.kinds.party import BY_NAME, IN_FORMS, LEGAL, NAMES, NATURAL, SOURCES, TRADES_AS
from crm.kinds.party import TYPED as FIELDS
from crm.models.party import Party, PartyKind
from crm.parties.cards import NAMED, CheckedField, FieldQuestion
from crm.parties.errors import KindNeeded
from crm.privacy import MASKED
from crm.shape.description import LINES
from crm.shape.normal_forms import check_length

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

# Everything that can be typed about a party, in the order in which it is offered.
TYPED = ("country", *FIELDS)
# Fields that are described and have no attribute of their own: they stand under `more`.
MORE = tuple(name for name in FIELDS if name not in NAMED)
Columns = dict[str, str | int | None]


def kind_of(kind: str | None, typed: Mapping[str, str | None]) -> PartyKind:
    """Tell a human being from a company by what was said, or by the fields only one can have."""
    if kind:
        if kind not in set(PartyKind):
            raise KindNeeded
        return PartyKind(kind)
    if typed.get("given_name") or typed.get("family_name"):
        return PartyKind.NATURAL
    raise KindNeeded


class Typed(NamedTuple):
    """What typed fields come to: the columns to store, and further values that stood with them."""

    columns: Columns
    further: tuple[tuple[str, str], ...]


def country_of(typed: Mapping[str, str | None], home: str) -> str:
    """Return the country that was said, else that of the VAT number, else the firm's own."""
    told = {field: plain(typed.get(field) or "", field) for field in ("country", "vat_no")}
    country, known = country_in(told, home)
    if not known or country is None:
        raise UnknownCountry
    return country


def columns_of(typed: Mapping[str, str | None], who: Who) -> Columns:
    """Clean and check every typed field and give the columns to store; empty text clears one."""
    return read_typed(typed, who).columns


def read_typed(typed: Mapping[str, str | None], who: Who) -> Typed:
    """Clean and check every typed field; the first that cannot be taken is refused."""
    check_length(typed)
    given = {field: plain(text or "", field) for field, text in typed.items()}
    source = given.pop("provenance", None)
    read = read_party(given, who)
    for field, error in read.faults:
        if isinstance(error, WordUnknown):
            if field == "country":
                raise UnknownCountry
            known = ", ".join(BY_NAME[field].codes) or "lv, it, en, ru, …"
            raise NotAmong(field=field, known=known)
        raise error
    columns: Columns = {**read.columns(who.kind)}
    if "country" in given and not given["country"]:
        columns["country"] = who.country
    if "phone" in given:
        columns["phone_unchecked"] = int("phone" in read.to_check)
    if source is not None:
        if source and source not in SOURCES:
            raise NotAmong(field="provenance", known=", ".join(SOURCES))
        columns["provenance"] = source or None
    return Typed(columns, read.further)


def check_name(columns: Columns, kind: PartyKind) -> None:
    """Refuse a party without a name."""
    halves = columns.get("given_name") or columns.get("family_name")
    if not (columns.get("name") or (halves and kind is PartyKind.NATURAL)):
        raise NoName


def check_renamed(party: Party, columns: Columns) -> None:
    """Settle a name that changes: a person's is made of its parts, and nobody is left without one.

    A whole name beside the parts that were changed would go on telling the old one.
    """
    changed = set(NAMES) & set(columns)
    if not changed:
        return
    kind = PartyKind(party.kind)
    after = {name: columns.get(name, getattr(party, name)) for name in NAMES}
    if (
        kind is PartyKind.NATURAL
        and after["name"]
        and (after["given_name"] or after["family_name"])
    ):
        whole = str(after["name"])
        if "name" not in changed and not (party.given_name or party.family_name):
            first, _, last = whole.rpartition(" ")
            for half, held in (("given_name", first), ("family_name", last)):
                if half not in changed and held:
                    columns[half] = after[half] = held
            columns["name"] = after["name"] = None
        else:
            parts = [str(after[half] or "") for half in ("given_name", "family_name")]
            parts += [party.given_name or "", party.family_name or ""]
            if made_of(whole, parts):
                columns["name"] = after["name"] = None
    check_name(after, kind)


def form_fields(kind: str) -> tuple[FieldQuestion, ...]:
    """Return what is asked about a natural or a legal person, in the order of a form."""
    masked = {item.code for item in MASKED} if PartyKind(kind) is PartyKind.NATURAL else set()
    questions = []
    for name in IN_FORMS:
        field = BY_NAME[name]
        if field.only in {"", kind}:
            stored = Party.layout().column(field.stored_as(kind))
            question = FieldQuestion(
                name=name,
                category=stored.category,
                item=stored.item,
                codes=tuple(field.codes),
                masked=stored.item in masked,
                lines=field.type is LINES,
            )
            questions.append(question)
    return tuple(questions)


def check_field(field: str, text: str, *, kind: str, country: str, today: date) -> CheckedField:
    """Check one field as the services will, and say what would be stored; needs no register."""
    who = Who(PartyKind(kind).value, country, today)
    columns = columns_of({field: text}, who)
    value = columns.get(TRADES_AS.get(field, field) if who.kind == NATURAL else field)
    stored = None if value is None else str(value)
    reg_no = None
    if field == "vat_no" and stored and who.kind == LEGAL:
        reg_no = _reg_no_in(stored, country)
    return CheckedField(stored, bool(columns.get("phone_unchecked")), reg_no)


def _reg_no_in(vat_no: str, country: str) -> str | None:
    """Take the registration number out of a Latvian or Italian VAT number of a company."""
    if vat_no[:2] not in {"LV", "IT"} or vat_no[:2] != country:
        return None
    try:
        return numbers.reg_no(vat_no[2:], country).stored
    except InvalidNumber:
        return None
