"""The forms: checked as they are left, undone, guarded, and never over another desk's change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.parties.cards import Further, NewClient, NewContact
from gdpr.audit.events import Event
from tests.tui.conftest import seated
from tests.tui.test_card import CODE, IBAN, SECRETS, events, fill

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat


async def go(seat: Seat, place: str, *arguments: int) -> None:
    seat.app.visit(place, *arguments)
    await seat.settle()


async def at(seat: Seat, key: str) -> None:
    """Go to a field of the form."""
    seat.app.screen.fields[key].go()
    await seat.settle()


async def write(seat: Seat, key: str, text: str) -> None:
    """Replace what stands in a field, and leave it."""
    await at(seat, key)
    await seat.press("end", "ctrl+u")
    await seat.write(text)
    await seat.press("tab")


def said(seat: Seat, key: str) -> str:
    """Read what stands in and below a field."""
    from textual.widgets import Static

    return " ".join(str(one.visual) for one in seat.app.screen.fields[key].query(Static))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_company_is_entered_from_the_keyboard(place: Place, drive, size) -> None:
    """VAT brings the registration number, the relation is asked in words, the card opens."""

    async def scenario() -> None:
        async with seated(place, size=size) as seat:
            await go(seat, "client-new")
            await at(seat, "name")
            await seat.write("SIA Berzins")
            await seat.press("tab")
            await seat.write("40003521600")
            await seat.press("tab")
            assert "→ LV40003521600" in seat.text
            assert "Taken from the VAT number" in seat.text
            assert seat.app.screen.values["reg_no"] == "40003521600"
            await seat.press("tab")
            await seat.write("info@berzins.example")
            await seat.press("ctrl+s")
            assert "Relationship?" in seat.text
            assert "client with a contract" in seat.text
            await seat.press("enter")
            assert seat.notices[-1] == "Saved as number 1."
            assert "SIA Berzins" in seat.lines[1]
            assert "number 1" in seat.text
            assert "info@" in seat.text

    drive(scenario())
    with place.open() as register:
        assert register.clients.show("1").relations == ("client",)


def test_letters_choose_and_digits_stay_in_the_form(place: Place, drive) -> None:
    """In a field of choices a letter picks the next word it begins; a number leads nowhere."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await at(seat, "relation")
            for letter, picked in (("a", "prospect"), ("p", "partner"), ("c", "client")):
                await seat.write(letter)
                assert seat.app.screen.values["relation"] == picked
            form = seat.app.screen
            await seat.write("2")
            assert seat.app.screen is form
            assert seat.app.screen.values["relation"] == "client"

    drive(scenario())


def test_the_form_begins_behind_what_was_chosen_before(place: Place, drive) -> None:
    """Letters typed at once change neither kind nor country; Shift+Tab goes back to both."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new", "natural")
            form = seat.app.screen
            chosen = [form.values[key] for key in ("kind", "country")]
            assert form.fields["relation"].control.has_focus
            await seat.write("pci")
            assert [form.values[key] for key in ("kind", "country")] == chosen
            await seat.press("shift+tab")
            assert form.fields["country"].control.has_focus
            await seat.press("shift+tab")
            assert form.fields["kind"].control.has_focus

    drive(scenario())


def test_a_wrong_value_is_told_beside_its_field(place: Place, drive) -> None:
    """It is judged when left, then with every letter; nothing is stored until it is right."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await at(seat, "vat_no")
            await seat.write("LV40003521601")
            assert "check digit" not in seat.text
            await seat.press("tab")
            assert "The check digit of the VAT number is wrong." in seat.text
            assert "✗" in said(seat, "vat_no")
            await seat.press("ctrl+s")
            assert "1 field to correct." in seat.text
            await seat.press("backspace", "0")
            assert "✓" in said(seat, "vat_no")
            assert "check digit" not in seat.text

    drive(scenario())
    with place.open() as register:
        assert register.clients.list() == ()


