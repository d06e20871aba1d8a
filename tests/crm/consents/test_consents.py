"""Consents on record: bound to their grounds, kept as proof, and honest after every movement."""

from __future__ import annotations

import base64
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from crm.consents.errors import NoConsentWhenGoing, WordingNeeded
from crm.errors import DayAhead, NotHeld
from crm.grounds.consent_rules import consents_of
from crm.grounds.errors import (
    GuardianNeeded,
    HasObjected,
    NoSuchWording,
    NotAGuardian,
    NotByConsent,
    ScanTooLarge,
    WordingElsewhere,
)
from crm.models.attached import NoticeGiven
from crm.models.consents import Consent, EvidenceFile
from crm.models.party import Party
from crm.parties.cards import NewClient
from crm.shape.errors import TextTooLong
from crm.transfer.cards import ConsentOrder
from gdpr.audit.events import Event
from gdpr.audit.ledger import LedgerState
from gdpr.errors import ConsentStep, Locked, NotFound, Unreadable, YesBeforeNo
from gdpr.rules.consent_rows import ConsentEvent
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.purposes import Evidence as Shown
from gdpr.store.ids import new_id
from tests.crm.conftest import residue
from tests.crm.consenting import add_wording, agree
from tests.crm.planting import FIELDS, plant

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place

NEWS = "direct_marketing"
REPLAY = """
INSERT INTO consent_event SELECT randomblob(16), rev, mac, consent, 3, state, happened, entered,
channel, wording, wording_version, language, wording_hash, evidence, evidence_hash, by_guardian,
actor, card_counter, prev, sig, said_on FROM consent_event WHERE seq = 1
"""


def live(register: Kartoteka, number: int) -> set[str]:
    """Return the purposes that hold today upon a consent."""
    return {
        line.purpose
        for line in register.grounds.listing(str(number))
        if line.state == "live" and line.evidence == "consent"
    }


def states(register: Kartoteka, number: int) -> list[str]:
    """Return everything that happened to the consent to the news."""
    (consent,) = register.consents.listing(str(number)).consents
    return [step.state for step in consent.events]


@pytest.fixture
def firm(register: Kartoteka) -> Kartoteka:
    """Open a register with a text to consent to."""
    add_wording(register)
    return register


def test_a_yes_opens_the_ground_and_a_no_ends_it_at_once(firm: Kartoteka) -> None:
    """Giving and withdrawing are each one step, and the ground lives exactly between them."""
    number = plant(firm, "client").number

    line = agree(firm, number)

    assert line.permits
    assert live(firm, number) == {NEWS}
    assert firm.consents.listing(str(number)).marketing_status == "opted_in"
    receipt = firm.consents.withdraw(str(number), channel="email")
    assert (receipt.grounds_ended, receipt.going_until, receipt.state) == (1, None, "shredded")
    assert live(firm, number) == set()
    assert states(firm, number) == ["given", "withdrawn"]
    assert firm.consents.listing(str(number)).marketing_status == "objected"


def test_a_note_too_long_is_refused_and_not_cut(firm: Kartoteka) -> None:
    """Half of what somebody wrote of a no would be a proof of something else."""
    number = str(plant(firm, "client").number)

    with pytest.raises(TextTooLong):
        firm.consents.withdraw(number, channel="email", note="ā" * 10_001)

    assert firm.consents.withdraw(number, channel="email", note="ā" * 10_000).state


def test_a_paper_counts_from_its_date_and_keeps_the_day_of_entry(firm: Kartoteka) -> None:
    """A back-dated consent holds from the day on the paper; the day it was entered stays."""
    number = plant(firm, "client").number

    line = agree(firm, number, on=date(2025, 11, 3))

    assert (line.since, line.entered) == ("2025-11-03", "2026-03-02")
    (ground,) = [g for g in firm.grounds.listing(str(number)) if g.purpose == NEWS]
    assert ground.since == "2025-11-03"
    with pytest.raises(DayAhead):
        agree(firm, number, on=firm.context.day + timedelta(1))


