"""What is refused about users and keys, with what to do next."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked
from gdpr.text import N_, Nn_


class CardReplaced(Locked):
    """The user's card was issued anew while the program was open."""

    text = N_("Your roles or keys were changed in the meantime. Open the register again.")


class NotYourself(Invalid):
    """An owner would change the own card, which another owner does."""

    text = N_("Another owner must do this for you; change your own password with: user password")


class NotActive(Invalid):
    """A user who was shut out is to be changed."""

    text = N_("This user is disabled. Enable the user with: kartoteka user enable NAME")


class NotDisabled(Invalid):
    """A user who may open the register is to be let in."""

    text = N_("This user can already open the register.")


class NotAnOwner(Invalid):
    """The recovery key lets an owner in, who then helps everybody else."""

    text = N_("Only an owner can log in with the recovery key; the owner then helps the others.")


class KeysMoved(Failed):
    """Another desk rotated keys between reading and writing."""

    text = N_("Another workstation is rotating keys. Nothing was changed; try again.")


class UnknownKeyClass(Invalid):
    """A key is to be rotated that does not exist, or that never rotates."""

    text = N_("There is no such key to rotate. Known: {known}.")


class NothingBegun(Invalid):
    """No rotation waits to be finished, and none was asked for."""

    text = N_("No rotation is pending. Name the keys, or use --due or --all.")


class RotationRefused(Damaged):
    """A key would be taken from rows of keys or cards that do not verify."""

    text = Nn_(
        "Keys are rotated only if every key and card row passes verification; {count} does "
        "not, in table {table}. No key was changed. Run: kartoteka doctor",
        "Keys are rotated only if every key and card row passes verification; {count} do "
        "not, the first in table {table}. No key was changed. Run: kartoteka doctor",
    )
