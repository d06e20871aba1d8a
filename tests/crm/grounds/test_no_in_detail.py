"""What a no closes and what opens it again, by which days, and where it is found afterwards."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crm.errors import ErasedOnRequest
from crm.grounds.errors import Compelling, GuardianNeeded, HasObjected, NotToBeObjectedTo
from crm.parties.cards import NewClient, NewContact
from crm.transfer.cards import ConsentOrder, ImportOrder
from crm.transparency.errors import ChannelNotNamed
from gdpr.errors import KartotekaError, YesBeforeNo
from tests.crm.consenting import add_wording, agree

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli, Hire, Place

NEWS = "direct_marketing"
MAIL = "ilze@example.com"
CHILD, OTHER_CHILD = "150816-20000", "160816-21008"


def enter(register: Kartoteka, **told: object) -> int:
    """Enter a natural person and return the number."""
    fields = {
        "kind": "natural",
        "given_name": "Ilze",
        "family_name": "Četri",
        "email": MAIL,
        "relation": "client",
        "informed": "unknown",
        **told,
    }
    return register.clients.add(NewClient(**fields), anyway=True).number  # type: ignore[arg-type]


def status(register: Kartoteka, number: int) -> str:
    """Return on what footing somebody may be written to."""
    return register.consents.listing(str(number)).marketing_status


def test_an_objection_to_the_news_closes_all_direct_marketing(register: Kartoteka) -> None:
    """Events and the soft opt-in are direct marketing too; what is not stays open (Art. 21(3))."""
    number = enter(register)
    register.consents.object_to(str(number), channel="email")
    told = register.context.day

    for purpose, evidence in ((NEWS, "soft-opt-in"), ("events", "consent"), (NEWS, "consent")):
        with pytest.raises(HasObjected):
            register.grounds.add(str(number), purposes=[purpose], evidence=evidence, informed=told)
    with pytest.raises(HasObjected):
        register.grounds.add(str(number), relation="newsletter", evidence="consent")
    lines = register.grounds.add(str(number), purposes=["quality_development"], informed=told)
    assert "quality_development" in {line.purpose for line in lines if line.state == "live"}


def test_a_new_yes_of_the_person_lifts_a_no(register: Kartoteka) -> None:
    """A consent given after the objection counts for its purpose, and the mark is gone with it."""
    add_wording(register)
    number = enter(register)
    register.consents.object_to(str(number), channel="email")
    with pytest.raises(YesBeforeNo):
        agree(register, number, on=register.context.day - timedelta(days=1))

    agree(register, number)

    assert status(register, number) == "opted_in"
    assert register.suppressions.entries() == ()


def test_who_has_no_address_says_no_as_well(register: Kartoteka) -> None:
    """Where no address or number tells the no, the days of the consent itself do."""
    add_wording(register)
    number = enter(register, email=None)
    agree(register, number)
    register.consents.withdraw(str(number), channel="paper")

    with pytest.raises(YesBeforeNo):
        agree(register, number, on=register.context.day - timedelta(days=1))

    assert status(register, number) == "objected"


def test_a_no_of_one_party_binds_another_with_the_same_address(register: Kartoteka) -> None:
    """Who stands in the register twice has said no once; neither is written to."""
    add_wording(register)
    first, second = enter(register), enter(register, relation="prospect")
    agree(register, second)

    register.consents.object_to(str(first), channel="email")

    assert status(register, second) == "objected"


def test_a_no_follows_to_a_new_address(register: Kartoteka) -> None:
    """A corrected address is no way around an objection, whichever party it comes back with."""
    number = enter(register)
    register.consents.object_to(str(number), channel="email")
    register.clients.edit(str(number), {"email": "ilze.new@example.com"})
    register.subjects.erase(str(number), "no-longer-needed", number)

    with pytest.raises(HasObjected):
        enter(register, email="ilze.new@example.com", relation="newsletter", evidence="consent")


def test_a_contact_person_is_known_again(register: Kartoteka) -> None:
    """Whoever was erased on request is not entered as somebody's contact, by hand or by a file."""
    number = enter(register, relation="prospect", phone="+37129123456")
    register.subjects.erase(str(number), "request:3", number)
    company = register.clients.add(
        NewClient(kind="legal", name="SIA Cita", reg_no="40003798684", relation="client")
    )

    new = NewContact(given_name="Ilze", family_name="Četri", phone="29123456", informed="unknown")
    with pytest.raises(ErasedOnRequest):
        register.contacts.add(str(company.number), new)
    text = f"Nosaukums;Kontaktpersona;Kontaktpersonas e-pasts\nSIA Trešā;Ilze Četri;{MAIL}\n"
    done = register.imports.take(
        io.BytesIO(text.encode()), ImportOrder(relation="client", informed="unknown")
    )
    assert (done.created, done.contacts) == (1, 0)
    assert [line.reason for line in done.held_back] == ["erased"]


