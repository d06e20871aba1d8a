"""The only place that asks what time it is, so that every rule can be tried at any hour."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; injected by the front door because rules must not ask the machine."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        ...

    def today(self) -> date:
        """Return the calendar day in the firm's place."""
        ...


class SystemClock:
    """The machine's clock, for everyday use."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the local calendar day, because deadlines are counted in local days."""
        return datetime.now().astimezone().date()


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


def microseconds(instant: datetime) -> int:
    """Turn an instant into whole microseconds since 1970 UTC, the form that rows store."""
    delta = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant_of(stored: int) -> datetime:
    """Turn stored microseconds back into an instant in UTC."""
    seconds, micro = divmod(stored, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
