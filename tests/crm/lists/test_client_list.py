"""The list on the screen: any text, order and filter, a page at a time, in step with the names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import LogFilter
from crm.lists.cards import ListQuery
from crm.parties.cards import NewClient
from crm.transfer.cards import ConsentOrder
from tests.crm.planting import add_marketing, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.kartoteka import Kartoteka
    from crm.lists.cards import Listing, ListRow
    from tests.crm.conftest import Hire, Place


@pytest.fixture
def register(place: Place) -> Iterator[Kartoteka]:
    with place.open() as opened:
        yield opened


def company(opened: Kartoteka, name: str, **fields: str) -> int:
    new = NewClient(kind="legal", name=name, relation="client", **fields)
    return opened.clients.add(new, anyway=True).number


def person(opened: Kartoteka, given: str, family: str, **fields: str) -> int:
    new = NewClient(
        kind="natural", given_name=given, family_name=family, relation="client", **fields
    )
    return opened.clients.add(new, anyway=True).number


def finished(opened: Kartoteka, wish: ListQuery, *, fresh: bool = False) -> Listing:
    listing = opened.client_list.open(wish, fresh=fresh)
    while not listing.done:
        going_on = opened.client_list.more(listing.turn)
        assert going_on is not None
        listing = going_on
    return listing


def shown(opened: Kartoteka, **wish: object) -> list[str]:
    listing = finished(opened, ListQuery(**wish))  # type: ignore[arg-type]
    lines = opened.client_list.page(listing.turn, 0, listing.count)
    assert len(lines) == listing.count
    return [line.line.name or "" for line in lines]


def only(opened: Kartoteka, text: str) -> ListRow:
    listing = finished(opened, ListQuery(text=text))
    (line,) = opened.client_list.page(listing.turn, 0, 10)
    return line


def test_all_are_listed_by_name_and_contact_persons_only_when_looked_for(
    register: Kartoteka,
) -> None:
    """Without a text clients stand in the order of their names; `find` finds contacts as well."""
    plant(register, "contact", fields={"given_name": "Ozols", "family_name": "Kontakts"})
    for name in ("SIA Ozols", "Āboltiņa SIA", "Bruno Rossi Srl"):
        company(register, name)

    assert shown(register) == ["Āboltiņa SIA", "Bruno Rossi Srl", "SIA Ozols"]
    assert shown(register, text="ozols") == ["Ozols Kontakts", "SIA Ozols"]
    assert shown(register, status="contact") == ["Ozols Kontakts"]


def test_a_list_of_any_length_is_whole_and_in_order_page_by_page(register: Kartoteka) -> None:
    """What pages show one after the other is the list of all, whatever was added in between."""
    names = [f"Firma {number:03} SIA" for number in range(150)]
    for name in names[:100]:
        company(register, name)
    listing = register.client_list.open(ListQuery())
    assert (listing.count, listing.done) == (100, True)
    for name in names[100:]:
        company(register, name)
    listing = register.client_list.open(ListQuery(), fresh=True)
    assert listing.count == 150
    pages = [register.client_list.page(listing.turn, start, 40) for start in range(0, 160, 40)]

    assert [line.line.name for page in pages for line in page] == names


def test_a_text_finds_all_that_hold_it_and_counts_them(register: Kartoteka) -> None:
    """More hits than one page are counted and shown to the last, those that begin so first."""
    for number in range(90):
        company(register, f"Firma {number:02} SIA")
        company(register, f"Unfirma {number:02} SIA")
    company(register, "SIA Ozols")

    names = shown(register, text="firma")
    assert names[:90] == [f"Firma {number:02} SIA" for number in range(90)]
    assert names[90:] == [f"Unfirma {number:02} SIA" for number in range(90)]
    assert shown(register, text="sia 07 fir") == ["Firma 07 SIA", "Unfirma 07 SIA"]


@pytest.mark.parametrize(
    "text", ["2", "40003032949", "LV40003032949", "info@ozols.example", "+371 67 012 345"]
)
def test_a_whole_number_or_address_finds_its_party(register: Kartoteka, text: str) -> None:
    """The register's own number, VAT number, e-mail and phone lead to one party, exactly."""
    company(register, "Bruno Rossi Srl")
    fields = {"vat_no": "LV40003032949", "email": "info@ozols.example", "phone": "67012345"}
    company(register, "SIA Ozols", reg_no="40003032949", **fields)

    line = only(register, text).line
    assert (line.name, line.phone) == ("SIA Ozols", "+37167012345")


