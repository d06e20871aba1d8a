"""What is due, in words: what it is, what to do next, and which screen that is done on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from crm.i18n import _, ngettext
from crm.lists.words import counted
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.lists.cards import Agenda, DueItem
    from tui.app_screen import Program


class DueKind(NamedTuple):
    """One kind of due thing: words for so many, the next step, the place, and who does it."""

    words: Callable[[int], str]
    step: str
    place: str
    duty: str | None = None
    write: str | None = None


_ITEMS: Final = {
    "damage": DueKind(
        lambda many: ngettext("{count} record is damaged", "{count} records are damaged", many),
        N_("Check what is damaged; it can be restored from a backup."),
        "doctor",
    ),
    "clock": DueKind(
        lambda _many: _("The date of this computer jumped"),
        N_("Confirm the date before anything is erased."),
        "retention",
        duty="erasure",
    ),
    "shreds": DueKind(
        lambda many: ngettext(
            "{count} erasure awaits final destruction",
            "{count} erasures await final destruction",
            many,
        ),
        N_("Close other programs that have the register open, then check again."),
        "doctor",
    ),
    "due": DueKind(
        lambda many: ngettext("{count} record to be erased", "{count} records to be erased", many),
        N_("See why, then erase them or keep them with a reason."),
        "retention",
        duty="erasure",
    ),
    "review": DueKind(
        lambda many: ngettext(
            "{count} client to be reviewed", "{count} clients to be reviewed", many
        ),
        N_("Decide whether the data are still needed."),
        "retention",
        duty="erasure",
    ),
    "uninformed": DueKind(
        lambda many: ngettext("{count} person not informed", "{count} persons not informed", many),
        N_("Give them the privacy notice and record it."),
        "papers",
        write="evidence",
    ),
    "unpublished": DueKind(
        lambda many: ngettext(
            "No privacy notice yet for {count} person",
            "No privacy notice yet for {count} persons",
            many,
        ),
        N_("Publish the privacy notice, then give it to them."),
        "papers",
        duty="purposes",
    ),
    "unconfirmed": DueKind(
        lambda many: ngettext(
            "{count} purpose is not confirmed by the firm",
            "{count} purposes are not confirmed by the firm",
            many,
        ),
        N_("Read and confirm each; the notice refers to it."),
        "papers",
        duty="purposes",
    ),
    "backup-never": DueKind(
        lambda _many: _("No backup has been created yet"),
        N_("Create one, on another disk."),
        "backup",
        duty="backup",
    ),
    "backup-old": DueKind(
        lambda _many: _("The last backup is older than a week"),
        N_("Create one now."),
        "backup",
        duty="backup",
    ),
    "backup-one-place": DueKind(
        lambda _many: _("All backups are in one place"),
        N_("Create one in a second location, away from this computer."),
        "backup",
        duty="backup",
    ),
    "drill": DueKind(
        lambda _many: _("No restore has been tested for long"),
        N_("Test restoring the newest one: it proves that it works."),
        "backup",
        duty="backup",
    ),
    "recovery": DueKind(
        lambda _many: _("The recovery key is not confirmed"),
        N_("Enter two of its groups from the paper."),
        "keys",
        duty="keys",
    ),
    "recovery-used": DueKind(
        lambda _many: _("The recovery key was used"),
        N_("Issue a new one and write it on paper."),
        "keys",
        duty="keys",
    ),
    "recovery-root": DueKind(
        lambda _many: _("The recovery key is older than the root key"),
        N_("Issue a new one and write it on paper."),
        "keys",
        duty="keys",
    ),
    "rotating": DueKind(
        lambda _many: _("A key rotation was not finished"),
        N_("Let it finish."),
        "keys",
        duty="keys",
    ),
    "rotation": DueKind(
        lambda many: ngettext(
            "{count} key due for rotation", "{count} keys due for rotation", many
        ),
        N_("Rotate what is due."),
        "keys",
        duty="keys",
    ),
    "access": DueKind(
        lambda _many: _("Access rights not reviewed for a quarter"),
        N_("Read the list of users and their roles."),
        "users",
        duty="users",
    ),
    "confidentiality": DueKind(
        lambda many: ngettext(
            "{count} user without a confidentiality undertaking",
            "{count} users without a confidentiality undertaking",
            many,
        ),
        N_("Have the undertaking signed, then record the date."),
        "users",
        duty="users",
    ),
    "copies": DueKind(
        lambda many: ngettext(
            "{count} copy past its destruction date",
            "{count} copies past their destruction date",
            many,
        ),
        N_("Destroy these files."),
        "copies",
    ),
}


def mine(agenda: Agenda, app: Program) -> list[tuple[DueItem, DueKind]]:
    """Pair what is due with its words, leaving out what the user's roles do not do."""
    return [
        (item, known)
        for item in agenda.items
        if (known := _ITEMS.get(item.code)) is not None
        and (known.duty is None or app.may(duty=known.duty))
        and (known.write is None or app.may(write=known.write))
    ]


def said(item: DueItem, known: DueKind) -> str:
    """Say one due thing."""
    return known.words(item.count).format(count=counted(item.count))


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
    return (
        "! "
        + ngettext("{count} thing to do", "{count} things to do", len(items)).format(
            count=len(items)
        )
        + " · "
        + key
    )
