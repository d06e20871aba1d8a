"""Two hundred texts that a terminal, a toolkit or a layout would take for something else."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESC, _BELL, _ST = "\x1b", "\x07", "\x1b\\"
MARKUP = (
    "[/nope]", "[/]", "[@click=app.bell]x[/]", "[@click=app.leave]y[/]", "[link=file:///x]z[/link]",
    "[bold red]", "[on red]", "[[", "]]", "[", "]", "\\[", "[b", "[#ff0000]", "[$error]", "$x",
    "$primary", "[$x]y[/$x]", "[@click=screen.dismiss(1)]q[/]", "[:smile:]", ":smile:",
    "[1]", "[a=b]",
    "{name}", "{0.__class__}", "%s%n", "&amp;", "<b>x</b>", "`id`", "$(id)",
)  # fmt: skip
DRIVING = (
    f"{_ESC}[2J", f"{_ESC}[31mred", f"{_ESC}]0;owned{_BELL}", f"{_ESC}]2;owned{_ST}",
    f"{_ESC}]52;c;b3duZWQ={_BELL}", f"{_ESC}]8;;http://x.example{_ST}a{_ESC}]8;;{_ST}",
    f"{_ESC}[6n", f"{_ESC}[c", f"{_ESC}P+q544e{_ST}", f"{_ESC}_Gi=1{_ST}", f"{_ESC}c",
    f"{_ESC}[?1049l",
    f"{_ESC}[20t", f"{_ESC}(0lqk", "\x9b31m", "\x9d0;owned\x9c", "\x90x\x9c", "\x85", "\x84\x88",
    "\x00", "\x07", "\x08\x08\x08", "\x0b", "\x0c", "\x0e\x0f", "\x7f", "\r", "\r\n", "\n", "\t",
    "a\nb", "a\tb", "\n\n\n", "\u2028", "\u2029", "a\x00b",
)  # fmt: skip
HIDDEN = (
    "\u202e", "\u202a\u202b\u202c\u202d", "\u2066a\u2069", "\u2067\u2068", "\u200e\u200f", "\u061c",
    "\u200b", "\u200c", "\u200d", "\u2060\u2061\u2064", "\ufeff", "\u00ad", "\U000e0041\U000e007f",
    "\ufff9a\ufffab\ufffb", "\ud800", "\udfff\ud800", "\u180e", "\u034f", "\ufe0f", "\ufe0e",
)  # fmt: skip
WIDE = (
    "日本語の名前", "漢" * 60, "한국어 이름", "ไทยภาษา", "क्षत्रिय", "नमस्ते", "עברית שלום",
    "العربية مرحبا", "ﷺ" * 9,
    "𝕵ā𝖓𝖎𝖘", "👩\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🇱🇻🇮🇹", "🇱🇻🇮",
    "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3",
    "☎\ufe0f", "🦜" * 40, "Z" + "\u0301\u0489" * 30, "\u0301abc", "e\u0301" * 20,
    "\u1160", "\u3164",
    "\u00a0", "\u3000", "\u2003", "ｆｕｌｌ", "ĀĒĪŪ" * 30, "ß", "ı", "Ǆ",
)  # fmt: skip
LONG = (
    "x" * 300,
    "x" * 10_000,
    "word " * 200,
    "漢" * 5_000,
    "a\u0301" * 3_000,
    "W" * 79,
    "W" * 81,
)
KINDS = (*MARKUP, *DRIVING, *HIDDEN, *WIDE, *LONG)
# Each alone, and the short ones between words as well.
TEXTS = (*KINDS, *(f"SIA {text} un dēli" for text in KINDS if len(text) < 80))


def storable(text: str) -> bool:
    """Tell whether a text can be written at all: half of a pair no encoding takes."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def mixed() -> Iterator[str]:
    """Yield texts of which each begins with another one, for forms with few fields; for ever."""
    short = [text for text in KINDS if len(text) < 80 and storable(text)]
    step = 7
    for turn in count():
        at = turn * step % len(short)
        yield " ".join([*short[at : at + step], "·"]) if turn % 9 else LONG[turn % len(LONG)]


# What must never be drawn: whatever drives, hides or turns round.
FORBIDDEN = frozenset(
    [
        *map(chr, range(0x20)),
        *map(chr, range(0x7F, 0xA0)),
        *"\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\ufeff\ufff9\ufffa\ufffb",
        *map(chr, range(0x202A, 0x202F)),
        *map(chr, range(0x2060, 0x2065)),
        *map(chr, range(0x2066, 0x206A)),
        *map(chr, range(0xD800, 0xE000)),
        *map(chr, range(0xE0000, 0xE0080)),
    ]
)
