"""Everything held about one person, each datum with the reason it is held for.

Generic by construction: whatever record class says it is about a data subject is in here, so that
a table added tomorrow cannot be forgotten in an answer under Art. 15 or 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from gdpr.category import Origin
from gdpr.clock import instant_of
from gdpr.rules.consent_rows import ConsentEvidence, ConsentFile
from gdpr.rules.consents import opened_text
from gdpr.rules.decide import decide
from gdpr.rules.explain import ground_of
from gdpr.rules.purposes import Basis
from gdpr.rules.reasons import State
from gdpr.rules.subject import gather
from gdpr.store.fields import OptionalInteger, OptionalText, PlainInteger, PlainText
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from gdpr.rules.because import Because
    from gdpr.rules.facts import Datum
    from gdpr.rules.grounds import Grounds
    from gdpr.rules.reasons import Decision, Reason, Verdict
    from gdpr.store.desk import Desk
    from gdpr.store.record import Record

Json = dict[str, Any]

PORTABLE_ORIGINS = frozenset({Origin.PROVIDED, Origin.OBSERVED})
PORTABLE_BASES = frozenset({Basis.CONSENT, Basis.CONTRACT, Basis.PRE_CONTRACT})
_INSTANT = "µs UTC"
_READABLE = (PlainInteger, OptionalInteger, PlainText, OptionalText)

# Why a datum is in a package, by the scope and, for a portable one, by where it came from.
COPY_OF_ALL = N_("You have a right to a copy of everything we hold about you (Art. 15(3)).")
GAVE_ON_CONSENT = N_("You gave it to us and we use it with your consent (Art. 20(1)).")
GAVE_ON_CONTRACT = N_("You gave it to us and we use it for a contract with you (Art. 20(1)).")
SEEN_ON_CONSENT = N_("It arose as you used our service, with your consent (Art. 20(1)).")
SEEN_ON_CONTRACT = N_("It arose as you used our service under a contract with you (Art. 20(1)).")
_INCLUDED = {
    (Origin.PROVIDED, True): GAVE_ON_CONSENT,
    (Origin.PROVIDED, False): GAVE_ON_CONTRACT,
    (Origin.OBSERVED, True): SEEN_ON_CONSENT,
    (Origin.OBSERVED, False): SEEN_ON_CONTRACT,
}

# Why a datum is left out of a portable package, by a code that scripts may rely on.
LEFT_OUT = {
    "origin-derived": N_("We worked it out or wrote it down ourselves; you did not provide it."),
    "origin-public": N_("We took it from a public source; you did not provide it."),
    "origin-third_party": N_("Somebody else gave it to us; you did not provide it."),
    "basis-legal_obligation": N_(
        "We keep it because a law obliges us, and not on consent or a contract with you."
    ),
    "basis-legitimate_interests": N_(
        "We keep it for a legitimate interest, and not on consent or a contract with you."
    ),
    "basis-public_task": N_("We keep it for a public task, and not on consent or a contract."),
    "basis-vital": N_("We keep it for vital interests, and not on consent or a contract."),
    "basis-none": N_("No ground names it any more; it is about to be destroyed."),
}


class Held(NamedTuple):
    """One datum as it is stored: its verdict, its opened value, where it came from, what it is."""

    verdict: Verdict
    value: str
    origin: Origin
    term: str

    @property
    def datum(self) -> Datum:
        """Name the place it stands in."""
        return self.verdict.datum

    @property
    def name(self) -> str:
        """Name it for references within a package."""
        return f"urn:uuid:{UUID(bytes=self.datum.row)}#{self.datum.field}"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give the reasons that hold it, the leading one first; what is over holds nothing."""
        lead = self.verdict.lead
        if lead is None or lead.state is State.GOES:
            return self.verdict.also
        return (lead, *self.verdict.also)

    def portable(self) -> Reason | None:
        """Give the reason for which it may be taken along, None where there is none (Art. 20)."""
        if self.origin not in PORTABLE_ORIGINS:
            return None
        return next((one for one in self.reasons if one.basis in PORTABLE_BASES), None)

    def left_out(self) -> str:
        """Give the code of why it may not be taken along."""
        if self.origin not in PORTABLE_ORIGINS:
            return f"origin-{self.origin.value}"
        basis = self.reasons[0].basis.value if self.reasons else "none"
        return f"basis-{basis}"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is held about one person on one day; `rows` are the rows it was read from."""

    subject: bytes
    decision: Decision
    data: tuple[Held, ...]
    rows: tuple[Record, ...]

    def reasons(self) -> tuple[Reason, ...]:
        """Give the reasons that hold anything, the person's grounds first, each purpose once."""
        held = [*self.decision.live, *self.decision.going]
        held += [reason for one in self.data for reason in one.reasons]
        first: dict[tuple[str, Basis], Reason] = {}
        for reason in held:
            first.setdefault((reason.purpose.code, reason.basis), reason)
        return tuple(first.values())


