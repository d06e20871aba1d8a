"""Where a register should not lie: folders that are synchronised, drives of other machines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gdpr.store.database import is_server

SYNCED: Final = "synced"
NETWORK: Final = "network"
_SYNC_FOLDERS: Final = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "my drive",
    "mobile documents",
    "icloud",
    "nextcloud",
    "owncloud",
    "pcloud",
    "syncthing",
    "mega",
)
_NETWORK_KINDS: Final = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "davfs", "fuse.rclone")
_MOUNTS: Final = Path("/proc/self/mounts")


def risk_of_place(target: str) -> str | None:
    """Name what is wrong with a place, or None.

    A tool that synchronises writes back an old file over a newer one, and a lock on a network
    drive may hold nobody off.
    """
    if is_server(target):
        return None
    folder = Path(target).absolute().parent
    for part in folder.parts:
        name = part.casefold()
        if any(name == known or name.startswith(f"{known} ") for known in _SYNC_FOLDERS):
            return SYNCED
    if _kind_of_mount(folder.resolve()).startswith(_NETWORK_KINDS):
        return NETWORK
    return None


def _kind_of_mount(folder: Path) -> str:
    """Return the kind of the file system, "" where the machine does not say."""
    try:
        lines = _MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    kinds = {}
    for line in lines:
        _device, place, kind, *_rest = line.split(" ")
        kinds[place.replace("\\040", " ")] = kind
    for parent in (folder, *folder.parents):
        if str(parent) in kinds:
            return kinds[str(parent)]
    return ""
