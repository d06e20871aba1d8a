"""Reading plain mappings key by key, so that a key nobody asked for is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeVar

from gdpr.rules.errors import InvalidRegister

_Choice = TypeVar("_Choice", bound=StrEnum)


class Fields:
    """Hands out the keys of one mapping, because a misspelt key must not be lost in silence."""

    def __init__(self, place: str, document: object) -> None:
        self.place = place
        if not isinstance(document, Mapping) or not all(isinstance(key, str) for key in document):
            self.refuse("not-a-mapping")
        self._rest = dict(document)

    def refuse(self, fault: str, key: str = "") -> NoReturn:
        """Raise with the place in the document and a fault code, never with a value."""
        raise InvalidRegister(place=f"{self.place}.{key}" if key else self.place, fault=fault)

    def take(self, key: str) -> object:
        """Hand out a key that may be missing."""
        return self._rest.pop(key, None)

    def text(self, key: str) -> str:
        """Hand out a text that must be there and say something."""
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse("text-expected", key)
        return value

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Hand out a whole number between two bounds."""
        value = self.take(key)
        if value is None:
            value = default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(f"number-{least}-to-{most}-expected", key)
        return value

    def flag(self, key: str) -> bool:
        """Hand out a yes or no; what is not said is no."""
        value = self.take(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.refuse("true-or-false-expected", key)
        return value

    def day(self, key: str) -> date | None:
        """Hand out a calendar day, written or already read, or nothing."""
        value = self.take(key)
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.refuse("date-expected", key)

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """Hand out one word of a closed vocabulary."""
        return self.one_of(key, kind, self.take(key))

    def one_of(self, key: str, kind: type[_Choice], value: object) -> _Choice:
        """Read a value as one word of a closed vocabulary."""
        try:
            return kind(str(value))
        except ValueError:
            self.refuse("unknown-word", key)

    def words(self, key: str) -> tuple[str, ...]:
        """Hand out a list of different words, which may be empty."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)) or not all(
            isinstance(word, str) and word for word in value
        ):
            self.refuse("words-expected", key)
        if len(set(value)) != len(value):
            self.refuse("said-twice", key)
        return tuple(value)

    def rows(self, key: str) -> tuple[object, ...]:
        """Hand out a list of mappings that are read one by one."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)):
            self.refuse("list-expected", key)
        return tuple(value)

    def mapping(self, key: str) -> dict[str, object]:
        """Hand out an inner mapping with text keys, which may be empty."""
        value = self.take(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            self.refuse("not-a-mapping", key)
        return dict(value)

    def left(self) -> tuple[str, ...]:
        """Name the keys that nobody has taken yet."""
        return tuple(self._rest)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        for key in self._rest:
            self.refuse("unknown-key", key)