def test_a_person_is_told_apart_from_a_company(place: Place, drive) -> None:
    """The kind changes what is asked and keeps what was typed; being told goes on record."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await write(seat, "email", "ilze@example.com")
            assert "Personal code" not in seat.text
            await at(seat, "kind")
            await seat.press("space")
            assert "Personal code" in seat.text
            assert seat.app.screen.values["email"] == "ilze@example.com"
            await write(seat, "given_name", "Ilze")
            await write(seat, "personal_code", CODE)
            await at(seat, "relation")
            await seat.press("enter", "down", "enter")
            assert seat.app.screen.values["relation"]
            await at(seat, "informed")
            await seat.press("space", "space")
            await write(seat, "informed_day", "1.2.2026")
            await seat.press("ctrl+s")
            assert seat.notices[-1] == "Saved as number 1."

    drive(scenario())
    with place.open() as register:
        card = register.clients.show("1")
        assert card.given_name == "Ilze"
        assert "1" not in {str(one.number) for one in register.notice_delivery.uninformed()}


def test_the_relation_decides_what_is_asked(place: Place, drive) -> None:
    """What no purpose of the relation names is not asked; a newsletter asks how we know."""

    async def scenario() -> None:
        async with seated(place, size=(80, 40)) as seat:
            await go(seat, "client-new")
            await write(seat, "iban", "LV97HABA0012345678910")
            await at(seat, "relation")
            await seat.press("enter")
            for _row in range(8):
                if "newsletter" in seat.app.screen.query_one("VirtualList").current.key:
                    break
                await seat.press("down")
            await seat.press("enter")
            assert "Evidence" in seat.text
            assert "Not kept for this relationship: IBAN" in seat.text
            assert "iban" not in seat.app.screen.values
            await at(seat, "evidence")
            await seat.press("space")
            assert "consent given" in seat.text
            assert "6(1)" not in seat.text

    drive(scenario())


def test_who_is_known_by_a_number_is_told_at_once(place: Place, drive) -> None:
    """An equal VAT number is told when the field is left, and F8 opens that client."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await write(seat, "vat_no", "LV40003521600")
            assert "Client 1 SIA Bērziņš un dēli · " in seat.text
            assert "has it already. F8 opens that card." in seat.flat
            await seat.press("f8")
            assert "SIA Bērziņš un dēli" in seat.lines[1]
            await seat.press("escape")
            assert seat.app.screen.values["vat_no"] == "LV40003521600"

    drive(scenario())


def test_somebody_alike_is_stored_only_by_a_decision(place: Place, drive) -> None:
    """A similar name asks at save, says who that is, and stores nothing without a yes."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await write(seat, "name", "Bērziņš un dēli SIA")
            await at(seat, "relation")
            await seat.press("space", "ctrl+s")
            assert "Possibly in the register already" in seat.text
            assert "name:" in seat.text
            assert "1 SIA Bērziņš un dēli · " in seat.text
            assert "info@berzins.example" in seat.text
            await seat.press("escape")
            assert not [one for one in seat.notices if "Saved" in one]
            await seat.press("ctrl+s", "tab", "enter")
            assert seat.notices[-1] == "Saved as number 4."

    drive(scenario())


def test_who_was_erased_comes_back_by_their_own_wish(place: Place, drive) -> None:
    """The form says that the person was erased on request, and stores nothing unless they wish."""
    with place.open() as register:
        person = NewClient(
            kind="natural", given_name="Ilze", email="ilze@example.com", relation="prospect"
        )
        gone = register.clients.add(person).number
        register.subjects.erase(str(gone), "request:1", gone)

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await at(seat, "kind")
            await seat.press("space")
            await write(seat, "given_name", "Ilze")
            await write(seat, "email", "ilze@example.com")
            await at(seat, "relation")
            await seat.press("enter", "down", "enter", "ctrl+s")
            assert "Erased on request" in seat.text
            assert "17(1)" in seat.text
            await seat.press("escape")
            assert not [one for one in seat.notices if "Saved" in one]
            await seat.press("ctrl+s", "tab", "enter")
            assert seat.notices[-1] == f"Saved as number {gone + 1}."

    drive(scenario())


def test_what_was_typed_can_be_undone(place: Place, drive) -> None:
    """Ctrl+Z takes back one visit to a field at a time, choices and what was filled in too."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-new")
            await write(seat, "name", "SIA Viens")
            await write(seat, "vat_no", "40003521600")
            await at(seat, "relation")
            await seat.press("space")
            form = seat.app.screen
            assert form.values["relation"]
            await seat.press("ctrl+z")
            assert form.values["relation"] == ""
            await seat.press("ctrl+z")
            assert (form.values["reg_no"], form.values["vat_no"]) == ("", "40003521600")
            await seat.press("ctrl+z")
            assert (form.values["vat_no"], form.values["name"]) == ("", "SIA Viens")
            await seat.press("ctrl+z")
            assert not form.changes

    drive(scenario())


