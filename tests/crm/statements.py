"""What a work asks of the database: every statement, as SQLite itself tells it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.kartoteka import Kartoteka

READS = ("SELECT", "PRAGMA")


class Statements(list[str]):
    """The statements of one work, in order; rows that go in together are one."""

    @property
    def reads(self) -> list[str]:
        """Those that ask something."""
        return [text for text in self if text.startswith(READS)]


@contextmanager
def statements(register: Kartoteka) -> Iterator[Statements]:
    """Note what happens on the connection of a register while the block runs."""
    noted = Statements()

    def note(text: str) -> None:
        shape = text.partition(" VALUES ")[0]
        if not (shape.startswith("INSERT") and noted and noted[-1] == shape):
            noted.append(shape)

    connection = register.context.session.database.connection()
    connection.set_trace_callback(note)
    try:
        yield noted
    finally:
        connection.set_trace_callback(None)
