"""What somebody said of a file's columns is remembered for the next file of the same headings."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from crm.models.files import ImportedFile
from crm.models.party import Party
from crm.transfer.cards import ImportOrder

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import ImportResult
    from tests.crm.conftest import Cli

HEAD = "Kas;Zvanīt uz;Krāsa\n"


def take(register: Kartoteka, row: str, **order: object) -> ImportResult:
    order.setdefault("relation", "client")
    content = io.BytesIO(f"{HEAD}{row}\n".encode())
    return register.imports.take(content, ImportOrder(**order))  # type: ignore[arg-type]


def test_a_mapping_is_offered_again_for_the_same_headings(register: Kartoteka) -> None:
    """The next month's file needs no --map, and one more --map is added to what was said."""
    mapping = (("Kas", "name"), ("Zvanīt uz", "phone"))
    take(register, "SIA A;29123456;zila", mapping=mapping)

    found = register.imports.look(
        io.BytesIO(f"{HEAD}SIA B;29123457;zaļa\n".encode()), ImportOrder(relation="client")
    )
    assert found.remembered
    assert [use.field for use in found.columns] == ["name", "phone", None]
    take(register, "SIA B;29123457;zaļa", mapping=(("Krāsa", "notes"),))
    take(register, "SIA C;29123458;balta")

    phones = sorted(party.phone or "" for party in register.context.session.rows(Party))
    assert phones == ["+37129123456", "+37129123457", "+37129123458"]


def test_a_trial_remembers_nothing_and_no_heading_is_stored(register: Kartoteka) -> None:
    """A file without headings begins with data, so only a keyed hash of them is kept."""
    take(register, "SIA A;29123456;zila", mapping=(("Kas", "name"),), dry_run=True)
    assert register.context.session.rows(ImportedFile) == []
    take(register, "SIA A;29123456;zila", mapping=(("Kas", "name"),))

    told = [row.fields for row in register.context.session.rows(ImportedFile)]
    assert sorted(told) == ["0=name", "name"]


def test_what_was_said_can_be_forgotten(cli: Cli, register: Kartoteka) -> None:
    """The command says that it remembers, and --as-headed reads the headings alone."""
    take(register, "SIA A;29123456;zila", mapping=(("Kas", "name"),))
    content = f"{HEAD}SIA B;29123457;zaļa\n".encode()

    again = cli("import", "-", "--relation", "client", "--dry-run", stdin=content)
    afresh = cli("import", "-", "--relation", "client", "--dry-run", "--as-headed", stdin=content)

    assert again.exit_code == 0
    assert "--as-headed" in again.stderr
    assert afresh.exit_code == 2