def test_a_paper_older_than_a_no_undoes_no_withdrawal(firm: Kartoteka) -> None:
    """What somebody agreed to before saying no is history; a new yes counts, also the same day."""
    number = plant(firm, "client").number
    agree(firm, number)
    firm.consents.withdraw(str(number), channel="phone")

    with pytest.raises(YesBeforeNo) as refused:
        agree(firm, number, on=firm.context.day - timedelta(1))

    assert refused.value.exit_code == 4
    assert states(firm, number) == ["given", "withdrawn"]
    assert live(firm, number) == set()
    order = ConsentOrder(
        purpose=NEWS, state="requested", channel="email", wording="spring-news", on=date(2020, 1, 1)
    )
    firm.consents.note(str(number), order)
    with pytest.raises(YesBeforeNo):
        agree(firm, number, on=date(2020, 1, 2))
    line = agree(firm, number, on=firm.context.day)
    assert (line.state, line.permits) == ("given", True)


def test_a_consent_is_proof_that_the_person_was_told(firm: Kartoteka) -> None:
    """A yes puts on record when, how and with which text they were told; a renewal adds none."""
    number = plant(firm, "client").number

    agree(firm, number, on=date(2025, 11, 3))
    agree(firm, number, channel="web_form")

    (row,) = firm.context.session.rows(NoticeGiven)
    assert (row.given, row.channel, row.evidence) == ("2025-11-03", "form", "spring-news@1")
    (line,) = [line for line in firm.notice_delivery.uninformed() if line.number == number]
    assert NEWS not in line.purposes


def test_the_doctor_names_grounds_on_a_consent_that_is_not_on_record(firm: Kartoteka) -> None:
    """Whoever rests on a consent must be able to show it (Art. 7(1))."""

    def check() -> tuple[str, int, tuple[str, ...]]:
        found = next(c for c in firm.doctor.examine().checks if c.check == "unproven")
        return found.state, found.count, found.detail

    number = plant(firm, "client").number
    firm.grounds.add(str(number), purposes=[NEWS], evidence="consent")

    assert check() == ("warning", 1, (str(number),))
    agree(firm, number)
    assert check() == ("ok", 0, ())


def test_a_second_yes_is_a_renewal(firm: Kartoteka) -> None:
    """Who agrees again renews; there is still one ground."""
    number = plant(firm, "client").number
    agree(firm, number)

    assert agree(firm, number, channel="web_form").state == "renewed"
    assert live(firm, number) == {NEWS}


def test_a_withdrawal_destroys_what_nothing_names_any_more(place: Place) -> None:
    """Who is kept for the news alone goes whole with the no, and leaves only the proof of it."""
    with place.open() as register:
        add_wording(register)
        number = register.clients.add(_subscriber()).number
        party = bytes(register.context.session.first(Party, number=number).id)
        agree(register, number, note="uz lapas kanārijas stendā")

        preview = register.consents.preview(str(number))
        receipt = register.consents.withdraw(str(number), channel="email")

        assert {line["item"] for line in preview.goes} >= {"name", "email"}
        assert {line["item"] for line in preview.stays} == {"consent_proof"}
        assert receipt.whole
        (kept,) = receipt.stays
        assert (kept.items, kept.until) == (("consent_proof",), "2029-03-02")
        assert register.context.session.first(Party, number=number) is None
        (file,) = register.context.session.rows(Consent)
        assert bytes(file.party) != party
        assert str(file.identifier).endswith("zeltene@example.com")
        assert [e.state for e in consents_of(register.context).events(file)] == [
            "given",
            "withdrawn",
        ]
        assert register.audit.verify().ok
    for name, content in residue(place.folder):
        for text in ("Zeltene", "zeltene@example.com", "kanārijas stendā"):
            assert text.encode() not in content, name


def test_proof_goes_when_its_period_is_over(place: Place) -> None:
    """Thirty-six months after the no the proof is shown as going, and then nothing is left."""
    with place.open() as register:
        add_wording(register)
        number = register.clients.add(_subscriber()).number
        agree(register, number, note="piezīme")
        register.consents.withdraw(str(number), channel="email")
        was = [bytes(register.context.session.rows(Consent)[0].__data__["identifier"])]
        was += [bytes(register.context.session.rows(EvidenceFile)[0].__data__["note"])]
    for day, wanted in ((date(2029, 3, 2), 1), (date(2029, 3, 3), 1), (date(2029, 3, 18), 0)):
        place.clock.instant = place.clock.instant.replace(
            year=day.year, month=day.month, day=day.day
        )
        with place.open() as register:
            register.retention.run(place.clock.today())
            assert len(register.context.session.rows(Consent)) == wanted, day
            if day == date(2029, 3, 3):
                # Fourteen days of grace from the day after the last one of its period.
                (line,) = register.retention.due()
                assert (line.number, line.what, line.day) == (0, "goes", "2029-03-17")
    with place.open() as register:
        assert not register.context.session.rows(ConsentEvent)
        assert not register.context.session.rows(EvidenceFile)
        assert register.audit.verify().ok
    for name, content in residue(place.folder):
        assert not [sealed for sealed in was if sealed in content], name


