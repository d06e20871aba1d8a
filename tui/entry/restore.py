"""The way back from a backup: both parts, who opens them, where the register will stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.dates import day_text
from crm.grounds.words import TABLES
from crm.grounds.words import word_of as say_code
from crm.i18n import _, ngettext, pgettext, spoken
from crm.transfer import words as files
from gdpr.errors import Due, KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.fields import FileForm
from tui.dialogs.files import ChooseFile
from tui.dialogs.saving import typed_path
from tui.dialogs.screen_kinds import ListScreen
from tui.entry.entry_screen import EntryScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.path_line import PathLine
from tui.widgets.pick import Pick
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from textual.app import App, ComposeResult

    from crm.backup.cards import Restored
    from crm.backup.parts import WayIn
    from tui.app import Register

_DATA, _KEYS = ".data", ".keys"
_RECOVERY = "recovery"
# What somebody says is meant, by the names of the front door.
_ACCEPT_OLDER, _WITHOUT_LEDGER = "accept_older", "without_ledger"


@dataclass(frozen=True, slots=True)
class Way:
    """What somebody has told of a restore; the secret is kept until it was used."""

    data: str = ""
    keys: str = ""
    user: str = ""
    target: str = ""
    recovery: bool = False
    secret: str = field(default="", repr=False)

    @property
    def parts(self) -> tuple[Path, Path]:
        """Both files."""
        return Path(self.data).expanduser(), Path(self.keys).expanduser()

    @property
    def place(self) -> str:
        """Where the register will stand; an address of a server is none, which the verb says."""
        return self.target if "://" in self.target else str(Path(self.target).expanduser())

    def is_elsewhere(self, vault: str) -> bool:
        """Tell whether that is another place than the one the program looks at."""
        return self.place != str(Path(vault).expanduser())

    def door(self) -> WayIn:
        """Return how the backup is opened."""
        from crm.kartoteka import way_in  # noqa: PLC0415 - paint first

        return way_in(self.user or None, lambda: self.secret, recovery=self.recovery)


class RestoreScreen(FileForm, EntryScreen):
    """Asks for everything and checks it; the restore itself begins behind the lock."""

    BINDINGS = bindings("back", "restore")
    AUTO_FOCUS = "#data"

    def __init__(self, data: str = "", keys: str = "", way: Way | None = None) -> None:
        """Begin with the files of a backup, or with what was told before."""
        super().__init__()
        self._way = way or Way(data=data, keys=keys)

    def drawn(self) -> ComposeResult:
        """Draw the form."""
        way = self._way
        user = way.user or (self.register.me.name if self.register.me else self.start.user or "")
        yield Static(line(_("Restore a backup")), classes="title")
        with Vertical(classes="papers--form"):
            hint = _("ends with .data; F9 browses for it")
            yield self.row(_("Data part"), PathLine(way.data, hint, endings=(_DATA,), id="data"))
            hint = _("ends with .keys")
            yield self.row(_("Keys part"), PathLine(way.keys, hint, endings=(_KEYS,), id="keys"))
            ways = (("", _("the password of a user")), (_RECOVERY, _("the recovery key")))
            picked = _RECOVERY if way.recovery else ""
            yield self.row(_("Open with"), Pick(ways, picked, id="way"))
            yield self.row(_("Login name"), Input(user, compact=True, id="user"), name="user-row")
            secret = Input(password=True, compact=True, id="secret")
            yield self.row(_("Password or key"), secret)
            target = way.target or self.start.vault
            yield self.row(_("Restore to"), PathLine(target, id="target"))
        yield Static("", id="problem", classes="error", markup=False)
        promise = _(
            "The backup is restored beside the register and verified there; only then "
            "does it take its place, in one step. Until then nothing is changed. What was"
            " erased since is erased again. Everybody has to log in again."
        )
        yield Static(line(promise), classes="told-lines muted")

    def on_pick_turned(self, event: Pick.Turned) -> None:
        """Ask for a name only where a password goes with one."""
        event.stop()
        self.query_one("#user-row").display = event.pick.value == ""

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Look for the keys part beside the data part."""
        if event.input.id == "data":
            self._pair()

    @run_once
    async def action_choose(self) -> None:
        """Look for the data part."""
        typed = typed_path(self.typed("data"))
        folder = Path.home() if typed is None else typed.parent
        question = ChooseFile(_("Choose a file"), folder, (_DATA,))
        path = await self.app.push_screen_wait(question)
        if path is not None:
            self.query_one("#data", Input).value = path
            self._pair()

    @task
    async def action_check(self) -> None:
        """Open both parts from end to end; nothing is changed."""
        way = self._told()
        if way is None:
            return
        from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

        self.say(_("One moment…"))
        check = self.desk.without_register(lambda: Kartoteka.check_backup(way.parts, way.door()))
        found = await self.attempt(check)
        if found is None:
            return
        said = ngettext(
            "The backup of {day} can be opened: {count} record.",
            "The backup of {day} can be opened: {count} records.",
            found.rows,
        )
        self.register.notify(said.format(day=spoken(day_text(found.made)), count=found.rows))

    @run_once
    async def action_start(self) -> None:
        """Ask once more, for the register that is open closes."""
        way = self._told()
        if way is None:
            return
        app = self.entrance
        told = _("The register is locked for this. What is there now is kept beside it.")
        if app.me is None:
            told = _("What is there now is kept beside it.")
        if await self.sure(_("Restore this backup?"), told, yes=_("Restore")):
            # Not as this screen's work: the lock ends that together with the screen.
            app.call_later(begin, app, way)

    def _pair(self) -> None:
        data, keys = self.typed("data"), self.query_one("#keys", Input)
        if data.endswith(_DATA) and not keys.value:
            keys.value = data.removesuffix(_DATA) + _KEYS

    def _told(self) -> Way | None:
        """Read the fields, or say what is missing."""
        self._pair()
        way = Way(
            data=self.typed("data"),
            keys=self.typed("keys"),
            user=self.typed("user"),
            target=self.typed("target"),
            recovery=bool(self.picked("way")),
            secret=self.query_one("#secret", Input).value,
        )
        missing = {
            _("Choose both parts of the backup."): not (way.data and way.keys),
            _("Enter the password or recovery key."): not way.secret,
            _("Enter a location for the register."): not way.target,
        }
        said = next((words for words, true in missing.items() if true), "")
        self.say(said)
        return None if said else way


