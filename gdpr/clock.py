"""The only place that asks what time it is and what day an instant has in the firm's place.

So every rule can be tried at any hour, and a day near midnight is the same day everywhere.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, tzinfo


class Clock(ABC):
    """Tells the time; injected by the front door because rules must not ask the machine.

    Days are those of its `zone`; without one they are those of the machine.
    """

    zone: tzinfo | None = None

    @abstractmethod
    def now(self) -> datetime:
        """Return the current instant in UTC."""

    def today(self) -> date:
        """Return the calendar day in the firm's place, because deadlines count such days."""
        return self.day_of(self.now())

    def local(self, instant: datetime | int) -> datetime:
        """Return an instant, or stored microseconds, as a clock on the firm's wall shows it."""
        moment = instant_of(instant) if isinstance(instant, int) else instant
        return moment.astimezone(self.zone)

    def day_of(self, instant: datetime | int) -> date:
        """Return the calendar day of an instant in the firm's place."""
        return self.local(instant).date()

    def start_of(self, day: date) -> datetime:
        """Return the first instant of a day in the firm's place."""
        midnight = datetime.combine(day, time(), self.zone)
        return midnight.astimezone(UTC)


class SystemClock(Clock):
    """The machine's clock, for everyday use."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)


class PlacedClock(Clock):
    """Any clock, with the days of one time zone: a firm's day does not depend on its machines."""

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        """Ask `clock` for the instant; days are those of `zone`."""
        self._clock = clock
        self.zone = zone

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return self._clock.now()


class FixedClock(Clock):
    """A clock that stands where it is put, for reruns of a past day and for tests."""

    def __init__(self, instant: datetime) -> None:
        """Stand at `instant`, which must carry a time zone."""
        self.instant = instant
        self.zone = instant.tzinfo

    def now(self) -> datetime:
        """Return the instant the clock stands at, in UTC."""
        return self.instant.astimezone(UTC)


def microseconds(instant: datetime) -> int:
    """Turn an instant into whole microseconds since 1970 UTC, the form that rows store."""
    delta = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant_of(stored: int) -> datetime:
    """Turn stored microseconds back into an instant in UTC."""
    seconds, micro = divmod(stored, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
