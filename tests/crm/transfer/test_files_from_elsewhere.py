"""Files of other programs and other people: nothing garbled, dropped, swapped or guessed unsaid."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from crm.files.errors import EncodingUnknown
from crm.models.attached import FURTHER_MODELS, Employment, Note, ToMend
from crm.models.party import Party
from crm.parties.cards import NewClient
from crm.transfer import imports
from crm.transfer.cards import ImportOrder
from crm.transfer.errors import EncodingUnclear

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import FileColumns, ImportResult
    from gdpr.store.record import Record


def take(register: Kartoteka, content: str | bytes, **order: object) -> ImportResult:
    """Import a file of clients."""
    data = content.encode() if isinstance(content, str) else content
    order.setdefault("relation", "client")
    return register.imports.take(io.BytesIO(data), ImportOrder(**order))  # type: ignore[arg-type]


def look(register: Kartoteka, content: str | bytes) -> FileColumns:
    data = content.encode() if isinstance(content, str) else content
    return register.imports.look(io.BytesIO(data), ImportOrder(relation="client"))


def parties(register: Kartoteka) -> list[Party]:
    return sorted(register.context.session.rows(Party), key=lambda party: party.number)


def names(register: Kartoteka) -> list[str]:
    return [party.display_name() for party in parties(register)]


def beside(register: Kartoteka, model: type[Record], column: str, party: Party) -> list[str]:
    rows = register.context.session.rows(model, party=bytes(party.id))
    return sorted(getattr(row, column) for row in rows)


LATVIAN = "Vārds;Uzvārds\r\nPēteris;Bērziņš\r\nLīga;Kalniņa\r\nJēkabs;Ķēniņš\r\n"
RUSSIAN = "Name;Email\r\nИван Петров;a@example.com\r\nОльга Сидорова;b@example.com\r\n"
ITALIAN = "Nome;Cognome\r\nNiccolò;Papà\r\nGiosuè;Forlì\r\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(LATVIAN, code) for code in ("cp775", "cp1257", "mac_latin2")]
    + [(RUSSIAN, code) for code in ("cp1251", "cp866", "koi8_r")]
    + [(ITALIAN, code) for code in ("cp850", "mac_roman", "cp1252")],
)
def test_old_code_pages_are_told_apart(register: Kartoteka, text: str, encoding: str) -> None:
    """DOS, Windows, Macintosh and Cyrillic pages give the names as they were written."""
    result = take(register, text.encode(encoding))

    wanted = [" ".join(row.split(";")[: 2 if "Email" not in text else 1]) for row in rows(text)]
    assert names(register) == wanted
    assert result.example in text


def rows(text: str) -> list[str]:
    return text.strip().split("\r\n")[1:]


def test_a_stray_byte_costs_one_row_and_not_the_letters_of_the_others(register: Kartoteka) -> None:
    """A file that is UTF-8 but for one byte stays UTF-8."""
    stray = LATVIAN.encode() + "Raél;Simon\r\n".encode("cp1257")

    result = take(register, stray)

    assert (result.encoding, result.created, result.rejected) == ("utf-8", 3, 1)
    assert names(register)[0] == "Pēteris Bērziņš"


def test_letters_that_are_no_words_are_asked_about(register: Kartoteka) -> None:
    """What makes no name in any language is stored only once somebody said how to read it."""
    unclear = "First name;Surname\r\nAnna;Kalniņa\r\n".encode("cp775")

    with pytest.raises(EncodingUnclear):
        take(register, unclear)
    with pytest.raises(EncodingUnknown):
        take(register, unclear, encoding="klingon")
    assert not parties(register)

    take(register, unclear, encoding="cp775")
    assert names(register) == ["Anna Kalniņa"]


def test_the_preview_shows_letters_and_rows_as_they_will_be_stored(register: Kartoteka) -> None:
    """A clerk sees one name, the phones as they will stand, guesses, and what stays outside."""
    found = look(
        register,
        "Nosaukums;Tālrunis;E-pasts\nSIA Ķirsis;29123456;a@example.com\nAnna;vakarā;b@\n",
    )

    assert (found.encoding, found.sure, found.example) == ("utf-8", True, "SIA Ķirsis")
    first, second = found.rows
    assert first.fields["phone"] == "+37129123456"
    assert (first.kind, first.to_check, first.reasons) == ("legal", (), ())
    assert second.reasons == (("E-pasts", "email"),)


def test_a_person_with_a_company_is_its_contact_and_keeps_their_own_mail(
    register: Kartoteka,
) -> None:
    """Who stands in an address book with a firm is its contact; mail and mobile are theirs."""
    take(
        register,
        "First Name,Last Name,Company,E-mail Address,Mobile Phone,Company Main Phone\n"
        "Māra,Liepa,Ozols,mara.liepa@example.com,+371 29123456,67000001\n",
    )

    company, person = parties(register)
    assert (company.kind, company.name, company.email) == ("legal", "Ozols", None)
    assert company.phone == "+37167000001"
    assert (person.display_name(), person.email) == ("Māra Liepa", "mara.liepa@example.com")
    assert person.phone == "+37129123456"
    (place,) = register.context.session.rows(Employment, person=bytes(person.id))
    assert bytes(place.company) == bytes(company.id)


def test_an_entry_with_nothing_but_a_company_is_the_company(register: Kartoteka) -> None:
    """Beside empty names of people a company is no person whose kind somebody has to check."""
    result = take(
        register,
        "First Name,Last Name,Company,E-mail Address\n"
        ",,Zaļā lapa,info@zala.example\nAnna,Liepa,,anna@example.com\n",
    )

    company, person = parties(register)
    assert (company.kind, company.name, company.email) == (
        "legal",
        "Zaļā lapa",
        "info@zala.example",
    )
    assert (person.kind, person.display_name()) == ("natural", "Anna Liepa")
    assert (result.to_check, company.marks(), person.marks()) == (0, (), ())


_NUMBERED = (
    "First Name,Last Name,Organization Name,E-mail 1 - Value,Address 1 - Label,"
    "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 2 - Label,"
    "Address 2 - Formatted,Address 2 - Street,Address 2 - City\n"
)


@pytest.mark.parametrize("batch", [1, 500])
@pytest.mark.parametrize("turned", [False, True])
def test_the_entry_of_a_company_completes_the_one_its_people_brought(
    register: Kartoteka, monkeypatch: pytest.MonkeyPatch, batch: int, *, turned: bool
) -> None:
    """People and their company are entries of one address book: one client, in either order."""
    monkeypatch.setattr(imports, "BATCH", batch)
    rows = ["Ilze,Priede,SIA Egle,ilze.priede@example.com", ",,SIA Egle,info@egle.example"]
    rows = rows[::-1] if turned else rows
    book = "\n".join(["First Name,Last Name,Organization Name,E-mail 1 - Value", *rows, ""])

    trial, result = take(register, book, dry_run=True), take(register, book)

    company, person = parties(register)
    assert (company.name, company.email) == ("SIA Egle", "info@egle.example")
    assert (person.display_name(), person.email) == ("Ilze Priede", "ilze.priede@example.com")
    assert (result.created, result.contacts) == (trial.created, trial.contacts) == (1, 1)
    again = take(register, book.replace("\n", "\r\n"))
    assert (again.created, again.duplicates, again.rejected) == (0, 2, 0)


@pytest.mark.parametrize("word", ["Home", "* Home", "Mājas", "Casa"])
def test_what_an_address_book_calls_a_home_is_the_persons(register: Kartoteka, word: str) -> None:
    """A home never becomes the address of the firm somebody works for; somebody is told so."""
    result = take(
        register,
        f"{_NUMBERED}Ilze,Priede,SIA Egle,ilze@example.com,{word},Mazā iela 2 Rīga,Mazā iela 2,"
        "Rīga,Work,Lielā iela 1 Rīga,Lielā iela 1,Rīga\n"
        f"Juris,Kalns,,juris@example.com,{word},Lauku iela 7,Lauku iela 7,Cēsis,,,,\n",
    )

    company, _ilze, juris = parties(register)
    assert company.legal_address == "Lielā iela 1 Rīga"
    assert juris.legal_address == "Lauku iela 7"
    assert result.to_check == 1
    assert "legal_address" in company.marks()


def test_a_numbered_address_without_the_whole_of_it_is_put_together(register: Kartoteka) -> None:
    """Parts that carry the same number belong together."""
    take(
        register,
        "First Name,Last Name,Address 1 - Type,Address 1 - Street,Address 1 - City\n"
        "Juris,Kalns,Home,Lauku iela 7,Cēsis\n",
    )

    (juris,) = parties(register)
    assert juris.legal_address == "Lauku iela 7, Cēsis"


def test_two_numbered_addresses_are_two(register: Kartoteka) -> None:
    """A second address is kept beside the first, in one piece or in parts."""
    result = take(
        register,
        f"{_NUMBERED},,SIA Osis,osis@example.com,Work,Lielā iela 1 Rīga,Lielā iela 1,Rīga,"
        "Other,Mazā iela 2 Cēsis,Mazā iela 2,Cēsis\n"
        "Juris,Kalns,,juris@example.com,Work,,Lielā iela 3,Rīga,Other,,Mazā iela 4,Cēsis\n",
    )

    assert result.rejected == 0
    company, juris = parties(register)
    assert company.legal_address == "Lielā iela 1 Rīga"
    assert juris.legal_address == "Lielā iela 3, Rīga"
    further = register.context.session.rows(FURTHER_MODELS["address"])
    assert sorted(one.value for one in further) == ["Mazā iela 2 Cēsis", "Mazā iela 4, Cēsis"]


@pytest.mark.parametrize("batch", [1, 500])
def test_people_of_one_company_are_its_contacts(
    register: Kartoteka, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """An address book names the company with each of them; it is entered once."""
    monkeypatch.setattr(imports, "BATCH", batch)
    book = (
        "First Name,Last Name,Company,E-mail Address,Company Main Phone\n"
        "Māra,Liepa,Ozols,mara@example.com,67000001\n"
        "Anna,Bērza,OZOLS,anna@example.com,\n"
        "Juris,Egle,Ozols,juris@example.com,67000001\n"
        "Līga,Priede,Ozols,liga@example.com,67000002\n"
        "Ilze,Kļava,Osis,ilze@example.com,\n"
    )
    trial = take(register, book, dry_run=True)
    result = take(register, book)

    assert (result.read, result.created, result.contacts) == (5, 3, 5)
    assert (trial.created, trial.contacts) == (3, 5)
    companies = [one for one in parties(register) if one.kind == "legal"]
    assert [one.name for one in companies] == ["Ozols", "Ozols", "Osis"]
    lines = register.clients.show(str(companies[0].number)).contacts
    assert sorted(one.name or "" for one in lines) == ["Anna Bērza", "Juris Egle", "Māra Liepa"]
    again = take(register, book.replace("\n", "\r\n"))
    assert (again.created, again.duplicates, again.rejected) == (0, 5, 0)


def test_the_mailbox_of_a_firm_stays_the_firms(register: Kartoteka) -> None:
    """Where the file says that its row is a company, only an address with a name is a person's."""
    head = "Klienta veids;Nosaukums;Vārds;Uzvārds;E-pasts\n"
    take(register, head + "juridiska;SIA A;Māra;Liepa;info@example.com\n")
    take(register, head + "juridiska;SIA B;Jānis;Kļava;janis@example.org\n")

    mails = {party.display_name(): party.email for party in parties(register)}
    assert mails == {
        "SIA A": "info@example.com",
        "Māra Liepa": None,
        "SIA B": None,
        "Jānis Kļava": "janis@example.org",
    }


