"""The list of clients: it finds as one types, narrows, sorts, marks, and keeps rights and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from crm import i18n
from crm.kartoteka import LogFilter
from crm.parties.cards import NewClient
from tests.crm.planting import plant
from tests.tui.conftest import seated
from tui.preferences import Preferences
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat

HOSTILE = (
    "[/nope] SIA",
    "[@click=app.bell]x[/] SIA",
    "\x1b]0;owned\x07Ansi SIA",
    "\x1b]8;;https://x.example\x07Link\x1b]8;;\x07 SIA",
    "\x9b31mC1 SIA",
    "a\u202eb\u200bc Bidi SIA",
    "Z" + "\u0301" * 40 + "algo SIA",
    "日本語のとても長い名前株式会社 SIA",
    "👩‍👩‍👧 Ģimene SIA",
    "x" * 10_000,
    "tab\tand\nline SIA",
    "{count} %s {0} SIA",
)


def company(register: Kartoteka, name: str, **fields: str) -> int:
    new = NewClient(kind="legal", name=name, relation="client", **fields)
    return register.clients.add(new, anyway=True).number


def person(register: Kartoteka, given: str, family: str) -> int:
    new = NewClient(kind="natural", given_name=given, family_name=family, relation="client")
    return register.clients.add(new, anyway=True).number


def listed(seat: Seat) -> str:
    """Return the lines between the search box and the number of hits."""
    return "\n".join(seat.lines[3:-2])


def hits(seat: Seat) -> str:
    return seat.lines[-2]


def test_three_letters_bring_the_phone_number(place: Place, drive) -> None:
    """`/` and three letters leave one line, on which the phone number stands; esc brings all."""
    with place.open() as register:
        company(register, "SIA Ozols", phone="67012345", email="info@ozols.example")
        company(register, "SIA Bērzs", vat_no="LV40003032949")

    async def scenario() -> None:
        async with seated(place) as seat:
            assert "2 clients" in hits(seat)
            await seat.write("/ozo")
            assert "+37167012345" in listed(seat)
            assert "Bērzs" not in listed(seat)
            assert "1 of 2" in hits(seat)
            assert "Esc clears" in hits(seat)
            await seat.press("escape")
            assert "Bērzs" in listed(seat)
            assert isinstance(seat.app.focused, VirtualList)

    drive(scenario())


@pytest.mark.parametrize("text", ["2", "LV40003032949", "info@berzs.example", "67012345"])
def test_a_whole_number_or_address_finds_one(place: Place, drive, text: str) -> None:
    """A number, a VAT number, an e-mail address and a phone number each lead to their party."""
    with place.open() as register:
        company(register, "SIA Ozols")
        given = {"vat_no": "LV40003032949", "email": "info@berzs.example", "phone": "67012345"}
        company(register, "SIA Bērzs", **given)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.write(f"/{text}")
            assert "SIA Bērzs" in listed(seat)
            assert "Ozols" not in listed(seat)

    drive(scenario())


def test_empty_lists_name_the_key_that_fills_them(place: Place, hire: Hire, drive) -> None:
    """Without clients `n` and `i` are named to who may add, and esc where a text finds nobody."""
    auditor = hire("auditor")

    async def scenario() -> None:
        async with seated(place) as seat:
            assert "n adds one, i imports" in seat.text
            await seat.write("/nobody")
            assert "No matches. Esc clears." in seat.text
        async with seated(place, auditor) as seat:
            assert "No clients yet." in seat.text
            assert "n adds one" not in seat.text

    drive(scenario())


def test_keys_go_to_an_empty_list_as_to_a_full_one(place: Place, drive) -> None:
    """With nobody in it the list is still where keys go, so that none is held back."""

    async def scenario() -> None:
        async with seated(place) as seat:
            assert seat.app.focused is seat.app.screen.query_one(VirtualList)
            assert "Name" not in seat.text
            await seat.press("slash")
            await seat.write("zzzz")
            await seat.press("enter")
            assert "No matches" in seat.text
            assert seat.app.focused is seat.app.screen.query_one(VirtualList)

    drive(scenario())


def test_a_long_list_is_fetched_where_it_is_looked_at(place: Place, drive) -> None:
    """End goes to the last of many lines and Home to the first, each with its cells."""
    with place.open() as register:
        for number in range(150):
            company(register, f"Firma {number:03} SIA")

    async def scenario() -> None:
        async with seated(place) as seat:
            assert "150 clients" in hits(seat)
            assert "Firma 000 SIA" in listed(seat)
            await seat.press("end")
            assert "Firma 149 SIA" in listed(seat)
            await seat.press("home")
            assert "Firma 000 SIA" in listed(seat)
            await seat.write("/firma sia")
            assert "150 of 150" in hits(seat)

    drive(scenario())


def test_marks(place: Place, drive) -> None:
    """Space marks a line, `*` all that the filter leaves, and the number is told; esc unmarks."""
    with place.open() as register:
        for name in ("SIA Ozols", "SIA Bērzs", "AS Liepa"):
            company(register, name)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("space")
            assert "1 marked" in hits(seat)
            await seat.press("slash", *"sia", "enter", "asterisk")
            assert "3 marked" in hits(seat)
            await seat.press("asterisk")
            assert "1 marked" in hits(seat)
            await seat.press("escape", "escape")
            assert "marked" not in hits(seat)

    drive(scenario())


def test_filters_are_said_and_cleared(place: Place, drive) -> None:
    """The filter box narrows the list, says so in words below it, and esc takes it away."""
    with place.open() as register:
        company(register, "SIA Ozols")
        person(register, "Anna", "Bērziņa")

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f", "right", "right", "ctrl+s")
            assert "Anna Bērziņa" in listed(seat)
            assert "Ozols" not in listed(seat)
            assert "filter: natural person" in hits(seat)
            await seat.press("escape")
            assert "Ozols" in listed(seat)
            assert "filter" not in hits(seat)

    drive(scenario())


def test_what_is_to_be_checked_has_a_list_of_its_own(place: Place, drive) -> None:
    """The filter shows only who has a value that was inferred; a right one leaves the list."""
    with place.open() as register:
        company(register, "SIA Ozols", phone="+37167012345")
        odd = company(register, "SIA Liepa", phone="670")

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f")
            await seat.press(*["tab"] * 6, "right", "ctrl+s")
            assert "Liepa" in listed(seat)
            assert "Ozols" not in listed(seat)
            assert "to be checked" in hits(seat)
            await seat.app.desk.ask(lambda r: r.clients.edit(str(odd), {"phone": "+37167012346"}))
            await seat.press("escape", "f", *["tab"] * 6, "right", "ctrl+s")
            assert "Liepa" not in listed(seat)

    drive(scenario())


def test_order_and_columns_are_remembered(place: Place, drive) -> None:
    """Whoever sorts by number and hides the phone finds it so the next time."""
    with place.open() as register:
        company(register, "SIA Ozols", phone="67012345")
        company(register, "AS Liepa")

    async def scenario() -> None:
        async with seated(place) as seat:
            assert listed(seat).index("AS Liepa") < listed(seat).index("SIA Ozols")
            assert "+37167012345" in listed(seat)
            await seat.press("s", "down", "enter")
            await seat.press("c", "down", "space", "ctrl+s")
            assert "+37167012345" not in listed(seat)
        async with seated(place) as seat:
            assert listed(seat).index("SIA Ozols") < listed(seat).index("AS Liepa")
            assert "+37167012345" not in listed(seat)
            assert "No. ↓" in listed(seat)

    drive(scenario())
    assert Preferences.load().sorting == {"anna": "number"}


def test_wide_windows_show_what_the_line_knows_beside_it(place: Place, drive) -> None:
    """From 120 columns the line's facts stand beside the list, from 150 what it is kept for."""
    with place.open() as register:
        company(register, "SIA Ozols", phone="67012345", email="info@ozols.example")

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            assert "info@ozols.example" in seat.text
            assert "What we may do" not in seat.text
        async with seated(place, size=(160, 50)) as seat:
            assert "What we may do" in seat.text
            assert "contracts" in seat.text
        async with seated(place) as seat:
            assert "info@ozols.example" not in seat.text

    drive(scenario())
    with place.open() as register:
        shown = [one for one in register.audit.log(LogFilter()) if one.event.endswith(":shown")]
    assert shown == []


