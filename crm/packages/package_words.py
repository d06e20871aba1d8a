"""The words of a package for a person: codes of the register said in the reader's language."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from babel import Locale
from babel.dates import format_datetime

from crm.dates import Day, day_in, day_text, days_in, local
from crm.grounds.words import CONSENT_WORDS, EVERY_CHANNEL, FIELDS
from crm.i18n import voice
from crm.kinds.listed import SHAPES
from crm.kinds.party import BY_NAME
from crm.shape.rows import rows_text, typed_rows
from crm.transparency.notice_words import NoticeWords
from gdpr.papers.citing import cite
from gdpr.rules.purposes import Basis
from gdpr.text import N_
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.shape.description import Field
    from gdpr.rights.dossier import Held
    from gdpr.rules.because import Because
    from gdpr.rules.rulebook import Rulebook

CATEGORIES: Final = WordTable("crm.packages", "categories")
_TABLES: Final = WordTable("crm.packages", "tables")
_ORIGINS: Final = WordTable("crm.packages", "origins")
SOURCES: Final = WordTable("crm.packages", "sources")
SENTENCES: Final = WordTable("crm.packages", "sentences")
_STATES: Final = WordTable("crm.packages", "states", CONSENT_WORDS)
_EVENTS: Final = WordTable("crm.packages", "events")
_KINDS_OF_RECORDS: Final = {shape.noun: shape for shape in SHAPES}
# What a row holds in plain, and the words of its codes.
_PLAIN: Final = WordTable("crm.packages", "plain")
_CODED: Final[Mapping[str, Mapping[str, str]]] = {
    "channel": WordTable("crm.packages", "ways_out"),
    "kind": WordTable(
        "crm.parties",
        "kinds",
        WordTable("crm.transparency", "subject_kinds"),
        WordTable("crm.packages", "kinds_of_packages"),
    ),
    "phone_unchecked": WordTable("crm.packages", "yes_or_no"),
    "recipient": WordTable("crm.packages", "recipients"),
    "status": WordTable("crm.packages", "statuses"),
}
_NOTICE_CHANNELS: Final = WordTable("crm.transparency", "notice_channels")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\S+)?")
_TEXT_SHOWN: Final = re.compile(r"[\w-]+@(\d+)")
# What every kind of record holds in plain beside its own fields.
_PLAIN_OF_KINDS: Final = WordTable("crm.packages", "plain_of_kinds")
# Events that have no sentence of their own, by the first word of their code.
_KINDS: Final = WordTable("crm.packages", "kinds")
_OTHER: Final = N_("something else concerning you was done")
_RECIPIENTS: Final = WordTable("crm.packages", "recipients")
_NOTHING: Final = "–"


def readable(held: Held) -> Held:
    """Give a datum as people read it: rows as lines of text, which are looked through like any."""
    field = _rows_field(held.datum.table, held.datum.field)
    return held if field is None else held._replace(value=rows_text(field, held.value))


def rows_in(held: Held) -> list[dict[str, str | None]]:
    """Give the rows of a readable datum to programs; none where it has none."""
    field = _rows_field(held.datum.table, held.datum.field)
    return [] if field is None else typed_rows(field, held.value)


def _rows_field(table: str, name: str) -> Field | None:
    shape = _KINDS_OF_RECORDS.get(table)
    fields = shape.fields if shape is not None else ()
    return next((one for one in fields if one.name == name and one.rows), None)


class PackageWords:
    """Says codes in one language; the sheet asks it for every name."""

    def __init__(self, language: str, rulebook: Rulebook) -> None:
        """Speak `language`; names of purposes come from the register."""
        self.language = language
        self.voice = voice(language)
        self.notice = NoticeWords(language)
        self._purposes = rulebook.purposes

    def category(self, code: str) -> str:
        """Name a category."""
        return self._said(CATEGORIES, code)

    def field(self, table: str, field: str) -> str:
        """Name a column, with its table where that says more."""
        if table in _KINDS_OF_RECORDS:
            shape = _KINDS_OF_RECORDS[table]
            return f"{self.voice(shape.field(field).label)} ({self.voice(shape.one)})"
        known = FIELDS.get(f"{table}.{field}") or (BY_NAME[field].label if field in BY_NAME else "")
        name = self.voice(known) if known else self.item_of(table, field)
        where = self.table(table) if table in _TABLES and table != "party" else name
        return name if where == name else f"{name} ({where})"

    def item_of(self, table: str, field: str) -> str:
        """Name the item a column declares."""
        item = _items().get((table, field))
        return field if item is None else self.notice.items([item])

    def origin(self, code: str) -> str:
        """Say where a datum came from."""
        return self._said(_ORIGINS, code)

    def purpose(self, code: str | None) -> str:
        """Name a purpose in the reader's language, or in English."""
        if code is None:
            return _NOTHING
        texts = self._purposes[code].texts
        return (texts.get(self.language) or texts["en"]).name

    def basis(self, code: str) -> str:
        """Name a lawful basis with its article."""
        return self.notice.basis(Basis(code))

    def table(self, code: str) -> str:
        """Name a table."""
        if code in _KINDS_OF_RECORDS:
            return self.voice(_KINDS_OF_RECORDS[code].one)
        return self._said(_TABLES, code)

    def fact(self, table: str, name: str) -> str:
        """Name what a record holds in plain; where there are no words for it, by its column."""
        shape = _KINDS_OF_RECORDS.get(table)
        if shape is None:
            return self._said(_PLAIN, name)
        labels = {**_PLAIN_OF_KINDS, **{one.name: one.label for one in shape.fields}}
        return self.voice(labels.get(name, name))

    def fact_value(self, table: str, name: str, value: str | int) -> str:
        """Say a plain value: the words of a code and of a state, else the value itself."""
        shape = _KINDS_OF_RECORDS.get(table)
        if shape is None:
            return self._plain(name, str(value))
        if name == "state":
            return self.voice(shape.state_word(str(value)))
        fields = {one.name: one for one in shape.fields}
        return self.voice(fields[name].word(str(value))) if name in fields else str(value)

    def value(self, told: Mapping[str, Any]) -> str:
        """Say a datum of the document; rows with headings and codes in words."""
        field = _rows_field(told["table"], told["field"]) if "rows" in told else None
        if field is None:
            return self._datum(f"{told['table']}.{told['field']}", str(told["value"]))
        return rows_text(field, json.dumps(told["rows"]), self.language)

    def _plain(self, name: str, text: str) -> str:
        say: dict[str, Callable[[str], str]] = {
            "article": self.article,
            "country": lambda code: self._in_locale("territories", code),
            "covers": self._covers,
            "purpose": self.purpose,
            "to_check": lambda fields: "; ".join(
                self.field("party", field) for field in fields.split(",")
            ),
        }
        if name in say:
            return say[name](text)
        if _INSTANT.fullmatch(text):
            return self.minute(text) if "T" in text else self.day(text)
        return self._said(_CODED.get(name, {}), text)

    def _covers(self, text: str) -> str:
        versions = json.loads(text).items()
        return "; ".join(f"{self.purpose(code)} ({number})" for code, number in versions)

    def _datum(self, place: str, text: str) -> str:
        """Say the code that a datum is, of those that are codes."""
        table, _dot, field = place.partition(".")
        if place == "party.language":
            return self._in_locale("languages", text)
        if place == "party.provenance":
            return "; ".join(map(self._source, text.split("; ")))
        if place == "notice_given.channel":
            return self._said(_NOTICE_CHANNELS, text)
        if place == "notice_given.evidence" and (shown := _TEXT_SHOWN.fullmatch(text)):
            return self.text_shown(shown[1])
        codes = BY_NAME[field].codes if table == "party" and field in BY_NAME else {}
        return self._said(codes, text)

    def _source(self, part: str) -> str:
        word, _space, day = part.partition(" ")
        if word != "informed":
            return self._said(SOURCES, part)
        if day == "unknown":
            return self.voice(N_("it is not known whether you were informed"))
        return self.voice(N_("you were informed on {day}")).format(day=self.spoken(day))

    def _in_locale(self, names: str, code: str) -> str:
        return str(getattr(Locale.parse(self.language), names).get(code, code))

    def text_shown(self, version: int | str) -> str:
        """Name the text that somebody was shown when they consented."""
        return self.voice(N_("consent text, version {number}")).format(number=version)

    def article(self, articles: str) -> str:
        """Cite articles of the Regulation."""
        return cite(articles, self.language)

    def consent(self, state: str) -> str:
        """Name the state of a consent."""
        return self._said(_STATES, state)

    def channel(self, code: str) -> str:
        """Name a way in which a word reached the firm."""
        return self._said(EVERY_CHANNEL, code)

    def recipient(self, code: str) -> str:
        """Name who got a package."""
        return self._said(_RECIPIENTS, code)

    def event(self, code: str) -> str:
        """Say what an entry of the log is about; an unknown one by its family."""
        known = _EVENTS.get(code) or _KINDS.get(code.partition(":")[0], _OTHER)
        return self.voice(known)

    def day(self, iso: str) -> str:
        """Write a day, or the day of an instant, as the reader does."""
        return f"{self.spoken(iso)}"

    def spoken(self, iso: str) -> Day:
        """Make a day ready for a sentence, which says in which case it stands."""
        return day_in(self.language, day_text(iso))

    def minute(self, iso: str) -> str:
        """Write an instant as the reader does, with the hour it had in the firm's place."""
        return format_datetime(local(iso), format="medium", locale=self.language)

    def because(self, because: Because) -> str:
        """Say why a datum stays or goes, with its days as the reader writes them."""
        arguments = days_in(self.language, because.arguments)
        return self.voice(because.template).format(**arguments)

    def _said(self, words: Mapping[str, str], code: str) -> str:
        return self.voice(words[code]) if code in words else code


def _items() -> dict[tuple[str, str], str]:
    from crm.schema import SCHEMA  # noqa: PLC0415 - only papers need the whole schema

    layouts = [model.layout() for model in SCHEMA.models]
    return {(one.table, column.name): column.item for one in layouts for column in one.sealed}