def test_further_phones_mails_and_address_parts_come_in(register: Kartoteka) -> None:
    """Two columns for one field lose nothing, whichever of them is filled."""
    take(
        register,
        "Vārds;Uzvārds;Tālrunis;Mobilais;E-pasts;E-pasts 2;Iela;Pilsēta;Pasta indekss\n"
        "Anna;Liepa;67000001;29123456, 29123457;a@example.com;A@example.com;Ielā 5;Rīga;LV-1010\n"
        "Juris;Kalns;;29123458;;j@example.com;;Cēsis;\n",
    )

    anna, juris = parties(register)
    assert anna.phone == "+37167000001"
    phones = beside(register, FURTHER_MODELS["phone"], "phone", anna)
    assert phones == ["+37129123456", "+37129123457"]
    assert beside(register, FURTHER_MODELS["email"], "email", anna) == []
    assert anna.legal_address == "Ielā 5, Rīga, LV-1010"
    assert (juris.phone, juris.email) == ("+37129123458", "j@example.com")
    assert juris.legal_address == "Cēsis"
    (found,) = register.clients.find("29123457").lines
    assert found.number == anna.number


def test_missing_last_cells_are_empty_and_placeholders_say_nothing(register: Kartoteka) -> None:
    """Spreadsheets leave out empty cells, and people fill them with dashes."""
    head = "Nosaukums;Reģ. Nr.;PVN Nr.;E-pasts;Tālrunis;Piezīmes\n"
    result = take(
        register, head + "SIA A;40003521600\nSIA B;-;/;n/a;nav\nSIA C;;;c@example.com;67000001;x\n"
    )

    assert (result.created, result.rejected) == (3, 0)
    assert [party.phone for party in parties(register)] == [None, None, "+37167000001"]
    update = take(register, head + "SIA A;40003521600;;;-;\n", update=True)
    assert update.changes == ()


