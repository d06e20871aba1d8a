"""What the list on the screen is asked for and answers: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.parties.cards import ClientLine

SORTS = ("name", "number", "last_activity", "status")
"""By what the list can be sorted; the latest contact comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What the list is to show: a text to find, an order, and what each line must be.

    `consent` is given or withdrawn; `due` asks for those whom a clock has brought up,
    `to_check` for those of whom an import guessed something.
    """

    text: str = ""
    sort: str = SORTS[0]
    kind: str | None = None
    status: str | None = None
    relation: str | None = None
    purpose: str | None = None
    consent: str | None = None
    due: bool = False
    to_check: bool = False

    @property
    def filtered(self) -> bool:
        """Tell whether anything but the text narrows the list."""
        return (
            self.due
            or self.to_check
            or any((self.kind, self.status, self.relation, self.purpose, self.consent))
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """How far the answer to a query has come: `count` lines are known, all of them when `done`.

    `alike` says that nothing fits and the lines are only similar. `turn` names this answer.
    """

    turn: int
    count: int
    done: bool
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Relations and purposes by code, each with its names by language."""

    relations: dict[str, dict[str, str]]
    purposes: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One purpose for which somebody is kept: its name in some languages, why and until when."""

    purpose: str
    names: dict[str, str]
    basis: str
    article: str | None
    until: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """A party as the list on the screen shows it.

    `consent` counts the consents that permit and all there are; None where there are none or the
    role may not know. `due` is what comes next (goes, ran-out, ends, review) and its day, `late`
    says that the day is here. A row that cannot be read has the status damaged.
    """

    line: ClientLine
    last_activity: str
    consent: tuple[int, int] | None
    due: tuple[str, str] | None
    late: bool
    held: tuple[HeldLine, ...]


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that somebody should do: its code, how many of them, and which, as ids or days."""

    code: str
    count: int
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everything that is due as far as was looked; `done` says that all was."""

    items: tuple[DueItem, ...]
    done: bool