def test_leaving_asks_only_when_something_would_be_lost(place: Place, drive) -> None:
    """Escape leaves an untouched form at once and a changed one after a question."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-edit", 1)
            await seat.press("escape")
            assert "Edit number" not in seat.text
            await go(seat, "client-edit", 1)
            await write(seat, "phone", "67999999")
            await seat.press("escape")
            assert "Close without saving?" in seat.text
            await seat.press("escape")
            assert "Edit number 1" in seat.text
            await seat.press("escape", "tab", "enter")
            assert "Edit number" not in seat.text

    drive(scenario())


def test_arrows_walk_over_the_buttons_of_a_box(place: Place, drive) -> None:
    """Left and right go from one button to the next and around, as tab does."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-edit", 1)
            await write(seat, "phone", "67999999")
            await seat.press("escape")
            assert "Close without saving?" in seat.text
            begun = seat.app.focused.id
            for arrow in ("right", "left", "left"):
                await seat.press(arrow)
            assert (begun, seat.app.focused.id) == ("no", "yes")
            await seat.press("enter")
            assert "Edit number" not in seat.text

    drive(scenario())


def test_what_is_masked_stays_so_until_asked_for(place: Place, drive) -> None:
    """An edit form draws no official number; F9 shows them with an entry, then they can change."""
    with place.open() as register:
        fill(register)
        register.clients.edit("3", {}, [Further("iban", "IT60X0542811101000000123456")])

    async def scenario() -> None:
        async with seated(place, size=(80, 50)) as seat:
            await go(seat, "client-edit", 3)
            assert not [one for one in (*SECRETS, "IT60X0542811") if one in seat.text]
            assert "••••9997" in seat.text
            await write(seat, "phone", "29000000")
            await seat.press("ctrl+s")
            assert "Saved: number 3." in seat.notices[-1]
            await go(seat, "client-edit", 3)
            await seat.press("f9")
            assert IBAN in seat.text
            assert "IT60X0542811101000000123456" in seat.text
            await write(seat, "ibans/0", "")
            await seat.press("ctrl+s")

    drive(scenario())
    with place.open() as register:
        card = register.clients.show("3", reveal=True)
        assert (card.iban, card.ibans, card.phone) == (IBAN, (), "+37129000000")
        assert events(register).count(Event.PARTY_REVEALED) == 2


def test_further_phones_are_added_changed_and_removed(place: Place, drive) -> None:
    """Each further one is a field, and an empty one takes one more."""
    with place.open() as register:
        fill(register)
        register.clients.edit("1", {}, [Further("phone", "67000001")])

    async def scenario() -> None:
        async with seated(place, size=(80, 50)) as seat:
            await go(seat, "client-edit", 1)
            await write(seat, "phones/0", "67000002")
            await write(seat, "phones/+", "67000003")
            await write(seat, "emails/+", "cits@example.com")
            await seat.press("ctrl+s")

    drive(scenario())
    with place.open() as register:
        card = register.clients.show("1")
        assert set(card.phones) == {"+37167000002", "+37167000003"}
        assert card.emails == ("cits@example.com",)


