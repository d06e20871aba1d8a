"""Twelve hundred invented clients, so that the program can be tried without a single real one.

Names are common first and family names drawn together by chance, and firms are made of words that
do not exist. Numbers have right check digits but come from series that nobody was given: register
numbers that do not start like real ones, codes of people born before 1890, birthplaces that are
no places. Mail goes to example domains. What a client is to the firm decides which data it has.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from stdnum import iban, luhn
from stdnum.ee import ik, kmkr
from stdnum.it import codicefiscale
from stdnum.lv import pvn

from crm.kinds.party import ADDRESSES
from crm.names.folding import fold
from crm.parties.cards import PartyFields
from gdpr.program_files import program_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COUNT = 1_200
_SEED = 1_918
_GRACE_DAYS = 14
_PATIENCE = 50
_FORM_LENGTH = 3
# What the invention of one part tells the next.
_ONLY_HERE = frozenset({"female", "domain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoContact(PartyFields):
    """An invented contact person of an invented company; `left` is their last day there."""

    position: str
    since: date
    left: date | None = None


@dataclass(frozen=True, slots=True)
class DemoNote:
    """Something a member of staff would have written down."""

    written: date
    text: str


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """Something that happened: a field changed from `before`, or the relation `before` ended.

    `field` is the name of a field of the client, or `relation`: then the client is going and
    still within the days in which it can be brought back.
    """

    on: date
    field: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClient(PartyFields):
    """One invented client in the words of `client add`; None where nothing is known."""

    kind: str
    country: str
    relation: str
    since: date
    evidence: str
    contacts: tuple[DemoContact, ...] = ()
    notes: tuple[DemoNote, ...] = ()
    history: tuple[DemoEvent, ...] = ()


def invented_clients(today: date, count: int = COUNT) -> Iterator[DemoClient]:
    """Yield invented clients as they stand on `today`; the same day gives the same ones."""
    invention = _Invention(today)
    for number in range(count):
        yield invention.client(number)


@dataclass(slots=True)
class _Invention:
    """The state of one invention: where chance stands, and which names are taken."""

    today: date
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))  # noqa: S311 - inventing is no secret
    data: dict[str, Any] = field(default_factory=lambda: program_json("crm", "data", "demo.json"))
    taken: set[str] = field(default_factory=set)
    people: int = 0

    def client(self, number: int) -> DemoClient:
        """Invent the client with this place in the list; the first are chosen by hand."""
        first: list[dict[str, Any]] = self.data["first"]
        plan = first[number] if number < len(first) else {}
        country = plan.get("country") or self.one_of(self.data["countries"])
        legal = plan["kind"] == "legal" if plan else self.likely(0.55)
        shares = {
            code: one["firms" if legal else "people"]
            for code, one in self.data["relations"].items()
        }
        relation = plan.get("relation") or self.one_of(shares)
        # Longer ago nobody would still be kept who only asked or only reads the news.
        told = self.data["relations"][relation]
        since = self.today - timedelta(days=self.chance.randint(20, told["longest"]))
        known: dict[str, Any] = {
            "kind": "legal" if legal else "natural",
            "country": country,
            "relation": relation,
            "since": since,
            "evidence": told["evidence"],
        }
        known |= self.firm(number, country, plan) if legal else self.person(country, plan)
        if relation != "newsletter":
            known |= self.reach(number, country, plan)
            known["iban"] = known["iban"] if relation != "prospect" else None
            known["notes"] = self.notes(known["language"], since)
            known["history"] = self.history(known)
        if not legal and relation in {"client", "supplier"}:
            known["personal_code"] = _personal_code(number, known)
        if legal:
            known["contacts"] = self.contacts(known)
        return DemoClient(**{name: known[name] for name in known if name not in _ONLY_HERE})

    def likely(self, share: float) -> bool:
        """Draw yes in this share of cases."""
        return self.chance.random() < share

    def one_of(self, shares: Mapping[str, int]) -> str:
        """Draw one of several, each in its share."""
        return self.chance.choice([code for code, share in shares.items() for _ in range(share)])

    def firm(self, number: int, country: str, plan: dict[str, Any]) -> dict[str, Any]:
        """Invent a firm with its public numbers."""
        name = plan.get("name") or self.firm_name(self.data[country])
        domain = _domain(name)
        self.taken.add(domain)
        reg_no, vat_no = _FIRM_NUMBERS[country](number)
        return {
            "name": name,
            "reg_no": reg_no,
            "vat_no": vat_no if self.likely(0.85) else None,
            "email": f"info@{domain}",
            "domain": domain,
        }

    def firm_name(self, place: dict[str, Any]) -> str:
        """Put words together that name no firm, a number behind them when all are taken."""
        name = ""
        for turn in range(1_000):
            first = self.chance.choice(place["beginnings"].split())
            first += self.chance.choice(place["endings"].split())
            name = f"{first} {self.chance.choice(place['second_words'].split())}"
            name += f" {turn}" if turn > _PATIENCE else ""
            if _domain(name) not in self.taken:
                break
        form: str = self.chance.choice(place["forms"])
        return form.format(name)

    def person(self, country: str, plan: dict[str, Any]) -> dict[str, Any]:
        """Invent a human being with a mail address."""
        given, family, female = self.human(country)
        if plan:
            given, family = plan["given_name"], plan["family_name"]
            female = given in self.data[country]["female"].split()
        self.people += 1
        user = ".".join([*fold(given).split(), *fold(family).split()])
        domains = self.data["domains"]
        domain = domains[self.people % len(domains)]
        return {
            "given_name": given,
            "family_name": family,
            "email": f"{user}{self.people}@{domain}",
            "female": female,
        }

    def human(self, country: str) -> tuple[str, str, bool]:
        """Draw a first and a family name that fit together."""
        place = self.data[country]
        female = self.likely(0.5)
        given = self.chance.choice(place["female" if female else "male"].split())
        family = self.chance.choice(place["family"])[1 if female else 0]
        return given, family, female

    def reach(self, number: int, country: str, plan: dict[str, Any]) -> dict[str, Any]:
        """Invent how the client is reached and paid."""
        first, *others = ADDRESSES
        address = self.address(country, plan.get("town"))
        apart = self.likely(0.3)
        return {
            "phone": _phone(country, number),
            "iban": _IBANS[country](number) if self.likely(0.7) else None,
            first: address,
            **{one: self.address(country, None) if apart else address for one in others},
            "language": self.data[country]["language"],
            "channel": self.chance.choice(("email", "email", "phone", "post")),
        }

    def address(self, country: str, town: int | None) -> str:
        """Invent a street in a real town."""
        place = self.data[country]
        name, code = (
            place["towns"][town] if town is not None else self.chance.choice(place["towns"])
        )
        street = self.chance.choice(place["streets"].split("|"))
        house = self.chance.randint(1, 88)
        text: str = place["address"]
        return text.format(street=street, house=house, town=name, code=code)

    def contacts(self, firm: dict[str, Any]) -> tuple[DemoContact, ...]:
        """Invent up to three people at a firm, of whom one in twelve has just left."""
        found = []
        for turn in range(self.chance.choice((1, 1, 2, 2, 3))):
            given, family, female = self.human(firm["country"])
            self.people += 1
            begun = firm["since"] + (self.today - firm["since"]) * (turn / 4)
            gone = turn > 0 and self.likely(1 / 6)
            found.append(
                DemoContact(
                    given_name=given,
                    family_name=family,
                    position=self.chance.choice(self.data[firm["country"]]["positions"])[female],
                    email=f"{'.'.join(fold(given).split())}.{self.people}@{firm['domain']}",
                    phone=_phone(firm["country"], COUNT + self.people),
                    language=firm["language"],
                    since=begun,
                    left=self.lately() if gone else None,
                )
            )
        return tuple(found)

    def notes(self, language: str, since: date) -> tuple[DemoNote, ...]:
        """Invent what staff wrote in the last months."""
        days = (self.today - since).days
        written = sorted(
            self.today - timedelta(days=self.chance.randint(1, min(days, 420)))
            for _ in range(self.chance.choice((0, 1, 1, 2, 3)))
        )
        texts = self.data["notes"][language]
        return tuple(DemoNote(day, self.chance.choice(texts)) for day in written)

    def history(self, client: dict[str, Any]) -> tuple[DemoEvent, ...]:
        """Invent changes of some, and for one in forty the end of the relation."""
        days = (self.today - client["since"]).days
        events = []
        if self.likely(0.15):
            on = client["since"] + timedelta(days=self.chance.randint(1, days - 1))
            events.append(DemoEvent(on, "phone", _phone(client["country"], 9 * COUNT + days)))
        if self.likely(0.08):
            on = client["since"] + timedelta(days=self.chance.randint(1, days - 1))
            before = self.address(client["country"], None)
            events.append(DemoEvent(on, ADDRESSES[0], before))
        if self.likely(1 / 40):
            events.append(DemoEvent(self.lately(), "relation", client["relation"]))
        return tuple(sorted(events, key=lambda event: event.on))

    def lately(self) -> date:
        """Draw a day so near that what ended on it can still be brought back."""
        return self.today - timedelta(days=self.chance.randint(1, _GRACE_DAYS - 3))


def _domain(name: str) -> str:
    """Make a domain of a firm's name without its legal form."""
    return "-".join(word for word in fold(name).split() if len(word) > _FORM_LENGTH) + ".example"


