"""The register that the product's own tests stand on."""

from __future__ import annotations

from tests.crm.conftest import clock, derived_and_proved_once, founded, hire, place

__all__ = ["clock", "derived_and_proved_once", "founded", "hire", "place"]
