"""Being told to end: the work is undone as after any failure, and nothing is left in clear.

A terminal that is closed and a machine that is shut down send these; the default would be to die
on the spot, over a half-written file full of people.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from types import FrameType

# Systems that lack one of these never send it.
_NAMES: Final = ("SIGTERM", "SIGHUP", "SIGBREAK")
_BY_SIGNAL: Final = 128


class Ended(BaseException):
    """The process was told to end; like an interrupt from the keyboard no handler takes it."""

    def __init__(self, number: int) -> None:
        """Keep the number of the signal."""
        super().__init__()
        self.exit_code = _BY_SIGNAL + number


def end_cleanly() -> None:
    """Turn signals that end a process into an exception; one that is ignored stays ignored."""
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # What is undone now must not be cut short by the next one.
    for name in _NAMES:
        with suppress(AttributeError, ValueError):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise Ended(number)