def test_another_desks_change_is_shown_beside_and_not_overwritten(place: Place, drive) -> None:
    """Two desks change one field: the second sees both and chooses; the rest merges."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, size=(80, 40)) as seat:
            await go(seat, "client-edit", 3)
            await write(seat, "phone", "+37126777002")
            await write(seat, "given_name", "Ilga")
            with place.open() as other:
                changed = {"phone": "+37126777001", "email": "jauna@example.com"}
                other.clients.edit("3", changed)
            await seat.press("ctrl+s")
            assert "Someone changed the same fields in the meantime" in seat.text
            assert "‹+37126777001›" in seat.text
            assert "+37126777002" in seat.text
            await seat.press("escape")
            assert not [one for one in seat.notices if "Saved" in one]
            await seat.press("ctrl+s", "space")
            assert "‹+37126777002›" in seat.text
            await seat.press("ctrl+s")
            assert "Saved: number 3." in seat.notices[-1]

    drive(scenario())
    with place.open() as register:
        card = register.clients.show("3")
        assert (card.phone, card.email) == ("+37126777002", "jauna@example.com")
        assert card.given_name == "Ilga"


def test_their_change_can_be_kept(place: Place, drive) -> None:
    """Going on without a choice keeps what the other desk stored."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, size=(80, 40)) as seat:
            await go(seat, "client-edit", 3)
            await write(seat, "phone", "+37126777002")
            with place.open() as other:
                other.clients.edit("3", {"phone": "+37126777001"})
            await seat.press("ctrl+s", "ctrl+s")
            assert "Saved: number 3." in seat.notices[-1]

    drive(scenario())
    with place.open() as register:
        assert register.clients.show("3").phone == "+37126777001"


def test_a_contact_person_is_entered_and_corrected(place: Place, drive) -> None:
    """Name, position and phone are stored; the form goes back to the company's card."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("card", 1)
            await seat.settle()
            await seat.press("n")
            await seat.write("Janis")
            await write(seat, "position", "IT")
            await write(seat, "phone", "26555555")
            await seat.press("ctrl+s")
            assert "Saved as number 4." in seat.notices[-1]
            assert "SIA Bērziņš un dēli" in seat.lines[1]
            await seat.press("right")
            assert "Janis" in seat.text
            await seat.press("down", "e")
            assert "Edit number 4" in seat.text
            await write(seat, "position/1", "vadītājs")
            await write(seat, "family_name", "Kalns")
            await seat.press("ctrl+s")

    drive(scenario())
    with place.open() as register:
        card = register.clients.show("4")
        assert (card.name, card.works_at[0].position) == ("Janis Kalns", "vadītājs")


def test_a_note_is_written_and_kept_from_being_lost(place: Place, drive) -> None:
    """A note is stored with Ctrl+S; leaving with text in it asks."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "note-new", 3)
            await seat.press("ctrl+s")
            assert "The note is empty." in seat.text
            await seat.write("zvanija")
            await seat.press("escape")
            assert "Close without saving?" in seat.text
            await seat.press("escape", "ctrl+s")
            assert "Note saved" in seat.notices[-1]

    drive(scenario())
    with place.open() as register:
        assert "zvanija" in {note.text for note in register.notes.list("3")}


@pytest.mark.parametrize(
    ("role", "asked", "hidden"),
    [
        ("accountant", {"iban", "personal_code", "vat_no"}, {"given_name", "email", "country"}),
        ("technician", set(), {"given_name", "email", "iban", "personal_code"}),
        ("office", {"given_name", "email", "iban", "provenance"}, set()),
    ],
)
def test_a_form_asks_only_for_what_the_role_may_write(
    place: Place, hire: Hire, drive, role, asked, hidden
) -> None:
    """A field of a category the role may not write is not there; saving it anyway is refused."""
    login = hire(role)
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, login, size=(80, 50)) as seat:
            await go(seat, "client-edit", 3)
            if asked:
                keys = set(seat.app.screen.fields)
                assert asked <= keys
                assert not hidden & keys
            else:
                assert "Edit number" not in seat.text
                assert "your role may change" in seat.notices[-1]
            assert not [one for one in SECRETS if one in seat.text]

    drive(scenario())