def test_a_row_cut_by_a_line_break_is_not_filled_up(register: Kartoteka) -> None:
    """The second half of a row is no client of its own."""
    result = take(
        register,
        "Nosaukums;Reģ. Nr.;Adrese;E-pasts\nSIA A;40003521600;Ielā 1\nRīga;a@example.com\n",
    )

    assert (result.created, [one.reason for one in result.rejects]) == (0, ["broken line"] * 2)


def test_a_shortened_number_is_never_a_value(register: Kartoteka) -> None:
    """3,93E+11 has lost its digits; and what nobody could check gives way to nothing checked."""
    head = "Nosaukums;Reģ. Nr.;Tālrunis\n"
    take(register, head + "SIA A;40003521600;+393331234567\n")

    for phone in ("3,93331E+11", "vakarā zvanīt"):
        result = take(register, f"{head}SIA A;40003521600;{phone}\n", update=True)
        assert result.changes == ()
    result = take(register, head + "SIA B;4,00035E+10;\n")
    assert [one.reason for one in result.rejects] == ["shortened"]
    assert [party.phone for party in parties(register)] == ["+393331234567"]


@pytest.mark.parametrize(
    ("row", "kind", "sure"),
    [
        ("Latvijas Universitāte;LV90000076669;;", "legal", True),
        ("Anna As;;161175-19997;", "natural", True),
        ("Anna As;;;", "natural", False),
        ("Bäcker UG;DE136695976;;", "legal", False),
        ("Muster B.V.;NL002455799B11;;", "legal", True),
        ("Jaunā skola;;;", "legal", False),
        ("Kļavas;;;", "natural", False),
    ],
)
def test_a_kind_is_told_by_numbers_and_a_guess_is_marked(
    register: Kartoteka, row: str, kind: str, sure: bool
) -> None:
    """A number decides where it can; what is only likely is to be checked."""
    found = look(register, f"Nosaukums;PVN Nr.;Personas kods;E-pasts\n{row}\n")

    (shown,) = found.rows
    assert (shown.kind, "kind" not in shown.to_check) == (kind, sure)


