"""Clients: entered with a reason, found by anything they are known by, never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.clients.errors import RelationNeeded
from crm.errors import (
    FieldUnknown,
    NoName,
    NotAmong,
    RegNoChecksum,
    UnknownCountry,
    VatChecksum,
    VatComponent,
)
from crm.models.attached import ToMend
from crm.models.party import Party
from crm.parties.cards import Further, NewClient
from crm.parties.duplicates import similar
from crm.parties.errors import (
    ChangedMeanwhile,
    ClientKnown,
    ClientKnownButGoing,
    KindNeeded,
    MailingByNotice,
    NobodyThere,
    NotOnTheCard,
    PerhapsKnown,
)
from crm.parties.masking import dotted
from gdpr.audit.events import Event
from gdpr.errors import Conflict, NoLawfulBasis, NoRight, Unreadable
from gdpr.rules.errors import EvidenceNeeded
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from crm.parties.cards import ClientCard
    from tests.crm.conftest import Hire, Place

BERZINS = NewClient(
    kind="legal",
    name="SIA Bērziņš un dēli",
    country="LV",
    vat_no="LV40003521600",
    reg_no="40003521600",
    email="Birojs@Berzins.example.com",
    phone="+371 29 123 456",
    iban="LV80 BANK 0000 4351 9500 1",
    legal_address="Brīvības iela 1, Rīga",
    delivery_address="Noliktava 2, Rīga",
    language="LV",
    channel="email",
    relation="client",
)
ANNA = NewClient(
    kind="natural",
    given_name="Anna",
    family_name="Kalniņa",
    personal_code="161175-19997",
    vat_no="LV161175-19997",
    email="anna@example.com",
    phone="26 123 456",
    iban="LV80BANK0000435195001",
    legal_address="Darba iela 3, Liepāja",
    relation="client",
)


def numbers_found(register: Kartoteka, text: str) -> list[int]:
    return [line.number for line in register.clients.find(text).lines]


def events(register: Kartoteka, event: Event) -> list[str]:
    rows = register.context.session.database.execute_sql(
        "SELECT body FROM audit_entry WHERE event = ? ORDER BY seq", (event.value,)
    )
    return [body for (body,) in rows.fetchall()]


def add(register: Kartoteka, **fields: Any) -> ClientCard:
    known = {"kind": "legal", "name": "SIA Cits", "relation": "client", **fields}
    return register.clients.add(NewClient(**known))


def test_a_company_is_entered_with_everything_a_policy_names(register: Kartoteka) -> None:
    """All fields of the policies for legal persons are kept, numbers in their stored form."""
    card = register.clients.add(BERZINS)

    assert (card.number, card.kind, card.status) == (1, "legal", "active")
    assert card.name == "SIA Bērziņš un dēli"
    assert (card.reg_no, card.vat_no) == ("40003521600", "LV40003521600")
    assert card.email == "Birojs@berzins.example.com"
    assert card.phone == "+37129123456"
    assert card.iban == "LV80BANK0000435195001"
    assert card.legal_address == "Brīvības iela 1, Rīga"
    assert card.delivery_address == "Noliktava 2, Rīga"
    assert (card.language, card.channel, card.country) == ("lv", "email", "LV")
    assert card.relations == ("client",)
    assert card.masked == ()
    assert register.clients.show("1") == card


def test_numbers_of_a_human_being_are_official_and_hidden_behind_dots(register: Kartoteka) -> None:
    """A person's VAT number, code and account show their last letters until they are revealed."""
    card = register.clients.add(ANNA)
    shown = register.clients.show("1", reveal=True)

    assert card.name == "Anna Kalniņa"
    assert (card.personal_code, card.vat_no, card.iban) == ("••••9997", "••••9997", "••••5001")
    assert set(card.masked) == {"personal_code", "vat_no", "iban"}
    assert [line.vat_no for line in register.clients.list()] == ["••••9997"]
    assert shown.personal_code == "16117519997"
    assert shown.vat_no == "LV16117519997"
    assert shown.iban == "LV80BANK0000435195001"
    assert shown.masked == ()
    party = register.context.session.rows(Party)[0]
    assert not party.holds("vat_no")
    assert not party.holds("reg_no")
    assert len(events(register, Event.PARTY_REVEALED)) == 1
    assert events(register, Event.PARTY_SHOWN) == []


