"""Values and changes from standard input, so that they need not stand in an argument.

A change of a document is a JSON merge patch, or single places as KEY=VALUE. Whatever comes in as
bytes is text in UTF-8, whole, or refused: Python hides a byte that is no letter in half a
surrogate, and whoever drops those drops letters of names.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from crm.cli.errors import (
    ArgumentNotText,
    FieldOfWrongKind,
    InputNotText,
    NoChange,
    NotOneObject,
    SettingUnreadable,
    SourceUnreadable,
    UnknownFields,
    VariableNotText,
)
from crm.strict_json import read_strictly

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import BinaryIO


_OURS: Final = "KARTOTEKA_"


def refuse_broken(words: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return the arguments as text, and refuse arguments or variables that are none."""
    told = [_whole(word) for word in words]
    for position, word in enumerate(told, start=1):
        if word is None:
            raise ArgumentNotText(position=position)
    for name, value in environment.items():
        # The commands that use a variable read it themselves, so a mended one would not help.
        if name.startswith(_OURS) and is_broken(value):
            raise VariableNotText(name="".join(filter(str.isascii, name)))
    return [word for word in told if word is not None]


def is_broken(text: str) -> bool:
    """Tell whether a text holds what is no letter."""
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def decoded(raw: bytes) -> str:
    """Decode what came on standard input or from a command."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputNotText from None


def line_from_stdin() -> str:
    """Read one line of standard input, such as a password, without its end."""
    return decoded(sys.stdin.buffer.readline()).rstrip("\r\n")


def _whole(word: str) -> str | None:
    """Return a word as text; in an old locale its bytes may be UTF-8 all the same."""
    if not is_broken(word):
        return word
    try:
        return os.fsencode(word).decode()
    except UnicodeError:
        return None


def patch(source: str | None, settings: Iterable[str] = ()) -> dict[str, Any]:
    """Gather what changes; single places are laid over what standard input says."""
    if source not in {None, STDIN}:
        raise click.UsageError(click.get_current_context().get_usage())
    changes = document_from_stdin() if source == STDIN else {}
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign or not all(parts := key.split(".")):
            raise SettingUnreadable
        _lay(changes, parts, _value(value))
    if not changes:
        raise NoChange
    return changes


def _lay(changes: dict[str, Any], parts: list[str], value: object) -> None:
    *outer, last = parts
    for part in outer:
        held = changes.setdefault(part, {})
        if not isinstance(held, dict):
            raise SettingUnreadable
        changes = held
    changes[last] = value


def _value(text: str) -> object:
    """Read numbers, lists and the like as JSON; whatever is none is the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


STDIN = "-"
_LIMIT = 1 << 20

Field = str | int | bool | list[str] | None


def fields_from_stdin(
    known: Collection[str] | None, lists: Collection[str] | None = None
) -> dict[str, Field]:
    """Read one JSON object whose fields are among `known`; None leaves that to the service.

    Doubled fields, NaN and nesting are refused: what two readers could understand differently
    must not enter the register. The service reads those of `lists` itself, as JSON, and then
    numbers are taken as they are written: 1.10 in a text is not 1.1.
    """
    told = document_from_stdin(as_written=lists is not None)
    for field in lists or ():
        if isinstance(told.get(field), list):
            told[field] = json.dumps(told[field], ensure_ascii=False)
    if known is not None and (unknown := [field for field in told if field not in known]):
        raise UnknownFields(count=len(unknown), known=", ".join(sorted(known)))
    for field, value in told.items():
        if not _plain(value):
            raise FieldOfWrongKind(field=field)
    return told


def document_from_stdin(*, as_written: bool = False) -> dict[str, Any]:
    """Read one JSON object of any shape; doubled fields and NaN are refused all the same."""
    raw = _limited()
    try:
        told = read_strictly(decoded(raw), as_written=as_written)
    except ValueError:
        raise NotOneObject(limit=_LIMIT) from None
    if not isinstance(told, dict):
        raise NotOneObject(limit=_LIMIT)
    if is_broken(json.dumps(told, ensure_ascii=False)):
        raise InputNotText  # half a letter, written as an escape
    return told


def text_from_stdin() -> str:
    """Read plain text, such as a note that should not stand in an argument."""
    return decoded(_limited())


def _limited() -> bytes:
    raw = sys.stdin.buffer.read(_LIMIT + 1)
    if len(raw) > _LIMIT:
        raise NotOneObject(limit=_LIMIT)
    return raw


def typed_text(told: str | None) -> str | None:
    """Return a text as it was typed, or from standard input where there is a dash."""
    return text_from_stdin() if told == STDIN else told


def source_of(file: str) -> Path | BinaryIO:
    """Return what is read: a file, or standard input."""
    return sys.stdin.buffer if file == STDIN else Path(file)


def bytes_of(file: str, most: int) -> bytes:
    """Read a file or standard input; one byte more than `most` says that there are too many."""
    try:
        with Path(file).open("rb") if file != STDIN else nullcontext(sys.stdin.buffer) as stream:
            return stream.read(most + 1)
    except OSError:
        raise SourceUnreadable from None


def _plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(part, str) for part in value)
    return value is None or isinstance(value, str | int)