@pytest.mark.parametrize("first", ["reg", "vat"])
def test_a_vat_number_that_contains_the_registration_number_is_one_client(
    register: Kartoteka, first: str
) -> None:
    """40003521600 and LV40003521600 are the same company, whichever comes first."""
    rows_of = {
        "reg": "Nosaukums;Reģ. Nr.\nSIA A;40003521600\n",
        "vat": "Nosaukums;PVN Nr.\nSIA A;LV40003521600\n",
    }
    take(register, rows_of.pop(first))
    result = take(register, next(iter(rows_of.values())))

    assert (result.created, result.duplicates) == (0, 1)


GOOGLE = (
    "First Name,Middle Name,Last Name,Name Prefix,Name Suffix,Organization Name,"
    "Organization Title,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Formatted,Address 1 - Street,"
    "Address 1 - City,Address 1 - Country\n"
    "Anna,Marija,Liepa,Dr.,,SIA Ozols,direktore,1980-01-01,,* Work,* Work,anna@example.com,"
    "anna@example.org,Mobile,+371 2912 3456 ::: +371 6700 0001,,Ielā 5,Rīga,Latvia\n"
)
OUTLOOK = {
    "en": "Title,First Name,Middle Name,Last Name,Company,Job Title,Business Street,Business City,"
    "Business Postal Code,Business Phone,Mobile Phone,E-mail Address,E-mail 2 Address",
    "it": "Titolo,Nome,Secondo nome,Cognome,Società,Posizione,Via (uff.),Città (uff.),CAP (uff.),"
    "Ufficio,Cellulare,Indirizzo posta elettronica,Indirizzo posta elettronica 2",
    "lv": "Uzruna,Vārds,Otrais vārds,Uzvārds,Uzņēmums,Amats,Darba iela,Darba pilsēta,"
    "Darba pasta indekss,Darba tālrunis,Mobilais tālrunis,E-pasta adrese,E-pasta adrese 2",
}
CONTACT = (
    "Dr.,Anna,Marija,Liepa,SIA Ozols,direktore,Ielā 5,Rīga,LV-1010,+371 67000001,+371 29123456,"
    "anna@example.com,anna@example.org"
)


