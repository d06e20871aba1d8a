"""The one table of keys: what every key does, in which group, and what the footer calls it.

It stands in `key_bindings.json`: every start reads it, and no other format is as quick to read.
Bindings, the help, the command palette and the guide's key table are made from it, so that none of
them can lie. A key stands on a Latvian and on an Italian keyboard without AltGr; a test looks.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from textual.binding import Binding, BindingType

from gdpr.program_files import program_json
from gdpr.text import NP_


class Key(NamedTuple):
    """One action: its id, its keys (the first is shown), the action, what it does.

    `shown` says whether the footer names it; one that works while a field is typed in has priority.
    """

    id: str
    keys: str
    action: str
    words: str
    shown: bool = True
    priority: bool = False


def _read() -> dict[str, tuple[Key, ...]]:
    written = program_json("tui", "key_bindings.json")
    return {
        group: tuple(_key(name, **told) for name, told in keys.items())
        for group, keys in written.items()
    }


def _key(id: str, *, words: str, sense: str = "", **told: Any) -> Key:  # noqa: A002 - as the toolkit calls it
    return Key(id, words=NP_(sense, words) if sense else words, **told)


# group -> its keys; the order is that of the guide and of the footer.
KEY_GROUPS: Final = _read()


def help_here() -> Binding:
    """Return the binding of the help for a box, which the keys of everywhere do not reach."""
    key = next(one for one in KEY_GROUPS["app"] if one.id == "app.help")
    return Binding(key.keys, f"app.{key.action}", key.words, id=key.id)


def bindings(*groups: str) -> list[BindingType]:
    """Return the bindings of some groups, in English; a screen translates what it shows."""
    return [
        Binding(key.keys, key.action, key.words, show=key.shown, priority=key.priority, id=key.id)
        for group in groups
        for key in KEY_GROUPS[group]
    ]
