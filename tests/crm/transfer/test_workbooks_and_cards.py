"""Workbooks, vCards and JSContact come in as tables do, by the same rules."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from crm.files import sheets
from crm.files.errors import EmptyTable, SheetTooLarge, SheetUnreadable
from crm.files.formats import open_table
from crm.files.reading import FileRow
from crm.models.attached import FURTHER_MODELS, Employment, Note
from crm.models.party import Party
from crm.packages.contact_formats import jscontact, vcard
from crm.transfer.cards import ImportOrder

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import ImportResult
    from gdpr.store.record import Record
    from tests.crm.conftest import Cli


def take(register: Kartoteka, content: bytes) -> ImportResult:
    return register.imports.take(io.BytesIO(content), ImportOrder(relation="client"))


def parties(register: Kartoteka) -> list[Party]:
    return sorted(register.context.session.rows(Party), key=lambda party: party.number)


def beside(register: Kartoteka, model: type[Record], column: str, party: Party) -> list[str]:
    rows = register.context.session.rows(model, party=bytes(party.id))
    return sorted(getattr(row, column) for row in rows)


def workbook(*rows: tuple[object, ...], title: str = "Klienti") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Par šo"
    book.active.append(["Šī lapa ir tukša"])
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_comes_in_like_a_list(register: Kartoteka) -> None:
    """The sheet with the headings is found; numbers are digits, empty cells empty, days days."""
    result = take(
        register,
        workbook(
            ("Klientu saraksts",),
            ("Nosaukums", "Reģ. Nr.", "Tālrunis", "E-pasts", "Piezīmes"),
            ("SIA Ķirsis", 40003521600, 67000001.0, None, date(2026, 1, 2)),
            ("SIA Otrā", None, "+371 29123456", "a@example.com"),
        ),
    )

    first, second = parties(register)
    assert (result.encoding, result.created) == ("xlsx", 2)
    assert (first.name, first.reg_no, first.phone) == ("SIA Ķirsis", "40003521600", "+37167000001")
    assert beside(register, Note, "text", first) == ["2026-01-02"]
    assert (second.phone, second.email) == ("+37129123456", "a@example.com")


def test_no_formula_is_run_and_no_digit_made_up(register: Kartoteka) -> None:
    """A formula without a remembered value is empty, and a number that lost digits is refused."""
    result = take(
        register,
        workbook(
            ("Nosaukums", "Piezīmes", "Reģ. Nr."),
            ("SIA A", "=1+1", ""),
            ("SIA B", "", 4.0003521600123456e20),
        ),
    )

    assert (result.created, [one.reason for one in result.rejects]) == (1, ["shortened"])
    assert register.context.session.rows(Note) == []


def test_what_is_no_workbook_or_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken archive, an old format and a bomb are told apart from a list."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/bomb.xml", b"\0" * (3 << 20))
    monkeypatch.setattr(sheets, "_MOST_BYTES", 2 << 20)
    with pytest.raises(SheetTooLarge):
        open_table(bomb)
    whole = workbook(("Nosaukums", "E-pasts"), ("SIA A", "a@example.com"))
    for content in (whole[: len(whole) // 2], b"PK\x03\x04x", b"\xd0\xcf\x11\xe0old"):
        with pytest.raises((SheetUnreadable, EmptyTable)):
            list(open_table(io.BytesIO(content)))


OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Liepi=C5=86a;M=C4=81ra;;Dr.;\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Dr. M=C4=81ra Liepi=C5=86a\r\n"
    "ORG:SIA Ozols;Birojs\r\nTITLE:direktore\r\n"
    "TEL;WORK;VOICE:+371 67000001\r\nTEL;CELL:29123456\r\nTEL;WORK;FAX:67000002\r\n"
    "EMAIL;PREF;INTERNET:mara@example.com\r\n"
    "ADR;WORK:;;Ielas 5;Riga;;LV-1010;Latvia\r\nEND:VCARD\r\n"
)
THREE = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Liepiņa;Māra;;Dr.;\nFN:Dr. Māra Liepiņa\nORG:SIA Ozols;Birojs\n"
    "item1.TEL;TYPE=CELL:+371 29123456\nTEL;TYPE=WORK,VOICE:+371 67000001\n"
    "EMAIL;TYPE=INTERNET,WORK:mara@exa\n mple.com\nADR;TYPE=WORK:;;Ielas 5;Riga;;LV-1010;Latvia\n"
    "TITLE:direktore\nPHOTO;ENCODING=b:AAAA\nEND:VCARD\n"
)
FOUR = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Māra Liepiņa\r\nN:Liepiņa;Māra;;Dr.;\r\n"
    "ORG:SIA Ozols\r\nTITLE:direktore\r\nTEL;VALUE=uri;TYPE=cell:tel:+371-29123456\r\n"
    "TEL;VALUE=uri:tel:+37167000001\r\nEMAIL:mara@example.com\r\n"
    "ADR;TYPE=work:;;Ielas 5;Riga;;LV-1010;Latvia\r\nEND:VCARD\r\n"
)
JSCONTACT = json.dumps(
    [
        {
            "@type": "Card",
            "version": "1.0",
            "uid": "1",
            "name": {
                "components": [
                    {"kind": "title", "value": "Dr."},
                    {"kind": "given", "value": "Māra"},
                    {"kind": "surname", "value": "Liepiņa"},
                ]
            },
            "organizations": {"o": {"name": "SIA Ozols"}},
            "titles": {"t": {"name": "direktore"}},
            "emails": {"e": {"address": "mara@example.com"}},
            "phones": {
                "a": {"number": "tel:+37129123456"},
                "b": {"number": "+371 67000001"},
                "c": {"number": "67000002", "features": {"fax": True}},
            },
            "addresses": {
                "a": {
                    "components": [
                        {"kind": "name", "value": "Ielas 5"},
                        {"kind": "locality", "value": "Riga"},
                        {"kind": "postcode", "value": "LV-1010"},
                    ]
                }
            },
        }
    ]
)


@pytest.mark.parametrize(
    "content", [OLD, THREE, FOUR, JSCONTACT], ids=["2.1", "3.0", "4.0", "jscontact"]
)
def test_a_card_of_every_version_comes_in(register: Kartoteka, content: str) -> None:
    """A person with a company becomes its contact; fax and picture stay outside; Dr. is no name."""
    take(register, content.encode())

    company, person = parties(register)
    assert (company.kind, company.name) == ("legal", "SIA Ozols")
    assert company.legal_address == "Ielas 5, Riga, LV-1010"
    assert person.display_name() == "Māra Liepiņa"
    assert person.email == "mara@example.com"
    phones = [person.phone, *beside(register, FURTHER_MODELS["phone"], "phone", person)]
    assert sorted(phone or "" for phone in phones) == ["+37129123456", "+37167000001"]
    (place,) = register.context.session.rows(Employment, person=bytes(person.id))
    assert place.position == "direktore"


def test_several_cards_of_one_file_come_in_apart(register: Kartoteka) -> None:
    """Each card is a row; a company's own card is a company."""
    firm = "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Ozols\nEMAIL:info@example.com\nEND:VCARD\n"
    own = "BEGIN:VCARD\nVERSION:3.0\nN:Kalns;Juris;;;\nFN:Juris Kalns\nEND:VCARD\n"
    take(register, (firm + own).encode())

    found = {party.display_name(): party.kind for party in parties(register)}
    assert found == {"Ozols": "legal", "Juris Kalns": "natural"}


