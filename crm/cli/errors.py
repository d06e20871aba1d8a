"""What goes wrong between a terminal and the front door."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked, RowsRejected


class ConfigUnreadable(Invalid):
    """The config file is not TOML; `line` is 0 when the parser could not tell."""


class PasswordNeeded(Locked):
    """Nobody is there to ask for the password."""


class PassCommandFailed(Locked):
    """The command that should print the password did not."""


class NobodyToAsk(Invalid):
    """A question came up where no terminal is."""


class NotOneObject(Invalid):
    """Standard input should hold one JSON object."""


class ArgumentNotText(Invalid):
    """An argument holds bytes that are no letters: a name would be stored with holes in it."""


class VariableNotText(Invalid):
    """A variable of ours holds bytes that are no letters."""


class InputNotText(Invalid):
    """What was given on standard input holds bytes that are no letters."""


class UnknownFields(Invalid):
    """The JSON object names fields that the command does not take."""


class FieldOfWrongKind(Invalid):
    """A field of the JSON object holds something other than text, a number or a list of text."""


class OutputBroken(Failed):
    """Standard output could not take everything, so what arrived is not complete."""


class RowsLeftOutside(RowsRejected):
    """Rows were rejected and nobody asked for a file of them."""


class SettingUnreadable(Invalid):
    """A change typed as KEY=VALUE has no equals sign or no key."""


class NoChange(Invalid):
    """A command that changes something was told nothing to change."""


class NobodyNamed(Invalid):
    """A command for some or for all was told neither."""


class OneOfTwo(Invalid):
    """Two ways to say whom a command is about were mixed, or none was used."""


class LinesOfNobody(RowsRejected):
    """A list names people who are not in the register, or contradicts itself."""


class OptionsClash(Invalid):
    """Options that exclude each other were given together."""


class OutputUnusable(Failed):
    """A text could not be written where it was asked for."""


class SourceUnreadable(Failed):
    """A file that was named cannot be read."""


class NumbersUnreadable(Invalid):
    """A list of numbers holds something else."""


class PlaceNeeded(Invalid):
    """A package or its review needs one place to go, and only one."""


class CopiesLeft(Failed):
    """Some copies could not be destroyed; the answer says which and why."""


class RightsNotRepeated(Damaged):
    """A copy became a register, and damage keeps from it what was erased elsewhere."""


class RightsRefused(Damaged):
    """A restore met rights signed by somebody who might not; it brought nothing of them about."""


class KeysNewerThanBackup(Damaged):
    """A shred file came out of a backup, and some groups have a newer secret since."""