def test_a_personal_code_in_the_field_of_companies_is_read_as_what_it_is(
    register: Kartoteka,
) -> None:
    """A human's own code never lands among data that every clerk may read."""
    card = register.clients.add(
        NewClient(kind="natural", name="Anna Kalniņa", reg_no="161175-19997", relation="client")
    )

    assert card.reg_no is None
    assert card.personal_code == "••••9997"


def test_the_tax_code_of_a_company_is_its_registration_number(register: Kartoteka) -> None:
    """A codice fiscale typed for an Italian company is kept with the companies' numbers."""
    card = add(register, name="Nano S.r.l.", country="IT", personal_code="01085650446")

    assert card.reg_no == "01085650446"
    assert card.personal_code is None


def test_what_cannot_be_right_is_refused_and_nothing_is_stored(register: Kartoteka) -> None:
    """A refused client leaves no row, no number taken and no entry in the log."""
    wrong: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"vat_no": "LV40003521601"}, VatChecksum),
        ({"reg_no": "40003521601"}, RegNoChecksum),
        ({"vat_no": "LV16117519997"}, VatComponent),
        ({"name": "  \u200b "}, NoName),
        ({"country": "Narnia"}, UnknownCountry),
        ({"channel": "pigeon"}, NotAmong),
        ({"language": "Elvish!"}, NotAmong),
        ({"provenance": "rumour"}, NotAmong),
        ({"kind": None}, KindNeeded),
        ({"kind": "ghost"}, KindNeeded),
        ({"relation": None}, RelationNeeded),
        ({"purposes": ("contracts",)}, RelationNeeded),
        ({"evidence": "hearsay"}, NotAmong),
    ]
    for fields, fault in wrong:
        with pytest.raises(fault):
            add(register, **fields)

    assert register.context.session.rows(Party) == []
    assert events(register, Event.PARTY_ADDED) == []
    assert add(register).number == 1


def test_nothing_is_stored_that_no_purpose_names(register: Kartoteka) -> None:
    """Somebody who only asked for an offer leaves no personal code (Art. 6(1))."""
    with pytest.raises(NoLawfulBasis) as refusal:
        register.clients.add(
            NewClient(
                kind="natural", name="Anna", personal_code="161175-19997", relation="prospect"
            )
        )

    assert refusal.value.arguments == {"item": "official_number"}
    assert refusal.value.exit_code == 4
    assert register.context.session.rows(Party) == []


def test_relations_and_purposes_open_their_grounds(register: Kartoteka) -> None:
    """A relation stands for its bundle, purposes for themselves; consent is never assumed."""
    prospect = add(register, kind="natural", name="Ilze Prāta", relation="prospect")
    single = add(register, name="SIA Viena", relation=None, purposes=("service_delivery",))
    with pytest.raises(EvidenceNeeded):
        add(register, name="SIA Jaunumi", relation="newsletter")
    with pytest.raises(MailingByNotice):
        add(
            register,
            kind="natural",
            name="Juris Viens",
            relation=None,
            purposes=("direct_marketing",),
        )
    reader = add(register, name="SIA Jaunumi", relation="newsletter", evidence="consent")

    assert (prospect.status, prospect.relations) == ("prospect", ("prospect",))
    assert (single.status, single.relations) == ("active", ())
    assert (reader.status, reader.relations) == ("prospect", ("newsletter",))