def test_three_letters_bring_the_phone_number(register: Kartoteka) -> None:
    """A line shows what a caller is asked for, with the VAT number and what comes next."""
    company(register, "SIA Ozols", phone="67012345", vat_no="LV40003032949")

    line = only(register, "ozo")
    assert (line.line.phone, line.line.vat_no) == ("+37167012345", "LV40003032949")
    assert line.due is not None
    assert all(held.names["lv"] and held.until for held in line.held)
    assert line.held


def test_nothing_alike_is_offered_among_filters(register: Kartoteka) -> None:
    """A slip of the keys still finds, and says so; with a filter on, only what fits is shown."""
    company(register, "SIA Ozols")

    listing = finished(register, ListQuery(text="ozolz"))
    assert (listing.count, listing.alike) == (1, True)
    assert finished(register, ListQuery(text="ozolz", kind="natural")).count == 0


def test_orders(register: Kartoteka) -> None:
    """By number and by status; equal ones stay in the order of names."""
    company(register, "Beta SIA")
    register.clients.edit(str(company(register, "Alfa SIA")), {"status": "former"})
    company(register, "Gamma SIA")

    assert shown(register, sort="name") == ["Alfa SIA", "Beta SIA", "Gamma SIA"]
    assert shown(register, sort="number") == ["Beta SIA", "Alfa SIA", "Gamma SIA"]
    assert shown(register, sort="status") == ["Beta SIA", "Gamma SIA", "Alfa SIA"]
    assert shown(register, sort="number", text="a") == ["Alfa SIA"]


def test_the_latest_contact_comes_first(place: Place) -> None:
    """Sorted by last contact, who was spoken to last stands first."""
    with place.open() as register:
        company(register, "Alfa SIA")
    place.clock.instant += timedelta(days=3)
    with place.open() as register:
        company(register, "Beta SIA")

        assert shown(register, sort="last_activity") == ["Beta SIA", "Alfa SIA"]


def test_filters(register: Kartoteka) -> None:
    """Kind, status, relation, purpose and consent each leave only those they name."""
    company(register, "SIA Ozols")
    anna = person(register, "Anna", "Bērziņa", email="anna@example.com")
    person(register, "Jānis", "Kalns")
    prospect = NewClient(kind="legal", name="Rossi Srl", relation="prospect")
    register.clients.add(prospect)

    assert shown(register, kind="natural") == ["Anna Bērziņa", "Jānis Kalns"]
    assert shown(register, status="prospect") == ["Rossi Srl"]
    assert shown(register, relation="prospect") == ["Rossi Srl"]
    assert shown(register, kind="natural", text="kal") == ["Jānis Kalns"]
    assert shown(register, consent="given") == []
    order = ConsentOrder(purpose="direct_marketing", channel="phone", state="refused")
    register.consents.give(str(anna), order)
    assert shown(register, consent="withdrawn") == ["Anna Bērziņa"]
    assert only(register, "anna").consent == (0, 1)
    held = [line.purpose for line in register.grounds.listing(str(anna))]
    assert "Anna Bērziņa" in shown(register, purpose=held[0])
    register.grounds.end(str(anna), purposes=(held[0],), now=True)
    assert "Anna Bērziņa" not in shown(register, purpose=held[0])
    assert "Anna Bērziņa" in shown(register, purpose=held[1])


def test_who_is_going_and_who_is_due(place: Place) -> None:
    """Whose every ground ended is shown as going, and is due once the days of grace are over."""
    with place.open() as register:
        anna = person(register, "Anna", "Bērziņa")
        person(register, "Jānis", "Kalns")
        held = {line.purpose for line in register.grounds.listing(str(anna))}
        register.grounds.end(str(anna), purposes=tuple(held))

        assert shown(register, status="going") == ["Anna Bērziņa"]
        line = only(register, "anna")
        assert line.line.status == "going"
        assert line.due is not None
        assert line.due[0] == "goes"
        assert shown(register, due=True) == []
    for _week in range(4):
        place.clock.instant += timedelta(days=6)
        with place.open():
            pass
    with place.open() as register:
        assert shown(register, due=True) == ["Anna Bērziņa"]


def test_a_role_without_names_lists_numbers(place: Place, hire: Hire) -> None:
    """Who may not read names sees everybody by number, and nothing else of them."""
    with place.open() as register:
        company(register, "SIA Ozols", phone="67012345")
        add_marketing(register, plant(register, "client"))
    with place.open(hire("auditor")) as register:
        listing = finished(register, ListQuery())
        lines = register.client_list.page(listing.turn, 0, 10)

        assert [line.line.number for line in lines] == [1, 2]
        told = {(line.line.name, line.line.phone, line.line.vat_no, line.consent) for line in lines}
        assert told == {(None, None, None, None)}
        assert finished(register, ListQuery(text="ozols")).count == 0


