"""The entry point; a plain `--help` is answered before anything heavy is imported."""

from __future__ import annotations

import os
import sys

# peewee loads each driver of a server that it finds, which takes longer than all else at a start.
# No register lies on a server yet.
_DRIVERS = ("psycopg", "psycopg2", "psycopg2cffi")
_TAKE_A_VALUE = ("--vault", "--user", "--lang")


def main() -> int:
    """Run the command line of this process and return its exit code."""
    arguments = sys.argv[1:]
    if "_KARTOTEKA_COMPLETE" not in os.environ and asks_for_frontpage(arguments):
        return _show_frontpage(arguments)
    from crm.cli.hardening import harden

    harden()
    sys.modules.update(dict.fromkeys(_DRIVERS))  # type: ignore[arg-type] # None stands for "is not there"
    from crm.cli import failures, output
    from crm.cli.app import finish, run
    from crm.cli.signals import end_cleanly

    failures.install_hooks()
    end_cleanly()
    output.prepare()
    return finish(run(arguments))


def asks_for_frontpage(arguments: list[str]) -> bool:
    """Tell whether nothing but the front page is asked for; click judges all that is unclear."""
    if "--help" not in arguments and sys.stdin.isatty() and sys.stdout.isatty():
        return False
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--help":
            return True
        if argument in _TAKE_A_VALUE:
            if next(waiting, "-").startswith("-"):
                return False
        elif not argument.startswith(tuple(f"{name}=" for name in _TAKE_A_VALUE)):
            return False
    return True


def _show_frontpage(arguments: list[str]) -> int:
    from crm import i18n
    from crm.cli.frontpage import frontpage
    from crm.cli.settings import language_for

    try:
        language = language_for(arguments, os.environ)
    except Exception:  # noqa: BLE001 - a broken config file must not keep anybody from reading the help
        language = i18n.guess(os.environ)
    i18n.use(language)
    width = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 80
    sys.stdout.buffer.write(frontpage(width).encode(sys.stdout.encoding, "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