def test_a_client_is_found_by_anything_it_is_known_by(register: Kartoteka) -> None:
    """Part of a name in any spelling, and every number whole in any notation."""
    register.clients.add(BERZINS)
    add(register, name="AS Pavisam Kas Cits", email="cits@example.com")
    texts = [
        *("berzins", "BĒRZIŅŠ", "deli berz", "Берзиньш", "zin", "un", "sia berzins deli"),
        *("LV40003521600", "lv 4000 3521 600", "40003521600", "1"),
        *("birojs@berzins.example.com", "BIROJS@BERZINS.EXAMPLE.COM"),
        *("+371 29 123 456", "29123456", "00371-29123456", "(371) 29 12 34 56"),
        *("LV80 BANK 0000 4351 9500 1", "lv80bank0000435195001"),
    ]

    found = {text: register.clients.find(text) for text in texts}

    assert {text: [line.number for line in found[text].lines] for text in texts} == {
        text: [1] for text in texts
    }
    assert not any(answer.alike for answer in found.values())


def test_a_person_is_found_by_code_and_traders_number(register: Kartoteka) -> None:
    """Official numbers lead to a person though only their tokens are stored in the open."""
    register.clients.add(ANNA)

    assert [numbers_found(register, text) for text in ("161175-19997", "LV16117519997")] == [
        [1]
    ] * 2
    assert numbers_found(register, "161175-19998") == []


def test_similar_names_are_offered_only_when_nothing_fits(register: Kartoteka) -> None:
    """A slip of the finger still finds the client, and the answer says that it is a guess."""
    register.clients.add(BERZINS)

    found = register.clients.find("berzinsh")

    assert [line.number for line in found.lines] == [1]
    assert found.alike
    assert numbers_found(register, "qqqq") == []
    assert numbers_found(register, "   ") == []


def test_searching_says_when_there_are_more(register: Kartoteka) -> None:
    """A cut list admits that it is cut."""
    for turn in range(4):
        add(register, name=f"Filiāle {turn}")

    found = register.clients.find("filiale", limit=3)

    assert len(found.lines) == 3
    assert found.more
    assert not register.clients.find("filiale").more


def test_a_client_is_shown_by_any_of_its_numbers(register: Kartoteka) -> None:
    """Number, VAT number and registration number address a client; a name never does."""
    register.clients.add(BERZINS)

    shown = {register.clients.show(one).number for one in ("1", "LV40003521600", "40003521600")}

    assert shown == {1}
    with pytest.raises(NobodyThere):
        register.clients.show("SIA Bērziņš un dēli")


@pytest.mark.parametrize(
    ("again", "field"),
    [
        (NewClient(kind="legal", name="X", vat_no="LV40003521600", relation="client"), "vat_no"),
        (NewClient(kind="legal", name="X", reg_no="40003521600", relation="client"), "reg_no"),
        (
            NewClient(kind="natural", name="X", personal_code="16117519997", relation="client"),
            "personal_code",
        ),
        (NewClient(kind="natural", name="X", vat_no="LV16117519997", relation="client"), "vat_no"),
    ],
)
def test_an_equal_number_blocks_a_second_client(
    register: Kartoteka, again: NewClient, field: str
) -> None:
    """The refusal names the number of the client that is there, even when somebody insists."""
    register.clients.add(BERZINS)
    register.clients.add(ANNA, anyway=True)

    with pytest.raises(ClientKnown) as refusal:
        register.clients.add(again, anyway=True)

    number = 1 if again.kind == "legal" else 2
    assert refusal.value.arguments == {"number": number, "field": field}
    assert refusal.value.exit_code == 2