def test_a_damaged_row_keeps_its_place(register: Kartoteka) -> None:
    """A row that does not verify stands in the list as damaged, and the others stay readable."""
    for name in ("Alfa SIA", "Beta SIA", "Gamma SIA"):
        company(register, name)
    register.context.session.database.execute_sql(
        "UPDATE party SET last_activity = '1999-01-01' WHERE number = 2"
    )

    listing = finished(register, ListQuery(), fresh=True)
    lines = register.client_list.page(listing.turn, 0, 10)
    assert [line.line.name for line in lines] == ["Alfa SIA", None, "Gamma SIA"]
    assert lines[1].line.status == "damaged"


def test_an_older_wish_is_dropped(register: Kartoteka) -> None:
    """Once another key was typed, the answer to the one before is neither shown nor continued."""
    company(register, "SIA Ozols")
    before = register.client_list.open(ListQuery(text="o"))
    register.client_list.open(ListQuery(text="oz"))

    assert register.client_list.more(before.turn) is None
    assert register.client_list.page(before.turn, 0, 10) == ()


def test_looking_is_on_record_once_and_without_the_words(register: Kartoteka) -> None:
    """One search is one entry with the count and the kind, however often it is told."""
    company(register, "SIA Ozols")
    wish = ListQuery(text="ozo")
    for _time in range(2):
        register.client_list.note(wish, 1)

    found = [line for line in register.audit.log(LogFilter()) if line.event.endswith("party:found")]
    assert [line.told for line in found] == [{"count": 1, "by": "name"}]


def test_the_day_is_today(register: Kartoteka) -> None:
    """Nothing is due of somebody entered today."""
    company(register, "SIA Ozols")

    assert shown(register, due=True) == []
    assert date.fromisoformat(only(register, "ozols").last_activity) == register.context.day


def test_marks_become_numbers(register: Kartoteka, hire: Hire, place: Place) -> None:
    """What was marked is found by number, in whatever list; who was erased meanwhile is missing."""
    ozols = company(register, "SIA Ozols")
    asked = NewClient(kind="natural", given_name="Anna", family_name="Kalna", relation="prospect")
    anna = register.clients.add(asked).number
    listing = finished(register, ListQuery())
    ids = register.client_list.ids(listing.turn)

    assert sorted(register.client_list.numbers(ids).values()) == [ozols, anna]
    register.subjects.erase(str(anna), "no-longer-needed", anna)
    assert list(register.client_list.numbers(ids).values()) == [ozols]
    assert register.client_list.numbers(()) == {}
    with place.open(hire("auditor")) as other:
        assert list(other.client_list.numbers(ids).values()) == [ozols]


def test_what_another_program_wrote_is_followed(place: Place, hire: Hire) -> None:
    """A new client is found, a new name too, and whoever was erased is not listed as damaged."""
    clerk = hire("office")
    with place.open(clerk) as screen, place.open() as elsewhere:
        old = company(elsewhere, "SIA Vecais")
        assert shown(screen) == ["SIA Vecais"]
        company(elsewhere, "SIA Jaunais")
        elsewhere.clients.edit(str(old), {"name": "SIA Citāds"})
        assert shown(screen, text="jaunais") == ["SIA Jaunais"]
        assert shown(screen) == ["SIA Citāds", "SIA Jaunais"]

        elsewhere.grounds.end(str(old), all_but=["direct_marketing"], now=True)
        assert shown(screen, text="citāds") == []
        assert shown(screen) == ["SIA Jaunais"]
        assert screen.clients.find("Citāds").lines == ()


def test_a_role_without_names_follows_without_them(place: Place, hire: Hire) -> None:
    """An auditor's list grows by the number of the new client, and by no name."""
    with place.open(hire("auditor")) as screen, place.open() as elsewhere:
        company(elsewhere, "SIA Vecais")
        assert shown(screen) == [""]
        company(elsewhere, "SIA Jaunais")
        assert shown(screen) == ["", ""]
        assert shown(screen, text="jaunais") == []


def test_many_that_came_at_once_are_followed(place: Place, hire: Hire) -> None:
    """A list that a colleague brought in is read as a whole."""
    with place.open(hire("office")) as screen, place.open() as elsewhere:
        assert shown(screen) == []
        for number in range(60):
            plant(elsewhere, "client", legal=True, fields={"name": f"SIA Nr. {number:02}"})
        assert len(shown(screen)) == 60
