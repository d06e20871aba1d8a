"""Every kind of record there is, and a client of whom everything may be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.kinds.listed import SHAPES
from crm.parties.cards import NewClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.kartoteka import Kartoteka
    from crm.shape.description import Shape


@pytest.fixture(params=SHAPES, ids=lambda shape: shape.noun)
def shape(request: pytest.FixtureRequest) -> Shape:
    found: Shape = request.param
    return found


@pytest.fixture
def enter() -> Callable[..., str]:
    """Enter a client, and return the number."""

    def entered(register: Kartoteka, *, legal: bool = False, relation: str = "client") -> str:
        halves = {"name": "SIA Žubītes"} if legal else {"given_name": "Žubīte", "family_name": "Ž"}
        kind = "legal" if legal else "natural"
        new = NewClient(kind=kind, relation=relation, **halves)
        return str(register.clients.add(new, anyway=True).number)

    return entered


@pytest.fixture
def leave() -> Callable[..., None]:
    """End every ground of a client: at once, or with days of grace."""

    def left(register: Kartoteka, who: str, *, now: bool = True) -> None:
        purposes = [one.purpose for one in register.grounds.listing(who)]
        register.grounds.end(who, purposes=purposes, now=now)

    return left
