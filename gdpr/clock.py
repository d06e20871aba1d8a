"""The only place that asks what time it is, so that every rule can be tried at any hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, tzinfo


class Clock(Protocol):
    """Tells the time; injected by the front door because rules must not ask the machine."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        ...

    def today(self) -> date:
        """Return the calendar day in the firm's place."""
        ...

    def day_of(self, instant: datetime) -> date:
        """Return the calendar day of an instant in the firm's place."""
        ...


class SystemClock:
    """The machine's clock, for everyday use."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the local calendar day, because deadlines are counted in local days."""
        return datetime.now().astimezone().date()

    def day_of(self, instant: datetime) -> date:
        """Return the local calendar day of an instant."""
        return instant.astimezone().date()


class PlacedClock:
    """Any clock, with the days of one time zone: a firm's day does not depend on its machines."""

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        """Ask `clock` for the instant; days are those of `zone`."""
        self._clock = clock
        self._zone = zone

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return self._clock.now()

    def today(self) -> date:
        """Return the day it is in the zone."""
        return self.day_of(self.now())

    def day_of(self, instant: datetime) -> date:
        """Return the day an instant has in the zone."""
        return instant.astimezone(self._zone).date()


class FixedClock:
    """A clock that stands where it is put, for reruns of a past day and for tests."""

    def __init__(self, instant: datetime) -> None:
        """Stand at `instant`, which must carry a time zone."""
        self.instant = instant

    def now(self) -> datetime:
        """Return the instant the clock stands at, in UTC."""
        return self.instant.astimezone(UTC)

    def today(self) -> date:
        """Return the day of that instant."""
        return self.instant.date()

    def day_of(self, instant: datetime) -> date:
        """Return the day of any instant in the zone of its own."""
        return instant.astimezone(self.instant.tzinfo).date()


def microseconds(instant: datetime) -> int:
    """Turn an instant into whole microseconds since 1970 UTC, the form that rows store."""
    delta = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant_of(stored: int) -> datetime:
    """Turn stored microseconds back into an instant in UTC."""
    seconds, micro = divmod(stored, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