def test_a_file_brings_somebody_without_what_they_refused(register: Kartoteka) -> None:
    """Who objected comes in for the other purposes of the file, and the answer says so."""
    number = enter(register)
    register.consents.object_to(str(number), channel="email")
    receipt = register.subjects.erase(str(number), "objection", number)
    assert receipt.remembered == 2  # two interests as well; marketing was remembered before

    text = f"Vārds;Uzvārds;E-pasts\nIlze;Četri;{MAIL}\n"
    # The invoices of somebody of that name are still there, which the file is not asked about here.
    order = ImportOrder(
        purposes=("communication", NEWS), evidence="consent", informed="unknown", doubles="new"
    )
    register.grounds.end(str(number), all_but=["accounting"], now=True)
    done = register.imports.take(io.BytesIO(text.encode()), order)

    assert (done.created, done.rejected) == (1, 0)
    assert [line.reason for line in done.held_back] == ["objected"]
    lines = register.grounds.listing(str(number + 1))
    assert {line.purpose for line in lines} == {"communication"}


def test_who_was_erased_on_request_comes_back_by_their_own_wish(register: Kartoteka) -> None:
    """No service is refused: the wish lifts the mark, and the person is entered like anybody."""
    number = enter(register)
    register.grounds.end(str(number), all_but=["policy_change_notices"], now=True)
    register.subjects.erase(str(number), "request:4", number)
    with pytest.raises(ErasedOnRequest):
        enter(register)

    assert enter(register, own_wish=True) > number
    assert register.suppressions.entries() == ()


def test_who_asked_to_be_erased_and_is_still_kept_can_be_corrected(register: Kartoteka) -> None:
    """A contract outlives the request; a wrong phone is put right again (Articles 5(1)(d), 16)."""
    number = enter(register, phone="29123456")
    assert not register.subjects.erase(str(number), "request:8", number).whole
    register.clients.edit(str(number), {"phone": "29123457"})

    assert register.clients.edit(str(number), {"phone": "29123456"}).phone == "+37129123456"
    with pytest.raises(ErasedOnRequest, match="requested erasure on"):
        enter(register, email=None, phone="29123456")


def test_an_erasure_is_remembered_for_a_year_unless_declined(place: Place) -> None:
    """After twelve months, or if the person does not want it, nothing is known of them."""
    with place.open() as register:
        declined = enter(register, relation="prospect", email="dace@example.com")
        register.subjects.erase(str(declined), "request:5", declined, declined=True)
        enter(register, relation="prospect", email="dace@example.com")
        number = enter(register, relation="prospect")
        register.subjects.erase(str(number), "request:6", number)
        assert [line.until for line in register.suppressions.entries()] == ["2027-03-02"]
    place.clock.instant += timedelta(days=366)
    with place.open() as register:
        register.retention.run(accept=place.clock.today())
    with place.open() as register:
        assert register.suppressions.entries() == ()
        enter(register, relation="prospect")
        marks = register.context.session.database.execute_sql(
            "SELECT count(*) FROM suppression WHERE value_token IS NOT NULL"
        ).fetchone()
    assert marks == (0,)


def test_an_objection_to_an_interest_is_weighed(register: Kartoteka) -> None:
    """It ends what rests on an interest; it is refused where that is compelling, or a contract."""
    number = enter(register)
    told = register.context.day
    register.grounds.add(str(number), purposes=["quality_development"], informed=told)
    register.grounds.add(str(number), purposes=["legal_claims"], informed=told)

    receipt = register.consents.withdraw(str(number), "quality_development", channel="email")

    assert (receipt.because, receipt.grounds_ended) == ("objected", 1)
    with pytest.raises(HasObjected):
        register.grounds.add(str(number), purposes=["quality_development"], informed=told)
    with pytest.raises(Compelling):
        register.consents.object_to(str(number), "legal_claims", channel="email")
    with pytest.raises(NotToBeObjectedTo):
        register.consents.object_to(str(number), "contracts", channel="email")


