"""A person of whom everything is stored that can be stored, each value a word of its own."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.privacy import ITEMS
from crm.schema import PERSONAL
from gdpr.audit.events import Event
from gdpr.store.fields import PlainBlob, PlainInteger, PlainText
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number
from gdpr.store.warrant import Warrant
from tests.crm.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.kartoteka import Kartoteka
    from gdpr.store.record import Record

# A kept record has a clock of its own and outlives its person; its tests stand with it.
GOING_WITH_THE_PERSON = tuple(model for model in PERSONAL if not model.kept)


# Kept records have clocks and keys of their own, and outlive an erasure on purpose.
ABOUT = tuple(model for model in PERSONAL if not model.kept)


@dataclass
class Person:
    """Somebody in the register, with every value by (table, column) and by category."""

    party: bytes
    number: int
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    categories: dict[str, set[str]] = field(default_factory=dict)

    def words(self, *categories: str) -> set[str]:
        """Return the values of these categories, or all."""
        chosen = categories or tuple(self.categories)
        return {word for code in chosen for word in self.categories.get(code, ())}


def word(draw: random.Random) -> str:
    """Return letters of both cases and digits, for what is found by its digits only."""
    return "".join(draw.choices(string.ascii_letters, k=12) + draw.choices(string.digits, k=8))


def fill(
    register: Kartoteka,
    relation: str = "prospect",
    seed: int = 7,
    word: Callable[[random.Random], str] = word,
) -> Person:
    """Store a person with a value in every personal column of every table that goes with them."""
    office = register.context
    draw = random.Random(seed)
    company = plant(register, "client", legal=True, fields={"name": word(draw)})
    person = Person(new_id(), 0)
    opening = office.grounds.by_relation(relation, is_legal=False)
    warrant = Warrant(person.party, frozenset(ITEMS))
    with office.journal.audited_change(Event.PARTY_ADDED, person.party) as deed:
        person.number = next_number(deed, "party")
        for model in GOING_WITH_THE_PERSON:
            row = _row(person, model, bytes(company.id), office.user)
            for column in model.layout().sealed:
                value = word(draw)
                setattr(row, column.name, value)
                person.values[model.layout().table, column.name] = value
                person.categories.setdefault(column.category, set()).add(value)
            deed.insert(row, warrant)
        office.grounds.open(deed, person.party, opening, office.day)
    return person


def _row(person: Person, model: type[Record], company: bytes, user: bytes) -> Record:
    if model is Party:
        return Party(
            id=person.party,
            number=person.number,
            kind="natural",
            country="LV",
            status="active",
            created=0,
            last_activity="2026-03-02",
            phone_unchecked=0,
        )
    values: dict[str, int | str | bytes] = {}
    for column in model._meta.sorted_fields:
        if isinstance(column, PlainInteger):
            values[column.name] = 0
        elif isinstance(column, PlainText):
            values[column.name] = "2026-03-02"
        elif isinstance(column, PlainBlob):
            values[column.name] = company if column.name == model.needs else user
    return model(id=new_id(), **{**values, model.subject: person.party})
