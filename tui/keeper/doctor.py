"""Whether everything is in order: each finding in words, with what to do and a way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widgets import Static

from crm.i18n import _, ngettext
from crm.keys.words import key_name
from crm.oversight.words import CHECKS, damage_words, next_step
from tui.app_screen import AppScreen, task
from tui.dialogs.reading import ReadingBox
from tui.keeper.audit import counter
from tui.keys import bindings
from tui.places import AREAS, PLACES
from tui.safe import line
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.oversight.cards import Check, Health
    from tui.widgets.sheet import Part

_SIGNS: Final = {"ok": "✓", "warning": "!", "damage": "✗"}


class HealthScreen(AppScreen):
    """Looks when it is opened; shows what was found, or all that was looked at."""

    BINDINGS = bindings("back", "health")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        super().__init__()
        self._health: Health | None = None
        self._all = False

    def compose(self) -> ComposeResult:
        """Draw the frame, the verdict, the list, and what to do about the row."""
        columns = (
            Column("state", "", 2),
            Column("check", _("what was checked"), 0),
            Column("count", _("count"), 8, right=True),
            Column("detail", _("details"), 60, rank=1),
        )
        yield Frame("settings")
        yield Static("", id="verdict", classes="question--title", markup=False)
        yield VirtualList(columns)
        yield Static("", id="advice", classes="warning", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Look after the first paint."""
        self.examine()

    @task
    async def examine(self) -> None:
        """Look at everything, saying how far it came; searching goes on meanwhile."""
        verdict = self.query_one("#verdict", Static)
        verdict.update(line(_("Checking…")))

        def reached(count: int) -> None:
            words = _("Checking… {count} entries and rows so far").format(count=count)
            verdict.update(line(words))

        report = counter(reached)
        self._health = await self.desk.apart(
            lambda register, step: register.doctor.examine(step), report
        )
        self._show()

    def action_again(self) -> None:
        """Look again."""
        self.examine()

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
            words = f"{words}: {_which(check) or check.count}. {advice}"
            if place is not None and (place in PLACES or place in AREAS):
                words += " " + _("Enter opens it.")
        self.query_one("#advice", Static).update(line(words))

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Go where it is put right; damage is named first."""
        check = self._check(event.key)
        if check is None or self._health is None:
            return
        place = next_step(check.check)[1]
        if check.state == "damage" and self._health.damages:
            self.app.push_screen(ReadingBox(_(CHECKS[check.check][0]), _damages(self._health)))
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
        self.query_one(VirtualList).fill([_row(one) for one in shown], keep=True)
        self.query_one("#verdict", Static).update(line(_verdict(health)))
        if not shown:
            self.query_one("#advice", Static).update("")


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
    return Row(check.check, (_SIGNS[check.state], words, str(check.count), _which(check)), style)


def _which(check: Check) -> str:
    """Say which ones are meant; codes of keys are said in words, those of reminders say nothing."""
    if check.check in {"backup", "places"}:
        return ""
    if check.check in {"rotation", "rotating"}:
        return ", ".join(key_name(key) for key in check.detail)
    return ", ".join(check.detail)


def _damages(health: Health) -> list[Part]:
    return [
        (f"{one.table} {one.row or ''}".strip(), damage_words(one.why)) for one in health.damages
    ]
