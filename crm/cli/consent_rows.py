"""How a list of consents is written."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.output import answer

if TYPE_CHECKING:
    from crm.consents.cards import ConsentList


def show_list(found: ConsentList, form: str) -> None:
    """Write a list of consents; a table shows each consent as a line, JSON everything."""
    shown = asdict(found)
    if form == "table":
        shown["marketing_channels"] = ", ".join(found.marketing_channels) or None
        for line in shown["consents"]:
            line.pop("events")
            line.pop("id")
    answer(shown, form)
