"""The words on files that come in and go out: columns, reasons, profiles, what became of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.backup.errors import NoLedgerHere, NotNewestBackup, OlderBackup
from crm.files.candidate import OF_CONTACT
from crm.files.encodings import CODE_PAGES
from crm.files.formats import ENDINGS
from crm.files.reject_reasons import REASONS
from crm.i18n import _, ngettext, spoken_all
from crm.kinds.party import BY_NAME, IN_FILES
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.backup.cards import Restored
    from crm.transfer.cards import ImportResult, RejectLine
    from gdpr.errors import KartotekaError

_MOST_DAMAGES: Final = 3

# Why a column is left out, where the reason is not simply the data nobody may keep.
LEFT_OUT: Final = WordTable("crm.transfer", "left_out")
_DESCRIBED: Final = {
    **{name: BY_NAME[name].label for name in IN_FILES},
    **{f"{OF_CONTACT}{one.name}": one.contact for one in BY_NAME.values() if one.contact},
}
FIELDS: Final = WordTable("crm.transfer", "fields", _DESCRIBED)
# What a file of clients may be called.
FILE_ENDINGS: Final = ENDINGS
# How the letters of a file may be encoded, the usual ones first.
ENCODINGS: Final = ("utf-8", *CODE_PAGES, "utf-16")
KINDS: Final = WordTable("crm.transfer", "kinds")
SOURCES: Final = WordTable("crm.transfer", "sources")
PROFILES: Final = WordTable("crm.transfer", "profiles")
REMINDERS: Final = WordTable("crm.transfer", "reminders")
BACKUPS: Final = WordPairTable("crm.transfer", "backups", "sign", "word")


def reason(code: str) -> str:
    """Say in a sentence what a reason code means, and what to do."""
    return _(REASONS[code]) if code in REASONS else code


def rejected_because(line: RejectLine) -> str:
    """Say why a row stays outside, and which clients may be the same."""
    if not line.alike:
        return reason(line.reason)
    numbers = ", ".join(map(str, line.alike))
    return _("may be client {numbers}: the same, new, or left out?").format(numbers=numbers)


def left_out(why: str | None, words: Mapping[str, str] = LEFT_OUT) -> str:
    """Say why a column is left out; what no purpose names is listed by its items."""
    if why is None:
        return ""
    if why in words:
        return _(words[why])
    return _("no chosen purpose covers: {items}").format(items=why)


def became(result: ImportResult) -> list[str]:
    """Say in sentences what became of the rows of a file; what did not happen is not said."""
    said = (
        (result.read, ngettext("{count} row read", "{count} rows read", result.read)),
        (
            result.created,
            ngettext("{count} client created", "{count} clients created", result.created),
        ),
        (
            result.contacts,
            ngettext(
                "{count} contact person created",
                "{count} contact persons created",
                result.contacts,
            ),
        ),
        (
            result.updated,
            ngettext("{count} client updated", "{count} clients updated", result.updated),
        ),
        (
            result.duplicates,
            ngettext("{count} row known already", "{count} rows known already", result.duplicates),
        ),
        (
            result.rejected,
            ngettext("{count} row rejected", "{count} rows rejected", result.rejected),
        ),
        (
            len(result.held_back),
            ngettext(
                "{count} row without what was refused",
                "{count} rows without what was refused",
                len(result.held_back),
            ),
        ),
        (
            result.to_mend,
            ngettext("{count} value set aside", "{count} values set aside", result.to_mend),
        ),
        (
            result.to_check,
            ngettext("{count} row to be checked", "{count} rows to be checked", result.to_check),
        ),
    )
    return [sentence.format(count=count) for count, sentence in said if count]


def age_words(days: int) -> str:
    """Say how old a backup is."""
    if days < 1:
        return _("today")
    return ngettext("{count} day", "{count} days", days).format(count=days)


def older_words(problem: KartotekaError) -> str | None:
    """Say why a restore would go back in time or bring back the erased, or None for all else."""
    if isinstance(problem, OlderBackup):
        count = int(problem.arguments["count"])
        return ngettext(
            "The register there has {count} change that is not in this backup. Nothing was "
            "changed.",
            "The register there has {count} changes that are not in this backup. Nothing was "
            "changed.",
            count,
        ).format(count=count)
    if isinstance(problem, NotNewestBackup):
        return _("This workstation created a newer backup on {day}. Nothing was changed.").format(
            **spoken_all(problem.arguments)
        )
    if isinstance(problem, NoLedgerHere):
        return _(
            "No ledger of this register was found here: erasures since {day} cannot be"
            " repeated, and everybody erased since then would reappear. Nothing was changed."
        ).format(**spoken_all(problem.arguments))
    return None


def restored_words(done: Restored, *, recovery: bool) -> list[str]:
    """Say what a restore did, and what is left to be done by hand."""
    said = [
        ngettext("{count} record restored", "{count} records restored", done.rows).format(
            count=done.rows
        )
    ]
    if done.replayed:
        said.append(
            ngettext(
                "{count} erasure or ending since then repeated",
                "{count} erasures or endings since then repeated",
                len(done.replayed),
            ).format(count=len(done.replayed))
        )
    if done.lost_entries:
        said.append(
            ngettext(
                "{count} entry of this workstation's log is newer than the backup",
                "{count} entries of this workstation's log are newer than the backup",
                done.lost_entries,
            ).format(count=done.lost_entries)
        )
    if done.lost:
        said.append(
            ngettext(
                "{count} record was added or corrected since; enter it again",
                "{count} records were added or corrected since; enter them again",
                len(done.lost),
            ).format(count=len(done.lost))
        )
    if done.first_time:
        said.append(_("This workstation opens this register for the first time. Is that expected?"))
    if done.old_vault is not None:
        said.append(_("The previous register is kept beside it until you destroy it."))
    if recovery:
        said.append(_("The recovery key was used: issue a new one under Keys."))
    said.extend(
        _("Damage in {table}: restore it from another backup.").format(table=one.table)
        for one in done.damages[:_MOST_DAMAGES]
    )
    return said
