"""The screens of every kind of record there is: list, form and card tab, in three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static, TextArea

from crm import i18n
from crm.kinds.listed import SHAPES
from crm.parties.cards import NewClient
from crm.shape.description import FieldType
from tests.crm.records.samples import first_text, sample
from tests.tui.conftest import seated
from tests.tui.everywhere import leave
from tui.dialogs.filling import Fill
from tui.safe import form_label
from tui.shaped.records_screen import RecordsScreen
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.shape.description import Shape
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat


pytestmark = pytest.mark.skipif(not SHAPES, reason="no kind of record is described")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.fixture
def entered(place: Place) -> Place:
    """Enter two clients and a record of every kind of each."""
    with place.open() as register:
        for which, halves in enumerate((("Žubīte", "Ķīsele"), ("Zīle", "Ozola"))):
            new = NewClient(
                kind="natural", given_name=halves[0], family_name=halves[1], relation="client"
            )
            number = register.clients.add(new, anyway=True).number
            for shape in SHAPES:
                register.records(shape).add(str(number), sample(shape, which)[0])
    return place


def words(seat: Seat) -> str:
    """Read what is drawn, with every run of blanks as one."""
    return " ".join(seat.text.split())


def test_list_form_and_tab_speak_the_language(entered: Place, drive) -> None:
    """At 80×24 the list, one record, the form and the tab of a card are in the reader's words."""

    async def scenario() -> None:
        async with seated(entered) as seat:
            for language in ("en", "lv", "it"):
                await seat.app.speak(language)
                for shape in SHAPES:
                    await _reads(seat, shape, language)
                    await leave(seat)
                    seat.app.visit("card", 1)
                    await seat.settle()
                    await _to_records(seat)
                    assert shape.one.said(language) in words(seat)
                    await leave(seat)

    drive(scenario())


async def _reads(seat: Seat, shape: Shape, language: str) -> None:
    """Read the list, a record and the form in one language."""
    stored = sample(shape)[1]
    seat.app.visit("records", shape.noun)
    await seat.settle()
    assert f"{shape.many.said(language)} (2)" in words(seat)
    assert (stored[first_text(shape).name] or "")[:12] in words(seat)
    if shape.states is not None:
        assert shape.states.words[shape.states.first].said(language) in words(seat)
    assert all(len(one) <= 80 for one in seat.lines)
    await seat.press("enter")
    assert f"{shape.one.said(language)} 1" in words(seat)
    await seat.press("escape", "n")
    assert isinstance(seat.app.screen, Fill)
    assert shape.new.said(language) in words(seat)
    labels = [str(one.render()) for one in seat.app.screen.query(".fill--label")]
    said = {form_label(one.label.said(language)).plain for one in shape.fields}
    assert said <= {one.removesuffix(" *") for one in labels}
    # Whose record it is must be told, like every field that must be.
    required = sum(one.required for one in shape.fields)
    assert sum(one.endswith(" *") for one in labels) == required + 1
    for field in (one for one in shape.fields if one.rows):
        area = seat.app.screen.query_one(f"#fill-{field.name}", TextArea)
        assert area.text == "; ".join(one.label.said(language) for one in field.rows)
    await seat.press("escape")


def test_a_card_leads_to_the_records_of_its_client(entered: Place, drive) -> None:
    """Enter on a row of the tab opens the list of its kind, narrowed to the client."""

    async def scenario() -> None:
        async with seated(entered) as seat:
            seat.app.visit("card", 1)
            await seat.settle()
            await _to_records(seat)
            await seat.press("enter")
            assert isinstance(seat.app.screen, RecordsScreen)
            assert f"{SHAPES[0].many} (1)" in words(seat)

    drive(scenario())


def test_a_record_is_entered_on_the_screen(entered: Place, drive) -> None:
    """What is typed into the form is stored as the command would; a mistake is said under it."""

    async def scenario() -> None:
        async with seated(entered) as seat:
            for shape in SHAPES:
                await _a_record_is_entered_on_the_screen(seat, entered, shape)
                await leave(seat)

    drive(scenario())