@pytest.mark.parametrize(
    "content", [GOOGLE, *(f"{head}\n{CONTACT}\n" for head in OUTLOOK.values())]
)
def test_address_books_come_in_whole(register: Kartoteka, content: str) -> None:
    """The headings of Google and of Outlook in three languages; Dr. is no position."""
    take(register, content)

    company, person = parties(register)
    assert (company.kind, company.name) == ("legal", "SIA Ozols")
    assert (company.legal_address or "").startswith("Ielā 5, ")
    assert person.display_name() == "Anna Marija Liepa"
    assert person.email == "anna@example.com"
    assert beside(register, FURTHER_MODELS["email"], "email", person) == ["anna@example.org"]
    phones = [person.phone, *beside(register, FURTHER_MODELS["phone"], "phone", person)]
    assert sorted(phone or "" for phone in phones) == ["+37129123456", "+37167000001"]
    (place,) = register.context.session.rows(Employment, person=bytes(person.id))
    assert place.position == "direktore"


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (
            (
                "First Name,Last Name,Display Name,Primary Email,Work Phone,Home Address,"
                "Home City\n"
                "Anna,Liepa,Liepa Anna,anna@example.com,67000001,Ielā 5,Rīga\n"
            ),
            "natural",
            "Anna Liepa",
        ),
        (
            (
                "id,Name,Is a Company,Related Company,Tax ID,Street,City,Email\n"
                "__x.1,Anna Liepa,False,,,Ielā 5,Rīga,anna@example.com\n"
            ),
            "natural",
            "Anna Liepa",
        ),
        (
            (
                "id,Name,Is a Company,Related Company,Tax ID,Street,City,Email\n"
                "__x.2,SIA Ozols,True,,LV40003521600,Ielā 5,Rīga,anna@example.com\n"
            ),
            "legal",
            "SIA Ozols",
        ),
        (
            (
                "Name,First Name,Last Name,Account Name,Email,Phone,Address Street,Address City\n"
                "Anna Liepa,Anna,Liepa,,anna@example.com,67000001,Ielā 5,Rīga\n"
            ),
            "natural",
            "Anna Liepa",
        ),
        (
            (
                "Record ID,First Name,Last Name,Email,Phone Number,Street Address,City,"
                "Contact owner\n"
                "101,Anna,Liepa,anna@example.com,67000001,Ielā 5,Rīga,Juris\n"
            ),
            "natural",
            "Anna Liepa",
        ),
    ],
    ids=["thunderbird", "odoo person", "odoo company", "espocrm", "hubspot"],
)
def test_other_programs_headings_are_known(
    register: Kartoteka, content: str, kind: str, name: str
) -> None:
    """Thunderbird, Odoo, EspoCRM and HubSpot need no --map."""
    take(register, content)

    (party,) = parties(register)
    assert (party.kind, party.display_name()) == (kind, name)
    assert party.email == "anna@example.com"
    assert party.legal_address == "Ielā 5, Rīga"


