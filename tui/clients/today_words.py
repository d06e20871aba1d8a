"""What is due, in words: what it is, what to do next, and which screen that is done on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from crm.i18n import _, ngettext
from crm.lists.words import counted
from crm.oversight.words import NEXT
from gdpr.text import Counted
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from crm.lists.cards import Agenda, DueItem
    from tui.app_screen import Program


class DueKind(NamedTuple):
    """One kind of due thing: words for so many, the next step, the place, and who does it."""

    words: str
    step: str
    place: str
    duty: str | None = None
    write: str | None = None


_WORDS: Final = WordTable("tui.clients", "due")
# What to do about the others, and where, is what the doctor says of them.
_OWN: Final = WordPairTable("tui.clients", "next", "advice", "place")
_SAME: Final = {
    "review": "reviews",
    "backup-never": "backup",
    "backup-old": "backup",
    "backup-one-place": "places",
}
# place -> the duty of whoever does it there.
_DUTIES: Final = {
    "retention": "erasure",
    "papers": "purposes",
    "backup": "backup",
    "keys": "keys",
    "users": "users",
}


def _kind(code: str, words: str) -> DueKind:
    step, place = _OWN.get(code) or NEXT[_SAME.get(code, code)]
    if code == "uninformed":
        return DueKind(words, step, place, write="evidence")
    return DueKind(words, step, place, _DUTIES.get(place))


_ITEMS: Final = {code: _kind(code, words) for code, words in _WORDS.items()}


def mine(agenda: Agenda, app: Program) -> list[tuple[DueItem, DueKind]]:
    """Pair what is due with its words, leaving out what the user's roles do not do."""
    return [
        (item, known)
        for item in agenda.items
        if (known := _ITEMS.get(item.code)) is not None
        and (known.duty is None or app.user_may(duty=known.duty))
        and (known.write is None or app.user_may(write=known.write))
    ]


def said(item: DueItem, known: DueKind) -> str:
    """Say one due thing."""
    words = known.words
    form = ngettext(words.one, words, item.count) if isinstance(words, Counted) else _(words)
    return form.format(count=counted(item.count))


def step(known: DueKind) -> str:
    """Say what to do about it."""
    return _(known.step)


def due_line(agenda: Agenda, app: Program, width: int) -> str:
    """Say in one line what is due and which key leads there; what does not fit is counted."""
    items = [said(*pair) for pair in mine(agenda, app)]
    if not items:
        return ""
    key = _("F3 shows all")
    for shown in range(len(items), 0, -1):
        rest = len(items) - shown
        more = [ngettext("{count} more", "{count} more", rest).format(count=rest)] if rest else []
        text = "! " + " · ".join([*items[:shown], *more, key])
        if cell_len(text) <= width:
            return text
    count = len(items)
    words = ngettext("{count} thing to do", "{count} things to do", count).format(count=count)
    return f"! {words} · {key}"
