"""The columns of the list of clients, and what stands in them; nothing is asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from crm.i18n import _, ngettext, pgettext, spoken
from crm.lists.words import COLUMNS, CONSENTS, DAMAGED, NAMELESS, counted, next_words
from crm.parties.words import card_labels, kind_words, named, status_words
from tui.safe import one_line
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm.lists.cards import Listing, ListQuery, ListRow
    from tui.app_screen import Program

# name -> (width, rank, right); the rank says which gives way first.
_SHAPES: Final = {
    "number": (6, 3, True),
    "name": (0, 0, False),
    "phone": (13, 1, False),
    "due": (17, 2, False),
    "consent": (6, 4, False),
    "official": (14, 5, False),
    "status": (14, 6, False),
    "last_activity": (12, 7, False),
    "email": (26, 8, False),
    "kind": (16, 9, False),
}
_LEAST_NAME: Final = 26


def columns(chosen: Sequence[str], sort: str) -> tuple[Column, ...]:
    """Return the chosen columns, or all; what the list is sorted by has an arrow."""
    wanted = [name for name in _SHAPES if name in chosen] if chosen else list(_SHAPES)
    if "name" not in wanted:
        wanted.insert(0, "name")
    return tuple(
        Column(name, _(COLUMNS[name]) + (" ↓" if sort == name else ""), *_SHAPES[name], _LEAST_NAME)
        for name in wanted
    )


def row(line: ListRow, shown: Sequence[Column], app: Program) -> Row:
    """Put a line into the cells of the columns shown."""
    one = line.line
    if one.status == "damaged":
        cells = {"name": "! " + _(DAMAGED)}
        return Row(one.id, tuple(cells.get(column.name, "") for column in shown), "warning")
    cells = {
        "number": str(one.number),
        "name": one.name or _(NAMELESS),
        "phone": one.phone or "",
        "due": next_words(line),
        "consent": _agreed(line, app),
        "official": one.vat_no or one.reg_no or "",
        "status": status_words(one.status),
        "last_activity": line.last_activity,
        "email": one.email or "",
        "kind": kind_words(one.kind),
    }
    style = "quiet" if one.status == "going" else ""
    return Row(one.id, tuple(cells[column.name] for column in shown), style)


def facts(line: ListRow, app: Program) -> Content:
    """Say what the list knows of one party, for the pane beside it."""
    one = line.line
    labels = card_labels()
    told = [
        (labels["number"], str(one.number)),
        (labels["kind"], kind_words(one.kind) if one.kind else ""),
        (labels["status"], status_words(one.status)),
        (labels["phone"], one.phone or ""),
        (labels["email"], one.email or ""),
        (labels["vat_no"], one.vat_no or ""),
        (labels["reg_no"], one.reg_no or ""),
        (labels["last_activity"], line.last_activity),
        (pgettext("date", "due"), next_words(line)),
        (_("consents"), _agreed(line, app)),
    ]
    width = max(len(label) for label, _value in told) + 2
    parts = [Content.styled(one_line(one.name or _(NAMELESS)), "bold"), Content("")]
    parts += [
        Content.assemble((label.ljust(width), "dim"), one_line(value))
        for label, value in told
        if value
    ]
    parts += [Content(""), Content(_("Enter opens the card."))]
    return Content("\n").join(parts)


def permitted(line: ListRow, app: Program) -> Content:
    """Say for what somebody may be used, and until when."""
    parts = [Content.styled(_("What we may do"), "bold"), Content("")]
    sign = app.sign("✓", "+")
    for held in line.held:
        basis = f"({held.article})" if held.article else ""
        name = one_line(named(held.names, held.purpose))
        parts.append(Content(f"{sign} {name} {basis}".rstrip()))
        until = _("until {day!s}").format(day=spoken(held.until))
        parts.append(Content.styled(f"  {until}", "dim"))
    if not line.held:
        parts.append(
            Content(app.sign("✗", "-") + " " + _("Nothing: these data are scheduled for erasure."))
        )
    return Content("\n").join(parts)


def narrowed(query: ListQuery, name: Callable[[str, str], str]) -> list[str]:
    """Say each filter in words; `name` says the name of a relation or a purpose."""
    told: list[str] = []
    if query.kind:
        told.append(kind_words(query.kind))
    if query.status:
        told.append(status_words(query.status))
    told += [
        name(what, code)
        for what, code in (("relation", query.relation), ("purpose", query.purpose))
        if code
    ]
    if query.consent:
        told.append(_(CONSENTS[query.consent]))
    if query.due:
        told.append(pgettext("filter", "due"))
    if query.to_check:
        told.append(_("to be checked"))
    return told


def hits(listing: Listing, query: ListQuery, total: int) -> str:
    """Say how many lines there are, of how many when something narrows them."""
    count = listing.count
    if listing.alike:
        words = ngettext("No match; {count} similar name", "No match; {count} similar names", count)
        return words.format(count=counted(count))
    if not listing.done:
        return _("more than {count}").format(count=counted(count))
    if not (query.text or query.filtered):
        words = ngettext("{count} client", "{count} clients", count)
        return words.format(count=counted(count))
    return _("{count} of {total} names").format(count=counted(count), total=counted(total))


def marks_said(count: int) -> str:
    """Say how many are marked."""
    return ngettext("{count} marked", "{count} marked", count).format(count=counted(count))


def marks_hint(*, may_tell: bool) -> str:
    """Say which keys act on them; nothing that destroys does."""
    if may_tell:
        return _("x exports them, t marks them as informed")
    return _("x exports them")


def _agreed(line: ListRow, app: Program) -> str:
    """Show the consents as a sign and how many permit; never by colour."""
    if line.consent is None:
        return ""
    yes, every = line.consent
    if not yes:
        return app.sign("✗", "-")
    return f"{app.sign('✓', '+')} {yes}" if yes == every else f"{app.sign('◐', '+')} {yes}/{every}"
