"""An old copy of the database brings nobody back: the ledger outside it remembers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from crm.models.party import Party
from crm.session.errors import RightsRepeated
from gdpr.errors import NotFound, OlderThanAnchor, Unreadable
from tests.crm.planting import add_marketing, plant

if TYPE_CHECKING:
    from tests.crm.conftest import Cli, Place


def test_an_old_database_forgets_again_what_the_ledger_knows(place: Place, cli: Cli) -> None:
    """Opening a copy from before two endings says that it is old, and erases again who was erased.

    What ended in part waits: nothing is judged upon what an old copy has left. A copy is no backup:
    who shares a secret with somebody erased since opens from the newest database only.
    """
    with place.open() as register:
        gone = plant(register, "prospect")
        partly = plant(register, "client")
        add_marketing(register, partly)
        stays = plant(register, "prospect", fields={"given_name": "Paliek"})
    old = place.folder / "old.copy"
    shutil.copy(place.vault, old)
    with place.open() as register:
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
        register.grounds.end(str(partly.number), all_but=["direct_marketing"], now=True)
    shutil.copy(old, place.vault)
    old.unlink()

    with place.open() as register:
        assert {damage.exit_code for damage in register.damage} == {7}
        assert {OlderThanAnchor, RightsRepeated} <= {type(damage) for damage in register.damage}
        with pytest.raises(NotFound):
            register.context.session.get(Party, bytes(gone.id))
        left = register.context.session.get(Party, bytes(partly.id))
        assert left.holds("phone")
        with pytest.raises(Unreadable):
            _ = register.context.session.get(Party, bytes(stays.id)).given_name
    verified = cli("audit", "verify", "--format", "json")
    assert verified.exit_code == 7


def test_a_lost_ledger_line_is_written_again(place: Place) -> None:
    """A crash between commit and ledger costs nothing: the line follows at the next opening."""
    with place.open() as register:
        gone = plant(register, "prospect")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
        path = register.context.state / "ledger"
        before = path.read_bytes()
        path.unlink()

    with place.open() as register:
        events = register.context.journal.ledger.events()

    assert before
    assert [event.subject for event in events] == [bytes(gone.id)]
