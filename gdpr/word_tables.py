"""The words for codes and errors, in a `words.toml` and an `errors.toml` beside their modules.

A table is read when its first word is said: the help of a command needs none of them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gdpr.program_files import program_toml
from gdpr.text import NP_, Nn_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Said_co = TypeVar("_Said_co", covariant=True)
_Unsaid = TypeVar("_Unsaid", bound=str | None)


class _Table(Mapping[str, _Said_co]):
    def __init__(self, package: str, table: str) -> None:
        """Say what stands under `table` in the `words.toml` of `package`."""
        self.package = package
        self.table = table

    def __getitem__(self, code: str) -> _Said_co:
        """Say a code."""
        return self._entries[code]

    def __iter__(self) -> Iterator[str]:
        """Go through the codes, in the order of the file."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the codes."""
        return len(self._entries)

    @cached_property
    def _entries(self) -> dict[str, _Said_co]:
        return self._gathered()

    def _gathered(self) -> dict[str, _Said_co]:
        written = _tables(self.package, "words.toml")[self.table]
        return {code: self._read(entry) for code, entry in written.items()}

    @abstractmethod
    def _read(self, entry: Any) -> _Said_co:
        """Return what one entry says."""


class WordTable(_Table[str]):
    """One message for each code: a text, or a `word` with its `sense` or its form for `one`."""

    def __init__(
        self, package: str, table: str, *before: Mapping[str, str] | Callable[[], Mapping[str, str]]
    ) -> None:
        """Say what stands under `table`, and `before` it words that come from elsewhere."""
        super().__init__(package, table)
        self._before = before

    def _gathered(self) -> dict[str, str]:
        said: dict[str, str] = {}
        for words in self._before:
            said |= words() if callable(words) else words
        return said | super()._gathered()

    def _read(self, entry: Any) -> str:
        if isinstance(entry, str):
            return entry
        parts = _parts(entry)
        one, word = parts.get("one"), parts["word"]
        return word if one is None else Nn_(one, word)


class WordPairTable(_Table[tuple[str, str]]):
    """Two things for each code, such as a sign and a `word`, or a word and an advice."""

    def __init__(self, package: str, table: str, first: str, second: str) -> None:
        """Say what stands under the names `first` and `second` in each entry."""
        super().__init__(package, table)
        self._names = (first, second)

    def _read(self, entry: Any) -> tuple[str, str]:
        parts = _parts(entry)
        first, second = (parts.get(name, "") for name in self._names)
        return first, second


def _parts(entry: Mapping[str, str]) -> dict[str, str]:
    """Take the parts of an entry; a `sense` is that of the part before it, `one` of the word."""
    parts: dict[str, str] = {}
    before = ""
    for name, text in entry.items():
        if name == "sense":
            parts[before] = NP_(text, parts[before])
        else:
            parts[name], before = text, name
    one, many = parts.get("one"), parts.get("word", "")
    if one is not None:
        parts["word"] = Nn_(one, many)
    return parts


class ErrorWords(Generic[_Unsaid]):
    """What the `errors.toml` beside a class of errors says of it under the name of this attribute.

    A class of which nothing stands there says what its parent says. So does one whose table cannot
    be read, such as when no file can be opened any more: an error must not end in another.
    """

    def __init__(self, unsaid: _Unsaid) -> None:
        """Say `unsaid` where nothing is written of the class or any of its parents."""
        self._unsaid = unsaid

    def __set_name__(self, _owner: type, name: str) -> None:
        """Learn the name of the attribute."""
        self._name = name

    def __get__(self, _error: object, kind: type) -> str | _Unsaid:
        """Return what is written of `kind`, or of the nearest of its parents."""
        for each in kind.__mro__:
            words = _words_of(each)
            if self._name in words:
                return words[self._name]
        return self._unsaid


def _words_of(kind: type) -> Mapping[str, str]:
    words: dict[str, str] = {}
    with suppress(OSError, ImportError, MemoryError, ValueError):
        package = kind.__module__.rpartition(".")[0]
        words |= _tables(package, "errors.toml").get(kind.__name__, {})
    one = words.get("one")
    if one is not None:
        words["text"] = Nn_(one, words["text"])
    return words


@cache
def _tables(package: str, file: str) -> dict[str, dict[str, Any]]:
    return program_toml(package, file)
