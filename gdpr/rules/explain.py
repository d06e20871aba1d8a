"""A decision read out: the answer to *why*, and what an erasure would take and leave.

Names of keys are fixed, because scripts read them; `say` turns a reason into a sentence and is
handed in by whoever knows the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gdpr.rules.reasons import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.rules.because import Because
    from gdpr.rules.facts import Datum
    from gdpr.rules.reasons import Reason, Verdict

Json = dict[str, object]
# Tells the number by which people know the record a datum stands in, where it has one.
Numbers = Callable[["Datum"], int | None]


def _unnumbered(_datum: Datum) -> None:
    return None


def explain(
    verdicts: Iterable[Verdict],
    say: Callable[[Because], str] = str,
    number_of: Numbers = _unnumbered,
) -> list[Json]:
    """Tell of every datum why it is there and until when."""
    return [
        {
            "table": verdict.datum.table,
            "field": verdict.datum.field,
            "item": verdict.datum.item,
            "category": verdict.datum.category,
            **_numbered(number_of(verdict.datum)),
            **ground_of(verdict.lead),
            "since": None if verdict.lead is None else verdict.lead.since.isoformat(),
            "until": verdict.until.isoformat(),
            "because": say(verdict.because),
            "going": verdict.state is not State.KEPT,
            "also": [
                {**ground_of(reason), "until": reason.until.isoformat()} for reason in verdict.also
            ],
        }
        for verdict in verdicts
    ]


def preview(
    verdicts: Iterable[Verdict],
    say: Callable[[Because], str] = str,
    number_of: Numbers = _unnumbered,
) -> dict[str, list[Json]]:
    """Tell what goes and what stays, one line for all rows of a table that share the answer.

    A record that people know by its number has lines of its own, which name their fields.
    """
    goes: _Shared = {}
    stays: _Shared = {}
    for verdict in verdicts:
        datum, lead = verdict.datum, verdict.lead
        line: Json = {"item": datum.item, "category": datum.category, "table": datum.table}
        line |= _numbered(number_of(datum))
        if verdict.state is State.GOES or lead is None:
            _count(goes, {**line, "because": say(verdict.because)}, datum)
        else:
            line |= {
                "purpose": lead.purpose.code,
                "article": lead.article,
                "refusal": lead.refusal,
                "rule": lead.rule_code,
                "until": verdict.until.isoformat(),
            }
            _count(stays, line, datum)
    return {"goes": _lines(goes), "stays": _lines(stays)}


def ground_of(reason: Reason | None) -> Json:
    """Say purpose, basis and article, in every answer alike, also where nothing keeps a datum."""
    if reason is None:
        return {"purpose": None, "basis": None, "article": None}
    return {
        "purpose": reason.purpose.code,
        "basis": str(reason.basis),
        "article": reason.article,
    }


# Lines by all that they say, each with the data it counts.
_Shared = dict[tuple[object, ...], tuple[Json, list["Datum"]]]


def _numbered(number: int | None) -> Json:
    return {} if number is None else {"number": number}


def _count(lines: _Shared, line: Json, datum: Datum) -> None:
    lines.setdefault(tuple(line.values()), (line, []))[1].append(datum)


def _lines(lines: _Shared) -> list[Json]:
    told = []
    for line, data in lines.values():
        first = {key: line[key] for key in ("item", "category", "table")}
        first["rows"] = len({datum.row for datum in data})
        if "number" in line:
            first["fields"] = [datum.field for datum in data]
        told.append(first | line)
    return told
