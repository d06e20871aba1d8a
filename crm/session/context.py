"""What every service works with, built once by the front door and passed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crm.names.directory import Names

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from crm.session.access import Access
    from gdpr.audit.journal import Journal
    from gdpr.clock import Clock
    from gdpr.rules.grounds import Grounds
    from gdpr.store.session import Session


# In a desk's own folder so begins the name of a note on copies that are being written.
NOTE: Final = "outgoing-"


@dataclass(frozen=True, slots=True)
class RegisterContext:
    """One person at one desk: the open database, the log, the rules, the day, and the rights.

    `day` is the day the rules count with, which a leaping system clock cannot move; `asked` is
    the day a person must confirm before anything is destroyed, or None.
    """

    session: Session
    journal: Journal
    grounds: Grounds
    clock: Clock
    access: Access
    user: bytes
    day: date
    asked: date | None
    country: str
    state: Path
    demo: bool
    names: Names = field(default_factory=Names, repr=False, compare=False)


class RegisterService:
    """What somebody does with the register: the front door builds it with the context."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
