"""Generated clients for the benchmarks: quick to make, like a real register in what matters.

60 % Latvian, 25 % Italian and 15 % English names, 35 % companies, nine text fields. Surnames are
put together from stems and endings, so that their number grows with the register as in life; the
most common ones take a large share.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_GIVEN = {
    "LV": "Jānis Andris Juris Edgars Māris Aivars Mārtiņš Raivis Ģirts Kārlis Pēteris Artūrs Toms "
    "Kristaps Uldis Anna Kristīne Inese Ilze Līga Dace Elīna Zane Baiba Iveta Sandra Laura Ieva "
    "Marta Evija Gunta Ināra Aija Santa Ļubova",
    "IT": "Luca Marco Matteo Andrea Davide Bruno Paolo Niccolò Stefano Giulia Chiara Francesca "
    "Beatrice Elena Martina Alessia Silvia Valentina Giorgio Pietro",
    "GB": "James Oliver Harry George Emily Grace Alice Sophie Thomas William Emma Charlotte Henry "
    "Edward Lucy",
}
_STEMS = {
    "LV": "Bērz Kaln Ozol Liep Krūm Zar Sil Balod Vītol Kļav Egl Upīt Roz Celm Žagar Āb Put Van "
    "Lac Gail Zvirb Sarkan Meln Balt Zaļ Dzen Lapiņ Strazd Cīrul Irb Dzērv Gulb Paegl Kārkl Priež "
    "Apš Lazd Osīt Pūc Zīl Mežs Laukm Jaunz Vecvag Kalv Muižn Podn Skrod Kurp Audz",
    "IT": "Ross Bianch Ferrar Esposit Roman Colomb Ricc Marin Grec Brun Gall Cont Costa Giordan "
    "Mancin Rizz Lombard Morett Barbier Fontan Santor Marian Rinald Carus Ferr Serr Bellin "
    "Montan Pellegrin Palumb",
    "GB": "Smith Jones Taylor Brown Walker Wright Thomp Robin Hall Wood Clark Green Baker Hill "
    "Cooper Ward Turner Carter Parker Cook",
}
_ENDINGS = {
    "LV": "iņš iņa s a is e ītis īte āns āne ēns ēna ovs ova kalns kalna manis mane nieks niece "
    "ers ere sons sone bergs berga",
    "IT": "i o a ini oni etti elli ato ucci ese aro accio one ari illo",
    "GB": "son s man ford ley ton well er field worth by ham",
}
_WORDS = {
    "LV": "Krasta Centrs Ziemeļu Dati Rīgas Sistēmas Drošības Loģistika Baltijas Serviss Jūras "
    "Tīkli Meža Risinājumi Zaļā Būve Saules Tehnika Daugavas Transports Gaismas Projekti Vēja "
    "Grupa Kalna Nami Lauku Preces Pilsētas Apgāds Dzintara Lielais Mazais Jaunais",
    "IT": "Etrusca Meccanica Picena Logistica Adriatica Sistemi Lombarda Servizi Alpina Impianti "
    "Tirrena Costruzioni Veneta Trasporti Padana Dati Ligure Forniture Sabina Edilizia",
    "GB": "Northern Data Harbour Systems Valley Logistics Oak Services River Networks Stone "
    "Engineering Castle Supplies Meadow Works",
}
_FORMS = {"LV": ("SIA", "SIA", "SIA", "AS", "IK"), "IT": ("S.r.l.", "S.p.A."), "GB": ("Ltd",)}
_FORM = frozenset(re.findall(r"\w+", str(_FORMS)))
_STREETS = {"LV": "Brīvības iela", "IT": "Via Roma", "GB": "High Street"}
_TOWNS = {"LV": "Rīga, LV-10", "IT": "Milano 201", "GB": "London N"}
_WEIGHTS = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6)


class Person(NamedTuple):
    """One generated client, nine of its text fields filled; numbers and addresses are invented."""

    country: str
    kind: str
    name: str | None
    given_name: str | None
    family_name: str | None
    reg_no: str | None
    vat_no: str | None
    personal_code: str | None
    language: str
    email: str
    phone: str
    iban: str
    legal_address: str
    delivery_address: str

    def display_name(self) -> str:
        """Return the name as people say it."""
        return self.name or f"{self.given_name} {self.family_name}"


TEXTS = Person._fields[2:]


def people(count: int, seed: int = 20) -> Iterator[Person]:
    """Yield `count` clients, the same ones for the same seed."""
    chance = random.Random(seed)
    given = {country: names.split() for country, names in _GIVEN.items()}
    surnames = {country: _surnames(chance, country) for country in _STEMS}
    for number in range(count):
        draw = chance.random()
        country = "LV" if draw < 0.6 else "IT" if draw < 0.85 else "GB"
        family = surnames[country][int(len(surnames[country]) * chance.random() ** 3)]
        first = given[country][int(len(given[country]) * chance.random() ** 2)]
        registered = _latvian_number(number)
        legal = chance.random() < 0.35
        street = f"{_STREETS[country]} {1 + number % 240}-{1 + number % 89}"
        town = f"{_TOWNS[country]}{number % 99:02}"
        yield Person(
            country=country,
            kind="legal" if legal else "natural",
            name=_company(chance, country, family) if legal else None,
            given_name=None if legal else first,
            family_name=None if legal else family,
            reg_no=registered if legal else None,
            vat_no=f"LV{registered}" if legal else None,
            personal_code=None if legal else f"{registered[:6]}-{registered[6:]}",
            language={"LV": "lv", "IT": "it", "GB": "en"}[country],
            email=f"client{number}@example.com",
            phone=f"+371 2{number:07}",
            iban=f"LV{10 + number % 89}DEMO{number:013}",
            legal_address=f"{street}, {town}",
            delivery_address=f"{_STREETS[country]} {1 + number % 99}, {town}",
        )


def keystrokes(names: list[str], count: int, seed: int = 5) -> list[str]:
    """Draw what people type while they look for someone: a beginning, sometimes two words.

    Nobody looks for a firm by its legal form, which would only flatter whoever need not sort it.
    """
    chance = random.Random(seed)
    typed: list[str] = []
    while len(typed) < count:
        parts = [part for part in re.findall(r"\w+", chance.choice(names)) if part not in _FORM]
        if not parts:
            continue
        word = chance.choice(parts)[: chance.randint(1, 8)]
        if chance.random() < 0.25 and len(parts) > 1:
            first, second = chance.sample(parts, 2)
            word = f"{first} {second[: chance.randint(1, 8)]}"
        typed.append(word.lower())
    return typed


def _surnames(chance: random.Random, country: str) -> list[str]:
    """Put surnames together, plain ones first, because the front of the list is drawn most."""
    stems, endings = _STEMS[country].split(), _ENDINGS[country].split()
    plain = [stem + endings[turn % 4] for turn, stem in enumerate(stems)]
    vowels = ("", "al", "en", "ur", "ol", "as", "ei", "im", "or", "ut", "an", "il")
    longer = [stem + vowel + end for stem in stems for vowel in vowels for end in endings]
    double = [f"{stem}{second.lower()}" for stem in stems for second in stems if stem != second]
    chance.shuffle(longer)
    return plain + longer + double


def _company(chance: random.Random, country: str, family: str) -> str:
    words = _WORDS[country].split()
    form = chance.choice(_FORMS[country])
    first = family if chance.random() < 0.5 else chance.choice(words)
    name = f"{first} {chance.choice(words)}"
    if chance.random() < 0.3:
        name += f" {chance.randint(2, 999)}"
    return f'{form} "{name}"' if country == "LV" else f"{name} {form}"


def _latvian_number(number: int) -> str:
    """Make the register number of a firm with its check digit right."""
    body = f"4{number:09}"
    rest = (3 - sum(w * int(digit) for w, digit in zip(_WEIGHTS, body, strict=True))) % 11
    while rest == 10:  # no digit gives this remainder; the register skips such numbers too
        body = f"5{body[1:]}" if body[0] == "4" else f"{int(body[0]) + 1}{body[1:]}"
        rest = (3 - sum(w * int(digit) for w, digit in zip(_WEIGHTS, body, strict=True))) % 11
    return body + str(rest)
