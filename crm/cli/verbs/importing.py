"""`import`: an address book or client list comes in."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from crm.cli.code_words import purpose_words
from crm.cli.errors import RowsLeftOutside
from crm.cli.frame import argument, command, option, with_session
from crm.cli.options import DOUBLES, evidence_option, informed_option, purposes_option
from crm.cli.output import answer, progress, say
from crm.cli.reading import source_of
from crm.cli.table import draw
from crm.i18n import _, say_all
from crm.kinds.party import SOURCES
from crm.parties.words import kind_words, value_words
from crm.transfer.cards import ImportOrder
from crm.transfer.words import FIELDS, left_out, reason, rejected_because
from gdpr.errors import RowsRejected
from gdpr.text import N_
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import (
        ChangeLine,
        ColumnUse,
        FileColumns,
        ImportResult,
        PreviewRow,
        RejectLine,
    )

    # click's types are generic in newer releases only.
    _PairType = click.ParamType[tuple[str, str]]
else:
    _PairType = click.ParamType


_LABELS: Final = WordTable("crm.cli", "import", WordTable("crm.files", "rows"))
_IN_PREVIEW: Final = WordTable("crm.cli", "import_preview")


class Pair(_PairType):
    """A heading and what its column holds, with an equals sign between."""

    name = "column=field"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Cut at the last equals sign, for a heading may hold one and a field may not."""
        if isinstance(value, tuple):
            return value
        heading, sign, field = str(value).rpartition("=")
        if not sign or not heading:
            self.fail(str(value), param, ctx)
        return heading.strip(), field.strip()


# What every import may be told, whatever its rows are.
map_option = option(
    "--map",
    "mapping",
    type=Pair(),
    multiple=True,
    metavar="COLUMN=FIELD",
    help=N_("What a column contains; - instead of a field leaves it out. May be repeated."),
)
encoding_option = option(
    "--encoding",
    metavar="NAME",
    help=N_("Character encoding of the file, such as utf-8 or cp1257, if it is misread."),
)
rejects_option = option(
    "--rejects",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write the rejected rows here, to be corrected and imported."),
)
into_demo_option = option(
    "--into-demo", is_flag=True, help=N_("Import even into the demo register.")
)


@command("import")
@argument("file")
@option("--relation", help=N_("Relationship of the rows with us, such as client or prospect."))
@purposes_option
@evidence_option
@informed_option
@option(
    "--obtained-from",
    type=click.Choice(tuple(SOURCES)),
    help=N_("Who provided these data."),
)
@map_option
@option(
    "--as-headed",
    is_flag=True,
    help=N_("Ignore what was given with --map for an earlier file with these headings."),
)
@encoding_option
@option("--dry-run", is_flag=True, help=N_("Show what would happen; save nothing."))
@rejects_option
@option(
    "--keep-defective",
    is_flag=True,
    help=N_("Save rows without their invalid values, which are set aside."),
)
@option("--update", is_flag=True, help=N_("Update existing clients, field by field."))
@option(
    "--doubles",
    type=click.Choice(DOUBLES),
    default="ask",
    show_default=True,
    help=N_("What to do with rows that may be existing clients."),
)
@into_demo_option
@with_session
def import_(session: CommandSession, /, form: str, **ordered: Any) -> None:
    """Import, answer with the counts, and end with 8 when rows stayed outside."""
    show = partial(_show, rows=ordered["dry_run"])
    take_in(session, form, ordered, lambda register: register.imports.take, show)


def take_in(
    session: CommandSession,
    form: str,
    ordered: dict[str, Any],
    service: Callable[[Kartoteka], Callable[..., ImportResult]],
    show: Callable[..., None] | None = None,
    labels: Mapping[str, str] = FIELDS,
) -> None:
    """Take the `file` of an order in by a service; `show` says before what becomes of its columns.

    `labels` name the fields that its rows are read into.
    """
    source = source_of(ordered.pop("file"))
    order = ImportOrder(**ordered)
    size = source.stat().st_size if isinstance(source, Path) and source.is_file() else None
    with session.open() as register:
        with progress(_("Importing"), size) as advance:
            take = service(register)
            show = show or partial(show_columns, labels=labels)
            result = take(source, order, show=show, progress=advance)
        labelled = import_labels(dry_run=result.dry_run)
        answer(import_record(result, labels, spoken=form == "table"), form, labelled)
    refuse_rows(result.rejected, order.rejects)