def test_a_traders_number_is_the_same_person_as_the_code_in_it(register: Kartoteka) -> None:
    """A Latvian personal code and the VAT number made of it are one identity."""
    add(register, kind="natural", name="Anna Kalniņa", vat_no="LV16117519997")

    with pytest.raises(ClientKnown):
        add(register, kind="natural", name="Kāda Cita", personal_code="161175-19997")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "Bērziņš un dēli, SIA"}, "name"),
        ({"name": "SIA Berzins un delis"}, "name"),
        ({"name": "SIA Berzina un deli"}, "name"),
        ({"email": "birojs@BERZINS.example.com"}, "email"),
        ({"phone": "29123456"}, "phone"),
        ({"iban": "LV80BANK0000435195001"}, "iban"),
    ],
)
def test_what_is_alike_asks_before_it_is_stored(
    register: Kartoteka, fields: dict[str, Any], field: str
) -> None:
    """A likeness refuses until somebody has looked; then the card keeps naming it."""
    register.clients.add(BERZINS)
    new = NewClient(**{"kind": "legal", "name": "AS Kas Cits", "relation": "client", **fields})

    with pytest.raises(PerhapsKnown) as refusal:
        register.clients.add(new)
    card = register.clients.add(new, anyway=True)

    assert refusal.value.arguments == {"matches": f"{field}: 1"}
    assert [(one.field, one.numbers) for one in card.warnings] == [(field, (1,))]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SIA Alfa", "Alfa, SIA", True),
        ("Nano S.r.l.", "NANO SRL", True),
        ("Jānis Bērziņš", "Berzins Janis", True),
        ("Filiāle 1", "Filiāle 2", False),
        ("Ozols", "Ozola", False),
        ("SIA Alfa", "SIA Beta", False),
        ("SIA", "AS", False),
        ("SIA Metālapstrāde", "SIA Metālapstrāda", True),
        ("SIA Metālapstrāde", "SIA Metālopstrāda", False),
    ],
)
def test_names_are_similar_but_for_order_form_and_a_slip(one: str, other: str, same: bool) -> None:
    """Legal form and order do not distinguish clients; numbers and short names do."""
    assert similar(one, other) is same
    assert similar(other, one) is same


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_mutual(one: str, other: str) -> None:
    """Whichever of two clients comes first, the question is the same."""
    assert similar(one, other) is similar(other, one)
    assert similar(one, one)


@given(st.text(min_size=1, max_size=40))
def test_dots_never_show_more_than_half(value: str) -> None:
    """Whatever is masked, at most its last four letters stay, and never half of it or more."""
    shown = dotted(value).removeprefix("••••")

    assert value.endswith(shown)
    assert len(shown) <= min(4, len(value) / 2)


def test_what_somebody_else_changed_since_is_not_overwritten(register: Kartoteka) -> None:
    """Who began before another one's change sees its names, and stores nothing over it."""
    began = register.clients.add(BERZINS)
    register.clients.edit("1", {"phone": "+37129000001"})

    with pytest.raises(ChangedMeanwhile) as refused:
        register.clients.edit("1", {"phone": "+37129000002"}, seen={"phone": began.phone})
    register.clients.edit("1", {"email": "b@example.com"}, seen={"email": began.email})

    assert refused.value.arguments == {"number": 1, "fields": "phone"}
    assert register.clients.show("1").phone == "+37129000001"


def test_correcting_changes_what_is_named_and_nothing_else(register: Kartoteka) -> None:
    """An edit stores new values, clears emptied ones, and leaves the other fields alone."""
    before = register.clients.add(BERZINS)

    card = register.clients.edit("1", {"email": "jauns@example.com", "phone": "", "name": "SIA B"})

    assert (card.email, card.phone, card.name) == ("jauns@example.com", None, "SIA B")
    assert (card.iban, card.legal_address, card.id) == (
        before.iban,
        before.legal_address,
        before.id,
    )
    assert numbers_found(register, "29123456") == []
    assert numbers_found(register, "birojs@berzins.example.com") == []
    assert numbers_found(register, "jauns@example.com") == [1]
    assert numbers_found(register, "berzins") == []
    assert numbers_found(register, "sia b") == [1]


def test_an_edit_is_judged_like_an_entry(register: Kartoteka) -> None:
    """Wrong numbers, known numbers, likenesses and missing names refuse an edit too."""
    register.clients.add(BERZINS)
    add(register, name="AS Otrais", email="otrais@example.com")

    with pytest.raises(VatChecksum):
        register.clients.edit("2", {"vat_no": "LV40003521601"})
    with pytest.raises(ClientKnown):
        register.clients.edit("2", {"vat_no": "LV40003521600"})
    with pytest.raises(PerhapsKnown):
        register.clients.edit("2", {"email": "birojs@berzins.example.com"})
    with pytest.raises(PerhapsKnown):
        register.clients.edit("2", {}, [Further("phone", "29123456")])
    with pytest.raises(NoName):
        register.clients.edit("2", {"name": ""})
    with pytest.raises(FieldUnknown):
        register.clients.edit("2", {"number": "7"})
    assert register.clients.show("2").email == "otrais@example.com"
    assert register.clients.edit("1", {"email": "Birojs@berzins.example.com"}).number == 1


