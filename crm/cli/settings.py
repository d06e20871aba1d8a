"""What a command is told by its surroundings: flag > environment > config file > default.

The front page needs the language, so this module imports next to nothing.
"""

from __future__ import annotations

import os
import sys

from crm.i18n import LANGUAGES, guess

TYPE_CHECKING = False  # what `typing` would say, without the 10 ms it takes to say it
if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = ("vault", "user", "lang")


def flag_of(arguments: list[str], name: str) -> str | None:
    """Return the value of a global flag before click has read the line.

    The language must be known before the first message, a usage error included.
    """
    for index, argument in enumerate(arguments):
        if argument == f"--{name}":
            return arguments[index + 1] if index + 1 < len(arguments) else None
        if argument.startswith(f"--{name}="):
            return argument.partition("=")[2]
    return None


def language_for(arguments: list[str], environment: Mapping[str, str]) -> str:
    """Choose the language of this process."""
    told = flag_of(arguments, "lang") or environment.get("KARTOTEKA_LANG")
    told = told or config_file(environment).get("lang")
    return told if told in LANGUAGES else guess(environment)


def config_path(environment: Mapping[str, str]) -> str:
    """Say where the config file lies, without paying for platformdirs where the rule is short."""
    if sys.platform != "linux":
        from platformdirs import user_config_path

        return str(user_config_path("kartoteka", appauthor=False) / "config.toml")
    places = environment.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")  # noqa: PTH111 - pathlib costs the start of every command 10 ms
    return f"{places}/kartoteka/config.toml"


def config_file(environment: Mapping[str, str]) -> dict[str, str]:
    """Read the known keys of the config file; none when there is no file."""
    path = config_path(environment)
    if not os.path.isfile(path):  # noqa: PTH113 - as above
        return {}
    import tomllib

    from crm.cli.errors import ConfigUnreadable

    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            told = tomllib.load(file)
    except (OSError, ValueError) as problem:
        raise ConfigUnreadable(line=_line_of(problem)) from None
    return {key: value for key in KEYS if isinstance(value := told.get(key), str) and value}


def _line_of(problem: Exception) -> int:
    # The parser's text would quote the file; only the line number is kept.
    digits = str(problem).rpartition("line ")[2].partition(",")[0]
    return int(digits) if digits.isdigit() else 0


def default_vault() -> str:
    """Say where a register lies when nobody said otherwise."""
    from platformdirs import user_data_path

    return str(user_data_path("kartoteka", appauthor=False) / "register.kartoteka")


def demo_vault() -> str:
    """Say where the register of invented people lies, apart from the real one."""
    from platformdirs import user_data_path

    return str(user_data_path("kartoteka", appauthor=False) / "demo.kartoteka")
