"""`package`: what was handed to a person, checked by anybody who has it."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

from crm.cli.frame import argument, format_option, group, option
from crm.cli.output import answer
from crm.cli.password import ask_hidden, terminal
from crm.i18n import _
from gdpr.text import N_

_PASSPHRASE = "KARTOTEKA_PASSPHRASE"  # noqa: S105 - the name of a variable


package = group("package")


@package.command(
    "verify", help=N_("Verify that a package is unchanged since it was signed; exit code 7 if not.")
)
@argument("path")
@option(
    "--fingerprint",
    metavar="SHA256",
    help=N_("The fingerprint of the register as given by the firm."),
)
@format_option
def verify(path: str, fingerprint: str | None, form: str) -> None:
    """Verify a folder or a ZIP."""
    from crm.grounds.words import FAULTS, word_of
    from gdpr.errors import PackageDamaged
    from gdpr.rights.checking import check_package

    found = check_package(Path(path), _passphrase, fingerprint)
    faults = [
        {"code": word_of(FAULTS, one.code) if form == "table" else one.code, "file": one.file}
        for one in found.faults
    ]
    answer({"ok": found.ok, **asdict(found), "faults": faults}, form, "package")
    if not found.ok:
        raise PackageDamaged(fault=found.faults[0].code, file=found.faults[0].file)


def _passphrase() -> str:
    """Return the passphrase of a sealed archive from the environment, or ask for it."""
    from gdpr.errors import PackageLocked

    if (told := os.environ.get(_PASSPHRASE)) is not None:
        return told
    if not terminal():
        raise PackageLocked
    return ask_hidden(_("Passphrase of the package"))