def test_an_item_without_a_ground_cannot_be_added_later(register: Kartoteka) -> None:
    """An edit may not bring in through the back door what no purpose names (Art. 6(1))."""
    add(register, kind="natural", name="Ilze Prāta", relation="prospect")

    with pytest.raises(NoLawfulBasis) as refusal:
        register.clients.edit("1", {"personal_code": "161175-19997"})

    assert refusal.value.article == "6(1)"


def test_two_who_change_the_same_field_meet(register: Kartoteka) -> None:
    """Disjoint changes merge; the same field changed by two is a conflict, not a loss."""
    register.clients.add(BERZINS)
    stale = register.context.session.rows(Party)[0]
    register.clients.edit("1", {"email": "jauns@example.com"})
    warrant = register.context.grounds.warrant(bytes(stale.id), register.context.day)

    stale.phone = "+37126000000"
    with register.context.journal.audited_change(Event.PARTY_EDITED, bytes(stale.id)) as deed:
        deed.update(stale, warrant)
    card = register.clients.show("1")

    assert (card.email, card.phone) == ("jauns@example.com", "+37126000000")
    older = register.context.session.rows(Party)[0]
    register.clients.edit("1", {"email": "cits@example.com"})
    older.email = "mans@example.com"
    with (
        pytest.raises(Conflict),
        register.context.journal.audited_change(Event.PARTY_EDITED, bytes(older.id)) as deed,
    ):
        deed.update(older, warrant)


def test_further_phones_and_the_like_come_and_go(register: Kartoteka) -> None:
    """A party has several of each; all are found, and what is removed is gone."""
    register.clients.add(BERZINS)
    more = [
        Further("phone", "67 000 000"),
        Further("email", "otrs@example.com"),
        Further("address", "Pasta kaste 5"),
        Further("iban", "IT60X0542811101000000123456"),
    ]

    card = register.clients.edit("1", {}, more)

    assert card.phones == ("+37167000000",)
    assert card.emails == ("otrs@example.com",)
    assert card.addresses == ("Pasta kaste 5",)
    assert card.ibans == ("IT60X0542811101000000123456",)
    texts = ("67000000", "otrs@example.com", "IT60X0542811101000000123456")
    assert [numbers_found(register, text) for text in texts] == [[1]] * 3
    gone = register.clients.edit("1", {}, [Further(f.kind, f.value, remove=True) for f in more])
    assert (gone.phones, gone.emails, gone.addresses, gone.ibans) == ((), (), (), ())
    assert [numbers_found(register, text) for text in texts] == [[]] * 3
    with pytest.raises(NotOnTheCard):
        register.clients.edit("1", {}, [Further("phone", "67000000", remove=True)])
    assert register.clients.edit("1", {}, [Further("phone", "29123456", remove=True)]).phone is None
    assert register.audit.verify().ok


def test_a_mended_value_is_no_longer_set_aside(register: Kartoteka) -> None:
    """What an import kept to be mended goes as soon as the right value is in its place."""
    card = add(register, name="SIA Labojamā")
    subject = bytes.fromhex(card.id)
    with register.context.journal.audited_change(Event.PARTY_EDITED, subject) as deed:
        row = ToMend(id=new_id(), party=subject, email="labo@@example.com", iban="LV00")
        deed.insert(row, register.context.grounds.warrant(subject, register.context.day))

    waiting = register.clients.show("1").to_mend
    half = register.clients.edit("1", {"email": "labo@example.com"}).to_mend
    done = register.clients.edit("1", {"iban": "LV80BANK0000435195001"}).to_mend

    assert [(line.field, line.value) for line in waiting] == [
        ("iban", "LV00"),
        ("email", "labo@@example.com"),
    ]
    assert [line.field for line in half] == ["iban"]
    assert done == ()


