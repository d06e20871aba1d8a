"""What the reason codes of rejected rows mean, in sentences that say what to do about it."""

from __future__ import annotations

from typing import Final

from crm.errors import InvalidNumber
from crm.files.reading import ROW_REASONS
from crm.shape.errors import CELL_REASONS
from gdpr.word_tables import WordTable

_SAID_BY_ERRORS: Final = {
    **ROW_REASONS,
    **{kind.reason: kind.text for kind in InvalidNumber.__subclasses__()},
    **CELL_REASONS,
}
REASONS: Final = WordTable("crm.files", "reasons", _SAID_BY_ERRORS)
