"""Who may open the register: people come, get other roles, forget passwords, and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from crm.dates import day_text
from crm.i18n import _, current, pgettext
from crm.keys.words import USER_STATES, key_name, role_choices, role_names
from crm.transparency.words import said
from tui.app_screen import run_once, task
from tui.dialogs.filling import BoxField, Fill, day_of, pick, ticks, tongues
from tui.dialogs.reading import ReadingBox
from tui.dialogs.screen_kinds import ListScreen
from tui.keeper.keyring import rotate
from tui.key_bindings import bindings
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.keys.cards import NewLogin, UserLine
    from tui.widgets.virtual_list import VirtualList


class UsersScreen(ListScreen):
    """A list of users; what is done to one is done to the row under the cursor."""

    AREA = "settings"
    ABOVE = (("heading", "question--title"),)
    BELOW = (("progress", "warning"),)
    DUTIES: ClassVar = dict.fromkeys(
        ("add", "roles", "reset", "disable", "enable", "promise", "review"), "users"
    )
    BINDINGS = bindings("back", "users")

    def __init__(self) -> None:
        """Nobody is known yet."""
        super().__init__()
        self._users: dict[str, UserLine] = {}

    def columns(self) -> tuple[Column, ...]:
        """Say who it is, what they may do, and since when."""
        return (
            Column("name", _("login name"), 0),
            Column("roles", _("roles"), 30),
            Column("status", _("status"), 14),
            Column("confidentiality", _("signed on"), 10),
            Column("added", pgettext("user", "added on"), 10, rank=1),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what the row under the cursor cannot be given."""
        user = self._current() if action in self.DUTIES else None
        is_active = user is not None and user.status == "active"
        if action in {"roles", "reset", "disable"} and (not is_active or self._own(user)):
            return False
        if action == "enable" and (user is None or is_active):
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the list."""
        users = await self.desk.look(lambda register: register.users.list())
        self._users = {one.name: one for one in users}
        self.write("heading", _("Users"))
        self.listed.fill([_row(one) for one in users], keep=True)
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
            (pgettext("user", "added on"), day_text(user.added)),
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
            ticks("roles", _("may do"), role_choices(), ("office",)),
            pick("language", _("language"), tongues(), current()),
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
                lambda register: register.users.set_roles(user.name, values["roles"])
            )

        field = ticks("roles", _("may do"), role_choices(), user.roles)
        title = _("Roles of {name}").format(name=user.name)
        lost = await self.app.push_screen_wait(Fill(title, [field], save))
        self.load()
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
        if user is not None and await self._agreed(user, text, _("New password")):
            login = await self.desk.ask(lambda r: r.users.reset(user.name, language=current()))
            await self._hand_over(login)

    @run_once
    async def action_disable(self) -> None:
        """Shut a user out at once, and offer to rotate every key the user knew."""
        user = self._current()
        text = _(
            "Programs still open close at their next change. Earlier copies remain readable: "
            "recover laptop, backups and papers."
        )
        if user is None or not await self._agreed(user, text, _("Disable")):
            return
        await self.desk.ask(lambda register: register.users.disable(user.name))
        self.load()
        await self._offer_rotation(_("{name} is disabled.").format(name=user.name))

    @run_once
    async def action_enable(self) -> None:
        """Let somebody in again, with new keys and a first password."""
        user = self._current()
        text = _("The user gets new keys and a first password.")
        if user is not None and await self._agreed(user, text, _("Enable")):
            login = await self.desk.ask(lambda r: r.users.enable(user.name, language=current()))
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
            await self.desk.ask(lambda r: r.users.confidentiality(user.name, day))

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
        if await self.sure(_("Mark reviewed"), text, yes=_("Mark reviewed")):
            await self.desk.ask(lambda register: register.users.review())
            self.register.notify(_("The review is recorded."))

    def _current(self) -> UserLine | None:
        return self._users.get(self.key or "")

    def _own(self, user: UserLine | None) -> bool:
        me = self.register.me
        return me is not None and user is not None and me.name == user.name

    async def _agreed(self, user: UserLine, text: str, yes: str) -> bool:
        return await self.sure(f"{yes}: {user.name}", text, yes=yes)

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
        if await self.sure(_("Rotate the keys now?"), f"{text}\n{more}", yes=_("Rotate")):
            await rotate(self, due=True)


def _row(user: UserLine) -> Row:
    status = said(USER_STATES, user.status)
    if user.status == "active" and user.first_password:
        status = _("first password")
    promised = user.confidentiality or ("" if "owner" in user.roles else _("! missing"))
    style = "quiet" if user.status != "active" else ""
    roles = role_names(user.roles)
    return Row(user.name, (user.name, roles, status, promised, day_text(user.added)), style)
