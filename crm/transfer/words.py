"""The words on files that come in and go out: columns, reasons, profiles, what became of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.files.candidate import OF_CONTACT
from crm.files.encodings import CODE_PAGES
from crm.files.formats import ENDINGS
from crm.files.reject_reasons import REASONS
from crm.grounds.words import ITEMS, TABLES, word_of
from crm.i18n import _, filled
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
_BECAME: Final = WordTable("crm.transfer", "became")
_WOULD: Final = WordTable("crm.transfer", "would")
_OLDER: Final = WordTable("crm.transfer", "older")
_RESTORED: Final = WordTable("crm.transfer", "restored")
_AGES: Final = WordTable("crm.transfer", "ages")
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


def to_decide(numbers: str) -> str:
    """Say in a file of rejected rows which clients a row may be, and what can be written there."""
    return _("This may be client {numbers}. Write beside it: same, new or skip.").format(
        numbers=numbers
    )


def left_out(why: str | None, words: Mapping[str, str] = LEFT_OUT) -> str:
    """Say why a column is left out; what no purpose names is listed by its items."""
    if why is None:
        return ""
    if why in words:
        return _(words[why])
    items = ", ".join(word_of(ITEMS, item) for item in why.split(", "))
    return _("no chosen purpose covers: {items}").format(items=items)


def became(result: ImportResult) -> list[str]:
    """Say in sentences what became of the rows of a file; what did not happen is not said."""
    told = {name: getattr(result, name) for name in _BECAME}
    told["held_back"] = len(result.held_back)
    words = {**_BECAME, **_WOULD} if result.dry_run else _BECAME
    return [filled(words[name], {"count": count}) for name, count in told.items() if count]


def age_words(days: int) -> str:
    """Say how old a backup is."""
    return filled(_AGES["days" if days else "today"], {"count": days})


def older_words(problem: KartotekaError) -> str | None:
    """Say why a restore would go back in time or bring back the erased, or None for all else."""
    code = type(problem).__name__
    return filled(_OLDER[code], problem.arguments) if code in _OLDER else None


def restored_words(done: Restored, *, recovery: bool) -> list[str]:
    """Say what a restore did, and what is left to be done by hand."""
    told = {
        "rows": done.rows,
        "replayed": len(done.replayed),
        "lost_entries": done.lost_entries,
        "lost": len(done.lost),
        "first_time": done.first_time,
        "old_vault": done.old_vault is not None,
        "recovery": recovery,
    }
    said = [
        filled(_RESTORED[name], {"count": int(count)})
        for name, count in told.items()
        if count or name == "rows"
    ]
    said.extend(
        _("Damage in {table}: restore it from another backup.").format(
            table=word_of(TABLES, one.table)
        )
        for one in done.damages[:_MOST_DAMAGES]
    )
    return said
