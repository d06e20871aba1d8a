"""The keys of the register: which there are, who holds them, new ones for old, and the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from crm.i18n import _, ngettext, pgettext
from crm.keys.words import KEY_STATES, key_name
from crm.transparency.words import said
from tui.app_screen import AppScreen, run_once, task
from tui.dialogs.asking import AskText, Confirm
from tui.dialogs.paper import written_down
from tui.keeper.rotation import rotate
from tui.keys import bindings
from tui.safe import line, safe
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from crm.keys.cards import KeyLine

_NEVER = frozenset({"suppression"})


class KeysScreen(AppScreen):
    """A list of every version of every key; one is replaced at a time."""

    BINDINGS = bindings("back", "keys")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__()
        self._lines: dict[str, KeyLine] = {}

    def compose(self) -> ComposeResult:
        """Draw the frame, the state of the paper, the list, and room for progress."""
        columns = (
            Column("key", pgettext("key", "opens"), 0),
            Column("version", _("version"), 8, right=True),
            Column("state", _("state"), 22),
            Column("since", _("since"), 10, rank=2),
            Column("due", _("rotate by"), 12),
            Column("users", _("users"), 0, rank=1, least=30),
        )
        yield Frame("settings")
        yield Static("", id="paper", markup=False)
        yield Static("", id="root", classes="muted", markup=False)
        yield VirtualList(columns)
        yield Static("", id="progress", classes="warning", markup=False)
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Show what is so now."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave keys to who has the duty; only what was begun can be finished."""
        if action in {"rotate", "due", "finish", "paper", "renew"}:
            if not self.register.may(duty="keys"):
                return False
            if action == "finish":
                return any(one.state in {"pending", "decrypt"} for one in self._lines.values())
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the list."""
        lines, confirmed, today, root = await self.desk.look(_state)
        self._lines = {f"{one.key}/{one.version}": one for one in lines}
        self.query_one(VirtualList).fill([_row(one, today) for one in lines], keep=True)
        due = {one.key for one in lines if _is_due(one, today)}
        words = (
            _("✓ The recovery key is confirmed to be on paper.")
            if confirmed
            else _("! The recovery key is not confirmed to be on paper: c confirms it.")
        )
        if due:
            more = ngettext(
                "{count} key is due for rotation.", "{count} keys are due for rotation.", len(due)
            )
            words += " " + more.format(count=len(due))
        self.query_one("#paper", Static).update(line(words))
        compare = _("Fingerprint of the root key, the same at every colleague's workstation:")
        self.query_one("#root", Static).update(safe(f"{compare}\n{root}"))
        self.refresh_bindings()

    def on_virtual_list_opened(self) -> None:
        """Offer to replace the key under the cursor."""
        self.action_rotate()

    @run_once
    async def action_rotate(self) -> None:
        """Replace one key, once somebody said so."""
        row = self.query_one(VirtualList).current
        if row is None or not self.register.may(duty="keys"):
            return
        one = self._lines[row.key]
        if one.key in _NEVER or one.state != "active":
            self.register.notify(_("This key is not rotated: it is not in use, or never changes."))
            return
        title = _("Rotate the key of: {key}").format(key=key_name(one.key))
        if await self.app.push_screen_wait(Confirm(title, _explained(), yes=_("Rotate"))):
            await rotate(self, (one.key,))
            self.load()

    @run_once
    async def action_due(self) -> None:
        """Replace every key that somebody lost the right to, or that is a year old."""
        question = Confirm(_("Rotate what is due?"), _explained(), yes=_("Rotate"))
        if await self.app.push_screen_wait(question):
            await rotate(self, due=True)
            self.load()

    @run_once
    async def action_finish(self) -> None:
        """Finish what was interrupted."""
        await rotate(self)
        self.load()

    @run_once
    async def action_paper(self) -> None:
        """Take the whole key as read from the paper."""
        text = _("Enter the whole key from your paper. Spaces, dashes and case do not matter.")
        typed = await self.app.push_screen_wait(AskText(_("Recovery key"), text, secret=True))
        if typed:
            await self.desk.ask(lambda register: register.keys.confirm_typed(typed))
            self.register.notify(_("The recovery key is confirmed."))
            self.load()

    @run_once
    async def action_renew(self) -> None:
        """Issue another recovery key and ask two of its groups back."""
        text = _("A new recovery key is created. The previous one is no longer valid.")
        question = Confirm(_("New recovery key?"), text, yes=_("New recovery key"))
        if not await self.app.push_screen_wait(question):
            return
        made: Any = await self.desk.ask(lambda register: register.recovery.renew())
        if await written_down(self, made):
            await self.desk.ask(lambda register: register.keys.confirm_recovery(made))
            self.register.notify(_("The recovery key is confirmed."))
        else:
            text = _("The recovery key is not confirmed. Compare it with your paper, then press c.")
            self.register.notify(text, severity="warning")
        self.load()


def _state(register: Kartoteka) -> tuple[Sequence[KeyLine], bool, date, str]:
    confirmed = register.keys.recovery_confirmed()
    return register.keys.status(), confirmed, register.notices.today, register.root


def _explained() -> str:
    return _(
        "It starts only if every key and card row passes verification; colleagues can go on "
        "working. Create a backup before and after. If interrupted, it continues when it is "
        "repeated."
    )


def _is_due(one: KeyLine, today: date) -> bool:
    return one.state == "active" and one.due is not None and one.due <= today


def _row(one: KeyLine, today: date) -> Row:
    due = "" if one.due is None else one.due.isoformat()
    if _is_due(one, today):
        due = f"!{due}"
    users = [*one.users, _("recovery key")] if one.recovery else list(one.users)
    style = "quiet" if one.state == "destroyed" else "warning" if due.startswith("!") else ""
    return Row(
        f"{one.key}/{one.version}",
        (
            key_name(one.key),
            str(one.version),
            said(KEY_STATES, one.state),
            "" if one.since is None else one.since.isoformat(),
            due,
            ", ".join(users),
        ),
        style,
    )