def test_an_erasure_ends_consents_and_keeps_their_proof(firm: Kartoteka) -> None:
    """However somebody goes, no consent is left standing, and the receipt names the proof."""
    party = plant(firm, "prospect")
    number = party.number
    agree(firm, number)

    receipt = firm.subjects.erase(str(number), "no-longer-needed", number)

    assert receipt.whole
    assert [line.items for line in receipt.stays] == [("consent_proof",)]
    (file,) = firm.context.session.rows(Consent)
    events = consents_of(firm.context).events(file)
    assert [(e.state, e.channel) for e in events] == [("given", "paper"), ("revoked", "register")]
    with pytest.raises(NotFound):
        agree(firm, number)


def test_a_scan_goes_with_the_consent_and_a_note_stays_with_the_proof(
    firm: Kartoteka, tmp_path: Path
) -> None:
    """The paper itself is destroyed when the consent ends; words about it stay with the proof."""
    number = plant(firm, "client").number
    scan = tmp_path / "lapa.pdf"
    scan.write_bytes(b"%PDF kanarija")
    agree(firm, number, scan=scan, note="oriģināls mapē 7")
    (row,) = firm.context.session.rows(EvidenceFile)
    name, _line, content = str(row.scan)[32:].partition("\n")
    assert (name, base64.b64decode(content)) == ("lapa.pdf", b"%PDF kanarija")
    sealed = bytes(row.__data__["scan"])

    firm.consents.withdraw(str(number), channel="paper")

    (row,) = firm.context.session.rows(EvidenceFile)
    assert not row.holds("scan")
    steps = firm.consents.listing(str(number)).consents[0].events
    assert (steps[0].evidence, steps[0].note) == ("file", "oriģināls mapē 7")
    assert firm.audit.verify().ok
    path = firm.context.session.database.database
    with open(path, "rb") as file:  # noqa: PTH123 - as the database names it
        assert sealed not in file.read()


def test_a_scan_that_does_not_fit_is_refused(firm: Kartoteka, tmp_path: Path) -> None:
    """A file larger than a sealed field takes is named, and nothing is recorded."""
    number = plant(firm, "client").number
    scan = tmp_path / "film.bin"
    scan.write_bytes(bytes(800 << 10))

    with pytest.raises(ScanTooLarge):
        agree(firm, number, scan=scan)

    assert not firm.context.session.rows(Consent)


def test_a_consent_names_a_text_that_speaks_of_its_purpose(firm: Kartoteka) -> None:
    """Without a text, with an unknown one or with one about something else there is no yes."""
    number = plant(firm, "client").number
    add_wording(firm, "invitations", purposes='["events"]', text="Piekrītu ielūgumiem.")

    for wording, error in (
        (None, WordingNeeded),
        ("autumn-news", NoSuchWording),
        ("spring-news@9", NoSuchWording),
        ("invitations", WordingElsewhere),
    ):
        with pytest.raises(error):
            agree(firm, number, wording=wording)

    assert not firm.context.session.rows(Consent)


def test_the_newest_text_in_the_persons_language_is_taken(firm: Kartoteka) -> None:
    """A code alone means the newest version, in the language the person speaks."""
    number = plant(firm, "client").number
    add_wording(firm, version=2, text="Piekrītu saņemt jaunumus.")
    add_wording(firm, version=3, language="en", text="I agree to receive news.")

    line = agree(firm, number)

    assert (line.wording_version, line.language) == (2, "lv")
    assert agree(firm, number, language="en").wording_version == 3
    assert agree(firm, number, wording="spring-news@1").wording_version == 1


def test_what_does_not_rest_on_consent_takes_none(firm: Kartoteka) -> None:
    """Asking for consent to what law or contract demands would mislead, so it is refused."""
    number = plant(firm, "client").number

    with pytest.raises(NotByConsent) as refused:
        agree(firm, number, purpose="accounting")

    assert refused.value.exit_code == 4


