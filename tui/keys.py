"""The one table of keys: what every key does, in which room, and what the footer calls it.

Bindings, the help, the command palette and the guide's key table are made from it, so that none
of them can lie. A key stands on a Latvian and on an Italian keyboard without AltGr; a test looks.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.binding import Binding, BindingType

from gdpr.text import N_, NP_


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


# room -> its keys; the order is that of the guide and of the footer.
ROOMS: Final[dict[str, tuple[Key, ...]]] = {
    # Keys that work everywhere.
    "app": (
        Key("app.help", "f1,question_mark", "help", N_("Help")),
        Key("app.palette", "ctrl+p", "command_palette", N_("Commands"), shown=False),
        Key("app.clients", "f2,1", "go('clients')", N_("Clients"), shown=False),
        Key("app.today", "f3,2", "go('today')", N_("Today"), shown=False),
        Key("app.retention", "f4,3", "go('retention')", N_("Retention"), shown=False),
        Key("app.papers", "f5,4", "go('papers')", N_("Policies"), shown=False),
        Key("app.audit", "f6,5", "go('audit')", N_("Log"), shown=False),
        Key("app.settings", "f7,6", "go('settings')", N_("Settings"), shown=False),
        Key("app.pin", "f12", "pin", N_("PIN"), shown=False),
        Key("app.lock", "ctrl+l", "lock", NP_("verb", "Lock"), shown=False, priority=True),
        Key("app.quit", "ctrl+q", "leave", N_("Quit"), shown=False, priority=True),
    ),
    # Keys of every list.
    "list": (
        Key("list.up", "up,k", "cursor_up", NP_("direction", "Up"), shown=False),
        Key("list.down", "down,j", "cursor_down", NP_("direction", "Down"), shown=False),
        Key("list.page_up", "pageup", "page_up", N_("Page up"), shown=False),
        Key("list.page_down", "pagedown", "page_down", N_("Page down"), shown=False),
        Key("list.top", "home,g", "top", NP_("direction", "First"), shown=False),
        Key("list.bottom", "end,G", "bottom", NP_("direction", "Last"), shown=False),
        Key("list.open", "enter", "open", NP_("verb", "Open")),
        Key("list.mark", "space", "mark", NP_("verb", "Mark"), shown=False),
    ),
    # Keys of every pushed screen and every question.
    "back": (Key("back", "escape", "back", N_("Back")),),
    # Files in and out, and copies of the whole: forms first, so no letters.
    "lines": (
        Key("lines.up", "up", "app.focus_previous", N_("Field above"), shown=False),
        Key("lines.down", "down", "app.focus_next", N_("Field below"), shown=False),
    ),
    "import": (
        Key("import.start", "ctrl+s", "start", NP_("verb", "Import"), priority=True),
        Key("import.try", "f8", "try_out", N_("Preview"), priority=True),
        Key("import.choose", "f9", "choose", N_("A file"), priority=True),
    ),
    "imported": (
        Key("imported.changes", "c", "changes", N_("Differences")),
        Key("imported.shred", "x", "shred", N_("Destroy the file")),
    ),
    "mend": (Key("mend.save", "ctrl+s", "save", NP_("verb", "Import"), priority=True),),
    "export": (Key("export.start", "ctrl+s", "start", N_("Write"), priority=True),),
    "backup": (
        Key("backup.new", "n", "new", N_("New backup")),
        Key("backup.verify", "v", "verify", N_("Verify")),
        Key("backup.restore", "r", "restore", N_("Restore")),
        Key("backup.drill", "t", "drill", N_("Test restore")),
        Key("backup.shred", "x", "shred", N_("Destroy")),
        Key("backup.due", "d", "due", N_("Destroy what is due")),
        Key("backup.forget", "o", "forget", N_("Destroy old")),
        Key("backup.adopt", "a", "adopt", N_("Adopt")),
        Key("backup.copies", "c", "copies", N_("All copies"), shown=False),
    ),
    "restore": (
        Key("restore.start", "ctrl+s", "start", N_("Restore"), priority=True),
        Key("restore.check", "f8", "check", N_("Check only"), priority=True),
        Key("restore.choose", "f9", "choose", N_("A file"), priority=True),
    ),
    "restored": (Key("restored.older", "a", "older", N_("Use the older one")),),
    # Before anybody is in: the language, since nobody can have chosen one yet.
    "entry": (
        Key("entry.language", "f8", "language", N_("Language"), priority=True),
        Key("entry.other", "f9", "other", N_("Password or PIN"), priority=True),
        Key("entry.recover", "f7", "recover", N_("Password lost"), priority=True),
        Key("entry.restore", "f6", "restore", N_("Restore a backup"), priority=True),
    ),
    "wizard": (
        Key("wizard.language", "f8", "language", N_("Language"), priority=True),
        Key("wizard.phrase", "f9", "phrase", N_("Use the phrase"), priority=True),
        Key("wizard.another", "f7", "another", N_("Another phrase"), priority=True),
    ),
    "clients": (
        Key("clients.search", "slash", "search", NP_("verb", "Search")),
        Key("clients.new", "n", "new", N_("New")),
        Key("clients.edit", "e", "edit", N_("Edit")),
        Key("clients.filter", "f", "filter", NP_("verb", "Filter")),
        Key("clients.sort", "s", "sort", NP_("verb", "Sort")),
        Key("clients.columns", "c", "columns", N_("Columns"), shown=False),
        Key("clients.mark_all", "asterisk", "mark_all", N_("Mark all"), shown=False),
        Key("clients.import", "i", "import", NP_("verb", "Import"), shown=False),
        Key("clients.export", "x", "export", NP_("verb", "Export"), shown=False),
        Key("clients.told", "t", "told", N_("Mark informed"), shown=False),
        Key("clients.records", "r", "records", N_("Records"), shown=False),
        Key("clients.clear", "escape", "clear", NP_("verb", "Clear"), shown=False),
    ),
    # The records of one described kind.
    "records": (
        Key("records.search", "slash", "search", NP_("verb", "Search")),
        Key("records.new", "n", "new", N_("New")),
        Key("records.edit", "e", "edit", N_("Edit")),
        Key("records.move", "m", "move", N_("Change state")),
        Key("records.filter", "f", "filter", NP_("verb", "Filter")),
        Key("records.sort", "s", "sort", NP_("verb", "Sort")),
        Key("records.reveal", "v", "reveal", N_("Show hidden"), shown=False),
    ),
    "today": (
        Key("today.again", "r", "again", N_("Refresh")),
        Key("today.doctor", "d", "doctor", N_("Check everything")),
    ),
    # What one person agreed to, on which grounds they are kept, and how they leave.
    "consents": (
        Key("consents.give", "g", "give", NP_("consent", "Given"), priority=True),
        Key("consents.withdraw", "w", "withdraw", NP_("consent", "Withdrawn"), priority=True),
        Key("consents.history", "h", "history", N_("History"), priority=True),
        Key("consents.note", "n", "note", NP_("consent", "Other answer"), priority=True),
        Key("consents.receipt", "r", "receipt", N_("Receipt"), shown=False, priority=True),
    ),
    "matrix": (
        Key("matrix.left", "left", "cell_left", NP_("direction", "Left"), shown=False),
        Key("matrix.right", "right", "cell_right", NP_("direction", "Right"), shown=False),
    ),
    "told": (Key("told.save", "ctrl+s", "save", N_("Save"), priority=True),),
    "filed": (Key("filed.go", "ctrl+s", "save", N_("Run"), priority=True),),
    "grounds": (
        Key("grounds.add", "a", "add", N_("Add"), priority=True),
        Key("grounds.end", "e", "end", NP_("verb", "End"), priority=True),
        Key("grounds.only", "o", "only", N_("Keep only this"), shown=False, priority=True),
        Key("grounds.keep", "k", "keep", N_("Keep"), priority=True),
        Key("grounds.reopen", "r", "reopen", N_("Restore"), priority=True),
    ),
    "erase": (
        Key("erase.cause", "c", "cause", N_("Reason"), priority=True),
        Key("erase.erase", "x", "erase", N_("Erase…"), priority=True),
    ),
    "receipt": (Key("receipt.save", "s", "save", N_("Save to a file"), priority=True),),
    "packages": (
        Key("packages.save", "ctrl+s", "make", N_("Create"), priority=True),
        Key("packages.review", "f8", "review", N_("Texts"), priority=True),
        Key("packages.verify", "f9", "verify", NP_("verb", "Check"), priority=True),
    ),
    "review": (
        Key("review.done", "ctrl+s", "done", NP_("verb", "Done"), priority=True),
        Key("review.next", "n", "next_text", N_("Next text"), priority=True),
        Key(
            "review.previous", "p", "previous_text", N_("Previous text"), shown=False, priority=True
        ),
    ),
    "marked": (
        Key("marked.left", "left", "word_left", N_("Previous word"), shown=False),
        Key("marked.right", "right", "word_right", N_("Next word"), shown=False),
        Key("marked.up", "up", "mark_before", N_("Previous mark"), shown=False),
        Key("marked.down", "down", "mark_next", N_("Next mark"), shown=False),
        Key("marked.mark", "m", "mark", NP_("verb", "Mark")),
        Key("marked.turn", "space", "turn", N_("Redact")),
        Key("marked.reason", "r", "reason", N_("Reason")),
    ),
    "retention": (
        Key("retention.run", "x", "run", N_("Erase…"), priority=True),
        Key("retention.keep", "k", "keep", N_("Keep"), priority=True),
        Key("retention.back", "r", "reopen", N_("Restore"), priority=True),
        Key("retention.card", "o", "card", N_("Open card"), priority=True),
    ),
    # One party: what is known of it, why, and what can be done.
    "card": (
        Key("card.edit", "e", "edit", N_("Edit"), priority=True),
        Key("card.new", "n", "new", N_("New"), priority=True),
        Key("card.reveal", "v", "reveal", N_("Show hidden"), priority=True),
        Key("card.copy", "y", "copy", NP_("verb", "Copy"), priority=True),
        Key("card.consents", "c", "consents", N_("Consents"), priority=True),
        Key("card.grounds", "g", "grounds", N_("Bases"), priority=True),
        Key("card.packages", "p", "packages", N_("Packages"), shown=False, priority=True),
        Key("card.erase", "E", "erase", N_("Erase"), shown=False, priority=True),
        Key("card.withdraw", "w", "withdraw", NP_("consent", "Withdraw"), priority=True),
        Key("card.left", "l", "left", N_("Left the company"), shown=False, priority=True),
        Key("card.alike", "a", "alike", N_("Possible duplicate"), shown=False, priority=True),
        Key("card.next", "full_stop,right", "tab(1)", N_("Next tab"), shown=False, priority=True),
        Key(
            "card.previous", "comma,left", "tab(-1)", N_("Previous tab"), shown=False, priority=True
        ),
    ),
    # Forms are typed into, so their keys are none that write.
    "form": (
        Key("form.save", "ctrl+s", "save", N_("Save"), priority=True),
        Key("form.undo", "ctrl+z", "undo", N_("Undo"), priority=True),
        Key("form.jump", "f8", "jump", N_("Possible duplicate"), priority=True),
        Key("form.reveal", "f9", "reveal", N_("Show hidden"), priority=True),
        Key("form.up", "up", "app.focus_previous", N_("Field above"), shown=False, priority=True),
        Key("form.down", "down", "app.focus_next", N_("Field below"), shown=False, priority=True),
    ),
    "note": (Key("note.save", "ctrl+s", "save", N_("Save"), priority=True),),
    "merge": (
        Key("merge.turn", "space", "turn", N_("Theirs or mine"), priority=True),
        Key("merge.done", "ctrl+s", "done", N_("Continue"), priority=True),
    ),
    # Keys of the parts that screens are made of.
    "fill": (Key("fill.save", "ctrl+s", "save", N_("Save"), priority=True),),
    "sift": (Key("sift.show", "ctrl+s", "save", NP_("verb", "Show"), priority=True),),
    "pick": (
        Key("pick.next", "right,space", "next", N_("Next choice"), shown=False),
        Key("pick.previous", "left", "previous", N_("Previous choice"), shown=False),
        Key("pick.all", "enter", "all", N_("All choices")),
    ),
    "sheet": (
        Key("sheet.up", "up,k", "scroll_up", NP_("direction", "Up"), shown=False),
        Key("sheet.down", "down,j", "scroll_down", NP_("direction", "Down"), shown=False),
        Key("sheet.page_up", "pageup", "page_up", N_("Page up"), shown=False),
        Key("sheet.page_down", "pagedown,space", "page_down", N_("Page down"), shown=False),
        Key("sheet.top", "home,g", "scroll_home", NP_("direction", "First"), shown=False),
        Key("sheet.bottom", "end,G", "scroll_end", NP_("direction", "Last"), shown=False),
    ),
    "papers": (
        Key("papers.purposes", "p", "shelf('purposes')", N_("Purposes"), shown=False),
        Key("papers.relations", "r", "shelf('relations')", N_("Relationships"), shown=False),
        Key("papers.wordings", "w", "shelf('wordings')", N_("Texts"), shown=False),
        Key("papers.notices", "i", "shelf('notices')", N_("Notices"), shown=False),
        Key("papers.uninformed", "u", "shelf('uninformed')", N_("Not informed"), shown=False),
        Key("papers.next", "right", "turn(1)", N_("Next list"), shown=False),
        Key("papers.previous", "left", "turn(-1)", N_("Previous list"), shown=False),
        Key("papers.new", "n", "new", N_("New")),
        Key("papers.confirm", "c", "confirm", N_("Confirm")),
        Key("papers.confirm_all", "a", "confirm_all", N_("Confirm all")),
        Key("papers.give", "t", "give", N_("Mark informed")),
        Key("papers.load", "o", "load", N_("Program's own texts")),
    ),
    "purpose": (
        Key("purpose.edit", "e", "edit", N_("Edit")),
        Key("purpose.balance", "b", "balance", N_("Balancing test")),
        Key("purpose.confirm", "c", "confirm", N_("Confirm")),
        Key("purpose.retire", "x", "retire", N_("Retire"), shown=False),
        Key("purpose.language", "l", "language", N_("Language")),
        Key("purpose.versions", "v", "versions", N_("Versions"), shown=False),
        Key("purpose.document", "d", "document", N_("Whole document"), shown=False),
    ),
    "relation": (Key("relation.edit", "e", "edit", N_("Edit")),),
    "wording": (
        Key("wording.language", "l", "language", N_("Language")),
        Key("wording.versions", "v", "versions", N_("Versions")),
    ),
    "notice": (
        Key("notice.language", "l", "language", N_("Language")),
        Key("notice.kind", "a", "kind", N_("Art. 13 or 14")),
        Key("notice.diff", "d", "diff", N_("Differences")),
        Key("notice.save", "s", "save", N_("Save to file")),
        Key("notice.give", "t", "give", N_("Mark informed")),
        Key("notice.publish", "n", "publish", N_("Publish")),
    ),
    "log": (
        Key("log.filter", "slash", "filter", NP_("verb", "Filter")),
        Key("log.clear", "c", "clear", N_("All entries")),
        Key("log.verify", "v", "verify", N_("Verify")),
        Key("log.acknowledge", "s", "acknowledge", N_("Acknowledge")),
        Key("log.head", "h", "head", N_("Print checkpoint")),
        Key("log.again", "r", "again", N_("Refresh")),
    ),
    "settings": (Key("settings.password", "w", "password", N_("My password")),),
    "users": (
        Key("users.add", "n", "add", N_("New")),
        Key("users.roles", "r", "roles", N_("Roles")),
        Key("users.reset", "w", "reset", N_("New password")),
        Key("users.disable", "x", "disable", N_("Disable")),
        Key("users.enable", "a", "enable", N_("Enable")),
        Key("users.promise", "y", "promise", N_("Confidentiality")),
        Key("users.review", "v", "review", N_("Mark reviewed")),
    ),
    "keys": (
        Key("keys.rotate", "r", "rotate", N_("Rotate")),
        Key("keys.due", "d", "due", N_("Rotate overdue")),
        Key("keys.finish", "f", "finish", N_("Finish")),
        Key("keys.paper", "c", "paper", N_("Confirm key")),
        Key("keys.renew", "n", "renew", N_("New key")),
    ),
    "firm": (Key("firm.edit", "e", "edit", N_("Edit")),),
    "health": (
        Key("health.again", "r", "again", N_("Refresh")),
        Key("health.all", "a", "all", N_("All or findings")),
    ),
    "copies": (
        Key("copies.shred", "x", "shred", N_("Destroy")),
        Key("copies.due", "d", "due", N_("Destroy overdue")),
        Key("copies.gone", "g", "gone", N_("Declare destroyed")),
        Key("copies.all", "a", "all", N_("Show all")),
    ),
}


def bindings(*rooms: str) -> list[BindingType]:
    """Return the bindings of some rooms, in English; a screen translates what it shows."""
    return [
        Binding(key.keys, key.action, key.words, show=key.shown, priority=key.priority, id=key.id)
        for room in rooms
        for key in ROOMS[room]
    ]
