"""`info`: where things lie and which versions run; needs no password and shows no secret."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from crm.cli.frame import command, with_session
from crm.cli.output import answer
from crm.cli.settings import config_path
from crm.opening.words import shown_place

if TYPE_CHECKING:
    from crm.cli.session import CommandSession

_LIBRARIES = ("click", "cryptography", "peewee", "textual")


@command("info")
@with_session
def info(session: CommandSession, form: str) -> None:
    """Answer without a password, so that it helps when nothing opens."""
    from crm.kartoteka import look_from_outside

    settings = session.settings
    seen = look_from_outside(settings.vault)
    config = config_path(os.environ)
    record = {
        "version": version("kartoteka"),
        "vault": shown_place(settings.vault),
        "vault_exists": None if "://" in settings.vault else os.path.exists(settings.vault),  # noqa: PTH110 - a path of any kind, not ours to normalise
        "vault_kind": seen.kind,
        "vault_id": seen.vault_id,
        "demo": seen.demo,
        "shred_file": seen.shred_file,
        "shred_file_exists": seen.shred_file_exists,
        "state": seen.state,
        "root": seen.root,
        "root_pinned": seen.root_pinned,
        "copy_of": seen.original,
        "user": settings.user,
        "language": settings.language,
        "config": config,
        "config_exists": os.path.exists(config),  # noqa: PTH110 - likewise
        "python": platform.python_version(),
        "system": platform.system(),
        "sqlite": seen.sqlite,
        "sqlite_fast_log": seen.fast_log,
        "libraries": {name: version(name) for name in _LIBRARIES},
    }
    answer(record, form, "info")