def test_the_list_leaves_out_who_is_only_a_contact(register: Kartoteka) -> None:
    """Clients are listed by number; contact persons when asked for, and always found."""
    register.clients.add(BERZINS)
    add(register, kind="natural", name="Ilze Prāta", relation="prospect")
    add(register, kind="natural", name="Zane Runātāja", relation="contact")

    def listed(**wanted: Any) -> list[int]:
        return [line.number for line in register.clients.list(**wanted)]

    assert listed() == [1, 2]
    assert listed(contacts=True) == [1, 2, 3]
    assert listed(status="prospect") == [2]
    assert listed(status="contact") == [3]
    assert listed(limit=1) == [1]
    assert numbers_found(register, "zane") == [3]


def test_data_that_are_going_are_shown_with_their_date_and_used_for_nothing(
    register: Kartoteka,
) -> None:
    """A client without a live ground is marked, warns nobody, and cannot be changed."""
    register.clients.add(BERZINS)
    register.grounds.end("1", all_but=("direct_marketing",))

    card = register.clients.show("1")

    assert card.status == "going"
    assert {line.until for line in card.going} == {"2026-03-16"}
    assert {line.field for line in card.going} >= {"name", "email", "iban", "vat_no"}
    assert [line.status for line in register.clients.list()] == ["going"]
    assert [line.number for line in register.clients.list(status="going")] == [1]
    assert [line.status for line in register.clients.find("berzins").lines] == ["going"]
    assert add(register, name="Bērziņš un dēli", phone="29123456").warnings == ()
    with pytest.raises(ClientKnownButGoing):
        add(register, name="AS Cita", vat_no="LV40003521600")
    with pytest.raises(NoLawfulBasis):
        register.clients.edit("1", {"email": "jauns@example.com"})
    assert {bool(datum["going"]) for datum in register.clients.why("1")["data"]} == {True}


def test_why_names_every_stored_datum(register: Kartoteka) -> None:
    """Each datum has purpose, basis, article, a date until and a reason; nothing is left out."""
    register.clients.add(ANNA)
    register.clients.edit("1", {}, [Further("phone", "67000000")])
    register.notes.add("1", "Zvanīja.")

    data = register.clients.why("1", lambda because: f"code {because.code}")["data"]

    fields = {(datum["table"], datum["field"]) for datum in data}
    stored = {"given_name", "family_name", "personal_code", "trader_vat_no", "email", "phone"}
    assert fields == {
        *(("party", field) for field in (*stored, "iban", "legal_address")),
        ("further_phone", "phone"),
        ("note", "text"),
    }
    keys = "table field item category purpose basis article since until because going also"
    for datum in data:
        assert list(datum) == keys.split()
        assert datum["purpose"]
        assert str(datum["article"]).startswith("6(1)")
        assert str(datum["until"]) > "2026-03-02"
        assert str(datum["because"]).startswith("code ")


def test_looking_leaves_an_entry_without_words(register: Kartoteka) -> None:
    """Finding, listing, showing and explaining are entries with count and kind, never the text."""
    register.clients.add(BERZINS)

    register.clients.find("berzins")
    register.clients.find("birojs@berzins.example.com")
    register.clients.list()
    register.clients.show("1")
    register.clients.why("1")

    assert events(register, Event.PARTIES_FOUND) == ["by=name count=1", "by=email count=1"]
    assert events(register, Event.PARTIES_LISTED) == ["count=1"]
    assert events(register, Event.PARTY_SHOWN) == [""]
    assert len(events(register, Event.PARTY_EXPLAINED)) == 1


