"""The columns that a rejects file puts before the original ones, and that reading passes over."""

from __future__ import annotations

from typing import Final

# Marked with the program's name, so that no firm's own column is ever taken for one of them.
DECISION: Final = "kartoteka:decision"
REJECT_HEADINGS: Final = ("kartoteka:line", "kartoteka:column", "kartoteka:reason", DECISION)
