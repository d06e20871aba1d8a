"""Every screen in Latvian and in Italian: no English word of ours or of the toolkit is left."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.kinds.party import FIELDS
from tests.tui import everywhere
from tests.tui.conftest import seated
from tests.tui.everywhere import WHERE, go, leave
from tui.places import AREAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tui.conftest import Seat
    from tests.tui.everywhere import World

furnished = everywhere.furnished
world = everywhere.world
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_LEAST = 4
# The help and the palette are drawn over these; all others take their words from the same table.
_WITH_KEYS = frozenset({*AREAS, "card", "client-new", "consents"})
# What the toolkit says of its own accord, in boxes and keys that nobody has told otherwise.
_TOOLKIT = (
    *("Search for commands", "No matches found", "palette", "Submit", "Cancel", "Select", "Focus"),
    *("Loading", "Screenshot", "Theme", "Maximize", "Minimize", "Quit", "Copy", "Scroll", "cursor"),
)


class Phrases:
    """Every English message that says something else in a language, and what finds it."""

    def __init__(self, language: str) -> None:
        file = Path(i18n.CATALOGUES) / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.mo"
        catalogue = GNUTranslations(io.BytesIO(file.read_bytes()))._catalog  # type: ignore[attr-defined]
        said = "\n".join(str(words) for words in catalogue.values())
        # The longest piece that is not left open, and the pattern of the whole.
        self.found: list[tuple[str, str]] = []
        for key, words in catalogue.items():
            message = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
            if message and message != words:
                self._learn(message, said)
                self._learn(_as_label(message), said)
        for one in FIELDS:
            if one.label != one.label.said(language):
                self._learn(_as_label(one.label), said)
        for word in _TOOLKIT:
            self._learn(word, said)

    def _learn(self, message: str, said: str) -> None:
        pieces = [each.strip() for each in _PLACEHOLDER.split(message) if _letters(each) >= _LEAST]
        pattern = rf"(?<!\w){r'[^│]{0,40}?'.join(map(re.escape, pieces))}(?!\w)"
        # A word that the language has as well, such as the Italian *note*, proves nothing.
        known = all(each in said for each in pieces) and re.search(pattern, said)
        if pieces and not known:
            self.found.append((max(pieces, key=len), pattern))

    def left_in(self, seat: Seat) -> Iterator[str]:
        """Yield the English that is drawn, with the line it stands in."""
        # Names that a relation has in other languages are labelled as such.
        drawn = [each for each in seat.lines if "(English)" not in each]
        drawn += [" ".join(" ".join(drawn).split()), *seat.notices]
        whole = "\n".join(drawn)
        for piece, pattern in self.found:
            if piece in whole:
                yield from (
                    f"{piece}: {text.strip()[:80]}" for text in drawn if re.search(pattern, text)
                )


def _as_label(message: str) -> str:
    return message[:1].upper() + message[1:]


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


@pytest.mark.parametrize("language", ["lv", "it"])
def test_no_english_is_left(world: World, drive, language: str) -> None:
    """Each screen, the help of its keys and the palette over it, at 80×24."""
    phrases = Phrases(language)
    i18n.use(language)
    with world.place.open() as register:
        texts = register.packages.texts(str(world.person.number), language)
    here = replace(world, texts=texts)

    async def scenario() -> None:
        async with seated(here.place) as seat:
            for name in WHERE:
                await go(seat, name, here)
                for keys in ("", "f1", "ctrl+p") if name in _WITH_KEYS else ("",):
                    if keys:
                        await seat.press(keys)
                    assert list(phrases.left_in(seat)) == [], (name, keys)
                    if keys:
                        await seat.press("escape")
                await leave(seat)

    drive(scenario())


def test_the_words_of_the_language_in_use_are_drawn(world: World, drive) -> None:
    """The search is not blind: in English the same screens are full of what it looks for."""
    phrases = Phrases("lv")

    async def scenario() -> None:
        async with seated(world.place) as seat:
            assert any(text.startswith("Clients") for text in phrases.left_in(seat))
            await seat.press("ctrl+p")
            assert any(text.startswith("Search for a command") for text in phrases.left_in(seat))

    drive(scenario())
