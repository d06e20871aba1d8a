"""A decision read out: the answer to *why*, and what an erasure would take and leave.

Names of keys are fixed, because scripts read them; `say` turns a reason into a sentence and is
handed in by whoever knows the reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.rules.reasons import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gdpr.rules.because import Because
    from gdpr.rules.reasons import Reason, Verdict

Json = dict[str, object]


def explain(verdicts: Iterable[Verdict], say: Callable[[Because], str] = str) -> list[Json]:
    """Tell of every datum why it is there and until when."""
    return [
        {
            "table": verdict.datum.table,
            "field": verdict.datum.field,
            "item": verdict.datum.item,
            "category": verdict.datum.category,
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
    verdicts: Iterable[Verdict], say: Callable[[Because], str] = str
) -> dict[str, list[Json]]:
    """Tell what goes and what stays, one line for all rows of a table that share the answer."""
    goes: dict[tuple[object, ...], tuple[Json, set[bytes]]] = {}
    stays: dict[tuple[object, ...], tuple[Json, set[bytes]]] = {}
    for verdict in verdicts:
        datum, lead = verdict.datum, verdict.lead
        line: Json = {"item": datum.item, "category": datum.category, "table": datum.table}
        if verdict.state is State.GOES or lead is None:
            _count(goes, {**line, "because": say(verdict.because)}, datum.row)
        else:
            line |= {
                "purpose": lead.purpose.code,
                "article": lead.article,
                "refusal": lead.refusal,
                "rule": lead.rule_code,
                "until": verdict.until.isoformat(),
            }
            _count(stays, line, datum.row)
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


def _count(
    lines: dict[tuple[object, ...], tuple[Json, set[bytes]]],
    line: Mapping[str, object],
    row: bytes,
) -> None:
    lines.setdefault(tuple(line.values()), (dict(line), set()))[1].add(row)


def _lines(lines: dict[tuple[object, ...], tuple[Json, set[bytes]]]) -> list[Json]:
    return [
        {**{key: line[key] for key in ("item", "category", "table")}, "rows": len(rows)} | line
        for line, rows in lines.values()
    ]