def test_what_is_refused_at_the_end_is_told_beside_its_field(place: Place, drive) -> None:
    """A missing name, and data that no ground of the party names, are told where they stand."""
    with place.open() as register:
        new = NewClient(
            kind="legal", name="SIA Interese", relation="newsletter", evidence="consent"
        )
        register.clients.add(new)

    async def scenario() -> None:
        async with seated(place, size=(80, 50)) as seat:
            await go(seat, "client-edit", 1)
            await write(seat, "iban", "LV97HABA0012345678910")
            await seat.press("ctrl+s")
            assert "No lawful basis in force covers IBAN" in said(seat, "iban")
            await write(seat, "iban", "")
            await write(seat, "name", "")
            await seat.press("ctrl+s")
            assert "A name is missing." in said(seat, "name")
            assert not seat.notices

    drive(scenario())


def test_a_contact_person_may_have_a_second_phone(place: Place, drive) -> None:
    """Further phones of a contact person are fields of their form too."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, size=(80, 40)) as seat:
            await go(seat, "contact-edit", 2)
            assert "ibans/+" not in seat.app.screen.fields
            await write(seat, "phones/+", "26555555")
            await seat.press("ctrl+s")
            assert "Saved: number 2." in seat.notices[-1]

    drive(scenario())
    with place.open() as register:
        assert register.clients.show("2").phones == ("+37126555555",)


@pytest.mark.parametrize("role", ["accountant", "technician", "auditor"])
def test_who_may_enter_nobody_gets_no_form(place: Place, hire: Hire, drive, role) -> None:
    """No form opens in which all that was typed would be refused at the end."""
    login = hire(role)
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, login) as seat:
            for form in (("client-new",), ("contact-new", 1)):
                await go(seat, *form)
                assert "Save" not in seat.text
                assert "your role may change" in seat.notices[-1]

    drive(scenario())


def test_values_to_mend_stand_first(place: Place, drive, tmp_path) -> None:
    """A value that failed its check in an import is told first, and the right one mends it."""
    from crm.transfer.cards import ImportOrder

    file = tmp_path / "rows.csv"
    file.write_text("name,vat_no\nSIA Kluda,LV40003521601\n", encoding="utf-8")
    with place.open() as register:
        order = ImportOrder(relation="client", keep_defective=True, informed="unknown")
        register.imports.take(file, order)
        assert register.clients.show("1").to_mend

    async def scenario() -> None:
        async with seated(place) as seat:
            await go(seat, "client-edit", 1)
            assert next(iter(seat.app.screen.fields)) == "vat_no"
            assert "From an import: LV40003521601 failed its check." in seat.text
            assert "1 value to correct." in seat.text
            await seat.write("LV40003521600")
            await seat.press("ctrl+s")
            assert "Saved" in seat.notices[-1]

    drive(scenario())
    with place.open() as register:
        assert register.clients.show("1").to_mend == ()


def test_hostile_values_are_shown_and_not_obeyed(place: Place, drive) -> None:
    """Markup and escape codes in stored values neither crash a form nor drive the terminal."""
    hostile = "[/nope][@click=app.bell]x[/]\x1b]0;owned\x07\u202eb"
    with place.open() as register:
        new = NewClient(kind="legal", name=hostile, legal_address=hostile, relation="client")
        register.clients.add(new)
        register.contacts.add("1", NewContact(name=hostile, position=hostile))

    async def scenario() -> None:
        async with seated(place) as seat:
            for form in (("client-edit", 1), ("contact-edit", 2), ("contact-new", 1)):
                await go(seat, *form)
                assert not set("\x1b\x07\u202e") & set(seat.text)
                assert "[/nope]" in seat.text
                await seat.press("escape")

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_a_form_speaks_the_language(place: Place, drive, language) -> None:
    """Labels, choices and reasons are in the language; no English is left."""

    async def scenario() -> None:
        i18n.use(language)
        async with seated(place, size=(80, 40)) as seat:
            await go(seat, "client-new")
            await write(seat, "vat_no", "LV40003521601")
            for word in ("kind", "name", "choose", "VAT", "number", "Save", "this", "New", "wrong"):
                assert word not in seat.text.replace("PVN", "").split()

    drive(scenario())
