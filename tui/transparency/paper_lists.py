"""The lists of the papers area: what each asks the register, and how its rows look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crm.grounds import words as ground_words
from crm.i18n import LANGUAGES, _, current, ngettext, pgettext
from crm.parties.words import language_words
from crm.transparency.words import NOTICE_STATES, WORDING_KINDS, in_language, said, wording_name
from gdpr.text import N_
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import NoticeLine, PurposeLine, UninformedLine, WordingLine

# The row of the notice as the register stands, which no version is.
DRAFT: Final = "draft"


class ListTab(NamedTuple):
    """One list: its key and word, what brings its rows, and what is said of them."""

    key: str
    word: str
    columns: Callable[[], tuple[Column, ...]]
    rows: Callable[[Kartoteka], Sequence[Row]]
    hint: Callable[[int], str]


def _purpose_columns() -> tuple[Column, ...]:
    return (
        Column("number", "", 4),
        Column("name", _("title"), 0, least=34),
        Column("basis", _("lawful basis"), 19, rank=1),
        Column("version", _("version"), 8, rank=2, right=True),
        Column("state", _("state"), 15),
    )


def purpose_state(*, confirmed: bool | None, retired: bool) -> str:
    """Say with a sign whether a purpose is the firm's own, waits for that, or is retired."""
    if retired:
        return _("– retired")
    if confirmed is None:
        return ""
    return _("✓ confirmed") if confirmed else _("! to confirm")


def _purpose_rows(register: Kartoteka) -> list[Row]:
    return [_purpose_row(line) for line in register.purposes.listing()]


def _purpose_row(line: PurposeLine) -> Row:
    state = purpose_state(confirmed=line.confirmed, retired=line.retired)
    waits = line.confirmed is False and not line.retired
    style = "quiet" if line.retired else "warning" if waits else ""
    name, articles = in_language(line.names, current()), ", ".join(line.articles)
    cells = (line.number, name, articles, str(line.version), state)
    return Row(line.code, cells, style)


def _purpose_hint(count: int) -> str:
    return ngettext("{count} purpose", "{count} purposes", count).format(count=count)


def _relation_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("title"), 0),
        Column("purposes", _("purposes"), 9, right=True),
        Column("version", _("version"), 8, rank=1, right=True),
    )


def _relation_rows(register: Kartoteka) -> list[Row]:
    lines = register.purposes.relations()
    names = ground_words.purpose_names(lines)
    return [
        Row(one.code, (names[one.code], str(len(one.purposes)), str(one.version))) for one in lines
    ]


def _relation_hint(_count: int) -> str:
    return _("What staff choose; each adds its set of purposes.")


def _wording_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("text"), 0, least=28),
        Column("kind", _("kind"), 18, rank=1),
        Column("languages", _("languages"), 25),
        Column("version", _("version"), 8, right=True),
        Column("purposes", _("purposes"), 30, rank=2),
    )


def _wording_rows(register: Kartoteka) -> list[Row]:
    by_code: dict[str, list[WordingLine]] = {}
    for line in register.wordings.listing():
        by_code.setdefault(line.code, []).append(line)
    names = ground_words.purpose_names(register.purposes.listing())
    return [_wording_row(code, lines, names) for code, lines in sorted(by_code.items())]


def _wording_row(code: str, lines: Sequence[WordingLine], names: Mapping[str, str]) -> Row:
    newest = max(lines, key=lambda line: line.version)
    languages = tongues_of({line.language for line in lines})
    kind = said(WORDING_KINDS, newest.kind)
    purposes = ", ".join(names.get(one, one) for one in newest.purposes)
    return Row(code, (wording_name(code), kind, languages, str(newest.version), purposes))


def tongues_of(codes: Iterable[str]) -> str:
    """Name languages, in the order in which the program has them."""
    return ", ".join(language_words(one) for one in LANGUAGES if one in codes)


def _wording_hint(count: int) -> str:
    if not count:
        return _("No texts yet: o adds those of the program, n one of your own from a file.")
    return _("Texts shown to people. A changed text becomes a new version; none is replaced.")


def _notice_columns() -> tuple[Column, ...]:
    return (
        Column("version", _("version"), 12),
        Column("published", pgettext("notice", "published on"), 11),
        Column("effective", _("in force from"), 14),
        Column("state", _("state"), 0),
        Column("material", _("people must be informed"), 20, rank=2),
        Column("languages", _("languages"), 25, rank=1),
    )


def _notice_rows(register: Kartoteka) -> list[Row]:
    draft = Row(DRAFT, (_("draft"), "", "", _("not published"), "", ""), "quiet")
    return [draft, *(_notice_row(line) for line in reversed(register.notices.listing()))]


def _notice_row(line: NoticeLine) -> Row:
    version, state = str(line.version), said(NOTICE_STATES, line.state)
    material = _("yes") if line.material else _("no")
    languages = tongues_of(line.languages)
    cells = (version, line.published, line.effective, state, material, languages)
    return Row(version, cells)


def _notice_hint(count: int) -> str:
    if count == 1:
        return _("Nothing is published yet: read the draft, then n publishes it.")
    return _("n publishes a new version; a change takes effect after a month.")


def _uninformed_columns() -> tuple[Column, ...]:
    return (
        Column("number", _("number"), 7, right=True),
        Column("name", pgettext("client", "name"), 0),
        Column("since", _("since"), 10),
        Column("purposes", _("purposes"), 30, rank=1),
    )


def _uninformed_rows(register: Kartoteka) -> list[Row]:
    names = ground_words.purpose_names(register.purposes.listing())
    return [_uninformed_row(line, names) for line in register.notice_delivery.uninformed()]


def _uninformed_row(line: UninformedLine, names: Mapping[str, str]) -> Row:
    told = [names.get(code, code) for code in line.purposes]
    if line.change is not None:
        told.insert(0, _("change in version {version}").format(version=line.change))
    purposes = ", ".join(told)
    return Row(str(line.number), (str(line.number), line.name or "", line.since, purposes))


def numbered(lines: Iterable[PurposeLine]) -> list[tuple[str, str]]:
    """Return purposes by their numbers and names, to choose among."""
    return [(one.code, f"{one.number} {in_language(one.names, current())}") for one in lines]


def _uninformed_hint(count: int) -> str:
    if not count:
        return _("Everybody is known to be informed.")
    people = ngettext(
        "{count} person is not known to be informed.",
        "{count} persons are not known to be informed.",
        count,
    ).format(count=count)
    return people + " " + _("Give them the notice, then mark them and press t.")


SHELVES: Final = {
    "purposes": ListTab("p", N_("Purposes"), _purpose_columns, _purpose_rows, _purpose_hint),
    "relations": ListTab(
        "r", N_("Relationships"), _relation_columns, _relation_rows, _relation_hint
    ),
    "wordings": ListTab("w", N_("Texts"), _wording_columns, _wording_rows, _wording_hint),
    "notices": ListTab("i", N_("Notices"), _notice_columns, _notice_rows, _notice_hint),
    "uninformed": ListTab(
        "u", N_("Not informed"), _uninformed_columns, _uninformed_rows, _uninformed_hint
    ),
}
