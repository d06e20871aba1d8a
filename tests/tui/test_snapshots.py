"""Pictures of the main screens in three languages, as letters in text files.

English ones are drawn at three sizes, the others where there is least room for their words.
They are there to be looked at: whoever changes a screen sees in the difference what users will.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from tests.tui import album
from tests.tui.everywhere import copied

if TYPE_CHECKING:
    from tests.crm.conftest import Place

ALBUM = Path(__file__).with_name("snapshots")
_MOST = 6
_ANEW = "look at what changed; where it is meant, `make snapshots` draws the pictures anew"


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Furnish the office once; each language looks at a copy, for looking is an entry too."""
    with pytest.MonkeyPatch.context() as patch:
        place = copied(founded, tmp_path_factory.mktemp("album") / "place", patch)
        album.furnish(place)
    return place


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_screens_look_as_they_were_left(
    furnished: Place, tmp_path: Path, drive, monkeypatch, request, language: str
) -> None:
    """Every picture is drawn as it was committed, none is missing, and none is of a screen gone."""
    drawn: dict[str, str] = {}
    place = copied(furnished.folder, tmp_path / "place", monkeypatch)
    place.clock.instant = furnished.clock.instant
    album.stand_still(monkeypatch, place)
    i18n.use(language)

    async def scenario() -> None:
        drawn.update(await album.pictures(place, language))

    drive(scenario())
    folder = ALBUM / language
    if request.config.getoption("draw_snapshots"):
        hang(drawn, folder)
    found = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    told = differences(found, drawn)
    assert not told, "\n".join([*told[:_MOST], f"{len(told)} pictures in {folder}: {_ANEW}"])


def hang(drawn: dict[str, str], folder: Path) -> None:
    """Put these pictures in the place of all that were there."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in drawn.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


def differences(found: dict[str, str], drawn: dict[str, str]) -> list[str]:
    """Say what became of each picture that is not as it was."""
    told: list[str] = []
    for name in sorted(found.keys() | drawn.keys()):
        if name not in drawn:
            told.append(f"{name}: no screen draws it any more")
        elif name not in found:
            told.append(f"{name}: there is no such picture")
        elif found[name] != drawn[name]:
            pair = (found[name].splitlines(), drawn[name].splitlines())
            told.append(
                "\n".join(unified_diff(*pair, f"{name} kept", f"{name} drawn", "", "", 1, ""))
            )
    return told


def test_a_difference_is_told_line_by_line() -> None:
    """The old line and the new one stand below each other; a missing and a stale one are named."""
    kept = {"a-80x24.txt": "one\ntwo\n", "gone-80x24.txt": ""}
    told = differences(kept, {"a-80x24.txt": "one\nTWO\n", "new-80x24.txt": ""})

    assert "-two\n+TWO" in told[0]
    assert [
        "gone-80x24.txt: no screen draws it any more",
        "new-80x24.txt: there is no such picture",
    ] == told[1:]
