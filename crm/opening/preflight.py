"""What can be told of a register without opening it: its kind, and whether its people are real.

And where one should not lie: in folders that are synchronised, on drives of other machines.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm.session.shred_file_place import shred_place
from gdpr.audit.pin import pinned
from gdpr.errors import KartotekaError
from gdpr.program_files import program_toml
from gdpr.store.accounts import read_vault
from gdpr.store.database import STORAGE_ERRORS, is_server, reading, sqlite_version, wal_is_safe
from gdpr.vault.root import fingerprint, readable

if TYPE_CHECKING:
    from gdpr.audit.state_folders import Found, StateFolders
    from gdpr.store.accounts import VaultFacts


SYNCED: Final = "synced"
NETWORK: Final = "network"
_MOUNTS: Final = Path("/proc/self/mounts")


def risk_of_place(target: str) -> str | None:
    """Name what is wrong with a place, or None.

    A tool that synchronises writes back an old file over a newer one, and a lock on a network
    drive may hold nobody off.
    """
    if is_server(target):
        return None
    known = program_toml("crm", "data", "places.toml")
    folder = Path(target).absolute().parent
    for part in folder.parts:
        name = part.casefold()
        if any(name == one or name.startswith(f"{one} ") for one in known["synced"]):
            return SYNCED
    if _kind_of_mount(folder.resolve()).startswith(tuple(known["network"])):
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


@dataclass(frozen=True, slots=True)
class OutsideView:
    """Facts before any password; None where nothing can be told. Nothing in it is verified.

    `original` is where the register lies whose copy this file is.
    """

    kind: str
    vault_id: str | None
    demo: bool | None
    shred_file: str | None
    shred_file_exists: bool | None
    state: str | None
    root: str | None
    root_pinned: bool | None
    original: str | None
    sqlite: str
    fast_log: bool


def outside_view(target: str, folders: StateFolders) -> OutsideView:
    """Look at a register from outside; one that cannot be read only leaves the answers empty."""
    facts, found = None, None
    if not is_server(target) and Path(target).is_file():
        facts, found = _looked(target, folders)
    secrets = None if is_server(target) else shred_place(target)
    version = sqlite_version()
    return OutsideView(
        kind="server" if is_server(target) else "sqlite",
        vault_id=None if facts is None else facts.vault_id.hex(),
        demo=None if facts is None else facts.demo,
        shred_file=None if secrets is None else str(secrets),
        shred_file_exists=None if secrets is None else secrets.exists(),
        state=None if found is None else str(found.folder),
        root=None if facts is None else readable(fingerprint(facts.root_public)),
        root_pinned=None if facts is None or found is None else _pinned(facts, found.folder),
        original=None if found is None else found.original,
        sqlite=".".join(map(str, version)),
        fast_log=wal_is_safe(version),
    )


def _pinned(facts: VaultFacts, state: Path) -> bool | None:
    """Tell whether this desk knows the root that the file names, None before its first opening."""
    with suppress(KartotekaError):
        pin = pinned(state)
        return None if pin is None else pin == fingerprint(facts.root_public)
    return False


def _looked(target: str, folders: StateFolders) -> tuple[VaultFacts | None, Found | None]:
    with suppress(KartotekaError, *STORAGE_ERRORS, OSError, TypeError), reading(target) as there:
        facts = read_vault(there)
        return facts, folders.look(target, facts.vault_id, there)
    return None, None
