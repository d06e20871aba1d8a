"""Changes to a document: a JSON merge patch from standard input, or single places as KEY=VALUE."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from crm.cli.errors import NoChange, SettingUnreadable
from crm.cli.reading import STDIN, document_from_stdin

if TYPE_CHECKING:
    from collections.abc import Iterable


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
