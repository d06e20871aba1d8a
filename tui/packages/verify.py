"""Checking a package as anybody can who has it: without the register, without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from crm.grounds import words as rights
from crm.i18n import _, pgettext
from crm.session.words import needs_passphrase
from gdpr.errors import KartotekaError
from tui.app_screen import AppScreen, explain, task
from tui.dialogs.asking import AskText
from tui.dialogs.saving import typed_path
from tui.keys import bindings
from tui.safe import line
from tui.widgets.key_bar import KeyBar
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from gdpr.rights.checking import Checked


class VerifyScreen(AppScreen):
    """Asks for the place, and for the fingerprint where the firm told one."""

    BINDINGS = bindings("back", "filed")
    AUTO_FOCUS = "#place"

    def __init__(self, place: str = "") -> None:
        """Check the package at `place`."""
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """Draw the fields and the finding."""
        yield Static(line(_("Check a package")), classes="title")
        with Vertical(classes="told"):
            yield Horizontal(
                Static(line(_("Location")), classes="told--label"),
                Input(self._place, id="place", compact=True),
                classes="told--row",
            )
            yield Horizontal(
                Static(line(_("Fingerprint")), classes="told--label"),
                Input("", _("if one was given"), id="fingerprint", compact=True),
                classes="told--row",
            )
            yield Static("", id="problem", classes="error")
            yield Sheet(id="found")
        yield KeyBar()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter checks."""
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Check it."""
        path = typed_path(self.query_one("#place", Input).value)
        if path is not None:
            self.check(path, None)

    @task
    async def check(self, path: Path, passphrase: str | None) -> None:
        """Say whether everything is in order, or what is not."""
        from crm.kartoteka import check_package  # noqa: PLC0415 - paint first

        problem = self.query_one("#problem", Static)
        fingerprint = self.query_one("#fingerprint", Input).value.strip() or None

        def told() -> str:
            return passphrase or ""

        try:
            found = await self.desk.outside(lambda: check_package(path, told, fingerprint))
        except KartotekaError as error:
            problem.update(line(explain(error)))
            if needs_passphrase(error) and passphrase is None:
                self._ask(path)
            return
        problem.update("")
        await self.query_one("#found", Sheet).show(_parts(found))

    def _ask(self, path: Path) -> None:
        def given(passphrase: str | None) -> None:
            if passphrase:
                self.check(path, passphrase)

        self.app.push_screen(AskText(_("Passphrase of the package"), secret=True), given)


def _parts(found: Checked) -> list[tuple[str, str]]:
    parts = [(_("✓ Everything is in order.") if found.ok else _("✗ It is damaged."), "")]
    parts += [
        (_("Damage"), f"{rights.told(rights.FAULTS, fault.code)} · {fault.file}")
        for fault in found.faults
    ]
    told = (
        (_("Files"), str(found.files)),
        (pgettext("sender", "Controller"), found.controller),
        (_("Created on"), found.generated_at),
        (_("Fingerprint of the register"), found.root_sha256),
    )
    return [*parts, *((label, text) for label, text in told if text)]
