"""A line for a path: what could follow stands behind the cursor, and the right arrow takes it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.suggester import Suggester
from textual.widgets import Input

from tui.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 5_000


class PathLine(Input):
    """Completes folders, and files with the endings that are wanted."""

    def __init__(
        self,
        value: str = "",
        hint: str = "",
        *,
        endings: Sequence[str] = (),
        id: str | None = None,  # noqa: A002 - Textual's own word
    ) -> None:
        """Take what stands there, and endings such as `.csv`; without any, folders are offered."""
        super().__init__(value, hint, suggester=_Places(tuple(endings)), compact=True, id=id)


class _Places(Suggester):
    """Offers the first name of a folder that begins as the line ends."""

    def __init__(self, endings: tuple[str, ...]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._endings = endings

    async def get_suggestion(self, value: str) -> str | None:
        """Look into the folder beside the drawing: a drive may be slow to answer."""
        folder, typed = os.path.split(value)
        if not folder or not typed:
            return None
        names = await asyncio.to_thread(names_in, folder, self._endings)
        found = next((name for name in names if name.startswith(typed)), None)
        return None if found is None else f"{folder.rstrip('/')}/{found}"


def names_in(folder: str, endings: Sequence[str]) -> list[str]:
    """List what a folder holds: folders first, with a slash, then files with these endings."""
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(Path(folder).expanduser()) as entries:
            for entry, _place in zip(entries, range(_MOST), strict=False):
                # A name that cannot be drawn as it is could not be typed either.
                if entry.name.startswith(".") or one_line(entry.name) != entry.name:
                    continue
                if entry.is_dir():
                    folders.append(entry.name + "/")
                elif entry.name.lower().endswith(tuple(endings)):
                    files.append(entry.name)
    except OSError:
        return []
    return [*sorted(folders, key=str.casefold), *sorted(files, key=str.casefold)]
