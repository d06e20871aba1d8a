"""What is refused about users and keys, with what to do next."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked
from gdpr.text import N_, Nn_


class CardReplaced(Locked):
    """The user's card was issued anew while the program was open."""

    text = N_("Your roles or keys were changed meanwhile. Open the register again.")


class NotYourself(Invalid):
    """An owner would change the own card, which another owner does."""

    text = N_("Another owner does this for you; your own password you change with: user password")


class NotActive(Invalid):
    """A user who was shut out is to be changed."""

    text = N_("This user is disabled. Let them in again with: kartoteka user enable NAME")


class NotDisabled(Invalid):
    """A user who may open the register is to be let in."""

    text = N_("This user may open the register already.")


class NotAnOwner(Invalid):
    """The recovery key lets an owner in, who then helps everybody else."""

    text = N_("Only an owner is let in with the recovery key; the owner then helps the others.")


class KeysMoved(Failed):
    """Another desk rotated keys between reading and writing."""

    text = N_("Another desk is changing keys. Nothing was changed; repeat it.")


class UnknownKeyClass(Invalid):
    """A key is to be rotated that does not exist, or that never rotates."""

    text = N_("There is no such key to rotate. Known: {known}.")


class NothingBegun(Invalid):
    """No rotation waits to be finished, and none was asked for."""

    text = N_("No rotation waits. Name the keys, or say --due or --all.")


class RotationRefused(Damaged):
    """A key would be taken from rows of keys or cards that do not verify."""

    text = Nn_(
        "Keys are rotated only when every row of keys and cards verifies; {count} does not, in"
        " table {table}. No key was changed. Run: kartoteka doctor",
        "Keys are rotated only when every row of keys and cards verifies; {count} do not, the"
        " first in table {table}. No key was changed. Run: kartoteka doctor",
    )
