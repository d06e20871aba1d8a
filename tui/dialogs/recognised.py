"""Who a number is, so that namesakes can be told apart wherever one of several is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.kinds.party import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.kartoteka import Kartoteka

_PLACES: Final = tuple(one.name for one in FIELDS if one.further == "address")


def recognised(register: Kartoteka, numbers: Iterable[int]) -> dict[int, str]:
    """Say of each number the name, the company or else the address, and the e-mail.

    Each is looked at as a card is, which is an entry in the log.
    """
    return {number: _said(register, number) for number in sorted(set(numbers))}


def _said(register: Kartoteka, number: int) -> str:
    card = register.clients.show(str(number))
    companies = ", ".join(one.name or str(one.number) for one in card.works_at if not one.left)
    addresses = (card.value(name) for name in _PLACES)
    place = companies or next((one.replace("\n", ", ") for one in addresses if one), "")
    told = [f"{number} {card.name or ''}".rstrip(), place, card.email or ""]
    return " · ".join(one for one in told if one)
