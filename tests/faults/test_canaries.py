"""Canaries in every field: in no file before an erasure, and not even sealed after it."""

from __future__ import annotations

import json
import os
import sys

import pytest

from crm.models.party import Party
from tests.crm.planting import plant
from tests.faults.everything import GOING_WITH_THE_PERSON, fill
from tests.faults.forked import forked
from tests.faults.invariants import breaches, residue, sealed_bytes, spellings

TYPED = {
    "kind": "natural",
    "given_name": "Zilganija",
    "family_name": "Dzeguzkalniņa",
    "personal_code": "161175-19997",
    "email": "zilganija.dz@example.com",
    "phone": "+371 29 443 221",
    "iban": "LV80 BANK 0000 4351 9500 1",
    "legal_address": "Dzeguzkalna iela 98, Rīga",
    "delivery_address": "Noliktavas šķērsiela 31",
    "channel": "email",
    "relation": "client",
}
# Values as typed and as stored; short codes such as `email` are no canaries.
WORDS = [
    *(TYPED[name] for name in TYPED if name not in {"kind", "channel", "relation"}),
    *("+37129443221", "LV80BANK0000435195001", "16117519997"),
    *("Piezīme par dzeguzēm", "+37126123123"),
]


def every_feature(cli, number, text):
    """Look at somebody in every way there is."""
    for form in ("table", "json"):
        for words in (
            ("client", "show", number),
            ("client", "show", number, "--reveal"),
            ("client", "list", "--contacts"),
            ("client", "why", number),
            ("client", "find", text),
            ("note", "list", number),
            ("ground", "list", number),
            ("subject", "erase", number, "--preview"),
            ("retention", "due"),
            ("audit", "log"),
            ("audit", "verify"),
            ("doctor",),
        ):
            assert cli(*words, "--format", form).exit_code == 0, words


def test_the_search_would_find_a_canary(tmp_path):
    """Each spelling of a value in a file is found, and in a file's name as well."""
    forms = spellings("Zilganija")
    written = [
        "Zilganija".encode("utf-16-be"),
        b"xx" + b"Zilganija".hex().encode(),
        b"eHhaaWxnYW5pamE=",
        b"ajinagliZ",
        b"zilganija",
    ]
    for number, content in enumerate(written):
        (tmp_path / str(number)).write_bytes(b"\0\1" + content + b"\2")
    (tmp_path / "Zilganija.csv").touch()

    assert {name for name, _form in residue(tmp_path, forms)} == {
        *map(str, range(len(written))),
        "Zilganija.csv",
    }


def test_every_field_of_every_table_leaves_no_trace(place, cli, monkeypatch):
    """A value in each personal column there is: in no file, and after the erasure no seal of it."""
    monkeypatch.setenv("TMPDIR", str(place.folder / "tmp"))
    (place.folder / "tmp").mkdir()
    with place.open() as register:
        person = fill(register)
        other = fill(register, seed=8)
        assert {table for table, _ in person.values} == {
            m.layout().table for m in GOING_WITH_THE_PERSON
        }
        sealed = sealed_bytes(register.context.session, person.party)
        assert len(sealed) > len(person.values)
    forms = {form for word in person.words() for form in spellings(word)}
    every_feature(cli, str(person.number), person.values["party", "family_name"])

    assert residue(place.folder, forms) == []

    erased = cli("subject", "erase", str(person.number), "--confirm", str(person.number))

    assert erased.exit_code == 0
    assert residue(place.folder, forms | sealed) == []
    with place.open() as register:
        assert breaches(register) == []
        row = register.context.session.get(Party, other.party)
        assert row.family_name == other.values["party", "family_name"]


@pytest.mark.skipif(sys.platform == "win32", reason="looks at a POSIX home")
def test_a_life_on_the_command_line_leaves_no_trace(place):
    """Typed, found, corrected, mistyped and erased by real processes: no file has any of it."""
    with place.open() as register:
        plant(register, "prospect", fields={"given_name": "Paliek"})
    home = place.folder / "home"
    (home / "tmp").mkdir(parents=True)
    surroundings = {
        **place.environment,
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "PATH": os.defpath,
        "KARTOTEKA_VAULT": str(place.vault),
        "KARTOTEKA_USER": place.owner.name,
        "KARTOTEKA_PASSWORD": place.owner.password,
    }

    def typed(*words, stdin=""):
        return forked(words, home, surroundings, stdin=stdin)

    code, told, said = typed("client", "add", "-", "--format", "json", stdin=json.dumps(TYPED))
    assert code == 0, said
    number = str(json.loads(told)["number"])
    for words, stdin, code in (
        (("client", "show", number, "--reveal"), "", 0),
        (("client", "edit", number, "--add-phone", "+37126123123", "--anyway"), "", 0),
        (("note", "add", number, "-"), json.dumps({"text": "Piezīme par dzeguzēm"}), 0),
        (("client", "add", "-"), json.dumps({**TYPED, "iban": "LV80BANK0000435195002"}), 2),
        (("client", "add", "-"), json.dumps({**TYPED, "Zilganija": "x"}), 2),
        (("client", "find", "zilganija", "dzeguz"), "", 0),
        (("client", "show", "Zilganija"), "", 3),
    ):
        ended, _told, said = typed(*words, stdin=stdin)
        assert ended == code, (words, said)
    with place.open() as register:
        (row,) = register.context.session.rows(Party, number=int(number))
        sealed = sealed_bytes(register.context.session, bytes(row.id))
    forms = {form for text in WORDS for form in spellings(text)}
    assert residue(place.folder, forms) == []

    assert typed("subject", "erase", number, "--confirm", number)[0] == 0
    assert residue(place.folder, forms) == []
    assert typed("ground", "end", number, "--all-but", "direct_marketing", "--now")[0] == 0
    assert typed("client", "show", number)[0] == 3

    assert residue(place.folder, forms | sealed) == []
