"""The words for codes, which stand in a `words.toml` beside the modules that say them.

A table is read when its first word is said: the help of a command needs none of them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from gdpr.text import NP_

if TYPE_CHECKING:
    from collections.abc import Iterator

_Said_co = TypeVar("_Said_co", covariant=True)


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
        written = _tables(self.package)[self.table]
        return {code: self._read(entry) for code, entry in written.items()}

    @abstractmethod
    def _read(self, entry: Any) -> _Said_co:
        """Return what one entry says."""


class WordTable(_Table[str]):
    """One message for each code: a text, or a `word` with the `sense` in which it is meant."""

    def __init__(self, package: str, table: str, *before: Mapping[str, str]) -> None:
        """Say what stands under `table`, and `before` it words that come from elsewhere."""
        super().__init__(package, table)
        self._before = before

    def _gathered(self) -> dict[str, str]:
        said = {code: word for words in self._before for code, word in words.items()}
        return said | super()._gathered()

    def _read(self, entry: Any) -> str:
        return entry if isinstance(entry, str) else _parts(entry)["word"]


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
    """Take the parts of an entry; a `sense` is that of the part before it."""
    parts: dict[str, str] = {}
    before = ""
    for name, text in entry.items():
        if name == "sense":
            parts[before] = NP_(text, parts[before])
        else:
            parts[name], before = text, name
    return parts


@cache
def _tables(package: str) -> dict[str, dict[str, Any]]:
    import tomllib  # noqa: PLC0415 - only where words are said
    from importlib.resources import files  # noqa: PLC0415 - likewise

    return tomllib.loads((files(package) / "words.toml").read_text("utf-8"))
