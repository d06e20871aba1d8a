"""The keys of the register: which there are, who holds them, new ones for old, and the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Static

from crm.i18n import _, ngettext, pgettext
from crm.keys.words import KEY_STATES, key_name
from crm.transparency.words import said
from tui.app_screen import run_once, task
from tui.dialogs.asking import AskText
from tui.dialogs.reading import ReadingBox
from tui.dialogs.recovery_paper import written_down
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from crm.kartoteka import Kartoteka
    from crm.keys.cards import KeyLine, Rotated
    from tui.dialogs.screen_kinds import FramedScreen
    from tui.widgets.sheet import Part

_NEVER = frozenset({"suppression"})


class KeysScreen(ListScreen):
    """A list of every version of every key; one is replaced at a time."""

    AREA = "settings"
    ABOVE = (("paper", ""), ("root", "muted"))
    BELOW = (("progress", "warning"),)
    DUTIES: ClassVar = dict.fromkeys(("rotate", "due", "finish", "paper", "renew"), "keys")
    BINDINGS = bindings("back", "keys")

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__()
        self._lines: dict[str, KeyLine] = {}

    def columns(self) -> tuple[Column, ...]:
        """Say which key, how it is, and who holds it."""
        return (
            Column("key", pgettext("key", "opens"), 0),
            Column("version", _("version"), 8, right=True),
            Column("state", _("state"), 22),
            Column("since", _("since"), 10, rank=2),
            Column("due", _("rotate by"), 12),
            Column("users", _("users"), 0, rank=1, least=30),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to finish only what was begun."""
        begun = any(one.state in {"pending", "decrypt"} for one in self._lines.values())
        if action == "finish" and not begun:
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the list."""
        lines, confirmed, today, root = await self.desk.look(_state)
        self._lines = {f"{one.key}/{one.version}": one for one in lines}
        self.listed.fill([_row(one, today) for one in lines], keep=True)
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
        self.write("paper", words)
        compare = _("Fingerprint of the root key, the same at every colleague's workstation:")
        self.write("root", f"{compare}\n{root}", lines=True)
        self.refresh_bindings()

    def on_virtual_list_opened(self) -> None:
        """Offer to replace the key under the cursor."""
        self.action_rotate()

    @run_once
    async def action_rotate(self) -> None:
        """Replace one key, once somebody said so."""
        key = self.key
        if key is None or not self.register.user_may(duty="keys"):
            return
        one = self._lines[key]
        if one.key in _NEVER or one.state != "active":
            self.register.notify(_("This key is not rotated: it is not in use, or never changes."))
            return
        title = _("Rotate the key of: {key}").format(key=key_name(one.key))
        if await self.sure(title, _explained(), yes=_("Rotate")):
            await rotate(self, (one.key,))
            self.load()

    @run_once
    async def action_due(self) -> None:
        """Replace every key that somebody lost the right to, or that is a year old."""
        if await self.sure(_("Rotate what is due?"), _explained(), yes=_("Rotate")):
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
        if not await self.sure(_("New recovery key?"), text, yes=_("New recovery key")):
            return
        made: Any = await self.desk.ask(lambda register: register.recovery.renew())
        if await written_down(self, made):
            await self.desk.ask(lambda register: register.keys.confirm_recovery(made))
            self.register.notify(_("The recovery key is confirmed."))
        else:
            text = _("The recovery key is not confirmed. Compare it with your paper, then press c.")
            self.register.notify(text, severity="warning")
        self.load()


async def rotate(screen: FramedScreen, chosen: Sequence[str] = (), *, due: bool = False) -> None:
    """Finish what was begun and replace the keys chosen or due; others can be searched meanwhile.

    It may be stopped anywhere: it goes on when it is called again.
    """
    shown = screen.query_one("#progress", Static)
    shown.update(line(_("Rotating keys… It may be stopped and continues when it is repeated.")))
    try:
        lines = await screen.desk.long(
            lambda register, between: register.rotation.run(chosen, due=due, progress=between),
            screen.counting("progress", _("Rotating keys… {count} key owners processed")),
        )
    finally:
        shown.update("")
    await screen.app.push_screen_wait(ReadingBox(_("Keys rotated"), _replaced(lines)))


def _replaced(lines: Sequence[Rotated]) -> list[Part]:
    if not lines:
        return [("", _("Nothing is due."))]
    parts: list[Part] = []
    for one in lines:
        words = ngettext(
            "version {version}, {count} data key re-encrypted",
            "version {version}, {count} data keys re-encrypted",
            one.rewrapped,
        )
        parts.append((key_name(one.key), words.format(version=one.version, count=one.rewrapped)))
    if any(not one.gone for one in lines):
        text = _(
            "Another program has the register open; the old keys are removed from its "
            "write-ahead log when that program closes."
        )
        parts.append(("", text))
    return parts


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
    users = ", ".join([*one.users, _("recovery key")] if one.recovery else one.users)
    style = "quiet" if one.state == "destroyed" else "warning" if due.startswith("!") else ""
    since = "" if one.since is None else one.since.isoformat()
    state, version = said(KEY_STATES, one.state), str(one.version)
    cells = (key_name(one.key), version, state, since, due, users)
    return Row(f"{one.key}/{one.version}", cells, style)
