"""What every command that prints a receipt says beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.cli.output import say
from crm.session.words import copies_words

if TYPE_CHECKING:
    from crm.grounds.cards import Receipt


def say_of_copies(receipt: Receipt) -> None:
    """Say of somebody who went whole what old copies still tell of them."""
    if receipt.whole and receipt.state == "shredded":
        say(copies_words())
