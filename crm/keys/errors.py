"""What is refused about users and keys, with what to do next."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked


class CardReplaced(Locked):
    """The user's card was issued anew while the program was open."""


class NotYourself(Invalid):
    """An owner would change the own card, which another owner does."""


class NotActive(Invalid):
    """A user who was shut out is to be changed."""


class NotDisabled(Invalid):
    """A user who may open the register is to be let in."""


class NotAnOwner(Invalid):
    """The recovery key lets an owner in, who then helps everybody else."""


class KeysMoved(Failed):
    """Another desk rotated keys between reading and writing."""


class UnknownKeyClass(Invalid):
    """A key is to be rotated that does not exist, or that never rotates."""


class NothingBegun(Invalid):
    """No rotation waits to be finished, and none was asked for."""


class RotationRefused(Damaged):
    """A key would be taken from rows of keys or cards that do not verify."""


class UserExists(Invalid):
    """A login name is taken."""


class SamePassword(Invalid):
    """A new password is the old one."""
