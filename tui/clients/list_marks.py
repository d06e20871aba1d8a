"""What can be done with those who are marked in the list, and how many they are.

They are written to a file, or recorded as told. Nothing that destroys acts on marks: whoever is
erased is looked at one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.i18n import _, ngettext
from crm.lists import words

if TYPE_CHECKING:
    from tui.app_screen import AppScreen


async def marked_numbers(room: AppScreen, marked: set[str]) -> tuple[int, ...]:
    """Return the numbers of the marked; the marks of those who are gone by now are taken away."""
    asked = frozenset(marked)
    if not asked:
        return ()
    found = await room.desk.look(lambda register: register.client_list.numbers(asked))
    marked -= asked - found.keys()
    return tuple(sorted(found.values()))


async def record_told(room: AppScreen, marked: set[str], under_cursor: int | None) -> bool:
    """Put on record that the marked were told, or who is under the cursor; tell whether it was."""
    from tui.transparency.notice_forms import give, give_marked  # noqa: PLC0415 - paint the list first

    if people := await marked_numbers(room, marked):
        return await give_marked(room, people) is not None
    if under_cursor is None:
        return False
    return await give(room, None, (str(under_cursor),)) is not None


def marks_said(count: int) -> str:
    """Say how many are marked."""
    return ngettext("{count} marked", "{count} marked", count).format(count=words.counted(count))


def marks_hint(*, may_tell: bool) -> str:
    """Say which keys act on them."""
    if may_tell:
        return _("x exports them, t marks them as informed")
    return _("x exports them")
