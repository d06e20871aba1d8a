"""What is said of a failure that nobody foresaw: a reference, a type, a place, never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.i18n import _

if TYPE_CHECKING:
    from types import TracebackType


def unforeseen(problem: BaseException, reference: str) -> str:
    """Reduce a failure to what can be told; locals, messages and causes stay unsaid."""
    return _("Something unforeseen happened. Reference {reference}: {kind} at {place}.").format(
        reference=reference, kind=type(problem).__name__, place=place_of(problem.__traceback__)
    )


def place_of(trace: TracebackType | None) -> str:
    """Name the innermost line of our own code in a traceback, else its innermost line."""
    found = "?"
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "?")
        if found == "?" or name.partition(".")[0] in {"crm", "gdpr", "migrations", "tui"}:
            found = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
