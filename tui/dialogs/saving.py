"""Where a file is to go: one line with a place that makes sense standing there already."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_documents_path

from crm.i18n import _
from tui.dialogs.asking import AskText


class AskPlace(AskText):
    """Asks for a file or folder; the answer is a path with the home folder filled in."""

    def __init__(self, title: str, name: str, text: str = "") -> None:
        """Suggest `name` in the user's documents."""
        super().__init__(
            title, text or _("Enter accepts the location, Esc cancels."), value=suggested(name)
        )


def suggested(name: str) -> str:
    """Return a place of this name in the user's documents, or at home where there are none."""
    documents = user_documents_path()
    folder = documents if documents.is_dir() else Path.home()
    return str(folder / name)


def typed_path(text: str | None) -> Path | None:
    """Read a path as people type it; None where nothing was typed."""
    text = (text or "").strip()
    return Path(text).expanduser() if text else None


def beside(path: Path, ending: str) -> Path:
    """Return a name beside a file that nothing has yet: its own with an ending, then numbered."""
    place = path.with_name(f"{path.stem}-{ending}.csv")
    number = 2
    while place.exists():
        place = path.with_name(f"{path.stem}-{ending}-{number}.csv")
        number += 1
    return place
