"""What both `key rotate` and `user disable` say: which keys were replaced, and how far it got."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.output import answer_rows, say
from crm.i18n import _, pgettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.kartoteka import Kartoteka
    from crm.keys.cards import Rotated


def rotate(
    register: Kartoteka, form: str, chosen: Iterable[str] = (), *, due: bool = False
) -> None:
    """Rotate, with a line for every batch, so that nobody stops it for fear that it hangs."""
    reached = 0

    def progress(owners: int) -> None:
        nonlocal reached
        reached += owners
        say(_("{count} owners of keys looked through").format(count=reached))

    told(register.rotation.run(chosen, due=due, progress=progress), form)


def told(lines: tuple[Rotated, ...], form: str) -> None:
    """Answer with the keys that were replaced."""
    answer_rows([asdict(line) for line in lines], form, _columns())
    if any(not line.gone for line in lines):
        say(
            _(
                "Another program holds the register open; the old keys leave its log when that "
                "program ends."
            )
        )


def _columns() -> dict[str, str]:
    return {
        "key": pgettext("encryption", "key"),
        "version": _("version"),
        "rewrapped": _("re-wrapped"),
        "keys": _("keys under it"),
    }
