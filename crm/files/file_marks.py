"""By what a file that was written is recognised later, so that nobody else's is destroyed.

The hash of its content decides. Size, number and time of the file only save reading it again.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from crm.files.errors import CopyOutOfReach
from crm.files.overwriting import Overwritten, read_plain, remove_empty, shred_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HERE: Final = ""


@dataclass(frozen=True, slots=True)
class FileMark:
    """One file as it was written: its size and hash, and where it lay then."""

    size: int
    sha256: str
    seen: tuple[int, int, int]

    def fits(self, file: BinaryIO) -> bool:
        """Tell whether an open file has the content that was written."""
        return (
            os.fstat(file.fileno()).st_size == self.size and content_hash(file).hex() == self.sha256
        )


class Marks:
    """The marks of one copy: of a file, or of every file in a folder, by its place there."""

    def __init__(self, files: Mapping[str, FileMark]) -> None:
        """Keep the marks; a single file stands under an empty name."""
        self._files = dict(files)

    @classmethod
    def of_stream(cls, stream: BinaryIO) -> Marks:
        """Mark a file that was just written and can still be read."""
        return cls({_HERE: _mark(stream)})

    @classmethod
    def of_folder(cls, folder: Path) -> Marks:
        """Mark every file of a folder that was just written."""
        files = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                with read_plain(path) as stream:
                    name = path.relative_to(folder).as_posix()
                    files[name] = _mark(stream)
        return cls(files)

    @classmethod
    def parse(cls, text: str | None) -> Marks | None:
        """Read what `packed` wrote; None for a copy that was not written to its end."""
        if text is None:
            return None
        return cls(
            {
                name: FileMark(one["size"], one["sha256"], tuple(one["seen"]))
                for name, one in json.loads(text).items()
            }
        )

    def packed(self) -> str:
        """Return the text that is stored, sealed."""
        return json.dumps({name: asdict(mark) for name, mark in sorted(self._files.items())})

    def lie_at(self, path: Path) -> bool:
        """Tell whether all of the copy lies there as it was written; reads only what changed."""
        if _HERE in self._files:
            return _is_at(path, self._files[_HERE])
        if path.is_symlink() or not path.is_dir():
            return False
        return all(_is_at(path / name, mark) for name, mark in self._files.items())

    def destroy(self, path: Path) -> Overwritten:
        """Overwrite and remove what is recognised there, and name what is not."""
        if not os.path.lexists(path):
            return Overwritten(whole=False, missing=len(self._files))
        if _HERE in self._files:
            whole = shred_file(path, self._files[_HERE].fits)
            return Overwritten(whole=whole, foreign=() if whole else (path.name,))
        if path.is_symlink() or not path.is_dir():
            return Overwritten(whole=False, foreign=(path.name,))
        return self._destroy_folder(path)

    def _destroy_folder(self, folder: Path) -> Overwritten:
        missing, foreign, out_of_reach = 0, [], False
        for name, mark in self._files.items():
            path = folder / name
            if not os.path.lexists(path):
                missing += 1
                continue
            try:
                if _leads_out(folder, path) or not shred_file(path, mark.fits):
                    foreign.append(name)
            except CopyOutOfReach:
                out_of_reach = True
        if out_of_reach:
            raise CopyOutOfReach
        whole = not missing and not foreign
        folders = [path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()]
        for inside in sorted(folders, reverse=True):
            remove_empty(inside)
        left = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
        if whole:
            foreign = sorted(path.relative_to(folder).as_posix() for path in left)
            remove_empty(folder)
        return Overwritten(whole, missing, tuple(foreign))


def _is_at(path: Path, mark: FileMark) -> bool:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != mark.size:
            return False
        if (found.st_dev, found.st_ino, found.st_mtime_ns) == mark.seen:
            return True
        with read_plain(path) as stream:
            return mark.fits(stream)
    except OSError:
        return False


def _leads_out(folder: Path, path: Path) -> bool:
    """Tell whether a folder on the way to a file became a link to somewhere else."""
    return any((folder / part).is_symlink() for part in path.relative_to(folder).parents)


def _mark(stream: BinaryIO) -> FileMark:
    if stream.writable():
        stream.flush()
    place = stream.tell()
    found = os.fstat(stream.fileno())
    seen = found.st_dev, found.st_ino, found.st_mtime_ns
    mark = FileMark(found.st_size, content_hash(stream).hex(), seen)
    stream.seek(place)
    return mark


def content_hash(stream: BinaryIO) -> bytes:
    """Hash a file piece by piece and leave the stream at its beginning."""
    stream.seek(0)
    content = file_digest(cast("Any", stream), "sha256").digest()  # any stream of bytes will do
    stream.seek(0)
    return content
