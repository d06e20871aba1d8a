"""One table written out: to a private file that is a known copy from then on, or to a stream."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from crm.copies.copies import EXPORT, new_copy
from crm.copies.outgoing import need_folder, outgoing
from crm.files.writing import PROFILES, OutColumn, TableWriter
from crm.transfer.cards import ExportResult
from crm.transfer.errors import UnknownProfile
from crm.transfer.imported_files import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crm.session.context import RegisterContext
    from gdpr.audit.events import Event
    from gdpr.category import Category

    Fill = Callable[[TableWriter], Mapping[str, int]]


def refuse_profile(context: RegisterContext, profile: str, category: Category) -> None:
    """Refuse a form that nobody knows, and who may not read what the rows are about."""
    if profile not in PROFILES:
        raise UnknownProfile(known=", ".join(PROFILES))
    context.access.need_read(category)


def write_table(
    context: RegisterContext,
    target: Path | BinaryIO,
    profile: str,
    columns: Iterable[OutColumn],
    fill: Fill,
    *,
    event: Event,
    **told: int | str,
) -> ExportResult:
    """Write what `fill` writes, which tells how many it left out and why; `told` goes into the log.

    The lines are known from then on: brought in again, they are nothing new.
    """

    def written(stream: BinaryIO) -> tuple[int, Mapping[str, int], Witness]:
        witness = Witness(stream)
        form = PROFILES[profile]
        with TableWriter(cast("BinaryIO", witness), tuple(columns), form) as table:
            left = fill(table)
        return table.written, left, witness

    told["profile"] = profile
    if not isinstance(target, Path):
        count, left, witness = written(target)
        with context.journal.audited_change(event, None, count=count, **told) as change:
            witness.lines(context).save(change)
        return ExportResult(count, profile, "-", None, **left)
    need_folder(target.parent)
    copy = new_copy(context, EXPORT, target)
    # The file gets its name when this block ends: after its marks are known, or not at all.
    with outgoing(context, copy) as work, work.file(copy) as stream:
        count, left, witness = written(stream)
        with context.journal.audited_change(event, bytes(copy.id), count=count, **told) as change:
            work.settle(copy, stream, change)
            witness.lines(context).save(change)
    return ExportResult(count, profile, str(copy.place), copy.ends, **left)