def test_a_title_line_and_empty_columns_do_not_hide_the_headings(register: Kartoteka) -> None:
    """Lists begin with what they are, and sheets end with thousands of columns of nothing."""
    wide = ";" * 16_000
    result = take(
        register,
        f"Klientu saraksts{wide}\n{wide}\nNosaukums;E-pasts{wide}\nSIA A;a@example.com{wide}\n",
    )

    assert (result.created, result.rejected, result.left_out) == (1, 0, {})


def test_entities_of_web_pages_are_decoded_and_marked(register: Kartoteka) -> None:
    """O&#039;Connor is a person, and A&amp;B a firm; somebody looks at them once."""
    result = take(
        register, "Vārds,Uzvārds,Piezīmes\nJohn,O&#039;Connor,x\nAnna,Liepa,R&amp;D\nA&B,C,\n"
    )

    assert names(register) == ["John O'Connor", "Anna Liepa", "A&B C"]
    assert result.to_check == 2
    assert {note.text for note in register.context.session.rows(Note)} == {"x", "R&D"}


def test_a_text_that_would_be_cut_is_refused(register: Kartoteka) -> None:
    """Ten thousand letters are kept whole; a longer text is not shortened without a word."""
    head = "Vārds;Uzvārds;Piezīmes\n"
    kept = take(register, f"{head}Anna;Liepa;{'x' * 10_000}\n")
    over = take(register, f"{head}Juris;Kalns;{'x' * 10_001}\n")

    assert (kept.created, over.created) == (1, 0)
    assert [one.reason for one in over.rejects] == ["text too long"]


def test_two_columns_that_contradict_each_other_are_refused(register: Kartoteka) -> None:
    """Of what there is one of, two different values are told, not one dropped."""
    result = take(
        register, "Nosaukums;Reģ. Nr.;Reģistrācijas numurs\nSIA A;40003521600;41503001047\n"
    )

    assert [one.reason for one in result.rejects] == ["said twice"]


def test_the_name_of_a_person_is_made_from_its_parts(register: Kartoteka) -> None:
    """Who marries is shown and found by the new name, and no whole name goes on telling the old."""
    take(register, "Veids;Nosaukums;Vārds;Uzvārds\nfiziska;Anna Liepa;Anna;Liepa\n")
    take(register, "Veids;Nosaukums\nfiziska;Ilze Kalna\n")

    for number, was in (("1", "Liepa"), ("2", "Kalna")):
        register.clients.edit(number, {"family_name": "Bērziņa"})
        card = register.clients.show(number)
        assert (card.name or "").endswith(" Bērziņa")
        assert not register.clients.find(was).lines
    assert len(register.clients.find("Bērziņa").lines) == 2


def test_a_phone_with_an_extension_is_found_by_its_number(register: Kartoteka) -> None:
    """Stored, searched and compared by one form, however it was typed."""
    new = NewClient(kind="legal", name="SIA A", phone="67000001 ext. 12", relation="client")
    register.clients.add(new)
    belgian = NewClient(
        kind="legal", name="B", vat_no="BE428759497", country="BE", relation="client"
    )
    register.clients.add(belgian)

    for typed in ("67000001", "+371 67000001", "67000001 ext. 12"):
        assert [line.number for line in register.clients.find(typed).lines] == [1], typed
    assert [line.number for line in register.clients.find("BE428759497").lines] == [2]


def test_bad_values_that_are_no_numbers_leave_nothing_aside(register: Kartoteka) -> None:
    """A shortened phone says nothing that anybody could mend."""
    take(register, "Nosaukums;Tālrunis\nSIA A;3,93E+11\n", keep_defective=True)

    assert register.context.session.rows(ToMend) == []
    assert register.context.session.rows(FURTHER_MODELS["address"]) == []
