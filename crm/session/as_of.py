"""Looking at the register as it stood, or would stand, on another day: reads, and changes nothing.

Of a day ahead it says what clocks would do if nobody did anything until then: what has run out by
then is shown as going from that day, for nothing goes that was not shown as going before. Of a day
in the past it says which of the data that are here today were kept then and why; what was
destroyed meanwhile cannot be shown, and an end that was recorded later had not come.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from crm.errors import DayOutOfReach
from gdpr.clock import instant_of
from gdpr.rules.retention import add_months
from gdpr.store.accounts import VaultRow

if TYPE_CHECKING:
    from crm.session.context import RegisterContext

_CENTURY: Final = 1200


def checked_day(context: RegisterContext, day: date | None) -> date | None:
    """Return a day within reach: not before the register was founded, nor a century ahead."""
    if day is None:
        return None
    founded = instant_of(context.session.rows(VaultRow)[0].created).date()
    first = min((founded, *map(date.fromisoformat, context.grounds.first_days())))
    last = add_months(context.day, _CENTURY)
    if not first <= day <= last:
        raise DayOutOfReach(first=first.isoformat(), last=last.isoformat())
    return day
