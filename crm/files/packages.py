"""Packages on the disk: a folder or an archive for its owner's eyes, whole or not at all."""

from __future__ import annotations

import os
import zipfile
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.errors import TargetExists
from crm.files.errors import TargetUnsafe
from crm.files.overwriting import shred_folder
from crm.files.private import NEW_FILE, OWNER_ONLY, part_of
from gdpr.errors import KartotekaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FOLDER: Final = 0o700
_ON_UNIX: Final = 3
# An archive carries no hour of its own: the manifest says when the package was made.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


@contextmanager
def package_folder(target: Path, contents: Mapping[str, bytes], tag: str) -> Iterator[None]:
    """Write a package beside its place and give it its name when the block ends well.

    `tag` is what it is found by after a crash; what was written and came to nothing is overwritten.
    """
    refuse_taken_folder(target)
    part = part_of(target, tag)
    part.mkdir(mode=_FOLDER)
    try:
        for name, content in contents.items():
            path = part / name
            for folder in reversed(path.relative_to(part).parents[:-1]):
                (part / folder).mkdir(mode=_FOLDER, exist_ok=True)
            with os.fdopen(os.open(path, NEW_FILE, OWNER_ONLY), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        yield
        if target.is_dir():
            target.rmdir()
        part.rename(target)
    except BaseException:
        with suppress(KartotekaError):
            shred_folder(part)
        raise


def write_archive(stream: BinaryIO, contents: Mapping[str, bytes], passphrase: str | None) -> None:
    """Write a package as one ZIP, sealed with AES-256 where there is a passphrase.

    It is put together in memory: a ZIP library that meets a full disk in the middle of a file
    speaks of the open file instead, and tries to write once more when it is cleaned away.
    """
    archive = BytesIO()
    if passphrase is None:
        _plain(archive, contents)
    else:
        _sealed(archive, contents, passphrase)
    stream.write(archive.getbuffer())


def archive_name(target: Path) -> Path:
    """Return where an archive goes that was asked for at `target`."""
    return target if target.suffix == ".zip" else target.with_name(f"{target.name}.zip")


def _plain(stream: BinaryIO, contents: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            info = zipfile.ZipInfo(name, _NO_DATE)
            info.create_system = _ON_UNIX
            info.external_attr = OWNER_ONLY << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def _sealed(stream: BinaryIO, contents: Mapping[str, bytes], passphrase: str) -> None:
    import pyzipper  # noqa: PLC0415 - only a sealed archive needs it

    with pyzipper.AESZipFile(
        stream, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(passphrase.encode())
        for name, content in contents.items():
            archive.writestr(name, content)


def refuse_taken_folder(target: Path) -> None:
    """Take an empty folder for a place that is free, and write through no link."""
    if target.is_symlink():
        raise TargetUnsafe
    if not target.exists():
        return
    if not target.is_dir() or any(target.iterdir()):
        raise TargetExists
