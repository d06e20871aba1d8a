"""What outlives a person: a record with its own clock and key and, afterwards, a fresh id."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gdpr.audit.entries import MODELS
from gdpr.audit.events import Event
from gdpr.audit.journal import Journal
from gdpr.audit.verify import VerifyScope, verify
from gdpr.category import Category, Item, Origin
from gdpr.clock import FixedClock
from gdpr.errors import NotFound
from gdpr.rights.erasure import Erasing
from gdpr.rules.endings import parse_cause
from gdpr.rules.errors import GroundNeeded
from gdpr.rules.facts import Ending, KeptRecord, RecordClock
from gdpr.rules.grounds import Grounds
from gdpr.rules.purposes import Evidence, Trigger
from gdpr.rules.register import parse_purpose
from gdpr.rules.rulebook import load_rulebook, store_registers
from gdpr.rules.stored import TABLES
from gdpr.store.database import create_database
from gdpr.store.fields import OptionalText, Personal, PlainBlob, PlainText
from gdpr.store.record import Record
from gdpr.store.session import Session
from gdpr.store.settings import Setting
from gdpr.store.shred_file import ShredFile, default_place
from gdpr.vault.founding import Owner, found_vault
from gdpr.vault.kdf import FLOOR
from tests.gdpr.kernel import NOON, Cards, declared_by, fresh_id
from tests.gdpr.rules.worlds import document, record_rule

ALPHA, BETA = Category("alpha"), Category("beta")
NAME = Item("name", ALPHA, "https://w3id.org/dpv/pd#Name")
PAPER = Item("paper", BETA, "https://w3id.org/dpv/pd#Transaction")


class Subject(Record):
    subject = "id"

    active = PlainText("last contact")
    name = Personal(NAME, Origin.PROVIDED)

    class Meta:
        table_name = "subject"

    def is_legal_person(self):
        return False

    def active_on(self):
        return date.fromisoformat(self.active)


class Bill(Record):
    subject = "person"
    kept = True

    person = PlainBlob("whose bill", index=True)
    dated = PlainText("day of the bill")
    going_until = OptionalText("last day of grace")
    buyer = Personal(PAPER, Origin.PROVIDED)

    class Meta:
        table_name = "bill"

    def kept_record(self, purpose):
        day = date.fromisoformat(self.dated)
        clock = RecordClock(purpose("books"), "alpha", Trigger.DOCUMENT_DATE, day)
        return KeptRecord(bytes(self.id), "bill", "paper", day, (clock,))


SCHEMA = declared_by(("alpha", "beta"), Subject, Bill, *TABLES, Setting)
BOOKS = document(
    "books",
    "legal_obligation",
    ["name", "paper"],
    record_rule("paper", months=60, round="financial_year_end"),
)
SERVICE = document("service", "contract", ["name"])


class Firm:
    """A firm with one purpose of each kind, and a person with a bill."""

    def __init__(self, folder):
        owner = Owner(b"o" * 16, ("owner",), "correct horse battery staple nine")
        founded = found_vault(SCHEMA.categories, {}, owner, FLOOR, b"w" * 16)
        database = create_database(str(folder / "firm.db"))
        tables = (*SCHEMA.all_models(), *MODELS)
        with database.bind_ctx(tables):
            database.create_tables(tables)
        self.cards = Cards()
        self.cards.add(founded.account.card)
        ring = founded.keyring
        ShredFile.create(default_place(str(folder / "firm.db")), ring.vault_id, ring.integrity)
        self.desk = Session(database, founded.keyring, SCHEMA, frozenset(SCHEMA.categories))
        self.clock = FixedClock(NOON)
        self.journal = Journal(self.desk, folder / "state", self.clock)
        with self.journal.audited_change(Event.PURPOSES_LOADED) as deed:
            store_registers(deed, [parse_purpose(BOOKS), parse_purpose(SERVICE)], [])
        self.grounds = Grounds(self.desk, load_rulebook(self.desk))
        self.erasing = Erasing(self.journal, self.grounds)
        self.today = NOON.date()

    def person_with_bill(self):
        person, bill = fresh_id(), fresh_id()
        opening = self.grounds.by_purposes(
            ["books", "service"], kind="alpha", is_legal=False, evidence=Evidence.CONTRACT
        )
        with self.journal.audited_change(Event.PARTY_ADDED, person) as deed:
            warrant = self.grounds.warrant_for(person, opening)
            deed.insert(Subject(id=person, active="2026-03-01", name="Anna"), warrant)
            deed.insert(Bill(id=bill, person=person, dated="2026-02-02", buyer="Anna B"), warrant)
            self.grounds.open(deed, person, opening, self.today)
        return person, bill

    def verified(self):
        return verify(
            self.desk, VerifyScope(self.journal.desk_id, self.journal.anchors), self.cards
        )


@pytest.fixture
def firm(tmp_path):
    tmp_path.chmod(0o700)
    return Firm(tmp_path)


def test_a_legal_obligation_is_not_ended_while_a_kept_record_needs_it(firm):
    """Ending the books by hand is refused with the day until which they are needed."""
    person, _ = firm.person_with_bill()

    with pytest.raises(GroundNeeded) as refused:
        firm.erasing.end(person, lambda g: True, Ending.ENDED, firm.today, firm.today, now=True)

    assert refused.value.exit_code == 4
    assert refused.value.arguments["until"] == "2031-12-31"


def test_a_bill_outlives_the_person_under_a_fresh_id(firm):
    """After everything else went the bill still opens, and no longer carries the person's id."""
    person, bill = firm.person_with_bill()
    firm.erasing.end(
        person,
        lambda g: g.purpose.code == "service",
        Ending.ENDED,
        firm.today,
        firm.today,
        now=True,
    )

    outcome = firm.erasing.erase(person, parse_cause("no-longer-needed"), firm.today)

    assert outcome.destroyed.whole
    with pytest.raises(NotFound):
        firm.desk.get(Subject, person)
    left = firm.desk.get(Bill, bill)
    assert left.buyer == "Anna B"
    assert bytes(left.person) == outcome.destroyed.remainder
    assert bytes(left.person) != person
    assert not firm.desk.keys_of(person).wrapped
    assert firm.verified().ok


def test_the_log_is_whole_after_every_movement(firm):
    """Sums over all rows equal the digests in the log after ending, erasing and re-keying."""
    people = [firm.person_with_bill()[0] for _ in range(3)]

    firm.erasing.end(
        people[0], lambda g: g.purpose.code == "service", Ending.ENDED, firm.today, firm.today
    )
    firm.erasing.finish(people[0], firm.today + timedelta(30))
    firm.erasing.erase(people[1], parse_cause("unlawful"), firm.today)

    found = firm.verified()
    assert found.ok, found.damages
