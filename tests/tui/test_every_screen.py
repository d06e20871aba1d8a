"""Text that would be code somewhere else, on every screen: drawn letter by letter, in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

from crm.parties.cards import NewClient
from gdpr.errors import KartotekaError
from tests.crm.planting import plant
from tests.tui import everywhere
from tests.tui.conftest import seated
from tests.tui.everywhere import WHERE, go, leave, resize
from tests.tui.hostile import FORBIDDEN, KINDS, TEXTS, storable
from tui.places import AREAS
from tui.widgets.virtual_list import VirtualList, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.strip import Strip

    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat
    from tests.tui.everywhere import World

WIDTHS = (200, 120, 80, 40, 20)
_GAP = 2
# So many lines show every name at once.
_ALL = 400
# What a terminal obeys beside colours, places and modes: titles, links, the clipboard, questions.
_DRIVEN = re.compile(rb"\x1b\][0-9]+;|\x1bP|\x1b_|\x9b|\x9d|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]")


furnished = everywhere.hostile
world = everywhere.world


def test_the_texts_are_many() -> None:
    """There are two hundred of them, and each is another one."""
    assert len(set(TEXTS)) >= 200


def test_nothing_is_obeyed_on_any_screen_at_any_width(world: World, drive) -> None:
    """Every area and place: no forbidden letter, no line too wide, no column shifted, no markup."""

    async def scenario() -> None:
        async with seated(world.place, size=(200, 24)) as seat:
            for turn, name in enumerate(WHERE):
                await go(seat, name, world)
                widths = WIDTHS if name in AREAS else (200, WIDTHS[1 + turn % 3], 20)
                # The next one begins at the width at which this one ended.
                for width in widths[:: -1 if turn % 2 else 1]:
                    if width != seat.app.size.width:
                        await resize(seat, width)
                    assert list(wrong(seat, width)) == [], (name, width)
                assert seat.app._exception is None, name
                await leave(seat)

    drive(scenario())


def test_names_in_the_list_of_clients(place: Place, drive) -> None:
    """Names typed at the door and names stored without one: one line each, columns in line."""
    with place.open() as register:
        for text in TEXTS:
            new = NewClient(kind="legal", name=text, legal_address=text, relation="client")
            try:
                register.clients.add(new, anyway=True)
            except KartotekaError:
                assert text in KINDS
        for text in filter(storable, KINDS):
            plant(register, "client", legal=True, fields={"name": text, "legal_address": text})

    async def scenario() -> None:
        async with seated(place, size=(200, _ALL)) as seat:
            for width in (200, 80, 20):
                await resize(seat, width, _ALL)
                listed = seat.app.screen.query_one(VirtualList)
                assert len(TEXTS) < listed.count < listed.content_size.height
                assert list(wrong(seat, width)) == [], width
                assert "[/nope]" in seat.text
            await resize(seat, 80)
            await seat.write("/nope")
            assert "[/nope]" in seat.text

    drive(scenario())


def test_a_column_that_is_shifted_is_seen() -> None:
    """The search for what is wrong is not blind: a wide letter across a gap is found."""
    from rich.segment import Segment
    from textual.strip import Strip

    straight, shifted = " ab  cd ", " a日 cd "
    assert list(_gaps(Strip([Segment(straight)]), [(0, 2), (1, 2)])) == []
    assert list(_gaps(Strip([Segment(shifted)]), [(0, 2), (1, 2)]))


def wrong(seat: Seat, width: int) -> Iterator[str]:
    """Say what is wrong with what is drawn."""
    strips = seat.app.screen._compositor.render_strips(seat.app.size)
    for strip in strips:
        if cell_len(strip.text) != width or strip.cell_length != width:
            yield f"{cell_len(strip.text)} of {width} cells: {strip.text!a}"
        if FORBIDDEN & set(strip.text):
            yield f"forbidden: {strip.text!a}"
        for segment in strip:
            if segment.style is not None and "x.example" in str(segment.style.link):
                yield f"a link: {strip.text!a}"
            if segment.style is not None and "app." in str(segment.style.meta.get("@click")):
                yield f"a command: {strip.text!a}"
    for listed in seat.app.screen.query(VirtualList):
        if type(listed).render_line is VirtualList.render_line and listed.region:
            yield from _shifted(strips, listed)


def _shifted(strips: list[Strip], listed: VirtualList) -> Iterator[str]:
    inside = listed.scrollable_content_region.width
    shape = laid_out(listed.columns, max(1, inside - 2))
    left = listed.content_region.x
    rows = range(listed.content_region.y, listed.content_region.bottom)
    for y in [row for row in rows if row < len(strips)][: listed.count + 1]:
        yield from _gaps(strips[y].crop(left, left + inside), shape)


def _gaps(strip: Strip, shape: list[tuple[int, int]]) -> Iterator[str]:
    """Look between the columns of a row: there is nothing but space."""
    at = 1
    for _place, width in shape[:-1]:
        at += width
        before, gap = strip.crop(0, at), strip.crop(at, at + _GAP)
        after = strip.crop(at + _GAP, strip.cell_length)
        if gap.text.strip() or before.text + gap.text + after.text != strip.text:
            yield f"column shifted: {strip.text!a}"
        at += _GAP