def _latvian_firm(number: int) -> tuple[str, str]:
    for step in range(100):
        for last in "0123456789":
            code = f"49{_mixed(number):05}0{step:02}{last}"
            if pvn.checksum(code) == 3:  # noqa: PLR2004 - the register's own remainder
                return code, f"LV{code}"
    raise AssertionError


def _italian_firm(number: int) -> tuple[str, str]:
    body = f"99{_mixed(number):05}{1 + number % 100:03}"
    code = body + luhn.calc_check_digit(body)
    return code, f"IT{code}"


def _estonian_firm(number: int) -> tuple[str, str]:
    code = f"19{_mixed(number):05}"
    code += ik.calc_check_digit(code + "0")
    body = f"99{_mixed(number):06}"
    last = next(digit for digit in "0123456789" if kmkr.checksum(body + digit) == 0)
    return code, f"EE{body}{last}"


def _personal_code(number: int, person: dict[str, Any]) -> str:
    """Make the code of somebody born so long ago, or nowhere, that it is nobody's."""
    year, month, day = 50 + number // 336 % 40, 1 + number // 28 % 12, 1 + number % 28
    if person["country"] == "LV":
        body = f"{day:02}{month:02}{year:02}0{number % 1000:03}"
        return f"{body[:6]}-{body[6:]}{pvn.calc_check_digit_pers(body)}"
    if person["country"] == "EE":
        code = f"{2 if person['female'] else 1}{year:02}{month:02}{day:02}{number % 1000:03}"
        return str(code + ik.calc_check_digit(code + "0"))
    born = f"{year:02}{'ABCDEHLMPRST'[month - 1]}{day + 40 * person['female']:02}"
    code = _three(person["family_name"]) + _three(person["given_name"], given=True) + born + "Z999"
    return str(code + codicefiscale.calc_check_digit(code))


