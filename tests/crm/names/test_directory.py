"""The name directory finds what is there, forgets what left, and stays in order."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crm.names.directory import Directory, NameEntry
from crm.names.folding import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = [
    'SIA "Bērziņš un dēli"',
    "Jānis Bērziņš",
    "Anna Bērziņa",
    "Ilze Ozola",
    "Ozols & Partneri",
    "Bruno Rossi S.r.l.",
    "Niccolò D'Angelo",
    "Берзиньш Янис",
    "Екатерина Рязанова",
    "Krasta Centrs 2",
]


def entry_of(number: int, name: str, *, kind: str = "legal") -> NameEntry:
    return NameEntry(number.to_bytes(16, "big"), name, number, kind)


def directory_of(names: Iterable[str]) -> Directory:
    directory = Directory()
    directory.build(entry_of(number, name) for number, name in enumerate(names, 1))
    return directory


def found(directory: Directory, text: str, limit: int = 50) -> list[str]:
    hits = directory.search(text, limit)
    return [] if hits.fuzzy else [entry.name for entry in hits.entries]


@pytest.mark.parametrize("text", ["berzins", "BĒRZIŅŠ", "Берзиньш", "bērz", "  berziņš  ", "rzins"])
def test_a_name_is_found_however_it_is_typed(text: str) -> None:
    """Diacritics, case, alphabet and the missing end or beginning of a word do not matter."""
    names = found(directory_of(NAMES), text)

    assert 'SIA "Bērziņš un dēli"' in names
    assert "Jānis Bērziņš" in names
    assert "Берзиньш Янис" in names
    assert "Bruno Rossi S.r.l." not in names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("deli berz", ['SIA "Bērziņš un dēli"']),
        ("berz deli", ['SIA "Bērziņš un dēli"']),
        ("ossi", ["Bruno Rossi S.r.l."]),
        ("rossi run", ["Bruno Rossi S.r.l."]),
        ("dangelo", ["Niccolò D'Angelo"]),
        ("d'angelo nicc", ["Niccolò D'Angelo"]),
        ("angelo", ["Niccolò D'Angelo"]),
        ("jekaterina", ["Екатерина Рязанова"]),
        ("ekaterina", ["Екатерина Рязанова"]),
        ("rjazan", ["Екатерина Рязанова"]),
        ("janis", ["Берзиньш Янис", "Jānis Bērziņš"]),
        ("centrs 2", ["Krasta Centrs 2"]),
        ("ozol", ["Ilze Ozola", "Ozols & Partneri"]),
        ("berz ozol", []),
        ("z", []),
    ],
)
def test_every_word_must_be_found_in_any_order(text: str, names: list[str]) -> None:
    """Words may come in any order and be cut short; one that is missing rules the name out."""
    assert found(directory_of(NAMES), text) == names


def test_words_that_begin_as_typed_come_before_words_that_contain_it() -> None:
    """Zari typed brings Zariņš before Lazarini, though L comes before Z."""
    directory = directory_of(["Zariņš", "Lazarini", "Balt Zarinu", "Nazario"])

    assert found(directory, "zari") == ["Balt Zarinu", "Zariņš", "Lazarini", "Nazario"]


def test_hits_are_sorted_and_say_when_there_are_more() -> None:
    """The first fifty come in the order of the list, and the rest is announced."""
    names = [f"Ozols {number:03}" for number in range(120)]
    random.Random(7).shuffle(names)
    directory = directory_of(names)

    hits = directory.search("oz")

    assert [entry.name for entry in hits.entries] == sorted(names)[:50]
    assert hits.more
    assert found(directory, "oz", limit=200) == sorted(names)
    assert not directory.search("oz", limit=120).more


def test_an_empty_search_is_the_list() -> None:
    """Nothing typed shows the beginning of the list, in the order in which names fold."""
    directory = directory_of(NAMES)

    assert found(directory, " . ") == sorted(NAMES, key=fold)
    assert found(directory, "", limit=3) == sorted(NAMES, key=fold)[:3]
    assert directory.search("", limit=3).more
    assert len(directory) == len(NAMES)


def test_a_typing_error_is_forgiven_only_when_nothing_matches() -> None:
    """Alike names are offered, closest first and marked, once no name holds what was typed."""
    directory = directory_of([*NAMES, "Liga Brezinsa"])

    alike = directory.search("brezinss")

    assert alike.fuzzy
    assert alike.entries[0].name == "Liga Brezinsa"
    assert "Jānis Bērziņš" in [entry.name for entry in alike.entries]
    assert not directory.search("berzins").fuzzy
    assert directory.search("janis bezrins").entries[0].name in {"Jānis Bērziņš", "Берзиньш Янис"}
    assert directory.search("qqqqqq") == directory.search("xxxxx")
    assert not directory.search("qqqqqq").fuzzy


def test_an_entry_comes_back_as_it_was_given() -> None:
    """Key, name, number and kind survive the buffers unchanged."""
    entries = [
        entry_of(2**40, "Õie „Tänav” 北京", kind="natural"),
        entry_of(1, ""),
        entry_of(5, "…", kind="contact"),
    ]
    directory = Directory()
    directory.build(entries)

    assert [directory.get(entry.key) for entry in entries] == entries
    assert sorted(directory.search("").entries) == sorted(entries)
    assert directory.get(bytes(16)) is None


def test_a_dropped_directory_holds_nothing() -> None:
    """After the lock no name is listed, found, or left in the buffers that held it."""
    directory = directory_of(NAMES)
    directory.add(entry_of(99, "Marta Kalniņa"))
    index = directory._index
    buffers = (index._names, index._lines, index._words, index._keys)
    assert any(b"Rossi" in buffer for buffer in buffers)

    directory.drop()

    assert len(directory) == 0
    assert found(directory, "rossi") == found(directory, "kalnina") == found(directory, "") == []
    assert all(not any(buffer) for buffer in buffers)
    directory.build([entry_of(1, "Ilze Ozola")])
    assert found(directory, "ozola") == ["Ilze Ozola"]


def test_an_erased_name_is_overwritten_and_the_others_stay_in_order() -> None:
    """Of a person erased no name is left where it stood, and who comes after finds their place."""
    directory = directory_of(["Anna Ozola", "Bruno Rossi", "Carla Neri", "Dace Egle"])

    directory.erase(entry_of(2, "").key)

    index = directory._index
    assert not any(
        b"Bruno" in buffer or b"bruno" in buffer for buffer in (index._names, index._lines)
    )
    directory.add(entry_of(9, "Bella Rossi"))
    assert found(directory, "") == ["Anna Ozola", "Bella Rossi", "Carla Neri", "Dace Egle"]
    assert found(directory, "rossi") == ["Bella Rossi"]
    assert found(directory, "bruno") == []


def test_a_key_has_sixteen_bytes() -> None:
    """A key of another length would shift all behind it, so it is refused."""
    with pytest.raises(ValueError, match="sixteen"):
        Directory().build([NameEntry(b"short", "Ozols", 1, "legal")])


def plain_search(entries: Iterable[NameEntry], text: str, limit: int) -> list[NameEntry]:
    """Search the slow and obvious way."""
    options = words(text)
    tiers: list[list[NameEntry]] = [[], []]
    for entry in sorted(entries, key=lambda entry: (line_of(entry.name), entry.number)):
        held = set(line_of(entry.name).split())
        if all(any(w.startswith(o) for w in held for o in option) for option in options):
            tiers[0].append(entry)
        elif all(
            any(o in w if len(o) > 1 else w.startswith(o) for w in held for o in option)
            for option in options
        ):
            tiers[1].append(entry)
    return [*tiers[0], *tiers[1]][:limit]


@cache
def line_of(name: str) -> str:
    options = words(name)
    others = [spelling for spellings in options for spelling in spellings[1:]]
    line = "".join(f" {spellings[0]}" for spellings in options)
    return line + "\t" + "".join(f" {other}" for other in others) if others else line


SYLLABLES = st.sampled_from(["an", "ber", "zi", "ņš", "ja", "о", "ль", "е", "2", "a", "b", "ozol"])
WORDS = st.lists(SYLLABLES, min_size=1, max_size=3).map("".join)
SOME_NAMES = st.lists(WORDS, max_size=4).map(" ".join)


@settings(max_examples=200)
@given(st.lists(SOME_NAMES, max_size=60), SOME_NAMES, st.integers(1, 70))
def test_a_search_finds_what_a_plain_look_at_every_name_finds(
    names: list[str], text: str, limit: int
) -> None:
    """The index never loses, invents or misplaces a hit."""
    entries = [entry_of(number, name) for number, name in enumerate(names, 1)]
    directory = Directory()
    directory.build(entries)
    hits = directory.search(text, limit)

    expected = plain_search(entries, text, limit)
    assert ([] if hits.fuzzy else list(hits.entries)) == expected


def test_a_large_directory_finds_the_same_as_a_plain_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Dense words, short stems, scans and intersections all agree with the obvious search."""
    monkeypatch.setattr("crm.names.name_index._SORTABLE", 800)
    chance = random.Random(20)
    given_names = ["Jānis", "Anna", "Juris", "Ilze", "Bruno", "Andris", "Zane", "Янис"]
    stems = [a + b for a in ("Ber", "Oz", "Kal", "Lie", "Zar", "An") for b in ("ziņ", "ol", "nin")]
    entries = [
        entry_of(
            number,
            f"{chance.choice(given_names)} {chance.choice(stems)}{chance.choice('aeis')}"
            f"{chance.randrange(400) if chance.random() < 0.5 else ''}",
        )
        for number in range(6_000)
    ]
    directory = Directory()
    directory.build(entries)
    texts = ["a", "j", "an", "jan", "z a", "a z", "j b", "in", "ol", "ni 3", "anna berzin", "ozol"]
    texts += ["33", "zin i", "an an", "янис", "i z", "beroli39", "s1 j", "ann ozi", "zarnini"]

    for text in texts:
        for limit in (50, 400):
            hits = directory.search(text, limit)
            expected = plain_search(entries, text, limit)
            assert ([] if hits.fuzzy else list(hits.entries)) == expected, text


