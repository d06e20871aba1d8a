"""One table written out: to a private file that is a known copy from then on, or to a stream."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from crm.copies.copies import EXPORT, new_copy
from crm.copies.outgoing import need_folder, outgoing
from crm.files.writing import PROFILES, OutColumn, TableWriter
from crm.session.errors import UnknownProfile
from crm.transfer.imported_lines import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crm.session.context import RegisterContext
    from gdpr.audit.events import Event
    from gdpr.category import Category

    Fill = Callable[[TableWriter], None]


class WrittenTable(NamedTuple):
    """How many rows were written, where to, and until when the file may stay."""

    rows: int
    path: str
    ends: str | None


def refuse_profile(context: RegisterContext, profile: str, category: Category) -> None:
    """Refuse a form that nobody knows, and who may not read what the rows are about."""
    if profile not in PROFILES:
        raise UnknownProfile(known=", ".join(PROFILES))
    context.access.need_read(category)


def write_table(
    context: RegisterContext,
    target: Path | BinaryIO,
    columns: Iterable[OutColumn],
    fill: Fill,
    *,
    event: Event,
    told: Mapping[str, int | str],
) -> WrittenTable:
    """Write what `fill` writes; `told` goes into the log, and its profile decides the form.

    The lines are known from then on: brought in again, they are nothing new.
    """

    def written(stream: BinaryIO) -> tuple[int, Witness]:
        witness = Witness(stream)
        profile = PROFILES[str(told["profile"])]
        with TableWriter(cast("BinaryIO", witness), tuple(columns), profile) as table:
            fill(table)
        return table.written, witness

    if not isinstance(target, Path):
        count, witness = written(target)
        with context.journal.audited_change(event, None, count=count, **told) as change:
            witness.lines(context).save(change)
        return WrittenTable(count, "-", None)
    need_folder(target.parent)
    copy = new_copy(context, EXPORT, target)
    # The file gets its name when this block ends: after its marks are known, or not at all.
    with outgoing(context, copy) as work, work.file(copy) as stream:
        count, witness = written(stream)
        with context.journal.audited_change(event, bytes(copy.id), count=count, **told) as change:
            work.settle(copy, stream, change)
            witness.lines(context).save(change)
    return WrittenTable(count, str(copy.place), copy.ends)
