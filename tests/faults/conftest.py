"""A founded register for the fault tests: the same one that the product's own tests stand on."""

from __future__ import annotations

from tests.crm.conftest import cli, clock, founded, hire, place, register

__all__ = ["cli", "clock", "founded", "hire", "place", "register"]
