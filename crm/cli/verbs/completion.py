"""`completion`: the script for the shell; it completes commands and options, never names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from crm.cli.frame import argument, command
from crm.cli.output import write


@command("completion")
@argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Let click write the script; it calls this program back with a variable set."""
    found = get_completion_class(shell)
    if found is None:  # the choice above names only shells that click knows
        raise click.Abort
    root = context.find_root().command
    write(found(root, {}, "kartoteka", "_KARTOTEKA_COMPLETE").source() + "\n")
