"""What a firm does before its first notice: it declares what only it knows, and confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka

DECLARED = {"transfers": "none", "automated": "none", "sources": "client, public, third-party"}


def make_ready(register: Kartoteka) -> None:
    """Declare that no data go abroad and no machine decides, and confirm every purpose there is."""
    register.controller.edit(DECLARED)
    open_ones = [one.code for one in register.purposes.listing() if not one.retired]
    register.purposes.confirm(open_ones)
