"""Writes what a type checker knows of a kind of record: its fields as they are read and given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.shape.description import CODE, DAY, MONEY, REFERENCE, REFERENCES, ROWS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.shape.description import Field, Shape

_MODULE = '''"""Written by `make migration` from `crm/kinds/{module}.py`; edit that, not this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, {literal}TypedDict{cast}

{readers}if TYPE_CHECKING:
{kinds}
    from crm.shape.cards import RecordCard


class {name}Input(TypedDict, total=False):
    """What is given when one is entered or corrected."""

{given}


@dataclass(frozen=True, slots=True)
class {name}:
    """One as its reader may see it; what is hidden is None."""

    number: int
    client: int | None
{read}

    @classmethod
    def of(cls, card: RecordCard) -> {name}:
        """Read the card of a record."""
        values = card.values
        return cls(
            number=card.number,
            client=card.client,
{taken}
        )
'''
_READ = {DAY: "date", MONEY: "Decimal", WHOLE: "int", REFERENCE: "int"}
_READERS = {
    DAY: "as_day",
    MONEY: "as_amount",
    WHOLE: "as_whole",
    REFERENCE: "as_whole",
    REFERENCES: "as_wholes",
    ROWS: "as_rows",
}
_LISTS = {
    REFERENCES: ("list[int]", "Sequence[int] | str"),
    ROWS: ("list[dict[str, str]]", "Sequence[Mapping[str, object]] | str"),
}


def typed_module(shape: Shape, module: str) -> str:
    """Write the module of a shape that stands in `crm/kinds/{module}.py`."""
    fields = shape.fields
    read = [f"    {one.name}: {_read(one)}" for one in fields]
    given = [f"    {one.name}: {_given(one)} | None" for one in fields]
    taken = [f"            {one.name}={_taken(one)}," for one in fields]
    states = _literal(shape.states.words) if shape.states is not None else ""
    if states:
        read.insert(0, f"    state: {states}")
        taken.insert(0, f'            state=cast("{_single(states)}", card.state),')
    readers = sorted({_READERS[one.type] for one in fields if one.type in _READERS})
    codes = bool(states) or any(one.type is CODE for one in fields)
    lists = ["Mapping"] if any(one.type is ROWS for one in fields) else []
    lists += ["Sequence"] if any(one.type in _LISTS for one in fields) else []
    kinds = [f"    from collections.abc import {', '.join(lists)}"] if lists else []
    kinds += ["    from datetime import date"] if any(f.type is DAY for f in fields) else []
    kinds += ["    from decimal import Decimal"] if any(f.type is MONEY for f in fields) else []
    return _MODULE.format(
        module=module,
        name="".join(part.title() for part in shape.noun.split("_")),
        literal="Literal, " if codes else "",
        cast=", cast" if codes else "",
        readers=f"from crm.shape.cards import {', '.join(readers)}\n\n" if readers else "",
        kinds="".join(f"{line}\n" for line in kinds),
        given="\n".join(given),
        read="\n".join(read),
        taken="\n".join(taken),
    )


def _type(field: Field) -> str:
    return _literal(field.codes) if field.codes else _READ.get(field.type, "str")


def _read(field: Field) -> str:
    return _LISTS[field.type][0] if field.type in _LISTS else f"{_type(field)} | None"


def _given(field: Field) -> str:
    """Text is always taken, and read as if it had been typed."""
    if field.type in _LISTS:
        return _LISTS[field.type][1]
    kind = _type(field)
    return kind if kind == "str" or field.codes else f"{kind} | str"


def _taken(field: Field) -> str:
    value = f'values["{field.name}"]'
    if field.codes:
        return f'cast("{_single(_type(field))} | None", {value})'
    reader = _READERS.get(field.type)
    return value if reader is None else f"{reader}({value})"


def _literal(codes: Iterable[str]) -> str:
    return "Literal[" + ", ".join(f'"{code}"' for code in codes) + "]"


def _single(text: str) -> str:
    return text.replace('"', "'")