def test_a_consent_reaches_no_further_than_its_text(register: Kartoteka) -> None:
    """Who read that news come by e-mail agreed to nothing else; a text says more or it is not."""
    add_wording(register)
    number = enter(register)
    agree(register, number)

    found = register.consents.listing(str(number))
    assert found.marketing_channels == ("email",)
    assert found.consents[0].reaches == ("email",)
    with pytest.raises(ChannelNotNamed):
        register.wordings.add(
            "Piekrītu jaunumiem e-pastā.".encode(),
            code="club",
            kind="consent",
            language="lv",
            purposes=[NEWS],
            reach=["phone"],
        )


def test_no_list_of_consents_passes_over_a_no_of_before(register: Kartoteka) -> None:
    """Who objected, was erased and is a client again is not mailed upon any list."""
    add_wording(register)
    first = enter(register)
    register.consents.object_to(str(first), channel="email")
    register.subjects.erase(str(first), "no-longer-needed", first)
    again = enter(register)

    for day in ("2026-02-01", register.context.day.isoformat()):
        row = f"number;purpose;state;date;wording\n{again};{NEWS};given;{day};spring-news\n"
        taken = register.consent_lists.take(io.BytesIO(row.encode()))
        assert [line.reason for line in taken.rejects] == ["said no"], day

    assert status(register, again) != "opted_in"


def test_a_child_does_not_consent_alone_at_any_door(register: Kartoteka) -> None:
    """What `give` refuses is refused by a ground, an entry and a list as well (Art. 8(1))."""
    add_wording(register)
    number = enter(register, personal_code=CHILD)
    with pytest.raises(GuardianNeeded):
        agree(register, number)
    with pytest.raises(GuardianNeeded):
        register.grounds.add(str(number), purposes=[NEWS], evidence="consent")

    text = f"number;purpose;state;date;wording\n{number};{NEWS};given;2026-02-01;spring-news\n"
    taken = register.consent_lists.take(io.BytesIO(text.encode()))
    assert [line.reason for line in taken.rejects] == ["child"]
    news = {"relation": "newsletter", "evidence": "consent", "informed": "unknown"}
    with pytest.raises(GuardianNeeded):
        enter(register, personal_code=OTHER_CHILD, **news)
    # A newsletter keeps no personal code, so a purpose that does comes along.
    order = ImportOrder(purposes=(NEWS, "accounting"), evidence="consent", informed="unknown")
    rows = f"Vārds;Uzvārds;Personas kods\nAnna;Viena;{OTHER_CHILD}\n"
    brought = register.imports.take(io.BytesIO(rows.encode()), order)
    assert [(line.column, line.reason) for line in brought.rejects] == [("Personas kods", "child")]
    assert status(register, number) == "none"


def test_a_no_is_found_after_the_person_has_gone(place: Place, cli: Cli, hire: Hire) -> None:
    """The proof that is left is found by owner and privacy contact, and by nobody else."""
    with place.open() as register:
        add_wording(register)
        number = enter(register, relation="newsletter", evidence="consent")
        agree(register, number)
        register.consents.withdraw(str(number), channel="email")

    found = cli("client", "find", MAIL.upper())
    assert "kartoteka consent list" in found.stderr
    listed = cli("consent", "list", MAIL, "--format", "json")
    assert '"withdrawn"' in listed.stdout
    assert '"kept_until": "2029-03' in listed.stdout
    checked = cli("suppression", "check", MAIL, "--format", "json")
    assert '"direct_marketing"' in checked.stdout
    assert '"why": "withdrawn"' in checked.stdout
    answered = cli("subject", "access", MAIL, "--out", str(place.folder / "answer"))
    assert answered.exit_code == 0, answered.stderr
    document = json.loads((place.folder / "answer" / "answer.json").read_text("utf-8"))
    assert document["anything_kept"]
    assert [line["purpose"] for line in document["consents"]] == [NEWS]
    assert [line["why"] for line in document["remembered_no"]] == ["withdrawn"]
    no = cli("subject", "access", "nobody@example.com", "--out", str(place.folder / "no"))
    assert "No data are held for it" in no.stderr
    assert not json.loads((place.folder / "no" / "answer.json").read_text("utf-8"))["anything_kept"]
    assert cli("subject", "access", "77", "--out", str(place.folder / "nobody")).exit_code == 3
    nothing = cli("suppression", "check", "nobody@example.com")
    assert nothing.exit_code == 0
    assert "Nothing is kept" in nothing.stderr
    clerk = hire("office")
    assert cli("client", "find", MAIL, login=clerk).stderr == "Nothing found.\n"
    assert cli("consent", "list", MAIL, login=clerk).exit_code == 3
    assert cli("suppression", "list", login=hire("technician")).exit_code == 5