def refuse_rows(count: int, rejects: Path | None) -> None:
    """End with 8 where rows stayed outside, and name the file of them where there is none."""
    if count:
        rejected = RowsRejected if rejects is not None else RowsLeftOutside
        raise rejected(count=count)


def _show(found: FileColumns, *, rows: bool) -> None:
    """Tell on stderr how the file is read and what becomes of each column, before any row is.

    With `rows` the first ones are shown as they would be stored. Without it nobody's name is said
    before the answer, so that what fails on the way prints none.
    """
    say(_reading(found))
    if rows and found.example:
        say(_("A name from the file: {name}").format(name=found.example))
    if found.remembered:
        say(_("Columns are read as in the last file with these headings; see --as-headed."))
    show_columns(found.columns)
    if rows and found.rows:
        _tell([_row(row) for row in found.rows])


def _reading(found: FileColumns) -> str:
    said = _("Read as {encoding}.").format(encoding=found.encoding)
    if not found.sure:
        others = ", ".join(found.encodings) or "-"
        said += " " + _("Not sure; it might also be: {others}").format(others=others)
    return said


def _row(row: PreviewRow) -> dict[str, object]:
    wrong = "; ".join(reason(code) for _column, code in row.reasons)
    return {
        "line": row.line,
        "kind": kind_words(row.kind) if row.kind else "",
        "stored": wrong or _said(row.fields),
        "person": _said(row.person),
        "to_check": ", ".join(_(FIELDS.get(one, one)) for one in row.to_check),
    }


def _said(fields: Mapping[str, str]) -> str:
    return "; ".join(
        f"{_(FIELDS.get(name, name))}: {value_words(name, value)}" for name, value in fields.items()
    )


def show_columns(columns: tuple[ColumnUse, ...], labels: Mapping[str, str] = FIELDS) -> None:
    """Tell on stderr what becomes of each column before a row is stored.

    Beside a field stands the code that `--map` takes.
    """
    rows: list[dict[str, object]] = [
        {
            "column": use.column,
            "field": _(labels.get(use.field, use.field)) if use.field else "",
            "code": use.field or "",
            "purposes": ", ".join(purpose_words(use.purposes)),
            "left_out": left_out(use.left_out),
        }
        for use in columns
    ]
    _tell(rows)


def _tell(rows: list[dict[str, object]]) -> None:
    labels = import_labels()
    say(draw(rows, {name: labels[name] for name in rows[0]}, None).rstrip("\n"))


def import_record(
    result: ImportResult, names: Mapping[str, str] = FIELDS, *, spoken: bool
) -> dict[str, object]:
    """Give the result of an import for scripts, or with its reasons in words."""
    if not spoken:
        return asdict(result)
    lists: dict[str, list[dict[str, object]]] = {
        "left_out": [
            {"column": column, "left_out": left_out(why)} for column, why in result.left_out.items()
        ],
        "rejects": [_rejected(line) for line in result.rejects],
        "changes": [_changed(line, names) for line in result.changes],
        "held_back": [_rejected(line) for line in result.held_back],
    }
    record: dict[str, object] = {
        name: value for name, value in asdict(result).items() if isinstance(value, int)
    }
    record |= {"dry_run": result.dry_run or None, "stopped": None}
    record |= {"encoding": result.encoding, "example": result.example}
    return record | {name: rows for name, rows in lists.items() if rows}


def import_labels(*, dry_run: bool = False) -> dict[str, str]:
    """Return the translated names of what an import answers, or would."""
    return say_all({**_LABELS, **_IN_PREVIEW} if dry_run else _LABELS)


def _changed(line: ChangeLine, names: Mapping[str, str]) -> dict[str, object]:
    told = asdict(line)
    told["field"] = _(names.get(line.field, line.field))
    told["was"] = None if line.was is None else value_words(line.field, line.was)
    return told | {"becomes": value_words(line.field, line.becomes)}


def _rejected(line: RejectLine) -> dict[str, object]:
    told = asdict(line)
    alike = told.pop("alike")
    return {**told, "reason": rejected_because(line) if alike else reason(line.reason)}