def _three(name: str, *, given: bool = False) -> str:
    """Take the three letters by which the Italian tax code knows a name."""
    letters = fold(name).replace(" ", "").upper()
    consonants = [letter for letter in letters if letter not in "AEIOU"]
    if given and len(consonants) > 3:  # noqa: PLR2004 - the rule of the code
        del consonants[1]
    vowels = [letter for letter in letters if letter in "AEIOU"]
    return "".join([*consonants, *vowels, "X", "X"])[:3]


def _phone(country: str, number: int) -> str:
    digits = f"{_mixed(number):05}"
    if country == "LV":
        return f"+371 200{digits[:2]} {digits[2:]}"
    return f"+39 06 999{digits}" if country == "IT" else f"+372 50{digits[:2]} {digits[2:]}"


def _mixed(number: int) -> int:
    """Scatter the first hundred thousand numbers, so that they do not look counted."""
    return (number * 31_847 + 27_183) % 100_000


def _latvian_iban(number: int) -> str:
    return _with_digits(f"LV00DEMO{_mixed(number):013}")


def _italian_iban(number: int) -> str:
    account = f"9999999999{_mixed(number):012}"
    return _with_digits(f"IT00{codicefiscale.calc_check_digit(account)}{account}")


def _estonian_iban(number: int) -> str:
    account = f"9900{_mixed(number):011}"
    digits = zip(reversed(account[2:]), (7, 3, 1) * 5, strict=False)
    return _with_digits(f"EE00{account}{-sum(int(digit) * w for digit, w in digits) % 10}")


def _with_digits(account: str) -> str:
    return f"{account[:2]}{iban.calc_check_digits(account)}{account[4:]}"


_FIRM_NUMBERS = {"LV": _latvian_firm, "IT": _italian_firm, "EE": _estonian_firm}
_IBANS = {"LV": _latvian_iban, "IT": _italian_iban, "EE": _estonian_iban}
