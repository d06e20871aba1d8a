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
from gdpr.program_files import program_toml
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


_OF_CLIENTS: Final[Mapping[str, Callable[[], Mapping[str, str]]]] = {
    "labels": _labels,
    "contacts": _contacts,
    "channels": lambda: CHANNELS,
    "sources": lambda: SOURCES,
}


def _table(places: Sequence[str]) -> Mapping[str, str]:
    """Make the table that begins with the words of the first places, if there are any at all."""
    words: Mapping[str, str] = {}
    for place in places:
        package, _colon, table = place.partition(":")
        of_clients = _OF_CLIENTS.get(place)
        words = {**words, **of_clients()} if of_clients else WordTable(package, table, words)
    return words


_PLACES: Final = program_toml("crm.session", "argument_words.toml")
_OF_ARGUMENTS: Final = {name: _table(places) for name, places in _PLACES["arguments"].items()}
_OF_LISTS: Final[Mapping[str, _Words]] = {
    **{name: _table(places) for name, places in _PLACES["lists"].items()},
    "UnknownRole": WordPairTable("crm.keys", "roles", "word", "may"),
}
_OF_OPTIONS: Final = {
    name: [_table(places) for places in tables] for name, tables in _PLACES["options"].items()
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