def test_a_child_needs_a_parent(firm: Kartoteka) -> None:
    """Below the age of the firm's country the parent is named, and the parent is no child."""
    born = {"given_name": "Anniņa", "email": "a@example.com", "personal_code": "010514-20008"}
    child = plant(firm, "client", fields=born).number
    parent = plant(firm, "client", fields={"given_name": "Māte", "email": "m@example.com"}).number
    company = plant(firm, "client", legal=True, fields={"name": "SIA Skola"}).number

    with pytest.raises(GuardianNeeded) as refused:
        agree(firm, child)
    for wrong in (child, company):
        with pytest.raises(NotAGuardian):
            agree(firm, child, guardian=str(wrong))
    line = agree(firm, child, guardian=str(parent))

    assert (refused.value.exit_code, refused.value.arguments["age"]) == (4, 13)
    assert line.events[0].by_guardian
    assert line.events[0].note == f"guardian: {parent}"
    with pytest.raises(GuardianNeeded):
        agree(firm, parent, minor=True)
    # Said to be a minor without a code that tells the age, and still no guardian of oneself.
    with pytest.raises(NotAGuardian):
        agree(firm, parent, minor=True, guardian=str(parent))
    assert firm.consents.withdraw(str(child), channel="phone").grounds_ended == 1


def test_somebody_who_is_going_says_no_but_not_yes(firm: Kartoteka) -> None:
    """While data are going no new consent is taken; a withdrawal is."""
    number = plant(firm, "client").number
    agree(firm, number)
    firm.grounds.end(str(number), all_but=["statistics"])

    with pytest.raises(NoConsentWhenGoing):
        agree(firm, number)

    assert states(firm, number) == ["given"]
    firm.consents.withdraw(str(number), channel="email")
    assert states(firm, number) == ["given", "withdrawn"]


def test_an_objection_stops_what_needed_no_consent(firm: Kartoteka) -> None:
    """Who is written to by the soft opt-in objects, and the objection outweighs a later one."""
    number = plant(firm, "client").number
    firm.grounds.add(
        str(number), purposes=[NEWS], evidence="soft-opt-in", informed=firm.context.day
    )
    assert firm.consents.listing(str(number)).marketing_status == "soft_opt_in"

    receipt = firm.consents.withdraw(str(number), channel="email")

    assert (receipt.because, receipt.grounds_ended) == ("objected", 1)
    told = firm.context.day
    with pytest.raises(HasObjected):
        firm.grounds.add(str(number), purposes=[NEWS], evidence="soft-opt-in", informed=told)
    assert firm.consents.listing(str(number)).marketing_status == "objected"


def test_a_no_to_what_was_never_asked_is_only_taken_for_marketing(firm: Kartoteka) -> None:
    """Anybody may object to marketing beforehand; elsewhere there is nothing to withdraw."""
    number = plant(firm, "client").number

    assert firm.consents.withdraw(str(number), channel="phone").because == "objected"
    survey = firm.consents.withdraw(str(number), "market_research", channel="phone")
    assert survey.because == "objected"
    with pytest.raises(NotHeld):
        firm.consents.withdraw(str(number), "loyalty", channel="phone")


def test_steps_without_a_yes_open_no_ground(firm: Kartoteka) -> None:
    """A request, a deferral and a refusal are on record and permit nothing."""
    number = plant(firm, "client").number
    told = {"purpose": NEWS, "channel": "email"}

    firm.consents.note(str(number), ConsentOrder(state="requested", wording="spring-news", **told))
    firm.consents.note(str(number), ConsentOrder(state="deferred", **told))
    firm.consents.note(str(number), ConsentOrder(state="refused", **told))

    assert states(firm, number) == ["requested", "deferred", "refused"]
    assert live(firm, number) == set()
    assert firm.consents.listing(str(number)).marketing_status == "objected"
    with pytest.raises(ConsentStep):
        firm.consents.note(str(number), ConsentOrder(state="deferred", **told))


def test_a_consent_found_invalid_ends_its_ground(firm: Kartoteka) -> None:
    """What rested on it stops at once."""
    number = plant(firm, "client").number
    agree(firm, number)

    firm.consents.note(
        str(number), ConsentOrder(purpose=NEWS, channel="email", state="invalidated")
    )

    assert states(firm, number) == ["given", "invalidated"]
    assert live(firm, number) == set()


