"""What the reason codes of rejected rows mean, in sentences that say what to do about it."""

from __future__ import annotations

from typing import Final

import crm.files.errors
import crm.shape.errors  # noqa: F401 - a reason is known once its class is
from crm.errors import FieldInvalid, InvalidNumber
from gdpr.word_tables import WordTable


def _said_by_errors() -> dict[str, str]:
    numbers = {kind.reason: kind.text for kind in InvalidNumber.__subclasses__()}
    fields: list[type[FieldInvalid]] = [FieldInvalid, *FieldInvalid.__subclasses__()]
    return numbers | {kind.reason: kind.cell for kind in fields}


REASONS: Final = WordTable("crm.files", "reasons", _said_by_errors)
