"""The keys: one table, shown by help, palette and footer, and typed without AltGr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm import i18n
from tests.tui.conftest import seated
from tui.key_bindings import KEY_GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crm.conftest import Place

# On an Italian or a Latvian keyboard these need AltGr, are dead keys or are not there at all.
ALTGR = frozenset(
    (
        *("left_square_bracket", "right_square_bracket", "left_curly_bracket", "backslash"),
        *("right_curly_bracket", "at", "number_sign", "grave_accent", "tilde", "vertical_line"),
        *("circumflex_accent", "dollar_sign", "[", "]", "{", "}", "@", "#", "`", "~", "\\", "|"),
    )
)


def test_no_key_needs_altgr() -> None:
    """Every key of the table is on a Latvian and an Italian keyboard without AltGr."""
    wrong = [
        key.id
        for keys in KEY_GROUPS.values()
        for key in keys
        for one in key.keys.split(",")
        if one.rpartition("+")[2] in ALTGR or one.startswith(("alt+", "ctrl+alt+"))
    ]

    assert [] == wrong


def test_ids_and_keys_are_used_once() -> None:
    """An id names one action, and in one group no key stands for two."""
    ids = [key.id for keys in KEY_GROUPS.values() for key in keys]

    assert sorted(set(ids)) == sorted(ids)
    for group, keys in KEY_GROUPS.items():
        used = [one for key in keys for one in key.keys.split(",")]
        assert sorted(set(used)) == sorted(used), group


def test_help_names_every_key_of_the_screen(place: Place, drive: Callable) -> None:
    """F1 lists what works here and everywhere, and escape goes back."""

    async def scenario() -> None:
        async with seated(place, size=(80, 40)) as seat:
            await seat.press("f1")
            told = seat.text
            await seat.press("end")
            told += seat.text
            for words in ("Search", "Lock", "Commands", "Quit"):
                assert words in told
            await seat.press("escape")
            assert "Commands" not in seat.text

    drive(scenario())


def test_a_chosen_key_takes_the_place_of_ours(place: Place, drive: Callable) -> None:
    """A key in the config file replaces the one of the table; unknown names do no harm."""
    config = place.folder / "config" / "kartoteka"
    config.mkdir(parents=True, exist_ok=True)
    (config / "config.toml").write_text('[keys]\n"app.lock" = "f9"\n"no.such" = "f10"\n')

    async def scenario() -> None:
        async with seated(place) as seat:
            assert seat.app.desk.is_open
            await seat.press("f9")
            assert not seat.app.desk.is_open

    drive(scenario())


@pytest.mark.parametrize(("code", "word"), [("lv", "Valoda"), ("it", "Lingua")])
def test_the_language_changes_while_it_runs(
    place: Place, drive: Callable, code: str, word: str
) -> None:
    """A language chosen in the preferences is spoken at once and at the next start."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("preferences")
            await seat.settle()
            await seat.press("enter", "down", *(["down"] if code == "it" else []), "enter")
            assert code == i18n.current()
            seat.app.visit("preferences")
            await seat.settle()
            assert word in seat.text
            assert code == seat.app.preferences.load().language

    drive(scenario())