def test_a_withdrawal_is_in_the_ledger_and_done_again_after_a_restore(place: Place) -> None:
    """A database from before the no comes back with the no in force."""
    vault = place.vault
    with place.open() as register:
        add_wording(register)
        number = plant(register, "client").number
        soft = plant(register, "client", fields={"given_name": "S", "email": "s@example.com"})
        day = register.context.day
        register.grounds.add(
            str(soft.number), purposes=[NEWS], evidence="soft-opt-in", informed=day
        )
        agree(register, number)
    before = vault.read_bytes()
    with place.open() as register:
        register.consents.withdraw(str(number), channel="email")
        register.consents.withdraw(str(soft.number), channel="email")
        kinds = [(event.kind, event.because) for event in register.context.journal.ledger.events()]
        assert kinds == [("withdrawn", f"withdrawn:{NEWS}"), ("objected", f"objected:{NEWS}")]
    for leftover in vault.parent.glob(f"{vault.name}-*"):
        leftover.unlink()
    vault.write_bytes(before)

    with place.open() as register:
        assert states(register, number) == ["given", "withdrawn"]
        assert live(register, number) == set()
        assert register.consents.listing(str(soft.number)).marketing_status == "objected"
        written = register.context.journal.ledger.events()
        assert list(written.values()).count(LedgerState.REPLAYED) == 2


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE consent_event SET state = 'given' WHERE seq = 2", "edit"),
        ("UPDATE consent_event SET happened = happened + 1 WHERE seq = 1", "edit"),
        ("DELETE FROM consent_event WHERE seq = 2", "delete"),
        ("UPDATE consent_event SET seq = seq + 10", "reorder"),
        (REPLAY, "replay"),
    ],
)
def test_tampering_with_an_event_is_found(firm: Kartoteka, statement: str, why: str) -> None:
    """An edited, deleted, reordered or replayed event is damage to the log and to the list."""
    number = plant(firm, "client").number
    agree(firm, number)
    firm.consents.withdraw(str(number), channel="email")
    assert firm.audit.verify().ok

    firm.context.session.database.execute_sql(statement)

    found = firm.audit.verify()
    assert not found.ok, why
    assert {damage.table for damage in found.damages} >= {"consent_event"}
    with pytest.raises(Unreadable):
        firm.consents.listing(str(number))


@pytest.mark.parametrize("change", ["state", "replay", "swap", "identity"])
def test_who_holds_the_row_key_still_cannot_forge_a_word(firm: Kartoteka, change: str) -> None:
    """Even rows written anew with a right MAC are found out by signature, chain and identity."""
    one, other = plant(firm, "client"), plant(firm, "client", fields={"email": "o@example.com"})
    agree(firm, one.number)
    agree(firm, other.number)
    firm.consents.withdraw(str(one.number), channel="email")
    office = firm.context
    book = consents_of(office)
    file = book.files(bytes(one.id))[0]
    given, withdrawn = book.events(file)
    with office.journal.audited_change(Event.CONSENT_RECORDED) as deed:
        if change == "state":
            withdrawn.state = "renewed"
            deed.update(withdrawn)
        elif change == "replay":
            given.prev, given.seq = bytes(given.prev), 3
            copy = ConsentEvent(**{**given.__data__, "id": b"r" * 16, "seq": 3})
            deed.insert(copy)
            file.events = 3
            deed.update(file)
        elif change == "swap":
            file.party, theirs = bytes(other.id), book.files(bytes(other.id))[0]
            theirs.party = b"x" * 16
            deed.update(theirs)
            theirs_events = book.events(theirs)
            theirs_events[0].consent, given.consent = bytes(file.id), bytes(theirs.id)
            given.seq, theirs_events[0].seq = 7, 1
            deed.update(given)
            deed.update(theirs_events[0])
        else:
            file.identity_hash = bytes(32)
            deed.update(file)

    found = firm.audit.verify()

    assert not found.ok
    assert {d.table for d in found.damages} <= {"consent", "consent_event"}


