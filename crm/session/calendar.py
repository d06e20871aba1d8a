"""One calendar: the firm's own days, in its own place, however the machines are set.

Rights compare days, so all of them come from here: from the zone of the firm and from the days the
program has seen, which never run backwards.

Somebody may look at the register as it stood, or would stand, on another day; that changes nothing.
Of a day ahead it says what clocks would do if nobody did anything until then: what has run out by
then is shown as going from that day, for nothing goes that was not shown as going before. Of a day
in the past it says which of the data that are here today were kept then and why; what was
destroyed meanwhile cannot be shown, and an end that was recorded later had not come.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from crm.session.errors import DayOutOfReach
from crm.session.firm import LAST_SEEN
from gdpr.clock import PlacedClock
from gdpr.program_files import program_toml
from gdpr.rules.period_ends import accept_day, add_months
from gdpr.store.accounts import VaultRow
from gdpr.store.settings import Sequence, founding_setting

if TYPE_CHECKING:
    from crm.session.context import RegisterContext
    from gdpr.clock import Clock
    from gdpr.rules.period_ends import RuleSettings, SeenDay
    from gdpr.store.session import Session


_CENTURY: Final = 1200


def checked_day(context: RegisterContext, day: date | None) -> date | None:
    """Return a day within reach: not before the register was founded, nor a century ahead."""
    if day is None:
        return None
    first = min((founded(context), *map(date.fromisoformat, context.grounds.first_days())))
    last = add_months(context.day, _CENTURY)
    if not first <= day <= last:
        raise DayOutOfReach(first=first.isoformat(), last=last.isoformat())
    return day


def founded(context: RegisterContext) -> date:
    """Return the day the register was founded."""
    return context.clock.day_of(context.session.rows(VaultRow)[0].created)


def placed_clock(clock: Clock, country: str) -> Clock:
    """Return the clock with the days of a firm in this country; unknown places keep their own."""
    zones = program_toml("crm", "data", "zones.toml")
    try:
        zone = ZoneInfo(zones[country])
    except (KeyError, OSError, ValueError):  # a country without one zone, a system without zones
        return clock
    return PlacedClock(clock, zone)


def seen_day(session: Session, clock: Clock, settings: RuleSettings) -> SeenDay:
    """Return the day the rules count with, and the one that a person has to confirm, if any."""
    seen = founding_setting(session, LAST_SEEN, kept=Sequence)
    last = date.fromisoformat(seen) if seen else None
    return accept_day(last, clock.today(), settings)
