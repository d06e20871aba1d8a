"""The screen of a locked register: it holds no data and asks for a password."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.containers import Vertical
from textual.widgets import Footer, Input, Static

from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.room import Room, explain, task
from tui.safe import line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from tui.app import Register


class Unlock(Room):
    """Asks for the login name, where there are several, and the password."""

    AUTO_FOCUS = "#password"

    def __init__(self) -> None:
        """Nobody has tried yet."""
        super().__init__()
        self._failures = 0

    def compose(self) -> ComposeResult:
        """Draw the box."""
        start = cast("Register", self.app).start
        with Vertical(classes="question"):
            yield Static(line(_("Unlock the register")), classes="question--title")
            yield Static(line(start.vault), classes="muted")
            yield Static(line(_("Login name")))
            yield Input(value=start.user or "", id="user")
            yield Static(line(_("Password")))
            yield Input(password=True, id="password")
            yield Static("", id="problem", classes="error", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Open at once what was given with its password: the demo."""
        if cast("Register", self.app).start.password is not None:
            self.open()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try the password."""
        if event.input.id == "user":
            self.query_one("#password").focus()
        else:
            self.open()

    @task
    async def open(self) -> None:
        """Unlock, waiting longer after each failure."""
        from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

        app = cast("Register", self.app)
        start = app.start
        typed = self.query_one("#password", Input)
        user = self.query_one("#user", Input).value.strip() or start.user
        password = start.password if start.password is not None else typed.value
        typed.value = ""
        # What the program was started with opens it once; after a lock a person must type.
        app.start = replace(start, password=None)

        def way() -> Kartoteka:
            if start.demo:
                return Kartoteka.demo(
                    start.vault, clock=start.clock, fresh=start.fresh, own=start.own
                )
            return Kartoteka.open(start.vault, user, lambda: password, clock=start.clock)

        problem = self.query_one("#problem", Static)
        if self._failures:
            await asyncio.sleep(min(2**self._failures, 30))
        try:
            await app.enter(way)
        except KartotekaError as error:
            self._failures += 1
            problem.update(line(explain(error)))
        else:
            self._failures = 0
            problem.update("")
