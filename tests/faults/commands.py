"""Every command the program has, typed in a way that reaches its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.app import root

if TYPE_CHECKING:
    from collections.abc import Iterator

# What generic words would not reach; {number}, {word}, {file} and {new} are filled in.
_TYPED = {
    ("client", "edit"): ("{number}", "channel=post"),
    ("client", "add"): ("--kind", "legal", "--name", "{new}", "--relation", "client"),
    ("contact", "add"): ("{company}", "--given-name", "{new}", "--family-name", "{new}"),
    ("contact", "edit"): ("{number}", "phone=+37120000001"),
    ("ground", "add"): ("{number}", "--relation", "newsletter", "--evidence", "consent"),
    ("ground", "end"): ("{number}", "--all-but", "direct_marketing"),
    ("subject", "erase"): ("{number}", "--preview"),
    ("subject", "access"): ("{number}", "--out", "package"),
    ("purpose", "confirm"): ("--all",),
    ("consent", "withdraw"): ("{number}",),
    ("key", "rotate"): ("contact",),
    ("backup", "drill"): ("--list",),
    ("note", "add"): ("{number}", "piezīme"),
    ("user", "add"): ("{new}", "--role", "office"),
    ("import",): ("{file}", "--relation", "client"),
    ("export", "clients"): ("--out", "-", "--profile", "rfc4180"),
}
# These would leave the register alone, or need somebody at a terminal to answer.
NOT_OF_A_REGISTER = {("init",), ("demo",), ("completion",), ("info",)}


def leaves() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield the words and the object of every command."""
    yield from _below(root, ())


def _below(
    found: click.Command, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(found, click.Group):
        yield words, found
        return
    context = click.Context(found)
    for name in found.list_commands(context):
        inner = found.get_command(context, name)
        if inner is not None:
            yield from _below(inner, (*words, name))


def typed(words: tuple[str, ...], command: click.Command, values: dict[str, str]) -> list[str]:
    """Return a whole command line; arguments nobody foresaw get the number of a client."""
    line = list(words)
    if words in _TYPED:
        line += [part.format(**values) for part in _TYPED[words]]
    else:
        for parameter in command.params:
            if isinstance(parameter, click.Argument) and parameter.required:
                line.append(values["word" if parameter.name == "text" else "number"])
            elif parameter.required:
                line += [parameter.opts[0], values["number"]]
    if any("--format" in parameter.opts for parameter in command.params):
        line += ["--format", "json"]
    return line