def document(**fields: object) -> dict[str, object]:
    data = [
        {"table": table, "field": field, "value": value}
        for table, field, value in fields["data"]  # type: ignore[attr-defined]
    ]
    uid = {"uid": "urn:uuid:1"}
    return {"subject": uid, "generated_at": "2026-03-02T12:00:00Z", "data": data}


def test_our_own_cards_come_back(register: Kartoteka) -> None:
    """A phone with an extension is a link with one, words are words, both accounts are there."""
    held = document(
        data=[
            ("party", "given_name", "Anna"),
            ("party", "family_name", "Liepa"),
            ("party", "phone", "+37167000001 ext. 12"),
            ("further_phone", "phone", "vakarā zvanīt"),
            ("party", "iban", "LV80BANK0000435195001"),
            ("further_account", "iban", "IT60X0542811101000000123456"),
            ("party", "email", "a@example.com"),
            ("further_email", "email", "b@example.com"),
            ("party", "legal_address", "Ielas 5"),
        ]
    )
    card = jscontact(held)
    assert [one["number"] for one in card["phones"].values()] == [
        "tel:+37167000001;ext=12",
        "vakarā zvanīt",
    ]
    assert card["kartoteka.example:iban"] == [
        "LV80BANK0000435195001",
        "IT60X0542811101000000123456",
    ]
    written = vcard(held) or b""
    assert b"TEL;VALUE=uri;PREF=1:tel:+37167000001;ext=12\r\n" in written
    assert "TEL;VALUE=text;PREF=2:vakarā zvanīt\r\n".encode() in written

    for content in (json.dumps(card).encode(), written):
        (row,) = [one for one in open_table(io.BytesIO(content)) if isinstance(one, FileRow)]
        assert "a@example.com ::: b@example.com" in row.cells
        assert "+37167000001 ext. 12 ::: vakarā zvanīt" in row.cells


def test_the_command_takes_them_by_their_content(cli: Cli, tmp_path: Path) -> None:
    """A file is told by its first bytes; --dry-run shows what a card would become."""
    path = tmp_path / "contacts.dat"
    path.write_text(FOUR, "utf-8")
    done = cli("import", str(path), "--relation", "client", "--dry-run")

    assert done.exit_code == 0, done.stderr
    assert "SIA Ozols" in done.stderr
    assert "+37129123456" in done.stderr
