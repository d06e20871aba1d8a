"""What makes drills a habit: when the next one is due, and what a killed one left."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from crm.copies.copies import DRILL, enter_gone
from crm.files.errors import CopyOutOfReach
from crm.files.overwriting import shred_folder
from crm.models.files import KnownCopy
from crm.session.calendar import founded
from crm.session.shred_file_place import DRILL_FOLDER
from gdpr.errors import Busy
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.session.context import RegisterContext

LAST: Final = "drill_last"
DAYS: Final = "drill_days"
_DEFAULT_DAYS: Final = "90"
_LOCK: Final = "drill.lock"


def drill_due(context: RegisterContext) -> str | None:
    """Return the day since which a drill is due, or None."""
    if context.demo:
        return None
    last = read_setting(context.session, LAST)
    since = date.fromisoformat(last) if last else founded(context)
    due = since + timedelta(int(read_setting(context.session, DAYS, _DEFAULT_DAYS)))
    return due.isoformat() if due <= context.day else None


def settle_drill(context: RegisterContext) -> None:
    """Destroy what a drill left that was killed, and note that it is gone."""
    folder = context.state / DRILL_FOLDER
    rows = [row for row in context.session.rows(KnownCopy, kind=DRILL) if row.gone is None]
    if not rows and not os.path.lexists(folder):
        return
    with suppress(Busy, CopyOutOfReach), alone(context.state):
        destroy_folder(folder)
        for row in rows:
            enter_gone(context, row)


def destroy_folder(folder: Path) -> None:
    """Overwrite and remove what a drill made."""
    if os.path.lexists(folder):
        shred_folder(folder)


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Let one drill be done at a time; who opens the register meanwhile leaves it alone."""
    try:
        lock = FileLock(state / _LOCK, timeout=0, mode=0o600).acquire()
    except Timeout:
        raise Busy from None
    with lock:
        yield
