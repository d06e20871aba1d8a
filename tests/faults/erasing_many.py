"""Several people destroyed in one go as a work to be killed, after a run that was killed before.

Each goes in a transaction of its own; the new secrets of their groups and the cut of the log come
once, at the end. So whoever opens after a kill must find what still waits, and finish it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm.grounds.ground_endings import end_grounds, erasing
from gdpr.audit.shredding import Lot
from gdpr.store import shred_groups
from tests.crm.planting import plant
from tests.faults.invariants import about, opened_outside, sealed_bytes, stored_keys
from tests.faults.works import OTHERS, Work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from gdpr.store.session import Session
    from tests.crm.conftest import Place
    from tests.faults.works import Tell


class ErasingMany(Work):
    """One run was killed after its first person; the next opening ends it, and another begins.

    Two owners share a group: one group is that of the person whom the killed run destroyed, one
    keeps somebody, who is to open ever after, and one loses both.
    """

    from_opening = True

    def plant(self, register: Kartoteka, place: Place) -> None:
        shred_groups.OWNERS = 2
        office, desk = register.context, register.context.session
        names = (None, {"given_name": "Blakus"}, OTHERS, {"given_name": "Paliek"})
        half, beside, first, stays = (plant(register, "prospect", fields=one) for one in names)
        both = [
            plant(register, "prospect", fields={"given_name": name}) for name in ("Abi", "Divi")
        ]
        due = (half, first, *both)
        self.people = {str(party.number): bytes(party.id) for party in due}
        self.was = {number: data_of(desk, party) for number, party in self.people.items()}
        self.copy = {number: stored_keys(desk, party) for number, party in self.people.items()}
        self.stay = {bytes(party.id): about(desk, bytes(party.id)) for party in (beside, stays)}
        self.secrets = {desk.groups.file.pages.newest(group)[1] for group in range(3)}
        self.gone = set().union(*(sealed_bytes(desk, party) for party in self.people.values()))
        for party in due:
            end_grounds(office, party, lambda _ground: True)
        place.clock.instant += timedelta(90)
        # As far as a run comes that is killed before its end.
        self.half = str(half.number)
        erasing(office, Lot()).finish(self.people[self.half], place.clock.today())
        # Whoever closes a register does what waits; who was killed could not.
        vars(office.journal)["shred"] = list

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        tell("opened")
        self.finish(register, place)
        tell("ran")

    def finish(self, register: Kartoteka, place: Place) -> None:
        register.retention.run(accept=register.context.asked)

    def before_opening(self, place: Place, state: Path, told: list[str]) -> Iterator[str]:
        endings = ("", ".shred") if self.log_may_come_back else ("", ".shred", "-wal")
        files = [place.vault.with_name(place.vault.name + ending) for ending in endings]
        held = b"".join(path.read_bytes() for path in files if path.exists())
        if "opened" in told and any(stored in held for _, _, stored in self.copy[self.half]):
            yield "I3 the register was opened and a destroyed key is still in its file"
        if "ran" not in told:
            return
        if any(secret in held for secret in self.secrets):
            yield "I3 all was said to be done and an old secret is still there"
        if any(form in held for form in self.gone):
            yield "I3 all was said to be done and it is still in the file"
        # That it is shredded may be lost with the power, and is then found out again.
        ledger = (state / "ledger").read_text()
        if any(party.hex() not in ledger for party in self.people.values()):
            yield "I3 all was said to be done and the ledger does not know"

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        for number, party in self.people.items():
            left = data_of(desk, party)
            if left and ({"ran", "*"} & set(told) or number == self.half):
                yield f"I3 party {number} was said to be gone and is there"
            if left not in ({}, self.was[number]):
                yield f"I4 party {number} is half destroyed"
            if not left and opened_outside(desk, self.copy[number]):
                yield f"I2 an old copy of the database opens {number}, who was destroyed"
        if any(about(desk, party) != was for party, was in self.stay.items()):
            yield "I4 somebody else lost something"


def data_of(desk: Session, party: bytes) -> dict[tuple[str, bytes, str], str | None]:
    """Return what is stored about somebody besides the grounds, which end before."""
    return {key: text for key, text in about(desk, party).items() if key[0] != "ground"}
