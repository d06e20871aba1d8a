"""What both `key rotate` and `user disable` say: which keys were replaced, and how far it got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.cli.labels import columns
from crm.cli.output import answer_rows, say
from crm.i18n import _

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
        say(_("{count} key owners processed").format(count=reached))

    told(register.rotation.run(chosen, due=due, progress=progress), form)


def told(lines: tuple[Rotated, ...], form: str) -> None:
    """Answer with the keys that were replaced."""
    own = {"rewrapped": _("re-encrypted"), "keys": _("keys it protects")}
    answer_rows(lines, form, columns("key", "version", *own, **own))
    if any(not line.gone for line in lines):
        say(
            _(
                "Another program has the register open; the old keys are removed from its "
                "write-ahead log when that program closes."
            )
        )