def test_an_accountant_sees_no_support_marketing_or_evidence(place: Place, hire: Hire) -> None:
    """With the accountant's own keys: names and billing, no notes and no provenance."""
    with place.open() as register:
        register.clients.add(BERZINS)
        register.clients.add(ANNA, anyway=True)
        register.clients.edit("1", {"provenance": "subject"})
        register.notes.add("1", "slepena piezīme")
    with place.open(hire("accountant")) as register:
        card = register.clients.show("1")
        explained = {datum["category"] for datum in register.clients.why("1")["data"]}
        found = numbers_found(register, "161175-19997")
        edited = register.clients.edit("1", {"iban": "IT60X0542811101000000123456"})
        with pytest.raises(NoRight):
            register.clients.edit("1", {"email": "x@example.com"})
        with pytest.raises(NoRight):
            add(register)

    assert (card.name, card.iban) == ("SIA Bērziņš un dēli", "LV80BANK0000435195001")
    assert (card.notes, card.provenance) == (None, None)
    assert explained == {"identity", "contact", "billing"}
    assert found == [2]
    assert edited.iban == "IT60X0542811101000000123456"


def test_a_technician_sees_no_official_number(place: Place, hire: Hire) -> None:
    """A role without billing neither sees nor finds by codes, traders' numbers and accounts."""
    with place.open() as register:
        register.clients.add(ANNA)
    with place.open(hire("technician")) as register:
        card = register.clients.show("1", reveal=True)
        nothing = [
            numbers_found(register, text) for text in ("161175-19997", "LV80BANK0000435195001")
        ]
        by_name = numbers_found(register, "kalnina")

    assert (card.name, card.email) == ("Anna Kalniņa", "anna@example.com")
    assert (card.personal_code, card.vat_no, card.iban, card.masked) == (None, None, None, ())
    assert nothing == [[], []]
    assert by_name == [1]


def test_an_auditor_sees_no_name(place: Place, hire: Hire) -> None:
    """Numbers, kinds and states only: no name, address or number by any verb."""
    with place.open() as register:
        register.clients.add(BERZINS)
        register.contacts.add("1", _contact())
    with place.open(hire("auditor")) as register:
        (line,) = register.clients.list()
        card = register.clients.show("1")
        searches = ["berzins", "LV40003521600", "29123456", "birojs@berzins.example.com"]
        found = [numbers_found(register, text) for text in searches]
        by_number = register.clients.find("1").lines
        why = register.clients.why("1")

    assert (line.number, line.kind, line.status) == (1, "legal", "active")
    assert {line.name, line.reg_no, line.vat_no, line.email, line.phone} == {None}
    assert {card.name, card.iban, card.legal_address, card.language, card.notes} == {None}
    assert [(one.name, one.position, one.email) for one in card.contacts] == [(None, None, None)]
    assert found == [[], [], [], []]
    assert by_number == (line,)
    assert why == {"data": ()}


def test_a_damaged_row_is_left_out_and_named(register: Kartoteka) -> None:
    """A list holds all readable clients, and says which row of which table it lost."""
    register.clients.add(BERZINS)
    broken = add(register, name="SIA Otrā")
    database = register.context.session.database
    database.execute_sql("UPDATE party SET last_activity = '1999-01-01' WHERE number = 2")

    lines = register.clients.list()

    assert [line.number for line in lines] == [1]
    (damage,) = register.damage
    assert damage.arguments == {"table": "party", "row": broken.id}
    assert register.clients.show("1").number == 1
    assert numbers_found(register, "berzins") == [1]
    with pytest.raises(Unreadable):
        register.clients.show("2")


def test_names_follow_what_changes_in_the_same_run(register: Kartoteka) -> None:
    """The directory in memory knows at once who was added, renamed, or forgotten."""
    register.clients.add(BERZINS)
    assert numbers_found(register, "deli") == [1]
    add(register, name="SIA Ozolu dēli")
    assert numbers_found(register, "deli") == [1, 2]
    register.context.names.forget()
    assert numbers_found(register, "ozolu") == [2]


def _contact() -> Any:
    from crm.parties.cards import NewContact

    return NewContact(given_name="Jānis", family_name="Ozols", email="janis@example.com")
