"""The rows of the suppression list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.store.fields import OptionalBlob, OptionalText, PlainInteger, PlainText
from gdpr.store.record import Record

if TYPE_CHECKING:
    from datetime import date


class SuppressionRow(Record):
    """One address or number of somebody who said no, as a mark that only the key can make.

    It is about nobody in the register any more, so no erasure takes it; its own day may.
    """

    value_token = OptionalBlob("mark of the address or number; empty once it is over", index=True)
    kind = PlainText("email, phone, official_number or company_number")
    why = PlainText("objected, withdrawn or erased-on-request")
    scope = PlainText("a purpose, all direct marketing, or everything")
    day = PlainText("day of the no in the firm's calendar, ISO")
    until = OptionalText("last day on which it is remembered; empty while it is needed")
    at = PlainInteger("when it was entered, µs UTC")
    lifted = OptionalText("day on which it was over: a new yes, a wish, or its period")

    class Meta:
        """An entry for each identifier and each no."""

        table_name = "suppression"
        without_rowid = True

    def stands(self, today: date) -> bool:
        """Tell whether the entry holds today."""
        return self.value_token is not None and not self.is_over(today)

    def is_over(self, today: date) -> bool:
        """Tell whether the period of an entry that still has its mark has passed."""
        return (
            self.value_token is not None
            and self.until is not None
            and self.until < today.isoformat()
        )


def copied(row: SuppressionRow) -> SuppressionRow:
    """Return an entry as a new row under its own id, to be stored in another database."""
    columns = ("id", "value_token", "kind", "why", "scope", "day", "until", "at", "lifted")
    return SuppressionRow(**{name: getattr(row, name) for name in columns})
