"""One entry of the log, whole: from the log itself, and from the history of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.dates import local
from crm.i18n import _
from crm.oversight.audit_details import told_name, told_value
from crm.oversight.words import event_words
from tui.dialogs.reading import ReadingBox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.oversight.cards import LogLine
    from tui.widgets.sheet import Part


def entry_box(one: LogLine, names: Mapping[str, str]) -> ReadingBox:
    """Show all that an entry says; `names` say purposes."""
    parts: list[Part] = [
        (_("time"), f"{local(one.time):%Y-%m-%d %H:%M:%S}"),
        (_("user"), one.user),
    ]
    if one.number is not None:
        parts.append((_("client"), str(one.number)))
    elif one.object is not None:
        parts.append((_("record"), one.object))
    parts += [(told_name(name), told_value(value, names)) for name, value in one.told.items()]
    parts += [(_("workstation"), one.desk), (_("entry"), str(one.seq))]
    return ReadingBox(event_words(one.event), parts)