async def _a_record_is_entered_on_the_screen(seat: Seat, entered: Place, shape: Shape) -> None:
    typed, stored = sample(shape)
    field = first_text(shape)
    seat.app.visit("records", shape.noun)
    await seat.settle()
    await seat.press("n")
    assert "Client *" in words(seat)
    _fill(seat, {**typed, "client": ""})
    await seat.press("ctrl+s")
    assert "The field client must not be empty" in words(seat)
    _fill(seat, {**typed, "client": "2", field.name: ""})
    await seat.press("ctrl+s")
    problem = str(seat.app.screen.query_one("#problem", Static).render())
    assert field.label in problem
    _fill(seat, {field.name: typed[field.name]})
    await seat.press("ctrl+s")
    assert isinstance(seat.app.screen, RecordsScreen), seat.text
    assert f"{shape.many} (3)" in words(seat)
    with entered.open() as register:
        card = register.records(shape).show(3, reveal=True)
    assert (card.client, dict(card.values)) == (2, stored)


def test_an_edit_overwrites_nobody(entered: Place, drive) -> None:
    """What another changed since the form was opened is said, and what was typed stays there."""

    async def scenario() -> None:
        async with seated(entered) as seat:
            for shape in SHAPES:
                await _an_edit_overwrites_nobody(seat, entered, shape)
                await leave(seat)

    drive(scenario())


async def _an_edit_overwrites_nobody(seat: Seat, entered: Place, shape: Shape) -> None:
    field = first_text(shape)
    seat.app.visit("records", shape.noun)
    await seat.settle()
    await seat.press("e")
    with entered.open() as register:
        register.records(shape).edit(1, {field.name: "Kolēģes vārds"})
    _fill(seat, {field.name: "Mans vārds"})
    await seat.press("ctrl+s")
    assert isinstance(seat.app.screen, Fill)
    assert "in the meantime" in words(seat)
    assert seat.app.screen.query_one(f"#fill-{field.name}", Input).value == "Mans vārds"
    await seat.press("escape", "tab", "enter")
    await seat.settle()
    assert isinstance(seat.app.screen, RecordsScreen)
    await seat.press("e")
    assert seat.app.screen.query_one(f"#fill-{field.name}", Input).value
    await seat.press("escape")
    with entered.open() as register:
        assert register.records(shape).show(1).values[field.name] == "Kolēģes vārds"


def test_a_record_is_moved_on(entered: Place, drive) -> None:
    """One of the verbs of its state is chosen, and the list says the new state."""

    async def scenario() -> None:
        async with seated(entered) as seat:
            for shape in SHAPES:
                await _a_record_is_moved_on(seat, entered, shape)
                await leave(seat)

    drive(scenario())


async def _a_record_is_moved_on(seat: Seat, entered: Place, shape: Shape) -> None:
    if shape.states is None:
        return
    move = next(one for one in shape.states.moves if shape.states.first in one.before)
    seat.app.visit("records", shape.noun)
    await seat.settle()
    await seat.press("m")
    assert str(move.words) in words(seat)
    await seat.press("enter")
    assert str(shape.states.words[move.after]) in words(seat)


def test_what_was_changed_is_put_back(entered: Place, drive) -> None:
    """One key puts back the last correction or move, and is offered for nothing else."""

    async def scenario() -> None:
        async with seated(entered) as seat:
            for shape in SHAPES:
                await _what_was_changed_is_put_back(seat, entered, shape)
                await leave(seat)

    drive(scenario())


