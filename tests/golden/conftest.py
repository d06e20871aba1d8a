"""The register that the product's own tests stand on."""

from __future__ import annotations

from tests.crm.conftest import clock, founded, hire, one_argon2_for_each_password, place

__all__ = ["clock", "founded", "hire", "one_argon2_for_each_password", "place"]