class Changing(RuleBasedStateMachine):
    """A directory changed step by step equals one built afresh."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Directory()
        self.entries: dict[bytes, NameEntry] = {}
        self.number = 0

    def fresh(self, name: str) -> NameEntry:
        self.number += 1
        return entry_of(self.number, name)

    @rule(names=st.lists(SOME_NAMES, max_size=8))
    def build(self, names: list[str]) -> None:
        entries = [self.fresh(name) for name in names]
        self.entries = {entry.key: entry for entry in entries}
        self.directory.build(entries)

    @rule(name=SOME_NAMES)
    def add(self, name: str) -> None:
        entry = self.fresh(name)
        self.entries[entry.key] = entry
        self.directory.add(entry)

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), name=SOME_NAMES)
    def replace(self, data: st.DataObject, name: str) -> None:
        old = data.draw(st.sampled_from(list(self.entries.values())))
        entry = old._replace(name=name)
        self.entries[entry.key] = entry
        self.directory.add(entry)

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), few=st.booleans(), erased=st.booleans())
    def remove(self, data: st.DataObject, few: bool, erased: bool) -> None:
        key = data.draw(st.sampled_from(list(self.entries)))
        self.directory._most_changes = 500 if few else 2
        del self.entries[key]
        (self.directory.erase if erased else self.directory.remove)(key)

    @rule(text=SOME_NAMES, limit=st.integers(1, 12))
    def search(self, text: str, limit: int) -> None:
        rebuilt = Directory()
        rebuilt.build(self.entries.values())

        assert self.directory.search(text, limit) == rebuilt.search(text, limit)

    @invariant()
    def lists_the_same(self) -> None:
        entries = sorted(
            self.entries.values(), key=lambda entry: (line_of(entry.name), entry.number)
        )
        assert len(self.directory) == len(entries)
        assert list(self.directory.search("", 1_000).entries) == entries
        assert list(self.directory.search("", 2).entries) == entries[:2]


TestChanging = Changing.TestCase
TestChanging.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("text", ["", "b", "be", "ozol", "s", "sia", "ross bru", "z", "2 centrs"])
def test_a_walk_meets_all_that_a_search_finds_in_its_order(text: str) -> None:
    """Whoever goes through everything, after changes too, meets what a search would list."""
    directory = directory_of(NAMES * 30)
    for number in range(1, 40):
        directory.remove(entry_of(number, "").key)
    for number in range(1000, 1030):
        directory.add(entry_of(number, f"Ozols Bruno {number} SIA Rossi"))

    hits = directory.search(text, 10_000)
    walked = [listed.key for listed in directory.walk(text) if listed is not None]
    assert walked == ([] if hits.fuzzy else [entry.key for entry in hits.entries])


def test_states_are_counted_through_changes() -> None:
    """How many are in a state is right after some came and some went."""
    directory = Directory()
    directory.build(
        NameEntry(number.to_bytes(16, "big"), f"N{number}", number, "legal", ("a", "b")[number % 2])
        for number in range(10)
    )
    directory.remove((1).to_bytes(16, "big"))
    directory.add(NameEntry((20).to_bytes(16, "big"), "M", 20, "legal", "b"))

    assert (directory.count_of("a"), directory.count_of("b"), directory.count_of("c")) == (5, 5, 0)
