"""How a failure reaches the user: a sentence in their language and an exit code, never a value.

Whatever nobody foresaw is reduced to an id, a type and a place in the code. Locals, messages and
chained causes stay unprinted, for they hold what the program was working on.
"""

from __future__ import annotations

import sys
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from crm.cli.frame import choices_in_words
from crm.cli.output import say
from crm.cli.signals import Ended
from crm.i18n import _
from crm.session.words import foreseen, refusal_words, translate, unforeseen
from gdpr.errors import KartotekaError

if TYPE_CHECKING:
    from types import TracebackType

_FAILED = 1
_USAGE = 2


def report(problem: BaseException) -> int:
    """Tell the user what went wrong and return the exit code."""
    if isinstance(problem, KartotekaError):
        return _report_known(problem)
    if isinstance(problem, click.exceptions.Exit):
        return problem.exit_code
    if isinstance(problem, click.UsageError):
        return _report_usage(problem)
    if isinstance(problem, Ended | click.Abort | KeyboardInterrupt | EOFError):
        with suppress(OSError):  # the terminal may be gone already
            say(_("Stopped."))
        return problem.exit_code if isinstance(problem, Ended) else _FAILED
    if isinstance(problem, BrokenPipeError):
        return _FAILED
    told = foreseen(problem)
    return _report_unforeseen(problem) if told is None else _report_known(told)


def _report_known(error: KartotekaError) -> int:
    say(translate(error) + refusal_words(error))
    return error.exit_code


def _report_usage(error: click.UsageError) -> int:
    if error.ctx is not None:
        say(error.ctx.get_usage())
        say(_("See '{command} --help'.").format(command=error.ctx.command_path))
    say(_usage_text(error))
    return _USAGE


def _usage_text(error: click.UsageError) -> str:
    """Keep click's sentence where it names options only, for the others quote what was typed."""
    if isinstance(error, click.MissingParameter) and (codes := choices_in_words(error.param)):
        missing = f"{_('Missing option')} {_hint(error)}."
        return f"{missing} {_('Choose from: {choices}.').format(choices=codes)}"
    if isinstance(error, click.MissingParameter) or type(error) is not click.UsageError:
        if not isinstance(error, click.BadParameter) or isinstance(error, click.MissingParameter):
            return error.format_message()
        return _bad_value(error)
    return _("The arguments do not fit this command.")


def _hint(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""


def _bad_value(error: click.BadParameter) -> str:
    text = _("The value of {name} is not valid.").format(name=_hint(error))
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        codes = choices_in_words(error.param) or ", ".join(kind.choices)
        text += " " + _("Choose from: {choices}.").format(choices=codes)
    return text


def _report_unforeseen(problem: BaseException) -> int:
    say(unforeseen(problem, uuid.uuid4().hex[:8]))
    return _FAILED


def install_hooks() -> None:
    """Take over every way in which Python itself would print a traceback."""
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread
    sys.unraisablehook = _on_unraisable


def _on_exception(
    _kind: type[BaseException], problem: BaseException, _trace: TracebackType | None
) -> None:
    report(problem)


def _on_thread(happened: threading.ExceptHookArgs) -> None:
    if happened.exc_value is not None:
        report(happened.exc_value)


def _on_unraisable(happened: sys.UnraisableHookArgs) -> None:
    if happened.exc_value is not None:
        report(happened.exc_value)
