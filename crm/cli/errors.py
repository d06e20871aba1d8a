"""What goes wrong between a terminal and the front door."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked, RowsRejected
from gdpr.text import N_, Nn_


class ConfigUnreadable(Invalid):
    """The config file is not TOML; `line` is 0 when the parser could not tell."""

    text = N_("The config file cannot be read (line {line}).")


class PasswordNeeded(Locked):
    """Nobody is there to ask for the password."""

    text = N_(
        "A password is needed: set KARTOTEKA_PASSWORD or KARTOTEKA_PASSCOMMAND, "
        "or run the command in a terminal."
    )


class PassCommandFailed(Locked):
    """The command that should print the password did not."""

    text = N_("KARTOTEKA_PASSCOMMAND failed or printed nothing (exit code {code}).")


class NobodyToAsk(Invalid):
    """A question came up where no terminal is."""

    text = N_("A question cannot be asked without a terminal; answer it with the option {option}.")


class NotOneObject(Invalid):
    """Standard input should hold one JSON object."""

    text = N_("Standard input must hold one JSON object in UTF-8, at most {limit} bytes.")


class ArgumentNotText(Invalid):
    """An argument holds bytes that are no letters: a name would be stored with holes in it."""

    text = N_(
        "Argument {position} is not written in UTF-8. Nothing was done. Set the terminal to UTF-8,"
        " or give personal values on standard input."
    )


class VariableNotText(Invalid):
    """A variable of ours holds bytes that are no letters."""

    text = N_("The variable {name} is not written in UTF-8. Nothing was done.")


class InputNotText(Invalid):
    """What was given on standard input holds bytes that are no letters."""

    text = N_("Standard input is not written in UTF-8. Nothing was done.")


class UnknownFields(Invalid):
    """The JSON object names fields that the command does not take."""

    text = Nn_(
        "{count} unknown field in the JSON object; these are known: {known}.",
        "{count} unknown fields in the JSON object; these are known: {known}.",
    )


class FieldOfWrongKind(Invalid):
    """A field of the JSON object holds something other than text, a number or a list of text."""

    text = N_("The field {field} holds a value of the wrong kind.")


class OutputBroken(Failed):
    """Standard output could not take everything, so what arrived is not complete."""

    text = N_("Not everything could be written; the output is incomplete.")


class RowsLeftOutside(RowsRejected):
    """Rows were rejected and nobody asked for a file of them."""

    text = Nn_(
        "{count} row was rejected. Write it to a file for correction with --rejects FILE.",
        "{count} rows were rejected. Write them to a file for correction with --rejects FILE.",
    )


class SettingUnreadable(Invalid):
    """A change typed as KEY=VALUE has no equals sign or no key."""

    text = N_("Write a change as KEY=VALUE, such as texts.en.name=support.")


class NoChange(Invalid):
    """A command that changes something was told nothing to change."""

    text = N_("Give the changes: --set KEY=VALUE, or - and a JSON object on standard input.")


class NobodyNamed(Invalid):
    """A command for some or for all was told neither."""

    text = N_("Give one or more, or use {option}.")


class OneOfTwo(Invalid):
    """Two ways to say whom a command is about were mixed, or none was used."""

    text = N_(
        "Give either {first} or {second}; with {second}, options for a single one cannot be used."
    )


class LinesOfNobody(RowsRejected):
    """A list names people who are not in the register, or contradicts itself."""

    text = Nn_(
        "{count} line matches nobody in the register, or two different people; check it.",
        "{count} lines match nobody in the register, or two different people; check them.",
    )


class OptionsClash(Invalid):
    """Options that exclude each other were given together."""

    text = N_("These options exclude each other; choose one.")


class OutputUnusable(Failed):
    """A text could not be written where it was asked for."""

    text = N_("The file could not be written. Check the folder and its permissions.")


class SourceUnreadable(Failed):
    """A file that was named cannot be read."""

    text = N_("The file cannot be read. Check its name and permissions.")


class NumbersUnreadable(Invalid):
    """A list of numbers holds something else."""

    text = N_("The file must contain one register number on each line and nothing else.")


class PlaceNeeded(Invalid):
    """A package or its review needs one place to go, and only one."""

    text = N_("Give a location either for the package (--out) or for the review file (--review).")


class TerminalNeeded(Invalid):
    """The screens were asked for where nobody could see them."""

    text = N_(
        "The screens need a terminal. Every command works without one: kartoteka --help lists them."
    )


class CopiesLeft(Failed):
    """Some copies could not be destroyed; the answer says which and why."""

    text = Nn_(
        "{count} copy was not destroyed and stays listed; its status says why. If it no "
        "longer exists: kartoteka files gone FILE --because REASON",
        "{count} copies were not destroyed and stay listed; their status says why. Those "
        "that no longer exist: kartoteka files gone FILE --because REASON",
    )


class RightsNotRepeated(Damaged):
    """A copy became a register, and damage keeps from it what was erased elsewhere."""

    text = Nn_(
        "{count} erasure or withdrawal could not be repeated, so the data it concerns can "
        "still be read here. Open this register: it shows what prevents it, and repeats it "
        "once that is resolved.",
        "{count} erasures or withdrawals could not be repeated, so the data they concern can "
        "still be read here. Open this register: it shows what prevents them, and repeats "
        "them once that is resolved.",
    )
