"""Where a file is to go: one line with a place that makes sense standing there already."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_documents_path

from crm.i18n import _
from tui.dialogs.asking import AskText


class AskPlace(AskText):
    """Asks for a file or folder; the answer is a path with the home folder filled in."""

    def __init__(self, title: str, name: str, text: str = "", *, filled: bool = False) -> None:
        """Suggest `name` in the user's documents; a folder may be one that is `filled` already."""
        place = _in_documents(name) if filled else suggested(name)
        super().__init__(title, text or _("Enter accepts the location, Esc cancels."), value=place)


def suggested(name: str) -> str:
    """Return a place in the user's documents that nothing has yet: this name, or it numbered."""
    return str(_free(Path(_in_documents(name))))


def _in_documents(name: str) -> str:
    """Return a place among the documents, or at home where there are none."""
    documents = user_documents_path()
    return str((documents if documents.is_dir() else Path.home()) / name)


def _free(place: Path) -> Path:
    number, free = 1, place
    while os.path.lexists(free):
        number += 1
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
    return free


def typed_path(text: str | None) -> Path | None:
    """Read a path as people type it; None where nothing was typed."""
    text = (text or "").strip()
    return Path(text).expanduser() if text else None


def beside(path: Path, ending: str) -> Path:
    """Return a name beside a file that nothing has yet: its own with an ending, then numbered."""
    return _free(path.with_name(f"{path.stem}-{ending}.csv"))
