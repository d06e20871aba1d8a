"""The root command: settles the language and the settings, runs one command, reports."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from crm import i18n
from crm.cli import failures, output
from crm.cli.commands import COMMANDS
from crm.cli.errors import OutputBroken
from crm.cli.frame import LazyGroup
from crm.cli.frontpage import frontpage
from crm.cli.reading import refuse_broken
from crm.cli.session import CommandSession, settle
from crm.cli.settings import language_for
from crm.cli.signals import Ended
from gdpr.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdpr.clock import Clock


class _Root(LazyGroup):
    """The root shares its help page with the quick path, so that there is one."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the front page."""
        return frontpage(ctx.terminal_width or 80).rstrip("\n")


class _Beginning:
    """What a run is started with, besides its arguments."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        output.write(f"kartoteka {version('kartoteka')}\n")
        context.exit()


@click.group(cls=_Root, table=COMMANDS, invoke_without_command=True)
@click.option("--vault")
@click.option("--user")
@click.option("--lang", type=click.Choice(i18n.LANGUAGES))
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version)
@click.pass_context
def root(context: click.Context, vault: str | None, user: str | None, lang: str | None) -> None:
    """Settle what every command shares."""
    if context.invoked_subcommand is None and not output.has_terminal():
        output.write(frontpage(80))
        return
    flags = {"vault": vault, "user": user, "lang": lang}
    clock = context.find_object(_Beginning) or _Beginning(SystemClock())
    context.obj = CommandSession(settle(flags, os.environ), clock.clock)
    if context.invoked_subcommand is None:
        context.invoke(_command(context, "open"))


def _command(context: click.Context, name: str) -> click.Command:
    found = root.get_command(context, name)
    if found is None:
        raise KeyError(name)
    return found


def run(arguments: Sequence[str], clock: Clock | None = None) -> int:
    """Run one command line in this process and return its exit code; never raises an Exception.

    Tests and the screens call it too, so it changes nothing in the process but the language.
    """
    try:
        i18n.use(language_for(list(arguments), os.environ))
        i18n.share()
        words = refuse_broken(arguments, os.environ)
        status = root.main(
            words,
            prog_name="kartoteka",
            standalone_mode=False,
            obj=_Beginning(clock or SystemClock()),
        )
    except (Exception, KeyboardInterrupt, Ended) as problem:  # noqa: BLE001 - the last stop before a traceback
        return failures.report(problem)
    return status if isinstance(status, int) else 0


def finish(code: int) -> int:
    """Push out what is still buffered, so that a full disk or a closed pipe is noticed."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; keep Python from complaining once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return code
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return code or failures.report(OutputBroken())
    return code