@pytest.mark.parametrize("days", [-400, 400])
def test_a_wrong_clock_neither_blocks_a_new_yes_nor_revives_an_old_one(
    place: Place, days: int
) -> None:
    """A machine that is a year off counts with the days of the register, for a no as for a yes."""
    right = place.clock.instant
    with place.open() as register:
        add_wording(register)
        number = enter(register)
        agree(register, number, on=date(2026, 2, 20))
    place.clock.instant = right + timedelta(days=days)
    with place.open() as register:
        register.consents.withdraw(str(number), channel="email")
    place.clock.instant = right + timedelta(days=1)
    with place.open() as register:
        with pytest.raises(YesBeforeNo):
            agree(register, number, on=date(2026, 2, 28))
        assert agree(register, number).permits


def test_midnight_is_that_of_the_firm_and_not_that_of_greenwich(place: Place) -> None:
    """A no of half past midnight in Riga is of that day: a paper from the day before is older."""
    place.clock.instant = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    with place.open() as register:
        add_wording(register)
        number = enter(register)
        assert register.today == date(2026, 3, 4)
        register.consents.object_to(str(number), channel="phone")
        event = register.consents.listing(str(number)).consents[0].events[0]
        assert (event.at, event.entered) == ("2026-03-03T22:30:00Z", "2026-03-04")
    place.clock.instant += timedelta(days=1)
    with place.open() as register:
        for on in (date(2026, 3, 3), date(2026, 3, 4)):
            with pytest.raises(YesBeforeNo):
                agree(register, number, on=on)
        assert agree(register, number, on=date(2026, 3, 5)).permits


def test_the_copy_beside_the_database_is_kept_in_order(place: Place, cli: Cli) -> None:
    """Lost it is written anew, damaged it is told and set aside; what was lifted stays lifted."""
    with place.open() as register:
        number = enter(register)
        register.consents.object_to(str(number), channel="email")
        path = register.context.state / "suppressed"
    before = path.read_bytes()
    path.unlink()
    with place.open():
        assert path.read_bytes() == before
    with place.open() as register:
        add_wording(register)
        agree(register, number)
    path.write_bytes(before)  # the copy of a desk that was switched off meanwhile
    with place.open() as register:
        assert register.suppressions.entries() == ()

    path.write_bytes(path.read_bytes().replace(b"email", b"phone"))
    with place.open() as register:
        register.context.session.database.execute_sql("DELETE FROM suppression")
    told = cli("client", "list")
    assert told.exit_code == 7
    assert path.with_name("suppressed.damaged").exists()


def test_a_refusal_is_recorded_for_those_who_answer(register: Kartoteka) -> None:
    """An entry of the list says when, what and by what it is known, and nobody's name."""
    number = enter(register, phone="+37129123456")
    register.consents.object_to(str(number), channel="email")

    lines = register.suppressions.entries()
    assert {(line.why, line.scope, line.known_by) for line in lines} == {
        ("objected", "marketing", "email"),
        ("objected", "marketing", "phone"),
    }
    assert {line.day for line in lines} == {"2026-03-02"}


def test_nothing_of_an_aborted_entry_is_left(register: Kartoteka) -> None:
    """A refused entry stores nobody and uses up no number."""
    number = enter(register, relation="prospect")
    register.subjects.erase(str(number), "request:8", number)
    with pytest.raises(KartotekaError):
        enter(register)

    order = ConsentOrder(purpose=NEWS, channel="paper", state="refused")
    assert order.state == "refused"
    assert enter(register, email="cits@example.com") == number + 1
