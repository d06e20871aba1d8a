"""The one owner of the terminal: data goes to stdout, talk and progress to stderr.

Everything passes `safe()`, because a client's name must not drive a terminal. A piped table is
not cut; one on a terminal is, so that a row stays a line.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from crm.cli.errors import OutputBroken, OutputUnusable
from crm.cli.table import Row, draw, flatten
from crm.files.formula_guard import guarded_answer
from crm.i18n import _, say_all
from gdpr.text import safe
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from click._termui_impl import ProgressBar

# What a table calls the fields of answers: each word is said once.
LABELS: Final = WordTable("crm.cli", "labels")
_OWN: Final = WordTable("crm.cli", "own")


def prepare() -> None:
    """Make the streams able to carry any letter, whatever the machine's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def has_terminal() -> bool:
    """Tell whether somebody sits at a terminal that can show screens."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """Tell the user something that is not data."""
    print(safe(text), file=sys.stderr)


def write(text: str) -> None:
    """Put ready-made text of our own (help, a script, a letter) on stdout as it is."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        raise
    except OSError:
        raise OutputBroken from None


def put(text: str, out: str) -> None:
    """Write a text that concerns nobody in particular to a file or to standard output, as it is."""
    if out == "-":
        write(text)
        return
    try:
        Path(out).write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        raise OutputUnusable from None


def answer_rows(
    rows: Iterable[object], form: str, columns: Mapping[str, str] | None = None
) -> None:
    """Write a list: an array in JSON, a line each in JSONL, a headed table else.

    `columns` maps the fields a table shows to their headings (already translated); the machine
    forms always hold every field under its own name.
    """
    told: list[Row] = [_fit(row) for row in rows]
    if form == "json":
        write(_json(told, indent=2) + "\n")
    elif form == "jsonl":
        write("".join(_json(row) + "\n" for row in told))
    elif form == "csv":
        _csv(told, list(columns or ()))
    elif told:
        from crm.cli.code_words import worded

        write(draw([worded(row) for row in told], columns, _width()))
    else:
        say(_("Nothing found."))


def answer(record: object, form: str, own: Mapping[str, str] | str = "") -> None:
    """Write one object; in a table each field is a line and each list a table of its own.

    `own` are translated words for fields that mean something else here than `LABELS` says, within
    the lists too, or the name under which they are written; a field without any keeps its name.
    """
    told: Row = _fit(record)
    if form == "json":
        write(_json(told, indent=2) + "\n")
    elif form == "jsonl":
        write(_json(told) + "\n")
    elif form == "csv":
        _csv(flatten(told), [])
    else:
        from crm.cli.code_words import worded

        own = own_words(own) if isinstance(own, str) else own
        _answer_table(worded(told), say_all(LABELS) | dict(own))


def columns(*names: str, of: str = "", **own: str) -> dict[str, str]:
    """Return the columns of a table in this order, with words of their own where there are any.

    They are given translated, or written under the name `of`.
    """
    own |= own_words(of)
    return {name: own.get(name) or _(LABELS[name]) for name in names}


def own_words(of: str) -> dict[str, str]:
    """Return the translated words of fields that mean something else in an answer of this name."""
    return {
        name.removeprefix(f"{of}."): _(word)
        for name, word in (_OWN.items() if of else ())
        if name.startswith(f"{of}.")
    }


def _answer_table(record: Row, labels: Mapping[str, str]) -> None:
    lines = [
        {"field": labels.get(name, name), "value": value}
        for name, value in record.items()
        if not _is_table(value) and value is not None
    ]
    if lines:
        write(draw(lines, None, _width(), headed=False))
    for name, value in record.items():
        if _is_table(value):
            write(f"\n{labels.get(name, name)}\n")
            columns = {field: labels.get(field, field) for part in value for field in part}
            write(draw(value, columns, _width()))


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


@contextmanager
def progress(label: str, length: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show on stderr how far a long work has come; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _steps: None
        return
    bar: ProgressBar[int]
    with click.progressbar(length=length, label=safe(label), file=sys.stderr) as bar:
        yield bar.update


def _width() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _fit(value: Any) -> Any:
    """Bring a value, a card too, down to what JSON knows, with its text made safe."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {str(name): _fit(part) for name, part in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return [_fit(part) for part in value]
    if isinstance(value, bytes):
        return value.hex()
    # Dates and times have one form everywhere: ISO 8601.
    return safe(value.isoformat() if hasattr(value, "isoformat") else str(value))


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)


def _csv(rows: Sequence[Row], fields: list[str]) -> None:
    for row in rows:
        fields += [name for name in row if name not in fields]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(fields)
    writer.writerows([_cell(row.get(name)) for name in fields] for row in rows)
    write(text.getvalue())


def _cell(value: object) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return guarded_answer(value if isinstance(value, str) else _json(value))
