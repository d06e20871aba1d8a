"""Replacing keys before somebody who waits: how far it came, and what was replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.i18n import _, ngettext
from crm.keys.words import key_name
from tui.dialogs.reading import ReadingBox
from tui.safe import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.keys.cards import Rotated
    from tui.app_screen import AppScreen
    from tui.widgets.sheet import Part


async def rotate(room: AppScreen, chosen: Sequence[str] = (), *, due: bool = False) -> None:
    """Finish what was begun and replace the keys chosen or due; others can be searched meanwhile.

    It may be stopped anywhere: it goes on when it is called again.
    """
    shown = room.query_one("#progress", Static)
    shown.update(line(_("Rotating keys… It may be stopped and continues when it is repeated.")))
    reached = 0

    def progress(owners: int) -> None:
        nonlocal reached
        reached += owners
        words = _("Rotating keys… {count} key owners processed")
        shown.update(line(words.format(count=reached)))

    try:
        lines = await room.desk.long(
            lambda register, between: register.rotation.run(chosen, due=due, progress=between),
            progress,
        )
    finally:
        shown.update("")
    await room.app.push_screen_wait(ReadingBox(_("Keys rotated"), _parts(lines)))


def _parts(lines: Sequence[Rotated]) -> list[Part]:
    if not lines:
        return [("", _("Nothing is due."))]
    parts: list[Part] = []
    for one in lines:
        words = ngettext(
            "version {version}, {count} data key re-encrypted",
            "version {version}, {count} data keys re-encrypted",
            one.rewrapped,
        )
        said = words.format(version=one.version, count=one.rewrapped)
        parts.append((key_name(one.key), said))
    if any(not one.gone for one in lines):
        text = _(
            "Another program has the register open; the old keys are removed from its "
            "write-ahead log when that program closes."
        )
        parts.append(("", text))
    return parts
