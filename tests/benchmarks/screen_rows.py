"""The list of clients on the screen: how soon it is painted, and how soon a key is answered."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Bench, Figures, percentile, row
from people import keystrokes, people
from store_rows import _PASSWORD, one, store, vault
from textual.app import App
from textual.content import Content
from textual.widgets import Input, Static

from gdpr.clock import SystemClock
from tui.app import Register
from tui.clients.client_list import ClientsScreen
from tui.opening import Start
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.app import ComposeResult

_SMALL = 1_000
_WORDS = 40
_SIZE = (120, 40)
_ROUNDS = 3
_SESSIONS = 6
_LONGEST = 120.0


class Empty(App[None]):
    """An app with one line of text: what the toolkit itself costs."""

    def compose(self) -> ComposeResult:
        """Draw one line."""
        yield Static(Content("empty"))


@row(
    "first paint of the client list, names loaded / of the same app without a client",
    budget=1.3,
    stretch=1.05,
)
def first_paint(bench: Bench) -> Figures:
    """Go to the list from another area: the screen is made, laid out, filled and drawn."""
    none, many = planted(bench, 0), planted(bench, bench.n)
    empty: list[float] = []
    full: list[float] = []

    async def paint(path: Path, times: list[float]) -> None:
        async with seated(path) as app:
            times.extend([await _painted(app) for _round in range(_ROUNDS)])

    # The first one in a process is cheaper than any other, whatever it shows.
    for path, times in ((none, []), *((none, empty), (many, full)) * _SESSIONS):
        asyncio.run(paint(path, times))
    bare = asyncio.run(_bare())
    note = f"an app of the toolkit with one line of text: {bare:.3f} s CPU until it is idle"
    return Figures(percentile(full, 0.5), percentile(empty, 0.5), bench.n, note)


@row("key to updated list, p95 / the same app with 1,000 clients", budget=2, stretch=1.2)
def keys(bench: Bench) -> Figures:
    """Type the same words letter by letter into both; a key is over when its list is drawn."""
    typed = keystrokes([person.display_name() for person in people(_SMALL)], _WORDS)
    few: list[float] = []
    many: list[float] = []
    memory: dict[int, int] = {}
    paths = {size: planted(bench, size) for size in (_SMALL, bench.n)}
    for size, times in ((_SMALL, few), (bench.n, many)) * 2:
        before = _resident()
        times.extend(asyncio.run(_typed(paths[size], typed)))
        memory.setdefault(size, _resident() - before)
    note = (
        f"p50 {percentile(many, 0.5) * 1e3:.1f} ms / {percentile(few, 0.5) * 1e3:.1f} ms; "
        + ", ".join(f"{size:,}: +{grown >> 20} MB" for size, grown in memory.items())
    )
    return Figures(percentile(many, 0.95), percentile(few, 0.95), bench.n, note)


def planted(bench: Bench, count: int) -> Path:
    """Found a register of so many people, once for all rows of a run."""
    folder = bench.folder / f"screen{count}"
    path = folder / "ours.db"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        made = vault(path)
        if count:
            store(made.context, list(people(count)), one(made))
        made.context.journal.close()
        made.context.session.database.close()
    os.environ["XDG_STATE_HOME"] = str(folder)
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    return path


@asynccontextmanager
async def seated(path: Path) -> AsyncIterator[Register]:
    """Sit down before a register whose names are loaded."""
    app = Register(Start(str(path), "anna", SystemClock(), password=_PASSWORD))
    async with app.run_test(size=_SIZE):
        try:
            await _until(lambda: isinstance(app.screen, ClientsScreen))
            await _until(lambda: app.screen._listing.done)
            yield app
        finally:
            app.desk.end()


async def _typed(path: Path, words: list[str]) -> list[float]:
    times: list[float] = []
    async with seated(path) as app:
        app.screen.query_one("#search").focus()
        for word in words:
            parts = [word[:length] for length in range(1, len(word) + 1)]
            times.extend([await _answered(app, part) for part in parts])
            await _answered(app, "")
    return times


async def _answered(app: Register, text: str) -> float:
    """Return the seconds from a change of the text until its first lines are drawn."""
    box = app.screen.query_one("#search", Input)
    shown = app.screen.query_one(VirtualList)
    drawn = asyncio.Event()
    usual = shown.show

    def show(*args, **options) -> None:
        usual(*args, **options)
        shown.call_after_refresh(drawn.set)

    shown.show = show
    begin = time.perf_counter()
    box.value = text
    await asyncio.wait_for(drawn.wait(), _LONGEST)
    taken = time.perf_counter() - begin
    shown.show = usual
    return taken


async def _painted(app: Register) -> float:
    """Return the CPU seconds in which the list's screen is made anew and drawn with its lines."""
    await app.switch_mode("settings")
    await app.remove_mode("clients")
    app.add_mode("clients", ClientsScreen)
    gc.collect()
    begin = time.process_time()
    await app.switch_mode("clients")
    await _until(lambda: app.screen._listing.done)
    drawn = asyncio.Event()
    app.screen.call_after_refresh(drawn.set)
    await drawn.wait()
    return time.process_time() - begin


async def _bare() -> float:
    gc.collect()
    begin = time.process_time()
    async with Empty().run_test(size=_SIZE) as pilot:
        await pilot.pause()
        return time.process_time() - begin


async def _until(done: Callable[[], bool]) -> None:
    end = time.perf_counter() + _LONGEST
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError
        await asyncio.sleep(0.002)


def _resident() -> int:
    """Return the bytes of this process that are in memory; 0 where nobody tells."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
