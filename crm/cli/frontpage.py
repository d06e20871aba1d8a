"""What `kartoteka --help` prints, without loading what prints the rest.

A help page is read by people who are waiting for it, so this module imports next to nothing.
"""

from __future__ import annotations

from crm.cli.commands import COMMANDS, GROUPS, OPTIONS
from crm.i18n import _, pgettext

_WIDEST = 100


def frontpage(width: int) -> str:
    """Lay out the page for a terminal `width` columns wide."""
    width = max(40, min(width, _WIDEST))
    lines = [_("Usage: kartoteka [OPTIONS] COMMAND [ARGUMENTS]"), ""]
    lines += _wrap(
        _(
            "A client register that keeps every personal field encrypted and erases it on time. An "
            "option takes precedence over the environment, the environment over the config file."
        ),
        width,
    )
    options = {_typed(option): line for option, line in OPTIONS.items()}
    margin = max(map(len, [*options, *COMMANDS])) + 4
    for heading, names in GROUPS.items():
        lines += ["", f"{_(heading)}:"]
        for name in names:
            lines += _row(name, _(COMMANDS[name][1]), margin, width)
    lines += ["", _("Options") + ":"]
    for option, help_line in options.items():
        lines += _row(option, _(help_line), margin, width)
    return "\n".join(lines) + "\n"


def _typed(option: str) -> str:
    name, space, value = option.partition(" ")
    return name + space + (pgettext("placeholder", value) if value else "")


def _row(term: str, text: str, margin: int, width: int) -> list[str]:
    first, *rest = _wrap(text, width - margin)
    return [f"  {term}".ljust(margin) + first, *(" " * margin + line for line in rest)]


def _wrap(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
