"""A whole day at 80 by 24 in a real terminal, in three languages, by the keys that are shown."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from rich.cells import cell_len

from crm import i18n
from gdpr.text import NP_
from tests.tui.terminal import Terminal, needs_tmux

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = needs_tmux
ROOT = Path(__file__).resolve().parents[2]
_GROUP = re.compile(r"\b(\d{1,2})\s+([0-9A-Z]{4})\b")
_PHRASE = re.compile(r"\w+(?:-\w+){4,}")
# Data of ours in the test and names of languages, which are themselves in every language.
_SHORTEST = 5


class Day:
    """Somebody who works, and looks at every screen before going on."""

    def __init__(self, terminal: Terminal, language: str) -> None:
        self.terminal = terminal
        self.say = i18n.voice(language)
        self._foreign = _english(language)
        self.seen = 0

    def sees(self, *words: str, data: tuple[str, ...] = (), gone: tuple[str, ...] = ()) -> str:
        """Wait for words of ours, said in the language, and for data; judge the screen."""
        screen = self.terminal.until(*map(self.say, words), *data, gone=gone)
        self.judge(screen)
        return screen

    def judge(self, screen: str) -> None:
        """No line is overdrawn, nothing failed, and no English is left in another language."""
        self.seen += 1
        assert all(cell_len(line) <= 80 for line in screen.splitlines())
        assert "Traceback" not in screen
        left = [
            text
            for text in self._foreign
            if text in screen  # most are not, and that is told much sooner
            and re.search(rf"(?<![\w./-]){re.escape(text)}(?!\.?[\w/-])", screen)
        ]
        assert left == [], screen

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.terminal.press(key)

    def write(self, *lines: str) -> None:
        """Fill lines from the one with the focus on, going on with Tab."""
        for number, line in enumerate(lines):
            if number:
                self.press("Tab")
            self.terminal.write(line)


def as_label(words: str) -> str:
    """Begin words as a form does."""
    return words[:1].upper() + words[1:]


def _english(language: str) -> list[str]:
    """List the English messages that another language says differently."""
    if language == "en":
        return []
    path = ROOT / "crm" / "locale" / language / "LC_MESSAGES" / "kartoteka.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    messages = [
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and len(message.id) >= _SHORTEST
        and "{" not in message.id
        and message.string != message.id
        # A word that the language has too, in the message of another one.
        and message.id not in str(message.string)
    ]
    return [*messages, *{as_label(text) for text in messages}.difference(messages)]


def _list(path: Path) -> None:
    rows = [
        ("Nr", "Veids", "Nosaukums", "Reģ. Nr.", "E-pasts"),
        ("1", "juridiska", "SIA Rīta Rasa", "40003032949", "rasa@example.com"),
        ("2", "juridiska", "SIA Bērzu Birzs", "40003053029", "birzs@"),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def begin(day: Day) -> str:
    """Found the register: firm, owner, recovery key read back, purposes looked at."""
    day.sees("Welcome", "New register")
    day.press("Enter")
    day.sees("Name of the firm")
    day.write("SIA Dienas birojs", "LV", "40003521600", "Brīvības iela 1, Rīga")
    day.write("", "birojs@example.com")
    day.press("Enter")
    day.sees("Login name")
    day.press("F9")
    screen = day.sees("Repeat", data=("•••",))
    phrase = _PHRASE.search(screen)
    assert phrase is not None
    day.write(phrase.group())
    day.press("Enter")
    screen = day.sees("I have written it down")
    groups: Mapping[str, str] = dict(_GROUP.findall(screen))
    day.press("Enter")
    screen = day.sees("Enter these two groups from your paper. Back shows the key again.")
    asked = re.findall(r"^\s+(?:\D*\s)?(\d{1,2})\b\D*$", screen, re.MULTILINE)
    day.write(*(groups[number] for number in asked))
    day.press("Enter")
    day.sees("Open the register")
    day.press("Enter")
    day.sees("Clients", data=("F2",), gone=(day.say("Open the register"),))
    return phrase.group()


def take_in(day: Day, path: Path) -> None:
    """Import a list, mend the row that stayed outside, and find who was brought in."""
    _list(path)
    day.press("i")
    day.sees("Import a list")
    day.write(str(path))
    day.press("Enter")
    day.sees(data=("Nosaukums", path.name))
    day.press("C-s")
    day.sees(data=("E-pasts",), gone=("^s", day.say("Import a list")))
    day.press("Enter")
    day.sees(NP_("verb", "Import"), data=("birzs@",))
    day.press("C-u")
    day.write("birzs@example.com")
    day.press("C-s")
    day.sees("✓ imported")
    day.press("Escape")
    day.sees("Import a list")
    day.press("Escape")
    day.sees(NP_("verb", "Filter"), data=("Bērzu Birzs", "Rīta Rasa"))
    day.write("/birz")
    day.sees(data=("Bērzu Birzs",), gone=("Rīta Rasa",))
    day.press("Escape")
    day.sees(data=("Bērzu Birzs", "Rīta Rasa"))


def enter_client(day: Day) -> None:
    """Enter a new company and a contact person of it."""
    day.press("n")
    day.sees("Client")
    day.press("Enter")
    day.sees("New client", data=(as_label(day.say("VAT number")),))
    day.press("Tab")
    day.write("SIA Dienas darbs", "LV40003521600")
    day.press("C-s")
    day.sees("Relationship?")
    day.press("Enter")
    day.sees("Overview", data=("SIA Dienas darbs",))
    day.press("Right")
    day.press("n")
    day.sees(data=(as_label(day.say("parent's number")),))
    day.write("Zigis", "Zelts")
    day.press("C-s")
    day.sees("Enter opens this card.", data=("Zigis Zelts", "SIA Dienas darbs"))
    day.press("Enter")
    day.sees("Overview", data=("Zigis Zelts",), gone=(day.say("Enter opens this card."),))


def agree_and_refuse(day: Day) -> None:
    """Give a consent, saying how it came, and withdraw it with no more keys."""
    day.press("c")
    day.sees(NP_("consent", "Given"), NP_("consent", "Withdrawn"))
    day.press("g")
    day.sees("Channel", data=("SHA-256",))
    day.press("Right", "C-s")
    day.sees("permits it now")
    day.press("w")
    day.sees("Channel", gone=("SHA-256",))
    day.press("C-s")
    day.sees("no, refused")
    day.press("Escape")
    day.sees("Overview", data=("Zigis Zelts",))


def erase(day: Day) -> None:
    """Look at the dry run, type the number once more, read the receipt."""
    number = re.search(r"\b(\d+) ·", day.terminal.screen)
    assert number is not None
    day.press("E")
    day.sees("Reason", "Afterwards nobody can recover it, not even you.")
    day.press("x")
    day.terminal.until("│")
    day.write(number.group(1))
    day.press("Enter")
    day.sees("ERASED", "The whole entry has been erased.")
    for _screen in range(3):
        day.press("Escape")
    day.sees(NP_("verb", "Filter"), data=("SIA Dienas darbs",), gone=("Zelts",))


def evening(day: Day, phrase: str) -> None:
    """Look at the log, lock, unlock, and go home."""
    day.press("F6")
    day.sees("Verify")
    assert "Dienas" not in day.terminal.screen
    day.press("F2")
    day.sees(data=("SIA Dienas darbs",))
    day.press("C-l")
    day.sees("Unlock the register", gone=("Dienas",))
    day.write(phrase)
    day.press("Enter")
    day.sees(data=("SIA Dienas darbs",))
    day.press("C-q")
    assert day.terminal.exit_code() == 0


@pytest.fixture
def morning(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Day]:
    window = tmp_path / "w"
    window.mkdir()
    places = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("STATE", "DATA", "CONFIG")}
    with Terminal(window, ["--lang", request.param], {**places, "HOME": str(tmp_path)}) as terminal:
        yield Day(terminal, request.param)


@pytest.mark.parametrize("morning", ["en", "lv", "it"], indirect=True)
def test_a_day(morning: Day, tmp_path: Path) -> None:
    """From an empty machine to the evening, nobody needs the command line or another language."""
    phrase = begin(morning)
    take_in(morning, tmp_path / "list.csv")
    enter_client(morning)
    agree_and_refuse(morning)
    erase(morning)
    evening(morning, phrase)

    assert morning.seen > 30
