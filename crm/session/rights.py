"""Who may sign which event: what the journal refuses to write, and what the log is judged by.

An entry that could not have been written counts for nothing when it is read, however well it is
signed. Services refuse earlier, by the duties and categories of a role (`crm/session/access.py`,
after the tables in `crm/privacy.py`); both must agree, because neither asks the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from crm.errors import NoDuty
from crm.kinds.listed import SHAPES
from crm.privacy import CATEGORIES, Duty
from crm.session.access import access_of
from crm.session.errors import UnknownRole
from gdpr.audit.events import READING, Event
from gdpr.program_files import program_toml
from gdpr.store.accounts import KEY_TABLES
from gdpr.store.holdings import TABLE as HOLDINGS
from gdpr.store.layout import layout_of
from gdpr.vault.recovery import RECOVERY_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from crm.session.access import Access


_PARTS: Final = frozenset({"names", "duty", "writes", "reads", "tables", "kinds", "recovery"})
_EVERY_CATEGORY: Final = ("any", "all")


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody's roles must add up to; whoever needs nothing is everybody with a card.

    `writes` is met by one of several categories, `reads` by all. `tables` are the only ones whose
    rows the event may change, None for any; `recovery` says that the key on paper may as well.
    """

    duty: Duty | None = None
    writes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    tables: frozenset[str] | None = None
    recovery: bool = False

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Need:
        """Read a need as the table has it; a word that is not ours would open what it closes."""
        if odd := entry.keys() - _PARTS:
            raise ValueError(odd)
        tables = frozenset(entry["tables"]) if "tables" in entry else None
        if tables is not None and entry.get("kinds"):
            tables |= _RECORDS.keys()
        return cls(
            duty=Duty(entry["duty"]) if "duty" in entry else None,
            writes=_categories(entry.get("writes", ())),
            reads=_categories(entry.get("reads", ())),
            tables=tables,
            recovery=entry.get("recovery", False),
        )

    def met(self, access: Access) -> bool:
        """Tell whether these roles add up to it."""
        return (
            (self.duty is None or self.duty in access.duties)
            and (not self.writes or not self.writes.isdisjoint(access.writes))
            and self.reads <= access.reads
        )


def _categories(codes: str | Sequence[str]) -> frozenset[str]:
    known = {category.code for category in CATEGORIES}
    chosen = known if codes in _EVERY_CATEGORY else codes
    if isinstance(chosen, str) or not known.issuperset(chosen):
        raise ValueError(codes)
    return frozenset(chosen)


def _table(name: str) -> dict[str, Need]:
    entries = _WRITTEN[name]
    needs = {code: Need.read(entry) for entry in entries for code in entry["names"]}
    if len(needs) < sum(len(entry["names"]) for entry in entries):
        raise ValueError(name)
    return needs


# What a record is about decides who may write it; erasures and clocks take every kind.
_RECORDS: Final = {s.noun: Need(writes=frozenset({s.category.code})) for s in SHAPES}
_WRITTEN: Final = program_toml("crm.session", "rights.toml")
NEEDS: Final[dict[Event, Need]] = {
    **dict.fromkeys(READING, Need(tables=frozenset())),
    **{Event[name]: need for name, need in _table("event").items()},
}
_PROTECTED: Final[dict[str, Need]] = {
    **dict.fromkeys((layout_of(model).table for model in KEY_TABLES), Need(Duty.KEYS)),
    **_table("protected"),
}


def may(roles: tuple[str, ...], event: str, tables: Collection[str] = ()) -> bool:
    """Tell whether a card with these roles may do what the log says it did."""
    return _may(roles, event, frozenset(tables))


@lru_cache(maxsize=2_000)
def _may(roles: tuple[str, ...], event: str, tables: frozenset[str]) -> bool:
    try:
        known = Event(event)
        access = access_of(() if roles == (RECOVERY_ROLE,) else roles)
    except (UnknownRole, ValueError):
        return False
    need = NEEDS[known]
    if roles == (RECOVERY_ROLE,):
        return need.recovery
    if not need.met(access):
        return False
    if need.tables is not None:
        # Rows about a party are summed up beside it, whoever may write them.
        return tables <= need.tables | {HOLDINGS} and all(
            _RECORDS[table].met(access) for table in tables & _RECORDS.keys()
        )
    return all(_PROTECTED[table].met(access) for table in tables & _PROTECTED.keys())


def refusing(roles: tuple[str, ...]) -> Callable[[Event, tuple[str, ...]], None]:
    """Return what refuses, for these roles, an entry that reading the log would call damage."""

    def refuse(event: Event, tables: tuple[str, ...]) -> None:
        if not may(roles, event.value, tables):
            raise NoDuty(duty=event.value)

    return refuse
