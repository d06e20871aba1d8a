"""One of several programs that work on one register at the same time.

`python -m tests.faults.several VAULT USER SECONDS PART SEED` opens and closes the register again
and again until its time is over and does its part in it. The answer is one JSON object on stdout:
what was acknowledged, and every error that a user would have seen. The password is on stdin.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from typing import TYPE_CHECKING

from crm.kartoteka import Kartoteka
from crm.parties.cards import NewClient
from gdpr.clock import FixedClock
from gdpr.errors import KartotekaError
from tests.crm.conftest import NOON
from tests.once import be_quick

if TYPE_CHECKING:
    from collections.abc import Callable

_VERBS = 6
_ROTATING = 0.3


class Part:
    """What one program does, and what it was told is done."""

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self.chance = random.Random(seed)
        self.added: dict[int, str] = {}
        self.notes: dict[int, int] = {}
        self.erased: list[int] = []
        self.errors: list[str] = []
        self.rounds = 0

    def add(self, register: Kartoteka) -> None:
        mail = f"{self.name}.{len(self.added)}@example.com"
        new = NewClient(
            kind="natural",
            given_name=f"Vārds{len(self.added)}",
            family_name=f"Uzvārds{self.name}",
            email=mail,
            relation="prospect",
        )
        self.added[register.clients.add(new, anyway=True).number] = mail

    def note(self, register: Kartoteka) -> None:
        if living := sorted(set(self.added) - set(self.erased)):
            number = self.chance.choice(living)
            register.notes.add(str(number), "zvanīja, atzvanīt rīt")
            self.notes[number] = self.notes.get(number, 0) + 1

    def find(self, register: Kartoteka) -> None:
        register.clients.find(f"uzvards{self.name}")
        if living := sorted(set(self.added) - set(self.erased)):
            register.clients.show(str(self.chance.choice(living)))

    def erase(self, register: Kartoteka) -> None:
        if living := sorted(set(self.added) - set(self.erased)):
            number = self.chance.choice(living)
            register.subjects.erase(str(number), "no-longer-needed", number)
            self.erased.append(number)

    def verify(self, register: Kartoteka) -> None:
        found = register.audit.verify(quick=True)
        self.errors += [f"verify: {damage}" for damage in found.damages]

    def rotate(self, register: Kartoteka) -> None:
        if self.name == "owner" and self.chance.random() < _ROTATING:
            register.rotation.run(["support"])

    def verbs(self) -> list[Callable[[Kartoteka], None]]:
        every = [self.add, self.add, self.note, self.note, self.find, self.erase, self.verify]
        every.append(self.rotate)
        return [self.chance.choice(every) for _ in range(_VERBS)]


def main(vault: str, user: str, seconds: str, name: str, seed: str) -> None:
    """Do one part until the time is over."""
    os.umask(0o077)
    be_quick()
    password = sys.stdin.readline().rstrip("\n")
    part = Part(name, int(seed))
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until or not part.rounds:
        part.rounds += 1
        try:
            with Kartoteka.open(vault, user, lambda: password, clock=FixedClock(NOON)) as register:
                for verb in part.verbs():
                    verb(register)
                part.errors += [f"damage: {type(one).__name__}" for one in register.damage]
        except KartotekaError as error:
            part.errors.append(f"{type(error).__name__} {error.arguments}")
    told = {name: getattr(part, name) for name in ("added", "notes", "erased", "errors", "rounds")}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
