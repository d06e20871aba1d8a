"""What is done most often asks the database little, and is never told what was true before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.models.party import Party
from crm.packages.cards import Packing
from crm.parties.cards import NewClient
from crm.transfer.cards import ImportOrder
from gdpr.audit.events import Event
from gdpr.store.settings import Sequence, read_setting, write_setting
from tests.crm.publishing import make_ready
from tests.crm.statements import statements

if TYPE_CHECKING:
    from gdpr.audit.journal import AuditedChange


class Undone(Exception):
    """What a test ends a change with that it does not mean."""


def person(name: str, **told: str) -> NewClient:
    return NewClient(
        kind="natural", given_name=name, family_name="Ozola", relation="client", **told
    )


# Somebody has been at work before, so that nothing happens for the first time.
@pytest.fixture
def busy(register):
    for name in ("Zane", "Marta"):
        number = register.clients.add(person(name, email=f"{name}@example.com"), anyway=True).number
        register.notes.add(str(number), "Zvanīt no rīta")
    return register


def test_a_client_is_entered_with_few_questions(busy):
    """Twelve reads are enough to look for doubles and nos, to number, to sum up and to show."""
    new = person("Agnese", email="agnese@example.com", phone="+371 29000001")

    with statements(busy) as noted:
        card = busy.clients.add(new, anyway=True)

    assert card.email == "agnese@example.com"
    assert len(noted.reads) <= 12, noted
    assert len(noted) <= 21, noted


def test_a_company_is_entered_with_few_questions(busy):
    """Also where a registration and a VAT number are looked for under each other's name."""
    new = NewClient(
        kind="legal",
        name="SIA Abc",
        reg_no="40003032949",
        vat_no="LV40003032949",
        relation="client",
        email="a@abc.example",
    )

    with statements(busy) as noted:
        busy.clients.add(new, anyway=True)

    assert len(noted.reads) <= 12, noted
    assert len(noted) <= 21, noted


def test_a_note_is_written_with_few_questions(busy):
    """Six reads: the card of the user, the party, its grounds, their sum, and who writes."""
    with statements(busy) as noted:
        busy.notes.add("1", "Vienojāmies par ceturtdienu")

    assert len(noted.reads) <= 6, noted
    assert len(noted) <= 10, noted


def test_a_package_is_made_with_few_questions(busy, tmp_path):
    """Fifteen reads, whatever the firm has declared and published, and whoever looked before."""
    make_ready(busy)
    busy.notices.publish(busy.context.day)
    for _time in range(5):
        busy.clients.show("2")

    with statements(busy) as noted:
        made = busy.packages.access("2", tmp_path / "package", Packing(language="lv"))

    assert made.data
    assert len(noted.reads) <= 15, noted
    assert len(noted) <= 30, noted


def test_a_card_is_shown_with_few_questions(busy):
    """What the card needs of tables in which nothing stands about the party is not asked twice."""
    with statements(busy) as noted:
        busy.clients.show("1")

    assert len(noted.reads) <= 7, noted


def test_a_page_asks_only_about_whom_it_shows(busy):
    """Of however many others the grounds have ended, a page of two asks the same."""

    def counted() -> tuple[int, list[str]]:
        with statements(busy) as noted:
            lines = busy.clients.list(limit=2)
        return len(noted.reads), [line.status for line in lines]

    before = counted()
    for turn in range(4):
        number = busy.clients.add(person(f"Anna{turn}"), anyway=True).number
        busy.grounds.end(str(number), all_but=("direct_marketing",))

    assert counted() == before
    busy.grounds.end("1", all_but=("direct_marketing",))
    assert counted()[1] == ["going", "active"]


def test_a_whole_address_is_found_without_reading_names(busy, place):
    """Whoever gives an address means nobody by a part of a name, so no name is opened."""

    def whole_lists(text: str) -> list[str]:
        with statements(fresh) as noted:
            found = fresh.clients.find(text)
        assert [line.number for line in found.lines] == [1]
        return [told for told in noted if '"given_name"' in told and "WHERE" not in told]

    with place.open() as fresh:
        assert whole_lists("zane@example.com") == []
        assert whole_lists("Zane") != []


def test_an_imported_row_asks_nothing_of_its_own(busy, tmp_path):
    """Forty rows ask as often as two: for whom they may be, by name too, and where they go."""

    def counted(first: int, last: int) -> int:
        file = tmp_path / f"{first}.csv"
        rows = [f"Jānis;Bērzs{n};j{n}@example.org" for n in range(first, last)]
        file.write_text("\n".join(("Vārds;Uzvārds;E-pasts", *rows)), "utf-8")
        with statements(busy) as noted:
            result = busy.imports.take(file, ImportOrder(relation="client"))
        assert result.created == last - first
        return len(noted.reads)

    few, many = counted(100, 102), counted(200, 240)

    assert few == many <= 16


def test_what_another_program_wrote_is_seen_at_once(busy, place):
    """A number given by another program is not given again, and a setting is not the old one."""
    desk = busy.context.session
    with place.open() as other:
        for turn in range(3):
            ours = busy.clients.add(person(f"Anna{turn}"), anyway=True).number
            theirs = other.clients.add(person(f"Baiba{turn}"), anyway=True).number
            assert theirs == ours + 1
            with other.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
                write_setting(deed, "firm_name", f"SIA {turn}")
            with desk.view():
                assert read_setting(desk, "firm_name") == f"SIA {turn}"


def test_what_a_change_wrote_is_read_back_in_it(busy):
    """Also when the same was read a moment before, and when nobody said that it would change."""
    desk = busy.context.session

    def change_and_undo() -> None:
        with busy.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
            look_and_change(deed)
            raise Undone

    def look_and_change(deed: AuditedChange) -> None:
        assert read_setting(desk, "firm_name") == "SIA Testa birojs"
        write_setting(deed, "firm_name", "SIA Cits")
        assert read_setting(desk, "firm_name") == "SIA Cits"
        held = desk.rows(Sequence)
        desk.database.execute_sql('DELETE FROM "sequence"')
        assert held
        assert desk.rows(Sequence) == []

    with pytest.raises(Undone):
        change_and_undo()
    assert read_setting(desk, "firm_name") == "SIA Testa birojs"


def test_a_view_is_of_one_moment_and_changes_nothing(busy, place):
    """What another writes meanwhile is not in it; whoever would write in it is stopped."""
    desk = busy.context.session
    with place.open() as other, desk.view():
        before = read_setting(desk, "firm_name")
        with other.context.journal.audited_change(Event.SETTING_CHANGED) as deed:
            write_setting(deed, "firm_name", "SIA Vēlāk")
        other.clients.add(person("Vēlāk"), anyway=True)
        assert read_setting(desk, "firm_name") == before
        assert desk.rows(Party, number=3) == []
        with (
            pytest.raises(RuntimeError),
            busy.context.journal.audited_change(Event.SETTING_CHANGED),
        ):
            pass
    assert read_setting(desk, "firm_name") == "SIA Vēlāk"
    assert desk.rows(Party, number=3)
