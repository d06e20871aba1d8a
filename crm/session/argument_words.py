"""The words for codes among the arguments of an error: a reader never meets a name of ours.

Which words those are follows from the argument's name, of a list of what is known from its field or
the error. Words that are the same elsewhere are read there, beside the modules that use them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from crm.files.candidate import OF_CONTACT
from crm.i18n import LANGUAGES, _, current, filled
from crm.kinds.party import BY_NAME, CHANNELS, SOURCES
from gdpr.papers.citing import cite
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gdpr.errors import KartotekaError

    _Words: TypeAlias = Mapping[str, str | tuple[str, str]]

# What a command calls by its code where a screen has a list to choose from.
_CODED: Final = "{word} ({code})"
_BETWEEN: Final = ", "


def _labels() -> dict[str, str]:
    return {name: one.label for name, one in BY_NAME.items()}


def _contacts() -> dict[str, str]:
    return {f"{OF_CONTACT}{one.name}": one.contact for one in BY_NAME.values() if one.contact}


def _own(table: str, *before: Mapping[str, str] | Callable[[], Mapping[str, str]]) -> WordTable:
    return WordTable("crm.session", table, *before)


_FIELDS: Final = _own("fields", _labels)
_IN_FILES: Final = WordTable("crm.transfer", "fields", _labels, _contacts)
_PURPOSES: Final[Mapping[str, str]] = {}  # the error brings their names along
_CHANNELS: Final = WordTable(
    "crm.grounds", "more_channels", CHANNELS, WordTable("crm.grounds", "channels")
)
_STATES: Final = WordTable("crm.grounds", "consent_states")
_EVIDENCE: Final = WordTable("crm.transparency", "ground_evidence")
_KEYS: Final = WordTable("crm.keys", "keys")
_SOURCES: Final = _own("none", SOURCES)
_TABLES: Final = _own("tables", WordTable("crm.grounds", "tables"))
# By the name of an argument; each of several codes is separated by a comma.
_OF_ARGUMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "accepted": _EVIDENCE,
    "category": _KEYS,
    "channel": WordTable("crm.grounds", "ways"),
    "column": _FIELDS,
    "duty": _own("duties", WordTable("crm.oversight", "events")),
    "fault": _own("faults", WordTable("crm.grounds", "faults")),
    "field": _FIELDS,
    "fields": _FIELDS,
    "found": _own("parts"),
    "item": WordTable("crm.grounds", "items"),
    "key": _KEYS,
    "kind": _own("things", WordTable("crm.transparency", "subject_kinds")),
    "purpose": _PURPOSES,
    "purposes": _PURPOSES,
    "relation": _PURPOSES,
    "relations": _PURPOSES,
    "state": _STATES,
    "table": _TABLES,
    "then": _STATES,
    "wanted": _own("parts"),
    "why": _own("unsafe"),
}
# What may be typed, by the error that lists it or by the field it is about.
_OF_LISTS: Final[Mapping[str, _Words]] = {
    "FieldUnknown": _FIELDS,
    "MapFieldUnknown": _IN_FILES,
    "UnknownChannel": WordTable("crm.transparency", "notice_channels"),
    "UnknownFields": _FIELDS,
    "UnknownKeyClass": _KEYS,
    "UnknownProfile": WordTable("crm.transfer", "profiles"),
    "UnknownReason": WordTable("crm.keys", "copy_reasons"),
    "UnknownRole": WordPairTable("crm.keys", "roles", "word", "may"),
    "channel": _CHANNELS,
    "evidence": _EVIDENCE,
    "informed": _own("none"),
    "kind": WordTable("crm.transparency", "wording_kinds"),
    "mentions": _own("mentions"),
    "obtained_from": _SOURCES,
    "provenance": _SOURCES,
    "reach": WordTable("crm.grounds", "ways"),
    "sources": _SOURCES,
    "state": _STATES,
    "status": WordTable("crm.parties", "status"),
}
# What an option takes: the first table that has all of its codes.
_OF_OPTIONS: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "because": (
        WordTable("crm.grounds", "keeping"),
        WordTable("crm.grounds", "back"),
        WordTable("crm.keys", "copy_reasons"),
    ),
    "channel": (CHANNELS, _CHANNELS, WordTable("crm.transparency", "notice_channels")),
    "doubles": (_own("doubles"),),
    "evidence": (_EVIDENCE,),
    "form": (_own("forms"),),
    "kind": (WordTable("crm.parties", "kinds"), WordTable("crm.transparency", "wording_kinds")),
    "mentions": (_own("mentions"),),
    "obtained_from": (SOURCES,),
    "profile": (WordTable("crm.transfer", "profiles"),),
    "provenance": (SOURCES,),
    "reach": (WordTable("crm.grounds", "ways"),),
    "state": (_STATES,),
    "status": (WordTable("crm.parties", "status"),),
}


def say(error: KartotekaError, *, typed: bool = True, text: str | None = None) -> str:
    """Say what went wrong, or another `text`, with its codes in words.

    What can be `typed` on a command line stands in brackets behind its word.
    """
    said = dict(error.arguments)
    for name, value in error.arguments.items():
        if name == "known":
            said[name] = _listed(error, str(value), typed=typed)
        elif name == "languages":
            said[name] = _BETWEEN.join(map(_language, str(value).split(_BETWEEN)))
        elif name == "basis":
            said[name] = cite(str(value), current())
        elif name in _OF_ARGUMENTS and isinstance(value, str):
            words = {**_OF_ARGUMENTS[name], **error.names}
            # Whoever mends a database on the command line needs the name of the table as well.
            shown = [
                _choice(words, code, typed=typed and name == "table")
                for code in value.split(_BETWEEN)
            ]
            said[name] = _BETWEEN.join(shown)
    said |= {name: _BETWEEN.join(map(_, words)) for name, words in error.called.items()}
    return filled(error.text if text is None else text, said)


def _listed(error: KartotekaError, known: str, *, typed: bool) -> str:
    field = str(error.arguments.get("field", ""))
    words = _OF_LISTS.get(type(error).__name__) or _OF_LISTS.get(field, {})
    codes = known.split(_BETWEEN)
    return _joined([_choice({**words, **error.names}, code, typed=typed) for code in codes])


def choices(field: str, codes: Sequence[str]) -> str:
    """List the codes that an option takes behind their words; empty where there are none."""
    words = next((words for words in _OF_OPTIONS.get(field, ()) if {*codes} <= {*words}), {})
    said = [_choice(words, code, typed=True) for code in codes]
    return "" if said == [*codes] else _joined(said)


def _joined(said: Sequence[str]) -> str:
    """List words that may hold commas themselves."""
    return ("; " if any(_BETWEEN in one for one in said) else _BETWEEN).join(said)


def _choice(words: _Words, code: str, *, typed: bool) -> str:
    word = _language(code) if code in LANGUAGES else _word(words, code)
    return _CODED.format(word=word, code=code) if typed and word != code else word


def _word(words: _Words, code: str) -> str:
    if code not in words:
        return code
    word = words[code]
    return _(word if isinstance(word, str) else word[0])


def _language(code: str) -> str:
    from babel import Locale  # noqa: PLC0415 - an error that names no language needs none

    return str(Locale.parse(current()).languages.get(code, code))
