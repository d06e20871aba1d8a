"""Checking a package as anybody can who has it: without the register, without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.grounds import words as ground_words
from crm.i18n import _, pgettext
from crm.session.words import needs_passphrase
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once
from tui.dialogs.asking import AskText
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.saving import typed_path
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from gdpr.rights.checking import Checked


class VerifyScreen(FieldsScreen):
    """Asks for the place, and for the fingerprint where the firm told one."""

    BINDINGS = bindings("back", "run")
    AUTO_FOCUS = "#place"

    def __init__(self, place: str = "") -> None:
        """Check the package at `place`."""
        super().__init__()
        self._place = place

    def drawn(self) -> ComposeResult:
        """Draw the fields and the finding."""
        yield Static(line(_("Check a package")), classes="title")
        with Vertical(classes="told"):
            yield self.row(_("Location"), Input(self._place, id="place", compact=True))
            told = Input("", _("if one was given"), id="fingerprint", compact=True)
            yield self.row(_("Fingerprint"), told)
            yield Static("", id="problem", classes="error")
            yield Sheet(id="found")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter checks."""
        event.prevent_default().stop()
        self.action_save()

    @run_once
    async def action_save(self) -> None:
        """Check it; the passphrase of a sealed one is asked for."""
        path = typed_path(self.typed("place"))
        if path is not None and await self._lacks_passphrase(path):
            question = AskText(_("Passphrase of the package"), secret=True)
            if passphrase := await self.app.push_screen_wait(question):
                await self._lacks_passphrase(path, passphrase)

    async def _lacks_passphrase(self, path: Path, passphrase: str = "") -> bool:
        """Say whether everything is in order, or what is not."""
        from crm.kartoteka import check_package  # noqa: PLC0415 - paint first

        fingerprint = self.typed("fingerprint") or None
        try:
            found = await self.desk.without_register(
                lambda: check_package(path, lambda: passphrase, fingerprint)
            )
        except KartotekaError as error:
            self.say(explain(error))
            return needs_passphrase(error)
        self.say()
        await self.query_one("#found", Sheet).show(_parts(found))
        return False


def _parts(found: Checked) -> list[tuple[str, str]]:
    parts = [(_("✓ Everything is in order.") if found.ok else _("✗ It is damaged."), "")]
    parts += [
        (_("Damage"), f"{ground_words.word_of(ground_words.FAULTS, fault.code)} · {fault.file}")
        for fault in found.faults
    ]
    told = (
        (_("Files"), str(found.files)),
        (pgettext("sender", "Controller"), found.controller),
        (_("Created on"), found.generated_at),
        (_("Fingerprint of the register"), found.root_sha256),
    )
    return [*parts, *((label, text) for label, text in told if text)]