async def begin(app: Register, way: Way) -> None:
    """Lock what is open, and restore behind the lock."""
    if app.me is not None:
        await app.lock()
        await app.push_screen(RestoreScreen(way=replace(way, secret="")))
    await app.push_screen(RestoredScreen(way))


async def _to_the_lock(app: App[int]) -> None:
    """Leave the wizard, wherever it was begun, for the screen that asks for the password."""
    if isinstance(app.screen, RestoreScreen):
        await app.pop_screen()
    if app.current_mode != "locked":
        await app.switch_mode("locked")


class RestoredScreen(EntryScreen, ListScreen):
    """Runs a restore and says what it did, or why it did nothing."""

    LOADED = "once"
    ABOVE = (("title", "title"), ("problem", "error"), ("report", "told-lines"))
    BINDINGS = bindings("back", "restored")

    def __init__(self, way: Way) -> None:
        """Restore in this way."""
        super().__init__()
        self._way = way
        self._older = self._busy = False
        self._meant: dict[str, bool] = {}
        self._refused = _ACCEPT_OLDER
        self._done: Restored | None = None

    def columns(self) -> tuple[Column, ...]:
        """Say what has to be entered again."""
        return (
            Column("number", _("Client"), 8, right=True),
            Column("table", _("What"), 0),
            Column("how", _("Since the backup"), 16),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go back in time only where that was refused."""
        if action == "older":
            return self._older
        if action == "back":
            return not self._busy
        return super().check_action(action, parameters)

    @run_once
    async def action_older(self) -> None:
        """Ask whether it is meant."""
        told = _("What was entered or corrected since is lost; it is listed afterwards.")
        if self._refused == _WITHOUT_LEDGER:
            told = _("People erased since then reappear: erase them again afterwards.")
        title = _("Use the older one anyway?")
        if await self.sure(title, told, yes=_("Use the older one")):
            self._meant[self._refused] = True
            self.load()

    def action_back(self) -> None:
        """Leave; after a restore for the password, else to mend what was told."""
        done = self._done is not None
        app = self.register
        self.dismiss(None)
        if done:
            app.call_later(_to_the_lock, app)

    @run_once
    async def load(self) -> None:
        """Restore, or say why not."""
        from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

        self._older, self._busy = False, True
        self.listed.display = False
        self.refresh_bindings()
        self.write("title", _("Restore a backup"))
        self.write("problem", _("One moment…"))
        way, start = self._way, self.start
        is_lost = start.is_new()
        for worker in [one for one in self.entrance.workers if one.group == "close"]:
            await worker.wait()
        said = ""
        try:
            done = await self.desk.without_register(
                lambda: Kartoteka.restore(
                    way.place, way.parts, way.door(), clock=start.clock, **self._meant
                )
            )
        except KartotekaError as error:
            older = files.older_words(error)
            self._older = older is not None
            lacks = isinstance(error, Due)
            self._refused = _WITHOUT_LEDGER if lacks else _ACCEPT_OLDER
            said = older or explain(error)
        else:
            self._way = replace(way, secret="")
            self._done = done
            # Its keys may be other ones now, and where there was no register this is the one.
            self.entrance.kept = None
            if is_lost:
                user = start.user or way.user or None
                self.entrance.start = replace(start, vault=done.vault, user=user)
            self._report(done, elsewhere=way.is_elsewhere(start.vault))
        finally:
            self._busy = False
        self.write("problem", said)
        self.refresh_bindings()

    def _report(self, done: Restored, *, elsewhere: bool) -> None:
        said = files.restored_words(done, recovery=self._way.recovery)
        if elsewhere:
            said.append(_("From now on: kartoteka --vault {place}").format(place=done.vault))
        head = _("The backup of {day} was restored to {place}.").format(
            day=spoken(day_text(done.made)), place=done.vault
        )
        sign = self.register.sign("✓", "ok")
        self.write("report", "\n".join((f"{sign} {head}", *said)), lines=True)
        self.listed.display = bool(done.lost)
        how = {"added": pgettext("row", "added"), "changed": pgettext("row", "corrected")}
        rows = []
        for at, one in enumerate(done.lost):
            number = "" if one.number is None else str(one.number)
            cells = (number, say_code(TABLES, one.table), how.get(one.what, one.what))
            rows.append(Row(str(at), cells))
        self.listed.fill(rows)
        self.listed.focus()
