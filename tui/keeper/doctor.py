"""Whether everything is in order: each finding in words, with what to do and a way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, ngettext
from crm.oversight.words import CHECKS, next_step, which
from tui.app_screen import task
from tui.dialogs.reading import ReadingBox
from tui.dialogs.screen_kinds import ListScreen
from tui.keeper.audit import damage_parts
from tui.key_bindings import bindings
from tui.places import AREAS, PLACES
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from crm.oversight.cards import Check, Health
    from tui.widgets.virtual_list import VirtualList

_SIGNS: Final = {"ok": "✓", "warning": "!", "damage": "✗"}


class HealthScreen(ListScreen):
    """Looks when it is opened; shows what was found, or all that was looked at."""

    AREA = "settings"
    LOADED = "once"
    ABOVE = (("verdict", "question--title"),)
    BELOW = (("advice", "warning"),)
    BINDINGS = bindings("back", "doctor")

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        super().__init__()
        self._health: Health | None = None
        self._all = False

    def columns(self) -> tuple[Column, ...]:
        """Say what was looked at and what was found."""
        return (
            Column("state", "", 2),
            Column("check", _("what was checked"), 0),
            Column("count", _("count"), 8, right=True),
            Column("detail", _("details"), 60, rank=1),
        )

    @task
    async def load(self) -> None:
        """Look at everything, saying how far it came; searching goes on meanwhile."""
        self.write("verdict", _("Checking…"))
        self._health = await self.desk.apart(
            lambda register, step: register.doctor.examine(step),
            self.counting("verdict", _("Checking… {count} entries and rows so far")),
        )
        self._show()

    def action_again(self) -> None:
        """Look again."""
        self.load()

    def action_all(self) -> None:
        """Show all that was looked at, or only what is not in order."""
        self._all = not self._all
        self._show()

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say what to do about the row."""
        check = self._check(event.key)
        words = ""
        if check is not None:
            # Whole, for the list may have cut it.
            words = _(CHECKS[check.check][0])
        if check is not None and (check.state != "ok" or check.count):
            advice, place = next_step(check.check)
            words = f"{words}: {which(check) or check.count}. {advice}"
            if place is not None and (place in PLACES or place in AREAS):
                words += " " + _("Enter opens it.")
        self.write("advice", words)

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Go where it is put right; damage is named first."""
        check = self._check(event.key)
        if check is None or self._health is None:
            return
        place = next_step(check.check)[1]
        if check.state == "damage" and self._health.damages:
            parts = damage_parts(self._health.damages)
            self.app.push_screen(ReadingBox(_(CHECKS[check.check][0]), parts))
        elif place in PLACES:
            self.register.visit(place)
        elif place in AREAS:
            self.run_worker(self.app.run_action(f"app.go('{place}')"))

    def _check(self, code: str) -> Check | None:
        checks = () if self._health is None else self._health.checks
        return next((one for one in checks if one.check == code), None)

    def _show(self) -> None:
        health = self._health
        if health is None:
            return
        shown = [one for one in health.checks if self._all or one.state != "ok"]
        self.listed.fill([_row(one) for one in shown], keep=True)
        self.write("verdict", _verdict(health))
        if not shown:
            self.write("advice", "")


def _verdict(health: Health) -> str:
    counts = {"rows": health.rows, "grounds": health.grounds}
    if health.damages:
        return ngettext(
            "✗ {count} place is damaged", "✗ {count} places are damaged", len(health.damages)
        ).format(count=len(health.damages))
    if health.warnings:
        return ngettext(
            "! {count} thing to check", "! {count} things to check", health.warnings
        ).format(count=health.warnings)
    return _("✓ All in order: {rows} rows, {grounds} lawful bases").format(**counts)


def _row(check: Check) -> Row:
    style = "" if check.state == "ok" else "warning"
    words = _(CHECKS[check.check][0])
    return Row(check.check, (_SIGNS[check.state], words, str(check.count), which(check)), style)
