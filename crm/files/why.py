"""What the reason codes of rejected rows mean, in sentences that say what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import InvalidNumber
from crm.files.reading import ROW_REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS: Final[Mapping[str, str]] = {
    **ROW_REASONS,
    **{kind.reason: kind.text for kind in InvalidNumber.__subclasses__()},
}