def test_roles_without_the_key_see_and_change_nothing(place: Place, hire: Hire) -> None:
    """A technician reads no consents and enters none; the office does both."""
    with place.open() as register:
        add_wording(register)
        number = plant(register, "client").number
    technician, office = hire("technician"), hire("office")

    with place.open(technician) as register:
        with pytest.raises(Locked):
            register.consents.listing(str(number))
        with pytest.raises(Locked):
            register.consents.withdraw(str(number), channel="email")
    with place.open(office) as register:
        agree(register, number)
        assert register.consents.withdraw(str(number), channel="email").grounds_ended == 1
    with place.open() as register:
        assert register.audit.verify().ok


def _subscriber() -> NewClient:
    return NewClient(
        kind="natural",
        given_name="Zeltene",
        family_name="Kanāriņa",
        email="zeltene@example.com",
        relation="newsletter",
        evidence="consent",
    )


class Life(RuleBasedStateMachine):
    """One person whose consent is given, taken back, imported, ended and reopened in any order."""

    firm: Kartoteka

    @initialize()
    def arrive(self) -> None:
        # A no is remembered by the address, so each life has its own.
        names = {"given_name": "A", "email": f"l{new_id().hex()}@example.com"}
        self.party = plant(self.firm, "client", fields=names)
        self.number = self.party.number
        self.files = 0

    def state(self) -> ConsentState | None:
        return consents_of(self.firm.context).state(bytes(self.party.id), NEWS)

    @rule()
    def give(self) -> None:
        agree(self.firm, self.number)

        assert self.state() in {ConsentState.GIVEN, ConsentState.RENEWED}

    @rule()
    def withdraw(self) -> None:
        self.firm.consents.withdraw(str(self.number), channel="email")

        state = self.state()
        assert state is not None
        assert state.forbids

    @rule(word=st.sampled_from(["given", "renewed"]))
    def import_a_yes(self, word: str) -> None:
        before = self.state()

        self.take(word)

        after = self.state()
        asked = {None, ConsentState.UNKNOWN, ConsentState.REQUESTED, ConsentState.DEFERRED}
        assert after is not None
        assert not after.permits or before in asked or (before is not None and before.permits)

    @rule(
        word=st.sampled_from(
            ["withdrawn", "objected", "expired", "revoked", "invalidated", "requested"]
        )
    )
    def import_something_else(self, word: str) -> None:
        self.take(word)

    def take(self, word: str) -> None:
        """Import a list that no earlier one equals."""
        self.files += 1
        rows = ["number;purpose;state;date;channel;wording"]
        rows += [f"{self.number};{NEWS};{word};2026-03-02;paper;spring-news"]
        rows += [""] * self.files
        self.firm.consent_lists.take(io.BytesIO("\r\n".join(rows).encode()))

    @rule()
    def end_the_ground(self) -> None:
        if NEWS in {line.purpose for line in self.firm.grounds.listing(str(self.number))}:
            self.firm.grounds.end(str(self.number), purposes=[NEWS])

    @rule()
    def reopen(self) -> None:
        lines = self.firm.grounds.listing(str(self.number))
        if any(line.state == "going" for line in lines):
            self.firm.grounds.reopen(str(self.number))

    @invariant()
    def nothing_is_done_without_a_basis(self) -> None:
        state = self.state() if hasattr(self, "party") else None
        grounds = [] if state is None else self.firm.context.grounds.of(bytes(self.party.id))
        today = self.firm.context.day
        held = [
            g
            for g in grounds
            if g.purpose.code == NEWS and g.evidence is Shown.CONSENT and not g.has_ended(today)
        ]
        assert not held or (state is not None and state.permits)
        if state is not None and state.forbids:
            found = self.firm.consents.listing(str(self.number))
            assert found.marketing_status == "objected"


def test_no_path_leads_to_processing_without_a_basis(firm: Kartoteka) -> None:
    """Whatever happens in whatever order: a live ground upon consent has a standing yes."""
    machine = type("Life", (Life,), {"firm": firm})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert firm.audit.verify().ok


def test_fields_of_others_stay_whole(firm: Kartoteka) -> None:
    """A withdrawal leaves every field of the client that another purpose names."""
    party = plant(firm, "client")
    agree(firm, party.number)
    firm.consents.withdraw(str(party.number), channel="email")

    row = firm.context.session.get(Party, bytes(party.id))

    assert {
        c.name: getattr(row, c.name) for c in Party.layout().sealed if row.holds(c.name)
    } == FIELDS
