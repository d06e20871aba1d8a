"""What is killed: each work with what may be found after it, and how it is finished."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, ClassVar

from crm.keys import users
from crm.models.attached import Employment
from crm.models.files import ImportedFile
from crm.models.party import Party
from crm.transfer import imports
from crm.transfer.cards import ImportOrder
from gdpr.errors import KartotekaError
from gdpr.rules.stored import GroundRow
from gdpr.store.accounts import UserAccount, read_account, read_vault
from gdpr.vault.bundle import unwrap_bundle
from tests.crm.conftest import Login
from tests.crm.planting import FIELDS, FURTHER, NOTE, add_marketing, employ, plant
from tests.faults.invariants import about, opened_outside, sealed_bytes, stored_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place

    Tell = Callable[[object], None]

CANARIES = [text for text in (*FIELDS.values(), NOTE, FURTHER) if len(text) > 2]
OTHERS = {
    "given_name": "Zeltžubīte",
    "family_name": "Kokuspārne",
    "email": "zubite@example.com",
    "phone": "+37128887766",
}


class Work:
    """One thing the product does."""

    from_opening: ClassVar[bool] = False
    # Whether keys are wrapped for somebody, which the library does by a lot of its own.
    by_lot: ClassVar[bool] = False
    canaries: ClassVar[list[str]] = CANARIES + list(OTHERS.values())

    def __init__(self) -> None:
        self.gone: set[bytes] = set()
        # SQLite does not wait until its log is cut on the disk: the power may bring it back.
        self.log_may_come_back = False

    def enter(self, place: Place) -> Kartoteka:
        """Open the register."""
        return place.open()

    def plant(self, register: Kartoteka, place: Place) -> None:
        """Make the register on which the work is done."""
        raise NotImplementedError

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        """Do the work and say what is done as soon as the product has said so."""
        raise NotImplementedError

    def chosen(self, names: list[str]) -> list[int]:
        """Choose the points to be killed at: all of them."""
        return list(range(1, len(names) + 1))

    def before_opening(self, place: Place, state: Path, told: list[str]) -> Iterator[str]:
        """Look at the files before the product mends anything."""
        yield from ()

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        """Compare with what may be there; `*` says that everything was done."""
        raise NotImplementedError

    def finish(self, register: Kartoteka, place: Place) -> None:
        """Do what a user would do next."""
        raise NotImplementedError


class Erasing(Work):
    """Two people are erased, one after the other; a third one stays."""

    from_opening = True

    def plant(self, register: Kartoteka, place: Place) -> None:
        first, second = plant(register, "prospect"), plant(register, "prospect", fields=OTHERS)
        stays = plant(register, "prospect", fields={"given_name": "Paliek"})
        desk = register.context.session
        self.people = {str(p.number): bytes(p.id) for p in (first, second)}
        self.was = {number: about(desk, party) for number, party in self.people.items()}
        self.copy = {number: stored_keys(desk, party) for number, party in self.people.items()}
        self.stays = bytes(stays.id), about(desk, bytes(stays.id))
        self.gone = set().union(*(sealed_bytes(desk, party) for party in self.people.values()))

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        for number in self.people:
            receipt = register.subjects.erase(number, "no-longer-needed", int(number))
            anchor = register.context.journal.anchors.read()
            tell(f"{number} {anchor.seq if anchor else 0} {receipt.state}")

    def before_opening(self, place: Place, state: Path, told: list[str]) -> Iterator[str]:
        ledger = (state / "ledger").read_text() if (state / "ledger").exists() else ""
        for number, _seq, said in (line.split() for line in told):
            if self.people[number].hex() not in ledger:
                yield "I3 a receipt was given and the ledger does not know"
            if said == "shredded":
                seals = (place.vault, place.vault.with_name(place.vault.name + "-wal"))
                held = b"".join(path.read_bytes() for path in seals if path.exists())
                if any(form in held for form in self.sealed_of(number)):
                    yield "I3 called shredded and still in the file"

    def sealed_of(self, number: str) -> set[bytes]:
        return self.gone if number == list(self.people)[-1] else set()

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        acknowledged = {line.split()[0] for line in told}
        head = register.audit.head()
        for line in told:
            if line != "*" and (head is None or head.seq < int(line.split()[1])):
                yield "I3 the log is shorter than it was when a receipt was given"
        for number, party in self.people.items():
            left = about(desk, party)
            if left and acknowledged & {number, "*"}:
                yield f"I3 party {number} was acknowledged erased and is there"
            if left not in ({}, self.was[number]):
                yield f"I4 party {number} is half erased: {len(left)} of {len(self.was[number])}"
            if not left and opened_outside(desk, self.copy[number]):
                yield f"I2 an old copy of the database opens {number}, who was erased"
        if about(desk, self.stays[0]) != self.stays[1]:
            yield "I4 somebody else lost something"

    def finish(self, register: Kartoteka, place: Place) -> None:
        for number, party in self.people.items():
            if register.context.session.first(Party, id=party) is not None:
                register.subjects.erase(number, "no-longer-needed", int(number))


class Ending(Work):
    """All grounds of a client but one end at once; name and mail address stay, under new keys."""

    def plant(self, register: Kartoteka, place: Place) -> None:
        client = plant(register, "client")
        add_marketing(register, client)
        self.party, self.number = bytes(client.id), str(client.number)
        desk = register.context.session
        self.was = about(desk, self.party)
        self.copy = stored_keys(desk, self.party)
        kept = {"given_name", "family_name", "email"}
        self.left = {k: v for k, v in self.was.items() if k[0] == "party" and k[2] in {*kept, ""}}
        (token,) = (bytes(p.email_token) for p in desk.rows(Party, id=self.party))
        self.gone = sealed_bytes(desk, self.party) - {token}

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        register.grounds.end(self.number, all_but=["direct_marketing"], now=True)
        tell("ended")

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        left = about(register.context.session, self.party)
        found = {place: text for place, text in left.items() if place[0] != "ground"}
        was = {place: text for place, text in self.was.items() if place[0] != "ground"}
        if found == self.left and opened_outside(register.context.session, self.copy):
            yield "I2 an old copy of the database opens what has ended"
        if found not in (was, self.left):
            yield f"I4 half ended: {sorted(place[2] for place in found)}"
        if told and found != self.left:
            yield "I3 acknowledged as ended and still there"
        running = sum(row.ended_on is None for row in register.context.session.rows(GroundRow))
        if (running == 1) is not (found == self.left):
            yield "I4 the grounds tell another story than the fields"

    def finish(self, register: Kartoteka, place: Place) -> None:
        register.grounds.end(self.number, all_but=["direct_marketing"], now=True)


class Leaving(Work):
    """A company leaves at once; its places of work go and its contact persons are going."""

    def plant(self, register: Kartoteka, place: Place) -> None:
        company = plant(register, "client", legal=True, fields={"name": "SIA Kanāriju ferma"})
        self.people = [bytes(employ(register, company, "valdes loceklis").id) for _ in range(2)]
        self.party, self.number = bytes(company.id), str(company.number)
        self.gone = sealed_bytes(register.context.session, self.party)

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        register.grounds.end(self.number, all_but=["direct_marketing"], now=True)
        tell("left")

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        there = desk.first(Party, id=self.party) is not None
        if told and there:
            yield "I3 acknowledged as gone and still there"
        if there is not bool(desk.rows(Employment, company=self.party)):
            yield "I4 a place of work without its company, or the other way round"
        if told and any(row.ended_on is None for row in self.grounds(register)):
            yield "I7 a contact person of nobody is kept without an end"

    def grounds(self, register: Kartoteka) -> list[GroundRow]:
        rows = register.context.session.rows
        return [row for person in self.people for row in rows(GroundRow, party=person)]

    def finish(self, register: Kartoteka, place: Place) -> None:
        if register.context.session.first(Party, id=self.party) is not None:
            register.grounds.end(self.number, all_but=["direct_marketing"], now=True)
        else:
            register.retention.run()


class ChangingPassword(Work):
    """The owner changes the password; the old one or the new one opens, never neither or both."""

    new = "pieci resni suņi rej naktī skaļi"

    def plant(self, register: Kartoteka, place: Place) -> None:
        plant(register, "prospect")
        self.old = place.owner.password
        (row,) = (r for r in register.users._context.session.rows(UserAccount) if r.wrapped_bundle)
        self.gone = {bytes(row.wrapped_bundle), bytes(row.kdf_salt)}
        self._remember(register)

    def _remember(self, register: Kartoteka) -> None:
        """Work the new wrap out once: a child per point would pay for argon2 three times."""
        desk = register.context.session
        account = read_account(desk.database, desk.ring.vault_id, "anna")
        root = read_vault(desk.database).root_public
        changed = users.change_password(account, self.old, self.new, register.users._cost(), root)
        users.change_password = lambda *_: changed

    def enter(self, place: Place) -> Kartoteka:
        passwords = iter((self.old, self.new))
        for password in passwords:
            try:
                return place.open(Login(place.owner.name, password))
            except KartotekaError as error:
                if error.exit_code != 5 or password == self.new:
                    raise
        raise AssertionError

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        register.users.change_password(self.old, self.new)
        tell("changed")

    def opens(self, register: Kartoteka, password: str) -> bool:
        desk = register.context.session
        account = read_account(desk.database, desk.ring.vault_id, "anna")
        place = (desk.ring.vault_id, account.card.user_id)
        try:
            unwrap_bundle(account.wrapped_bundle, password, account.kdf, *place)
        except KartotekaError:
            return False
        return True

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        old, new = (self.opens(register, password) for password in (self.old, self.new))
        if old is new:
            yield "I4 both passwords open, or neither"
        if told and not new:
            yield "I3 acknowledged as changed and the old one opens"

    def finish(self, register: Kartoteka, place: Place) -> None:
        if self.opens(register, self.old):
            register.users.change_password(self.old, self.new)


class Importing(Work):
    """A client list is taken in, in five batches; one of its rows is refused."""

    canaries: ClassVar[list[str]] = ["Kanārijbirojs", "kanarijbirojs", "Kanāriju prospekts"]
    rows, batch, bad = 40, 8, 17

    def plant(self, register: Kartoteka, place: Place) -> None:
        imports.BATCH = self.batch
        register.clients.list()
        lines = ["Nosaukums;E-pasts;Tālrunis;Juridiskā adrese"]
        self.wanted = {}
        for n in range(self.rows):
            mail = "bez adreses" if n == self.bad else f"b{n}@kanarijbirojs.example"
            row = (f"SIA Kanārijbirojs {n}", mail, f"+371 2911{n:04}", f"Kanāriju prospekts {n}")
            lines.append(";".join(row))
            if n != self.bad:
                self.wanted[row[0]] = (mail, row[3])
        # The list lies where the program does not write, so that it is no residue of it.
        self.file = "\n".join(lines).encode()
        # How many rows are in after so many batches.
        self.steps = [len([n for n in range(k) if n != self.bad]) for k in self._ends()]

    def _ends(self) -> list[int]:
        return list(range(0, self.rows + 1, self.batch))

    def chosen(self, names: list[str]) -> list[int]:
        return sorted(random.Random(11).sample(range(1, len(names) + 1), 200))

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        order = ImportOrder(relation="client")
        register.imports.take(io.BytesIO(self.file), order, progress=lambda _: tell("a batch"))

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        there = {row.name: (row.email, row.legal_address) for row in desk.rows(Party)}
        wrong = [name for name, row in there.items() if self.wanted.get(name) != row]
        if wrong or len(there) != len(desk.rows(Party)):
            yield f"I4 half imported or twice: {wrong}"
        if len(there) not in self.steps:
            yield f"I4 {len(there)} rows are there, which no batch ends at"
        marked = sum(byte.bit_count() for f in desk.rows(ImportedFile) for byte in f.lines)
        if marked != len(there):
            yield f"I4 {marked} lines are marked as taken in, and {len(there)} are"
        least = len(self.wanted) if "*" in told else self.steps[len(told)]
        if len(there) < least:
            yield f"I3 {len(there)} of {least} acknowledged rows are there"

    def finish(self, register: Kartoteka, place: Place) -> None:
        self.do(register, place, lambda _: None)


WORKS: dict[str, type[Work]] = {
    "erasing": Erasing,
    "ending": Ending,
    "leaving": Leaving,
    "changing a password": ChangingPassword,
    "importing": Importing,
}
