"""The parts commands are made of: lazily loaded, in the user's language, with suggestions.

Write a command with these instead of click's own, so that its help is translated when it is
shown and not when its module happens to be imported.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import partial, wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import click

from crm.cli.commands import COMMANDS
from crm.cli.session import CommandSession
from crm.i18n import _
from gdpr.text import N_
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from click import Context, HelpFormatter
    from click.types import OptionHelpExtra

FORMATS = ("table", "json", "jsonl", "csv")

Function = TypeVar("Function", bound="Callable[..., Any]")
_Maker: TypeAlias = "Callable[[Callable[..., Any]], Command]"


_PLACEHOLDER: Final = re.compile(r"\b[A-Z]+\b")
_PLACEHOLDERS: Final = WordTable("crm.cli", "placeholders")


def _placeholders(text: str) -> str:
    """Say what stands for something to be typed in the language in use; codes stay."""
    text = text.replace("INTEGER RANGE", "NUMBER").replace("INTEGER", "NUMBER")
    return _PLACEHOLDER.sub(lambda found: _(_PLACEHOLDERS.get(found[0], found[0])), text)


class Command(click.Command):
    """A command whose help speaks the language in use."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Say what can be typed behind the name."""
        return [_placeholders(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: Context) -> click.Option | None:
        """Describe `--help` anew: click keeps the line in the language of the first time."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _("Show this message and exit.")
        return found

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the help line whole; it is short by rule."""
        del limit
        return _(self.help) if self.help else ""

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help line in the language in use."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help) if self.help else "")


class Option(click.Option):
    """An option whose help speaks the language in use."""

    def __init__(self, *declarations: Any, needed: bool = False, **attributes: Any) -> None:
        """Keep the help line as it is: tidied by click, it would lose translations it brings.

        What is `needed` may be given on standard input as well, so click itself does not ask.
        """
        super().__init__(*declarations, **attributes)
        self.help, self._needed = attributes.get("help"), needed

    def get_help_extra(self, ctx: Context) -> OptionHelpExtra:
        """Call what is needed required, wherever it may be given."""
        extra = super().get_help_extra(ctx)
        if self._needed:
            extra["required"] = "required"
        return extra

    def make_metavar(self, ctx: Context) -> str:
        """Say what its value is."""
        return _placeholders(super().make_metavar(ctx))

    def get_help_record(self, ctx: Context) -> tuple[str, str] | None:
        """Describe the option; click composes the line from `help`, lent in translation."""
        source = self.help
        self.help = _(source) if source else ""
        if codes := choices_in_words(self):
            self.help = f"{self.help.rstrip('.')}: {codes}."
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = source


class Argument(click.Argument):
    """An argument whose name in the help is one of the language in use."""

    def make_metavar(self, ctx: Context) -> str:
        """Say what it is."""
        return _placeholders(super().make_metavar(ctx))


def choices_in_words(option: click.Parameter | None) -> str:
    """List the codes that an option takes behind their words; empty where there are none."""
    if option is None or not isinstance(option.type, click.Choice):
        return ""
    from crm.session.words import typed_choices

    return typed_choices(option.name or "", [str(code) for code in option.type.choices])


class Group(Command, click.Group):
    """A group of commands that suggests near names."""

    command_class = Command

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which names are near (click asks only loaded ones)."""
        name = args[0]
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            near = get_close_matches(name, self.list_commands(ctx), n=3, cutoff=0.5)
            raise NoSuchCommand(near, ctx)
        return super().resolve_command(ctx, args)


class NoSuchCommand(click.UsageError):
    """A name that no command has; it is not repeated, for it may be a person's."""

    def __init__(self, near: list[str], ctx: Context) -> None:
        """Keep the `near` names to suggest."""
        super().__init__("", ctx)
        self.near = near

    def format_message(self) -> str:
        """Say it in the language in use."""
        if self.near:
            return _("There is no such command. Did you mean: {names}?").format(
                names=", ".join(self.near)
            )
        return _("There is no such command.")


class LazyGroup(Group):
    """A group that imports a command only when it is called."""

    def __init__(self, *, table: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        """Take `table` as the list of commands: name -> (module:object, help line)."""
        super().__init__(**attributes)
        self.table = table

    def list_commands(self, ctx: Context) -> list[str]:
        """Name every command without loading one."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: Context, cmd_name: str) -> click.Command | None:
        """Load the command called `cmd_name`."""
        del ctx
        if cmd_name not in self.table:
            return None
        module, _colon, name = self.table[cmd_name][0].partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, click.Command):
            raise TypeError(self.table[cmd_name][0])
        return found

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """List the commands from the table alone."""
        del ctx
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, (_place, line) in self.table.items()])


def command(name: str) -> _Maker:
    """Make a command of its own, with the help line of its row in `COMMANDS`."""
    return click.command(name, cls=Command, help=COMMANDS[name][1])


def group(name: str) -> Group:
    """Make a group; `@thegroup.command("add", help=N_("…"))` adds to it."""
    return Group(name, help=COMMANDS[name][1])


def option(*declarations: str, **attributes: Any) -> Callable[[Function], Function]:
    """Declare an option; `help` is an `N_` text."""
    return click.option(*declarations, cls=Option, **attributes)


argument = partial(click.argument, cls=Argument)


def together(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Make one decorator of several options, which the help shows in this order."""

    def add_all(function: Function) -> Function:
        for add in reversed(options):
            function = add(function)
        return function

    return add_all


def format_option(function: Function) -> Function:
    """Add `--format`, passed on as `form`; every list, show and JSON answer has it."""
    return option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help=N_("Output format."),
    )(function)


pass_session = click.make_pass_decorator(CommandSession)


def pass_register(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the open register instead of the session."""

    @wraps(function)
    def run(session: CommandSession, /, **chosen: Any) -> None:
        with session.open() as register:
            function(register, **chosen)

    return pass_session(run)


def with_register(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the open register, and from `--format` the form of its answer."""
    return format_option(pass_register(function))


def with_session(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the session, before anything is opened, and the form of its answer."""
    return format_option(pass_session(function))
