"""What would go and what would stay: the dry run of everything that ends a ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.grounds import words as ground_words
from crm.i18n import _
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.grounds.cards import KeptLine, Preview


class PlannedList(VirtualList):
    """A list that is read where it stands: Enter opens nothing, and the footer says so."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer every key of a list but opening."""
        return False if action == "open" else super().check_action(action, parameters)


class Planned(VirtualList):
    """A list in parts: goes now, stays with purpose, article and day, and copies elsewhere."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Begin empty."""
        super().__init__(
            (
                Column("what", _("Data"), 26),
                Column("rows", _("Rows"), 6, rank=2, right=True),
                Column("why", _("Why"), 0),
                Column("until", _("Until"), 10, rank=1),
            ),
            id=id,
        )

    def show_plan(
        self, plan: Preview, purposes: Mapping[str, str], more: Sequence[Row] = ()
    ) -> None:
        """Show a preview, and rows that follow it."""
        goes = _merged(plan.goes, ("because",))
        stays = _merged(plan.stays, ("purpose", "article", "refusal", "until"))
        rows = [heading(_("ERASED NOW") if goes else _("NOTHING IS ERASED"))]
        rows += [
            Row(f"goes-{at}", (f"✗ {_what(one)}", str(one["rows"]), str(one["because"]), ""))
            for at, one in enumerate(goes)
        ]
        if stays:
            rows.append(heading(_("KEPT")))
        rows += [
            Row(
                f"stays-{at}",
                (f"▣ {_what(one)}", str(one["rows"]), _why(one, purposes), str(one["until"])),
            )
            for at, one in enumerate(stays)
        ]
        self.fill([*rows, *more])


def kept_row(at: int, one: KeptLine, purposes: Mapping[str, str]) -> Row:
    """Return the row of what a purpose keeps."""
    items = ", ".join(ground_words.word_of(ground_words.ITEMS, item) for item in one.items)
    why = _why({"purpose": one.purpose, "article": one.article, "refusal": one.refusal}, purposes)
    return Row(f"kept-{at}", (f"▣ {items}", "", why, one.until))


def heading(words: str) -> Row:
    """Return the row that stands over a part."""
    return Row(f"heading-{words}", (words, "", "", ""), "warning")


def _merged(lines: Iterable[Mapping[str, Any]], same: tuple[str, ...]) -> list[dict[str, Any]]:
    """Put lines on the same item together when they share the answer."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in lines:
        key = (one["table"], one["item"], one.get("number"), *(one[name] for name in same))
        if key in found:
            found[key]["rows"] += one["rows"]
        else:
            found[key] = dict(one)
    return list(found.values())


def _what(one: Mapping[str, Any]) -> str:
    if words := ground_words.record_words(one):
        return "{}: {}".format(*reversed(words))
    item = ground_words.word_of(ground_words.ITEMS, str(one["item"]))
    table = str(one["table"])
    if table == "party" or table.startswith("further"):
        return item
    return ground_words.word_of(ground_words.TABLES, table)


def _why(one: Mapping[str, Any], purposes: Mapping[str, str]) -> str:
    purpose = purposes.get(str(one["purpose"]), str(one["purpose"]))
    article = ", ".join(one[part] for part in ("article", "refusal") if one.get(part))
    if not article:
        return purpose
    return "{} · {}".format(purpose, _("Art. {article}").format(article=article))
