"""What stands between a user and a register that is to be opened."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, Locked, ReadOnlyRegister, Refused


class ReadOnlyCopy(ReadOnlyRegister):
    """The file is a copy of a register that this desk keeps at another place."""


class ErasedSinceCopy(Refused):
    """A file that can only be read still shows people who were erased since it was copied."""

    article = "17"


class CopyOfEarlierVersion(Failed):
    """A file that can only be read would have to be upgraded before this program can read it."""


class NoCopyHere(Invalid):
    """Somebody would make a register of its own from what is one already."""


class UserNameNeeded(Locked):
    """There are several users and none was named."""


class FirstPasswordMustChange(Locked):
    """A user logs in with a first password that somebody else has seen."""
