"""What goes wrong with packages for people, and what to do then."""

from __future__ import annotations

from gdpr.errors import Damaged, Invalid, NotFound, Refused
from gdpr.text import N_, Nn_


class PackageDamaged(Damaged):
    """A package is not what was signed; `fault` is a code, `file` a name of ours."""

    text = N_("The package was changed after it was signed ({fault}: {file}).")


class PackageLocked(Invalid):
    """A package is sealed with a passphrase that was not given or is another one."""

    text = N_(
        "The package can be opened only with its passphrase; set KARTOTEKA_PASSPHRASE or type it."
    )


class ReviewUnreadable(Invalid):
    """A review file is no review of ours, or marks a place that is not in the text."""

    text = N_("The review file cannot be read; write a new one with --review FILE.")


class ReviewOutdated(Refused):
    """A review decides on other texts than those that are held now."""

    text = N_(
        "The texts have changed since the review. Review them again: "
        "kartoteka subject access {number} --review FILE"
    )
    article = "15(4)"


class ReviewNeeded(Refused):
    """Texts may speak of other people, and nobody has looked yet."""

    text = Nn_(
        "{count} text may concern other people. Review it first: kartoteka subject access "
        "{number} --review FILE, then --reviewed FILE.",
        "{count} texts may concern other people. Review them first: kartoteka subject access "
        "{number} --review FILE, then --reviewed FILE.",
    )
    article = "15(4)"


class PackageMissing(NotFound):
    """There is no folder and no file of that name."""

    text = N_("There is no package in this location.")


class StillHere(Invalid):
    """An address was asked about whose owner is in the register, under a number."""

    text = N_("It belongs to number {numbers} in the register; use that number.")