def test_a_role_sees_what_it_may_and_nothing_else(place: Place, hire: Hire, drive) -> None:
    """An auditor's list has numbers only, and no key that would change anything."""
    with place.open() as register:
        company(register, "SIA Ozols", phone="67012345", vat_no="LV40003032949")
    auditor = hire("auditor")

    async def scenario() -> None:
        async with seated(place, auditor, size=(160, 50)) as seat:
            for secret in ("Ozols", "+37167012345", "LV40003032949"):
                assert secret not in seat.text
            assert "(no name)" in seat.text
            keys = {active.binding.action for active in seat.app.screen.active_bindings.values()}
            assert not {"new", "edit", "import"} & keys

    drive(scenario())


def test_looking_is_on_record_without_the_words(place: Place, drive) -> None:
    """A search is one entry once somebody goes on, however many letters were typed."""
    with place.open() as register:
        company(register, "SIA Ozols")

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.write("/ozols")
            await seat.press("f6")

    drive(scenario())
    with place.open() as register:
        found = [one for one in register.audit.log(LogFilter()) if one.event.endswith(":found")]
    assert [one.told for one in found] == [{"count": 1, "by": "name"}]


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_hostile_names_are_drawn_in_step(place: Place, drive, width: int) -> None:
    """Whatever a name holds, no control code is drawn and every line is as wide as the window."""
    with place.open() as register:
        for name in HOSTILE:
            number = plant(register, "client", legal=True, fields={"name": name}).number
            assert number

    async def scenario() -> None:
        async with seated(place, size=(width, 24)) as seat:
            await seat.press("down", "end", "home")
            strips = seat.app.screen._compositor.render_strips(seat.app.size)
            assert {strip.cell_length for strip in strips} == {width}
            text = seat.text
            assert not {letter for letter in text if letter != "\n" and ord(letter) < 32}
            assert not set("\x1b\x07\x9b\u202e\u200b\u2066\u061c") & set(text)
            phones = [cell_len(line) for line in seat.lines]
            assert max(phones) <= width

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_it_speaks_the_language(place: Place, drive, language: str) -> None:
    """In Latvian and Italian no English word is left on the list, its boxes and beside it."""
    with place.open() as register:
        company(register, "Ozols", phone="67012345")
        company(register, "Liepa")

    async def scenario() -> None:
        i18n.use("en")
        async with seated(place, size=(160, 50)) as seat:
            english = await everything(seat)
        i18n.use(language)
        async with seated(place, size=(160, 50)) as seat:
            foreign = await everything(seat)
        for word in ("clients", "Search", "Show only", "Sort by", "marked", "What we may do",
                     "Last contact", "review", "until", "No match", "Columns", "Due"):  # fmt: skip
            assert word in english, word
            assert word not in foreign, word

    drive(scenario())


async def everything(seat: Seat) -> str:
    """Open each box and each state of the list once, and return all that was drawn."""
    seen = [seat.text]
    for keys in (("space",), ("f",), ("escape", "s"), ("escape", "c"), ("escape", "slash", *"zzz")):
        await seat.press(*keys)
        seen.append(seat.text)
    return "\n".join(seen)
