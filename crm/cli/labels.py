"""What the fields of answers are called in a table: each word is said here once.

Where a field of the same name means something else, the command says so beside its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Final = WordTable("crm.cli", "labels")


def labels(own: Mapping[str, str]) -> dict[str, str]:
    """Return the words for every field, translated; `own` are translated already and go first."""
    return {name: _(word) for name, word in LABELS.items()} | dict(own)


def columns(*names: str, **own: str) -> dict[str, str]:
    """Return the columns of a table in this order, with words of their own where one is given."""
    return {name: own.get(name) or _(LABELS[name]) for name in names}