def dossier_of(desk: Desk, grounds: Grounds, subject: bytes, today: date) -> Dossier:
    """Read every row about a person, decide about every datum, and open it."""
    gathered = gather(desk, grounds, subject)
    decision = decide(gathered.facts, today, grounds.rulebook.settings)
    rows = {(type(row).layout().table, bytes(row.id)): row for row in gathered.rows}
    data = []
    for verdict in decision.verdicts:
        row = rows[verdict.datum.table, verdict.datum.row]
        field: Any = type(row)._meta.fields[verdict.datum.field]  # noqa: SLF001 - peewee keeps its column table there
        value = _opened(row, verdict.datum.field)
        data.append(Held(verdict, value, field.origin, field.item.dpv))
    return Dossier(subject, decision, tuple(data), tuple(gathered.rows))


def tell(held: Held, lead: Reason | None, included: str, say: Callable[[Because], str]) -> Json:
    """Write one datum with the reason that leads in this package; key names are fixed."""
    datum, verdict = held.datum, held.verdict
    told = verdict.because if lead is None else lead.because
    since = None if lead is None else lead.since.isoformat()
    until = (verdict.until if lead is None else lead.until).isoformat()
    return {
        "id": held.name,
        "table": datum.table,
        "field": datum.field,
        "item": datum.item,
        "category": datum.category,
        "origin": held.origin.value,
        "term": held.term,
        "value": held.value,
        **ground_of(lead),
        "since": since,
        "until": until,
        "because": say(told),
        "going": verdict.state is not State.KEPT,
        "also": [
            {**ground_of(reason), "until": reason.until.isoformat()}
            for reason in held.reasons
            if reason is not lead
        ],
        "included_because": included,
    }


def included(held: Held, lead: Reason) -> str:
    """Say why a datum may be taken along."""
    return _INCLUDED[held.origin, lead.basis is Basis.CONSENT]


def left_out(data: tuple[Held, ...], voice: Callable[[str], str]) -> list[Json]:
    """Say what a portable package leaves out and why, one line for all data that share it."""
    lines: dict[tuple[str, ...], Json] = {}
    for held in data:
        if held.portable() is not None:
            continue
        datum, code = held.datum, held.left_out()
        first = held.reasons[0] if held.reasons else None
        key = (datum.table, datum.field, code, "" if first is None else first.purpose.code)
        if key not in lines:
            lines[key] = {
                "table": datum.table,
                "field": datum.field,
                "item": datum.item,
                "category": datum.category,
                "origin": held.origin.value,
                **ground_of(first),
                "count": 0,
                "code": code,
                "reason": voice(LEFT_OUT[code]),
            }
        lines[key]["count"] += 1
    return list(lines.values())


def plain_facts(rows: tuple[Record, ...]) -> Iterator[Json]:
    """Write what the rows hold in plain beside the data: days, codes and numbers, no ids."""
    for row in rows:
        facts = dict(_facts(row))
        if facts:
            table = type(row).layout().table
            yield {"table": table, "row": f"urn:uuid:{UUID(bytes=bytes(row.id))}", "facts": facts}


def _facts(row: Record) -> Iterator[tuple[str, str | int]]:
    fields: list[Any] = type(row)._meta.sorted_fields  # noqa: SLF001 - as above
    for field in fields:
        value = getattr(row, field.name) if isinstance(field, _READABLE) else None
        if value is None:
            continue
        if _INSTANT in field.reason:
            value = instant_of(value).isoformat(timespec="seconds").replace("+00:00", "Z")
        yield field.name, value


def _opened(row: Record, field: str) -> str:
    value: str | None = getattr(row, field)
    if isinstance(row, ConsentFile | ConsentEvidence):
        value = opened_text(value)
    return value or ""
