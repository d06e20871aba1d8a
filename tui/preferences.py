"""What a user likes: language, theme, signs, mouse, idle time, columns and keys.

It stands in the `[screens]` and `[keys]` tables of the config file, where people may write it by
hand; what is chosen on a screen is written back without touching their comments. Nothing in it
comes from the register.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from platformdirs import user_config_path

if TYPE_CHECKING:
    from collections.abc import Mapping

THEMES: Final = ("dark", "light", "terminal")
ICONS: Final = ("signs", "ascii")
IDLE_MINUTES: Final = 10
_LONGEST_IDLE: Final = 60


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of this desk; `columns` and `sorting` are kept for each login name."""

    theme: str = THEMES[0]
    icons: str = ICONS[0]
    mouse: bool = True
    idle_minutes: int = IDLE_MINUTES
    language: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sorting: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the choices; what is missing or makes no sense is as if it were not there."""
        try:
            told = tomllib.loads((path or config_path()).read_text("utf-8"))
        except (OSError, ValueError):
            return cls()
        screens = _table(told.get("screens"))
        idle = screens.get("idle_minutes")
        return cls(
            theme=_among(screens.get("theme"), THEMES),
            icons=_among(screens.get("icons"), ICONS),
            mouse=screens.get("mouse") is not False,
            idle_minutes=idle
            if isinstance(idle, int) and 0 < idle <= _LONGEST_IDLE
            else IDLE_MINUTES,
            language=_text(told.get("lang")),
            columns={
                user: tuple(name for name in names if isinstance(name, str))
                for user, names in _table(screens.get("columns")).items()
                if isinstance(names, list)
            },
            sorting=_texts(screens.get("sorting")),
            keys=_texts(told.get("keys")),
        )

    def with_columns(self, user: str, names: tuple[str, ...]) -> Preferences:
        """Return these choices with other columns for one user."""
        return replace(self, columns={**self.columns, user: names})

    def with_sorting(self, user: str, sorting: str) -> Preferences:
        """Return these choices with another order of the list for one user."""
        return replace(self, sorting={**self.sorting, user: sorting})

    def save(self, path: Path | None = None) -> None:
        """Write the choices into the config file, leaving all else in it as it is."""
        import tomlkit  # noqa: PLC0415 - only a changed choice pays for it

        path = path or config_path()
        try:
            document = tomlkit.parse(path.read_text("utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
        if self.language is not None:
            document["lang"] = self.language
        screens = document.setdefault("screens", tomlkit.table())
        screens["theme"] = self.theme
        screens["icons"] = self.icons
        screens["mouse"] = self.mouse
        screens["idle_minutes"] = self.idle_minutes
        for name, chosen in (("columns", self.columns), ("sorting", self.sorting)):
            if chosen:
                table = screens.setdefault(name, tomlkit.table())
                for user, value in chosen.items():
                    table[user] = list(value) if isinstance(value, tuple) else value
        _write(path, tomlkit.dumps(document))


def config_path() -> Path:
    """Say where the config file lies."""
    return user_config_path("kartoteka", appauthor=False) / "config.toml"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".config")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> dict[str, str]:
    return {name: text for name, text in _table(value).items() if isinstance(text, str)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _among(value: object, known: tuple[str, ...]) -> str:
    return value if isinstance(value, str) and value in known else known[0]