async def _what_was_changed_is_put_back(seat: Seat, entered: Place, shape: Shape) -> None:
    field = first_text(shape)

    def standing() -> tuple[str | None, dict[str, str | None]]:
        with entered.open() as register:
            card = register.records(shape).show(1, reveal=True)
        return card.state, dict(card.values)

    before = standing()
    seat.app.visit("records", shape.noun)
    await seat.settle()
    assert not seat.app.screen.check_action("undo", ())
    await seat.press("e")
    _fill(seat, {one.name: "" for one in shape.fields if not one.required} | {field.name: "Cits"})
    await seat.press("ctrl+s")
    assert standing()[1][field.name] == "Cits", seat.text
    await seat.press("u")
    assert standing() == before
    assert seat.notices[-1] == f"Undone: {shape.one} 1 is as it was before the last change here."
    assert not seat.app.screen.check_action("undo", ())
    if shape.states is not None:
        await seat.press("m", "enter")
        assert standing()[0] != before[0]
        await seat.press("u")
        assert standing() == before
    await seat.press("e")
    _fill(seat, {field.name: "Mans"})
    await seat.press("ctrl+s")
    with entered.open() as register:
        register.records(shape).edit(1, {field.name: "Kolēģes"})
    await seat.press("u")
    assert "in the meantime" in words(seat)
    assert standing()[1][field.name] == "Kolēģes"


def test_a_list_is_narrowed_searched_and_sorted(entered: Place, drive) -> None:
    """By a code, by a part of a text, by a column; the line above it says how."""

    async def scenario() -> None:
        async with seated(entered, size=(120, 40)) as seat:
            for shape in SHAPES:
                await _a_list_is_narrowed_searched_and_sorted(seat, entered, shape)
                await leave(seat)

    drive(scenario())


async def _a_list_is_narrowed_searched_and_sorted(seat: Seat, entered: Place, shape: Shape) -> None:
    field = first_text(shape)
    code = next((one for one in shape.fields if one.type is FieldType.CODE), None)
    seat.app.visit("records", shape.noun)
    await seat.settle()
    await seat.press("slash")
    await seat.write("vītero")
    await seat.press("enter")
    assert f"{shape.many} (1) · “vītero”" in words(seat)
    await seat.press("slash")
    seat.app.screen.query_one("#text", Input).value = ""
    await seat.press("enter")
    assert f"{shape.many} (2)" in words(seat)
    await seat.press("s")
    listed = seat.app.screen.query_one("#choices")
    place = [row.key for row in listed._pages[0]].index(field.name)
    await seat.press(*["down"] * place, "enter")
    assert str(field.label) in words(seat)
    if code is not None:
        await seat.press("f")
        seat.app.screen.query_one(f"#fill-{code.name}", Pick).value = list(code.codes)[1]
        await seat.press("ctrl+s")
        assert f"{shape.many} (1) · {list(code.codes.values())[1]}" in words(seat)


def test_a_role_sees_only_what_it_may(entered: Place, hire: Hire, drive) -> None:
    """Who does not read the category has neither tab nor list; who only reads it has no verbs."""
    for role in ("auditor", "technician", "accountant"):
        login = hire(role)
        with entered.open(login) as register:
            access = register.context.access

        async def scenario(login=login, access=access) -> None:
            async with seated(entered, login) as seat:
                nouns = [one.noun for one in seat.app.screen._kinds()]
                for shape in SHAPES:
                    code = shape.category.code
                    assert (shape.noun in nouns) == (code in access.reads)
                    if code in access.reads:
                        seat.app.visit("records", shape.noun)
                        await seat.settle()
                        may = [seat.app.screen.check_action(one, ()) for one in ("new", "edit")]
                        assert may == [code in access.writes] * 2
                        await leave(seat)

        drive(scenario())


async def _to_records(seat: Seat) -> None:
    """Turn the tabs of a card until that of the records stands out."""
    for _turn in range(8):
        if seat.app.screen._tab == "records":
            return
        await seat.press("full_stop")
    pytest.fail("no tab of records")


def _fill(seat: Seat, values: dict[str, str]) -> None:
    """Put values into the fields of the box, whatever they are filled in with."""
    for name, value in values.items():
        widget = seat.app.screen.query_one(f"#fill-{name}")
        if hasattr(widget, "text"):
            widget.text = value
        else:
            widget.value = value
