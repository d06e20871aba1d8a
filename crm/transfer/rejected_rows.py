"""Rows of a file that stay outside: listed, and written down to be mended if somebody asks."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from crm.copies.copies import REJECTS, new_copy
from crm.copies.outgoing import need_folder, outgoing
from crm.files.errors import TargetExists, TargetUnsafe
from crm.files.rejects import rejects_file
from crm.transfer.cards import RejectLine
from gdpr.audit.events import Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from crm.files.candidate import Rejection
    from crm.files.rejects import RejectsFile
    from crm.session.context import RegisterContext


class RejectedRows:
    """The rows that stay outside: listed, and written to a file if one was asked for.

    The file begins with the first rejection and is a known copy before it holds a byte.
    """

    def __init__(
        self,
        context: RegisterContext,
        path: Path | None,
        headings: Sequence[str],
        opened: ExitStack,
    ) -> None:
        """Write to `path`, if there is one, until `opened` closes."""
        self._context = context
        self._path = path
        self._headings = headings
        self._opened = opened
        self._file: RejectsFile | None = None
        self.lines: list[RejectLine] = []

    def add(self, rejection: Rejection) -> None:
        """Note a row that stays outside."""
        self.lines.append(RejectLine(*rejection[:4], rejection.alike))
        if self._path is None:
            return
        if self._file is None:
            copy = new_copy(self._context, REJECTS, self._path)
            work = self._opened.enter_context(
                outgoing(self._context, copy, event=Event.EXPORTED, counts={"profile": REJECTS})
            )
            stream = self._opened.enter_context(work.file(copy))
            self._file = self._opened.enter_context(rejects_file(stream, self._headings))
        self._file.add(rejection)


def refuse_unusable(path: Path) -> None:
    """Find out before the first row whether the rejects file can be written."""
    need_folder(path.parent)
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    raise TargetExists if stat.S_ISREG(found.st_mode) else TargetUnsafe
