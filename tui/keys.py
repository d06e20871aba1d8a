"""The one table of keys: what every key does, in which room, and what the footer calls it.

Bindings, the help, the command palette and the guide's key table are made from it, so that none
of them can lie. A key stands on a Latvian and on an Italian keyboard without AltGr; a test looks.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

from gdpr.text import N_


class Key(NamedTuple):
    """One action of a room: its id, its keys (the first is shown), the action, what it does.

    `shown` says whether the footer names it; one that works while a field is typed in has priority.
    """

    id: str
    keys: str
    action: str
    words: str
    shown: bool = True
    priority: bool = False


# Keys that work everywhere.
APP = (
    Key("app.help", "f1,question_mark", "help", N_("Help")),
    Key("app.palette", "ctrl+p", "command_palette", N_("Commands"), shown=False),
    Key("app.clients", "f2,1", "go('clients')", N_("Clients"), shown=False),
    Key("app.today", "f3,2", "go('today')", N_("Today"), shown=False),
    Key("app.retention", "f4,3", "go('retention')", N_("Retention"), shown=False),
    Key("app.papers", "f5,4", "go('papers')", N_("Papers"), shown=False),
    Key("app.audit", "f6,5", "go('audit')", N_("Log"), shown=False),
    Key("app.settings", "f7,6", "go('settings')", N_("Settings"), shown=False),
    Key("app.lock", "ctrl+l", "lock", N_("Lock"), shown=False, priority=True),
    Key("app.quit", "ctrl+q", "leave", N_("Quit"), shown=False, priority=True),
)

# Keys of every list.
LIST = (
    Key("list.up", "up,k", "cursor_up", N_("Up"), shown=False),
    Key("list.down", "down,j", "cursor_down", N_("Down"), shown=False),
    Key("list.page_up", "pageup", "page_up", N_("Page up"), shown=False),
    Key("list.page_down", "pagedown", "page_down", N_("Page down"), shown=False),
    Key("list.top", "home,g", "top", N_("First"), shown=False),
    Key("list.bottom", "end,G", "bottom", N_("Last"), shown=False),
    Key("list.open", "enter", "open", N_("Open")),
    Key("list.mark", "space", "mark", N_("Mark"), shown=False),
)

# Keys of every pushed screen and every question.
BACK = (Key("back", "escape", "back", N_("Back")),)

CLIENTS = (
    Key("clients.search", "slash", "search", N_("Search")),
    Key("clients.new", "n", "new", N_("New")),
    Key("clients.edit", "e", "edit", N_("Edit")),
    Key("clients.filter", "f", "filter", N_("Filter")),
    Key("clients.sort", "s", "sort", N_("Sort")),
    Key("clients.columns", "c", "columns", N_("Columns"), shown=False),
    Key("clients.mark_all", "asterisk", "mark_all", N_("Mark all"), shown=False),
    Key("clients.import", "i", "import", N_("Import")),
    Key("clients.export", "x", "export", N_("Export")),
    Key("clients.clear", "escape", "clear", N_("Clear"), shown=False),
)
TODAY = (
    Key("today.again", "r", "again", N_("Look again")),
    Key("today.doctor", "d", "doctor", N_("Look at everything")),
)

ROOMS: dict[str, tuple[Key, ...]] = {
    "app": APP,
    "list": LIST,
    "back": BACK,
    "clients": CLIENTS,
    "today": TODAY,
}


def bindings(*rooms: str) -> list[BindingType]:
    """Return the bindings of some rooms, in English; a screen translates what it shows."""
    return [
        Binding(
            key.keys,
            key.action,
            key.words,
            show=key.shown,
            priority=key.priority,
            id=key.id,
        )
        for room in rooms
        for key in ROOMS[room]
    ]
