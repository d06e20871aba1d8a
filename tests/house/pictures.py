"""The pictures of screens in README.md and docs/ (`make pictures`), drawn from the demo.

Everybody on them is invented. The toolkit's pictures fetch a font from a third party; ours name the
reader's own monospace font instead, so that opening the page tells nobody.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "docs" / "pictures"
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}", re.DOTALL)
_REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
_FAMILY = re.compile(r"font-family:\s*[^;]*;")
_NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
# picture -> the keys typed on the list of clients.
SHOWN = {
    "clients.svg": ("slash", *"berz", "enter"),
    "why.svg": ("slash", *"berz", "enter", "enter", "right", "right"),
}


def quiet(svg: str) -> str:
    """Take every address out of a picture but the name of its own format."""
    svg = _REMARK.sub("", _FONT_FACE.sub("", svg))
    return _FAMILY.sub("font-family: ui-monospace, Menlo, Consolas, monospace;", svg)


async def draw(vault: Path) -> dict[str, str]:
    """Open the demo, type the keys and return the pictures."""
    from gdpr.clock import FixedClock
    from tui.app import Register
    from tui.opening import Start

    drawn: dict[str, str] = {}
    for name, keys in SHOWN.items():
        app = Register(Start(str(vault), None, FixedClock(_NOON), password="", demo=True))
        async with app.run_test(size=(110, 30)) as pilot:
            while app.me is None:
                await pilot.pause(0.2)
            await pilot.pause(1.0)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.5)
            await pilot.pause(2.0)
            drawn[name] = quiet(app.export_screenshot(title="Kartotēka"))
            app.desk.end()
    return drawn


def main() -> None:
    """Draw every picture anew."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("STATE", "DATA", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder) / name.lower())
        pictures = asyncio.run(draw(Path(folder) / "demo.kartoteka"))
    PLACE.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        (PLACE / name).write_text(picture, "utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
