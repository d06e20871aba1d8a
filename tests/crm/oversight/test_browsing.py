"""The log is read page by page, and a purpose is said in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crm.errors import FileMissing, FolderUnusable, TargetExists
from crm.kartoteka import LogFilter
from crm.parties.cards import NewClient
from gdpr.errors import InvalidRegister

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka


def test_pages_stay_where_they_were(register: Kartoteka) -> None:
    """What is written while somebody browses moves no page, and browsing is one entry."""
    before = register.audit.log(LogFilter(limit=1))[0].seq
    count = register.audit.browse(LogFilter(limit=None))
    first = register.audit.page(0, 3)
    register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))

    assert first == register.audit.page(0, 3)
    assert [before + 1, before] == [one.seq for one in first[:2] if one]
    assert register.audit.page(0, count) == tuple(
        one for at in range(0, count, 2) for one in register.audit.page(at, 2)
    )
    assert register.audit.browse(LogFilter(event="register:party", limit=None)) == 1


def test_a_damaged_entry_leaves_a_gap(register: Kartoteka) -> None:
    """An entry that does not verify is no line, and the others keep their places."""
    database = register.context.session.database
    count = register.audit.browse(LogFilter(limit=None))
    database.execute_sql("UPDATE audit_entry SET event = 'x:y:z' WHERE seq = 1")

    assert register.audit.page(0, count)[-1] is None
    assert register.audit.page(0, 1)[0] is not None
    register.context.session.damage.clear()


def test_verifying_says_how_far_it_came(register: Kartoteka) -> None:
    """Whoever waits for the proof is told of the thousands that were checked."""
    from gdpr.store.stepwise import stepwise

    told: list[int] = []
    assert list(stepwise(range(2500), told.append)) == list(range(2500))
    assert told == [1000, 1000]
    assert register.audit.verify(progress=told.append).ok


def test_a_purpose_is_said_in_words(register: Kartoteka) -> None:
    """Basis, data, periods, recipients and laws are words of the language, not codes."""
    said = register.purposes.say("accounting", "lv")
    words = register.purposes.vocabulary("it")

    assert said.name
    assert any("6. panta" in line for line in said.bases)
    assert "rēķini" in said.items
    assert "gad" in said.periods
    assert said.laws
    assert words.items["email"] == "indirizzo e-mail"
    assert "bank" in words.recipients


def test_texts_come_from_files_and_go_into_new_ones(register: Kartoteka, tmp_path: Path) -> None:
    """A text is read as it lies there; none that is there already is written over."""
    source = tmp_path / "a.txt"
    source.write_text("Es piekrītu.\n", "utf-8")
    assert register.wordings.read(str(source)) == "Es piekrītu.\n".encode()
    with pytest.raises(FileMissing):
        register.wordings.read(str(tmp_path / "b.txt"))
    with pytest.raises(TargetExists):
        register.notices.save("x", str(source))
    with pytest.raises(FolderUnusable):
        register.notices.save("x", str(tmp_path / "none" / "a.md"))
    assert register.notices.save("x", str(tmp_path / "n.md")) == str(tmp_path / "n.md")


def test_a_whole_document_makes_the_next_version(register: Kartoteka) -> None:
    """What a rewritten document leaves out is taken away; the version before stays as it was."""
    before = register.purposes.show("loyalty")
    document = {**before.document, "recipients": [], "source": "own"}
    texts = dict(document["texts"])
    del texts["it"]
    made = register.purposes.rewrite("loyalty", json.dumps({**document, "texts": texts}))

    assert set(made.document["texts"]) == {"en", "lv"}
    assert made.document["source"] == "own"
    assert register.purposes.show("loyalty", 1).document == before.document
    with pytest.raises(InvalidRegister):
        register.purposes.rewrite("loyalty", "{")


def test_words_of_a_purpose_are_cleaned_at_the_door(register: Kartoteka) -> None:
    """What would drive a terminal is gone from a text before it is stored and published."""
    texts = {"en": {"name": "a\x1b]0;owned\x07b", "why": "c\u202ed"}}
    made = register.purposes.edit("loyalty", {"texts": texts})

    assert made.document["texts"]["en"] == {"name": "a]0;ownedb", "why": "cd"}
