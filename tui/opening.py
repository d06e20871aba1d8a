"""How the screens come to a register: where it lies, whose keys, and what the clock is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from gdpr.clock import Clock
    from gdpr.errors import KartotekaError


@dataclass(frozen=True, slots=True)
class Start:
    """What the program was started with; `password` was left for it, so that nobody types.

    `demo` says that the register of invented people is to be opened, and made where it is absent;
    `own` that it lies in the demo's own place, which is `demo_place`. `problem` says why what
    should have left a password did not.
    """

    vault: str
    user: str | None
    clock: Clock
    password: str | None = field(default=None, repr=False)
    demo: bool = False
    fresh: bool = False
    own: bool = False
    demo_place: str = ""
    problem: KartotekaError | None = None

    def is_new(self) -> bool:
        """Tell whether there is nothing yet to open; an attempt says why a server is refused."""
        return not self.demo and "://" not in self.vault and not os.path.lexists(self.vault)

    def invents(self) -> bool:
        """Tell whether people have to be invented first, which takes its time."""
        return self.demo and (self.fresh or not os.path.lexists(self.vault))

    def invented(self) -> Start:
        """Return the start with the register of invented people."""
        return replace(self, vault=self.demo_place, user=None, password="", demo=True, own=True)

    def found(self, user: str | None) -> Start:
        """Return the start of the times to come: somebody has to type, and nothing is made."""
        return replace(self, user=user, password=None, problem=None, demo=False, fresh=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to open a register; `secret` is a password, or the PIN of what was `kept`."""

    start: Start
    user: str | None
    secret: str = field(repr=False)
    kept: Any = field(default=None, repr=False)

    def open(self) -> Kartoteka:
        """Open it, on the thread that calls."""
        from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

        start = self.start
        if start.demo:
            return Kartoteka.demo(start.vault, clock=start.clock, fresh=start.fresh, own=start.own)
        who = self.user if self.kept is None else self.kept
        return Kartoteka.open(start.vault, who, lambda: self.secret, clock=start.clock)

    def open_renewed(self, password: str) -> Kartoteka:
        """Open it with a first password that has to go, and put another in its place."""
        from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

        register = Kartoteka.open(
            self.start.vault,
            self.user,
            lambda: self.secret,
            clock=self.start.clock,
            changing_password=True,
        )
        try:
            register.users.change_password(self.secret, password)
        except BaseException:
            register.__exit__(None, None, None)
            raise
        return register
