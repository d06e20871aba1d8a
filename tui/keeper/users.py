"""Who may open the register: people come, get other roles, forget passwords, and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from crm.i18n import LANGUAGES, TONGUES, _, current, pgettext
from crm.keys.words import USER_STATES, key_name, role_choices, role_names
from crm.transparency.words import said
from tui.app_screen import AppScreen, run_once, task
from tui.dialogs.asking import Confirm
from tui.dialogs.filling import PICK, TICKS, BoxField, Fill
from tui.dialogs.reading import ReadingBox
from tui.keeper.rotation import rotate
from tui.keys import bindings
from tui.safe import line
from tui.transparency.notice_forms import day_of
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from crm.keys.cards import NewLogin, UserLine


class UsersScreen(AppScreen):
    """A list of users; what is done to one is done to the row under the cursor."""

    BINDINGS = bindings("back", "users")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Nobody is known yet."""
        super().__init__()
        self._users: dict[str, UserLine] = {}

    def compose(self) -> ComposeResult:
        """Draw the frame, the list, and room for how far a rotation came."""
        columns = (
            Column("name", _("login name"), 0),
            Column("roles", _("roles"), 30),
            Column("status", _("status"), 14),
            Column("confidentiality", _("signed on"), 10),
            Column("added", pgettext("user", "added on"), 10, rank=1),
        )
        yield Frame("settings")
        yield Static(line(_("Users")), classes="question--title")
        yield VirtualList(columns)
        yield Static("", id="progress", classes="warning", markup=False)
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Show who there is now."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what the row under the cursor cannot be given."""
        if action in {"add", "roles", "reset", "disable", "enable", "promise", "review"}:
            if not self.register.may(duty="users"):
                return False
            user = self._current()
            if action in {"roles", "reset", "disable"}:
                return user is not None and user.status == "active" and not self._own(user)
            if action == "enable":
                return user is not None and user.status != "active"
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the list."""
        users = await self.desk.look(lambda register: register.users.list())
        self._users = {one.name: one for one in users}
        self.query_one(VirtualList).fill([_row(one) for one in users], keep=True)
        self.refresh_bindings()

    def on_virtual_list_moved(self) -> None:
        """Offer what fits the row."""
        self.refresh_bindings()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show one user whole."""
        user = self._users[event.key]
        parts = [
            (_("roles"), "\n".join(words for code, words in role_choices() if code in user.roles)),
            (_("status"), said(USER_STATES, user.status)),
            (_("first password"), _("yes, not changed yet") if user.first_password else _("no")),
            (_("confidentiality"), user.confidentiality or _("not signed")),
            (pgettext("user", "added on"), f"{user.added:%Y-%m-%d}"),
        ]
        self.app.push_screen(ReadingBox(user.name, parts))

    @run_once
    async def action_add(self) -> None:
        """Add a user with roles chosen in plain words; the first password is shown once."""

        async def save(values: Mapping[str, Any]) -> NewLogin:
            name, roles, language = values["name"].strip(), values["roles"], values["language"]
            return await self.desk.ask(lambda r: r.users.add(name, roles, language=language))

        fields = [
            BoxField("name", _("login name")),
            BoxField("roles", _("may do"), kind=TICKS, choices=role_choices(), chosen=("office",)),
            BoxField(
                "language",
                _("language"),
                current(),
                PICK,
                choices=tuple((code, TONGUES[code]) for code in LANGUAGES),
            ),
        ]
        login = await self.app.push_screen_wait(Fill(_("New user"), fields, save))
        if login is not None:
            await self._hand_over(login)

    @run_once
    async def action_roles(self) -> None:
        """Give a user other roles, and the keys to them."""
        user = self._current()
        if user is None:
            return

        async def save(values: Mapping[str, Any]) -> tuple[str, ...]:
            return await self.desk.ask(
                lambda register: register.membership.set_roles(user.name, values["roles"])
            )

        fields = [
            BoxField("roles", _("may do"), kind=TICKS, choices=role_choices(), chosen=user.roles)
        ]
        title = _("Roles of {name}").format(name=user.name)
        lost = await self.app.push_screen_wait(Fill(title, fields, save))
        if isinstance(lost, tuple) and lost:
            text = _("The user still knows these keys: {keys}.").format(
                keys=", ".join(map(key_name, lost))
            )
            await self._offer_rotation(text)

    @run_once
    async def action_reset(self) -> None:
        """Give a colleague who forgot the password a new first one."""
        user = self._current()
        text = _("A new first password is created; the forgotten one is no longer valid.")
        if user is not None and await self._sure(user, text, _("New password")):
            login = await self.desk.ask(lambda r: r.membership.reset(user.name, language=current()))
            await self._hand_over(login)

    @run_once
    async def action_disable(self) -> None:
        """Shut a user out at once, and offer to rotate every key the user knew."""
        user = self._current()
        text = _(
            "Programs still open close at their next change. Earlier copies remain readable: "
            "recover laptop, backups and papers."
        )
        if user is None or not await self._sure(user, text, _("Disable")):
            return
        await self.desk.ask(lambda register: register.membership.disable(user.name))
        self.load()
        await self._offer_rotation(_("{name} is disabled.").format(name=user.name))

    @run_once
    async def action_enable(self) -> None:
        """Let somebody in again, with new keys and a first password."""
        user = self._current()
        text = _("The user gets new keys and a first password.")
        if user is not None and await self._sure(user, text, _("Enable")):
            login = await self.desk.ask(
                lambda r: r.membership.enable(user.name, language=current())
            )
            await self._hand_over(login)

    @run_once
    async def action_promise(self) -> None:
        """Note the day on which a user promised confidentiality."""
        user = self._current()
        if user is None:
            return
        today = await self.desk.look(lambda register: register.notices.today)

        async def save(values: Mapping[str, Any]) -> None:
            day = day_of(values["day"])
            await self.desk.ask(lambda r: r.membership.confidentiality(user.name, day))

        day = BoxField(
            "day", _("the date on the document"), today.isoformat(), hint=_("YYYY-MM-DD")
        )
        text = _("The signed document itself is kept elsewhere. Have it renewed once a year.")
        title = _("Confidentiality of {name}").format(name=user.name)
        if await self.app.push_screen_wait(Fill(title, [day], save, text=text)):
            self.load()

    @run_once
    async def action_review(self) -> None:
        """Note that somebody read who may do what, which is due once a quarter."""
        text = _(
            "Confirm that you have read this list and that everybody on it still needs their "
            "access."
        )
        if await self.app.push_screen_wait(
            Confirm(_("Mark reviewed"), text, yes=_("Mark reviewed"))
        ):
            await self.desk.ask(lambda register: register.membership.review())
            self.register.notify(_("The review is recorded."))

    def _current(self) -> UserLine | None:
        row = self.query_one(VirtualList).current if self.is_mounted else None
        return None if row is None else self._users.get(row.key)

    def _own(self, user: UserLine) -> bool:
        me = self.register.me
        return me is not None and me.name == user.name

    async def _sure(self, user: UserLine, text: str, yes: str) -> bool:
        title = f"{yes}: {user.name}"
        question = Confirm(title, text, yes=yes)
        return await self.app.push_screen_wait(question) is True

    async def _hand_over(self, login: NewLogin) -> None:
        self.load()
        parts = [
            (_("login name"), login.name),
            (_("roles"), role_names(login.roles)),
            (_("first password"), login.password),
        ]
        text = _("This first password is shown once. The user sets a new one at the first login.")
        await self.app.push_screen_wait(ReadingBox(_("First password"), parts, text))

    async def _offer_rotation(self, text: str) -> None:
        more = _("All keys known to the user are rotated. It takes a while; work can go on.")
        question = Confirm(_("Rotate the keys now?"), f"{text}\n{more}", yes=_("Rotate"))
        if await self.app.push_screen_wait(question):
            await rotate(self, due=True)


def _row(user: UserLine) -> Row:
    status = said(USER_STATES, user.status)
    if user.status == "active" and user.first_password:
        status = _("first password")
    promised = user.confidentiality or ("" if "owner" in user.roles else _("! missing"))
    style = "quiet" if user.status != "active" else ""
    roles = role_names(user.roles)
    return Row(user.name, (user.name, roles, status, promised, f"{user.added:%Y-%m-%d}"), style)
