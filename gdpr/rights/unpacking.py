"""The files of a package, read from a folder or a ZIP as it was sent: never more than may be.

A ZIP of some kilobytes unpacks to gigabytes, and what it says of its sizes may be a lie. So the
list of its files is bounded before it is read, and each file while it is.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gdpr.errors import PackageDamaged, PackageLocked
from gdpr.rights.errors import PackageMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A package of a person with ten thousand notes is a tenth of this.
MOST_FILES: Final = 1_000
MOST_BYTES: Final = 64 << 20
LARGEST_FILE: Final = 16 << 20
# What compresses better than this, beyond a first stretch, was made to.
STEEPEST: Final = 100
_LEVEL_UP_TO: Final = 1 << 20
_PIECE: Final = 1 << 16
_LONGEST_LIST: Final = 1 << 20
_END: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_ZIP64: Final = b"PK\x06\x07"
_ZIP64_LENGTH: Final = 20
_ENCRYPTED: Final = 1
_MADE_ON_UNIX: Final = 3
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_AES: Final = 99


class _Measure:
    """Counts what is read of a package, and refuses more than one may be."""

    def __init__(self) -> None:
        self._files = self._bytes = 0

    def read(self, name: str, stream: BinaryIO, packed: int | None) -> bytes:
        """Read one file piece by piece; `packed` is how long it is in its archive."""
        self._files += 1
        pieces, size = [], 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            self._bytes += len(piece)
            steep = packed is not None and size > _LEVEL_UP_TO and size > STEEPEST * packed
            if steep or size > LARGEST_FILE or self._bytes > MOST_BYTES:
                raise PackageDamaged(fault="too-large", file=name)
            pieces.append(piece)
        if self._files > MOST_FILES:
            raise PackageDamaged(fault="too-large", file="–")
        return b"".join(pieces)


def contents_of(place: Path, passphrase: Callable[[], str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file of a package."""
    if place.is_dir():
        yield from _folder(place)
    elif place.is_file():
        yield from _archive(place, passphrase)
    else:
        raise PackageMissing


def _folder(place: Path) -> Iterator[tuple[str, bytes]]:
    measure = _Measure()
    for folder, folders, names in os.walk(place):
        for name in (*names, *(each for each in folders if (Path(folder) / each).is_symlink())):
            path = Path(folder) / name
            told = path.relative_to(place).as_posix()
            if not stat.S_ISREG(path.lstat().st_mode):
                raise PackageDamaged(fault="not-a-file", file=told)
            with path.open("rb") as stream:
                yield told, measure.read(told, stream, None)


def _archive(place: Path, passphrase: Callable[[], str]) -> Iterator[tuple[str, bytes]]:
    try:
        _refuse_long_list(place)
        with zipfile.ZipFile(place) as archive:
            infos = archive.infolist()
            sealed = any(info.flag_bits & _ENCRYPTED for info in infos)
            _refuse_odd(infos)
            if not sealed:
                yield from _members(archive, infos)
        if sealed:
            yield from _unsealed(place, passphrase())
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise PackageDamaged(fault="archive", file="–") from None


def _members(archive: Any, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    measure = _Measure()
    for info in infos:
        with archive.open(info) as stream:
            yield info.filename, measure.read(info.filename, stream, info.compress_size)


def _refuse_long_list(place: Path) -> None:
    """Refuse a list of files that is too long to be read whole, which opening it does."""
    with place.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END_LENGTH - _LONGEST_COMMENT - _ZIP64_LENGTH))
        tail = file.read()
    at = tail.rfind(_END)
    end = tail[at : at + _END_LENGTH]
    if at < 0 or len(end) < _END_LENGTH:
        raise zipfile.BadZipFile
    files, length = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    large = tail[max(0, at - _ZIP64_LENGTH) : at].startswith(_ZIP64)
    if large or size > MOST_BYTES or files > MOST_FILES or length > _LONGEST_LIST:
        raise PackageDamaged(fault="too-large", file="–")


def _refuse_odd(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would unpack to elsewhere, to another thing, or to no end."""
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise PackageDamaged(fault="too-large", file="–")
    seen = set()
    for info in infos:
        name = info.filename
        parts = name.split("/")
        mode = info.external_attr >> 16 if info.create_system == _MADE_ON_UNIX else 0
        odd = "\\" in name or ":" in name or name in seen or {"", ".", ".."} & set(parts)
        if odd or info.is_dir() or (stat.S_IFMT(mode) not in {0, stat.S_IFREG}):
            raise PackageDamaged(fault="name", file=name)
        if info.compress_type not in {*_METHODS, _AES}:
            raise PackageDamaged(fault="archive", file=name)
        seen.add(name)


def _unsealed(place: Path, passphrase: str) -> Iterator[tuple[str, bytes]]:
    import pyzipper  # noqa: PLC0415 - only a sealed archive needs it

    try:
        with pyzipper.AESZipFile(place) as archive:
            archive.setpassword(passphrase.encode())
            yield from _members(archive, archive.infolist())
    except zlib.error:
        raise PackageDamaged(fault="archive", file="–") from None
    except (RuntimeError, pyzipper.BadZipFile):
        raise PackageLocked from None
